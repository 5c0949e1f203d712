"""Who a user is in an institution, and with which roles today."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Q

from maristan.directory.models import Department, Institution, Membership, Person
from maristan.directory.queries.settings import settings_of
from maristan.directory.rules.memberships import UNSCOPED_ROLES
from maristan.directory.rules.states import ScopeKind
from maristan.kernel import clock, tenancy
from maristan.kernel.access import Actor, Grant, Role, Table, reaches
from maristan.kernel.errors import NotAllowed
from maristan.kernel.models import User

AudienceOf = Callable[[int, date], set[str]]
_audiences: list[AudienceOf] = []


# Every request asks it: the person of a user, the institution's local date, and the roles held on it.
WHO = """
SELECT p.id, p.name, t.today, (
  SELECT json_agg(json_build_array(m.role, m.scope_kind, m.scope_id) ORDER BY m.id) FROM directory_membership m
  WHERE m.person_id = p.id AND m.from_date <= t.today AND (m.to_date IS NULL OR m.to_date >= t.today)
    AND (m.scope_kind = 'institution' OR m.role <> ALL (%(unscoped)s)))
FROM directory_institution i
CROSS JOIN LATERAL (SELECT (%(now)s AT TIME ZONE i.time_zone)::date AS today) t
JOIN directory_person p ON p.user_id = %(user)s AND p.is_active
WHERE i.id = %(institution)s
ORDER BY p.id LIMIT 1
"""


def register_audience(keys_of: AudienceOf) -> None:
    """Add a source of audience keys: (person id, date) → keys; called once for each app by `config.wiring`."""
    if keys_of not in _audiences:
        _audiences.append(keys_of)


def institutions_of(user_id: int) -> list[dict[str, Any]]:
    """Institutions in which a user is an active person, whatever institution is in context."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, code, name FROM directory_institutions_of(%s)", [user_id])
        return [{"id": row[0], "code": row[1], "name": row[2]} for row in cursor.fetchall()]


def institution_ids_of(user_id: int) -> list[int]:
    """Their ids."""
    return [each["id"] for each in institutions_of(user_id)]


def names_around(user_id: int | None) -> list[str]:
    """Names and codes of the institutions of a user, and of the institution in context."""
    here = Institution.objects.filter(pk=tenancy.current() or 0).values_list("name", "code")
    own = [(each["name"], each["code"]) for each in institutions_of(user_id)] if user_id else []
    return sorted({word for pair in [*here, *own] for word in pair})


def active_on(day: date) -> Q:
    """Memberships in force on a day.

    A role that reaches everything is held in the whole institution or not at all: one entered "in a department" before
    that was refused would reach more than it says, and gives nothing.
    """
    held = Q(scope_kind=ScopeKind.INSTITUTION) | ~Q(role__in=UNSCOPED_ROLES)
    return held & Q(from_date__lte=day) & (Q(to_date__isnull=True) | Q(to_date__gte=day))


def actor_for(user: User, institution_id: int | None, table: Table) -> Actor:
    """The user's actor in the institution in context; without one, only an operator may do anything."""
    held_anyhow = [Grant(Role.OPERATOR)] if user.is_operator else []
    alone = Actor(
        user.pk,
        institution_id,
        name=user.username,
        grants=tuple(held_anyhow),
        reaches=reaches(held_anyhow, table),
        is_operator=user.is_operator,
    )
    if institution_id is None:
        return alone
    with connection.cursor() as cursor:
        cursor.execute(
            WHO,
            {
                "user": user.pk, "institution": institution_id, "now": clock.now(), "unscoped": sorted(UNSCOPED_ROLES),
            },
        )  # fmt: skip
        found = cursor.fetchone()
    if found is None:
        return alone
    person, name, today, held = found
    grants = [Grant(*row) for row in (json.loads(held) if isinstance(held, str) else held) or ()]
    scoped = _with_subtrees(grants)
    return Actor(
        user_id=user.pk,
        institution_id=institution_id,
        person_id=person,
        name=name,
        grants=(*grants, *held_anyhow),
        reaches=reaches([*scoped, *held_anyhow], table),
        audience=frozenset(audience_of(person, grants, today)),
        is_operator=user.is_operator,
        memberships=reaches(scoped, table) if user.is_operator else {},
    )


def audience_of(person_id: int, grants: list[Grant], day: date) -> set[str]:
    """Every audience key that a person holds on a day."""
    keys = {"institution", f"person:{person_id}", *(f"role:{grant.role}" for grant in grants)}
    keys |= {f"department:{grant.scope_id}" for grant in grants if grant.scope_kind == "department"}
    keys |= {role_key(grant.role, grant.scope_kind, grant.scope_id) for grant in grants}
    for keys_of in _audiences:
        keys |= keys_of(person_id, day)
    return keys


def role_key(role: str, scope_kind: str, scope_id: int | None) -> str:
    """The audience key of a role held in just that scope; `role:<role>` is held in any."""
    return f"role:{role}:{scope_kind}" + ("" if scope_id is None else f":{scope_id}")


def audience_keys(person_id: int, day: date) -> set[str]:
    """Every audience key that a person holds on a day, found from their memberships."""
    held = Membership.objects.filter(active_on(day), person_id=person_id).values_list("role", "scope_kind", "scope_id")
    return audience_of(person_id, [Grant(*row) for row in held], day)


def _with_subtrees(grants: list[Grant]) -> list[Grant]:
    """The grants, with each department replaced by its subtree."""
    roots = {grant.scope_id for grant in grants if grant.scope_kind == "department"}
    if not roots:
        return grants
    children: dict[int | None, list[int]] = {}
    for pk, parent in Department.objects.values_list("pk", "parent_id"):
        children.setdefault(parent, []).append(pk)
    widened = list(grants)
    for grant in grants:
        if grant.scope_kind == "department":
            below = list(children.get(grant.scope_id, []))
            while below:
                pk = below.pop()
                widened.append(Grant(grant.role, "department", pk))
                below.extend(children.get(pk, []))
    return widened


PORTALS = {"student": "enable_student_portal", "faculty": "enable_faculty_portal"}


def must_be_open(actor: Actor) -> None:
    """Raise `NotAllowed` (`portal_closed`) for an actor who has roles with a disabled portal and no others (D8)."""
    if not actor.roles or not PORTALS.keys() >= set(actor.roles):
        return
    if not any(settings_of(*(PORTALS[role] for role in actor.roles)).values()):
        raise NotAllowed("portal_closed", "The portal is closed for the time being.")


def person_of(user_id: int) -> int | None:
    """The active person of an account in the institution in context."""
    return Person.objects.filter(user_id=user_id, is_active=True).order_by("id").values_list("pk", flat=True).first()


def standing(user_id: int, day: date) -> tuple[str, bool, frozenset[str]] | None:
    """Name, whether active, and the roles of a day, of an account's person in the institution in context."""
    person = Person.objects.filter(user_id=user_id).order_by("-is_active", "id").first()
    if person is None:
        return None
    held = Membership.objects.filter(active_on(day), person_id=person.pk).values_list("role", flat=True)
    return person.name, person.is_active, frozenset(held)

"""The bulk file of teachers: people, their contacts, and faculty memberships of departments (I1, I2, I5)."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Q

from maristan.directory.actions import bulk_people
from maristan.directory.actions.bulk_people import BATCH, NewPerson
from maristan.directory.models import Membership
from maristan.directory.queries import faculty_import as queries
from maristan.directory.queries.settings import local_today
from maristan.directory.rules.imports import COLUMNS, REQUIRED, FacultyValues, plan_faculty
from maristan.directory.rules.states import ContactKind, Perm, ScopeKind
from maristan.kernel import clock, journal
from maristan.kernel import rows as changing
from maristan.kernel.access import Actor
from maristan.kernel.errors import NotNow
from maristan.kernel.imports import Importer, Outcomes, Report
from maristan.kernel.tables.cells import Row
from maristan.kernel.tables.outcomes import ImportMode, RowAction

KIND = "faculty"
ROLE = "faculty"


def _preview(rows: Sequence[Row], mode: ImportMode, options: Mapping[str, Any], by: Actor) -> Outcomes:
    emails = {row.cell("email").text.strip().lower() for row in rows}
    names = {row.cell("name").text for row in rows}
    return plan_faculty(rows, queries.known(emails - {""}, names, actor=by), mode)


def _commit(outcomes: Outcomes, options: Mapping[str, Any], by: Actor, report: Report) -> dict[str, Any]:
    """Write new teachers and changed ones; no account is made and no password is set."""
    today = local_today()
    new, changed = _values(outcomes, RowAction.CREATE), _values(outcomes, RowAction.UPDATE)
    ids = bulk_people.enter(
        people=[NewPerson(each.name, each.email, each.phone, each.username or "") for each in new], by=by
    )
    lines = {pk: {"name": [None, each.name]} for pk, each in zip(ids, new, strict=True)}
    journal.record_each("person.created", "person", lines, by=by)
    joined = [(pk, each.department_id) for pk, each in zip(ids, new, strict=True)]
    report(len(new), len(outcomes), "writing")
    moved = _move({each.person_id: each.department_id for each in changed if each.person_id}, today, by)
    _join([*joined, *moved], today, by)
    phones = {each.person_id: each.phone for each in changed if each.person_id and each.phone}
    phoned = bulk_people.set_primary(kind=ContactKind.PHONE, values=phones, by=by)
    report(len(outcomes), len(outcomes), "writing")
    counts = {"people_created": len(ids), "departments_changed": len(moved), "phones_changed": phoned}
    return {**counts, "entered": ids}


def _join(joining: Sequence[tuple[int, int]], today: date, by: Actor) -> None:
    """Make people teachers of departments from today on."""
    made = Membership.objects.bulk_create(
        [
            Membership(
                person_id=person, role=ROLE, scope_kind=ScopeKind.DEPARTMENT, scope_id=department, is_primary=True,
                from_date=today,
            )
            for person, department in joining
        ],
        batch_size=BATCH,
    )  # fmt: skip
    lines = {
        each.pk: {
            "person": [None, each.person_id], "role": [None, ROLE], "scope": [None, f"department:{each.scope_id}"]
        }
        for each in made
    }  # fmt: skip
    journal.record_each("membership.granted", "membership", lines, by=by)


def _values(outcomes: Outcomes, action: RowAction) -> list[FacultyValues]:
    return [each.values for each in outcomes if each.action is action and each.values is not None]


def _move(departments: Mapping[int, int], today: date, by: Actor) -> list[tuple[int, int]]:
    """End the primary faculty membership of those who do not teach in the department named; gives who joins which."""
    held: dict[int, list[Membership]] = {}
    current = Membership.objects.filter(
        Q(to_date=None) | Q(to_date__gte=today), person_id__in=list(departments), role=ROLE,
        scope_kind=ScopeKind.DEPARTMENT,
    )  # fmt: skip
    for membership in current.order_by("-is_primary", "from_date", "pk"):
        held.setdefault(membership.person_id, []).append(membership)
    joining = [
        (person, department)
        for person, department in departments.items()
        if department not in {each.scope_id for each in held.get(person, [])}
    ]
    ending = [held[person][0] for person, _ in joining if person in held]
    lines, now = {}, clock.now()
    for membership in ending:
        changes = changing.change(membership, {"to_date": max(today, membership.from_date) - timedelta(days=1)})
        lines[membership.pk] = {**changes, "version": [membership.version, membership.version + 1]}
        membership.version, membership.updated_at = membership.version + 1, now
    Membership.objects.bulk_update(ending, ["to_date", "version", "updated_at"], batch_size=BATCH)
    journal.record_each("membership.revoked", "membership", lines, by=by)
    return joining


def _template(by: Actor) -> list[tuple[str, str, str, str]]:
    """Two teachers of a department that is here; raises `NotNow` (`no_department`) where none is yet."""
    department = queries.some_department()
    if department is None:
        raise NotNow("no_department", "Enter a department first: teachers belong to one.")
    return [
        ("Dr. Ayesha Siddiqui", department, "ayesha.siddiqui@example.edu", "+92 300 1234567"),
        ("Prof. Omar Farooq", department, "", ""),
    ]


IMPORTER = Importer(
    kind=KIND,
    permission=Perm.FACULTY_IMPORT,
    required=REQUIRED,
    known=COLUMNS,
    preview=_preview,
    commit=_commit,
    template=_template,
)

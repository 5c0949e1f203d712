"""Who belongs to an audience: the one registry of audience keys, filled by `config.wiring`."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import and_
from typing import Any, TypeAlias, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.db.models import BooleanField, F, Func, Model, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast

from maristan.directory.models import Department, Membership, Person
from maristan.directory.queries import scoped_people
from maristan.directory.queries.identity import active_on
from maristan.directory.queries.settings import local_today
from maristan.directory.rules.audiences import Audience as Audience
from maristan.directory.rules.audiences import holds as holds
from maristan.directory.rules.audiences import ids_of as ids_of
from maristan.directory.rules.audiences import keys_of, parse, prefix_of, unknown
from maristan.directory.rules.audiences import read as read
from maristan.directory.rules.audiences import written as written
from maristan.kernel.access import Actor, Reach, Role
from maristan.kernel.errors import Faults, NotAllowed

Keys = Collection[str]
Rows: TypeAlias = "QuerySet[Any, Any]"
M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class KeySource:
    """What an app knows of the keys of its nouns.

    `persons(keys, day)`: ids of the persons who hold any of them, as queries that are not yet asked; `known(keys)`:
    those that name something here, `within(keys, actor, reach)`: those that a reach covers, both in a constant number
    of queries.
    """

    persons: Callable[[Keys, date], Sequence[Rows]]
    known: Callable[[Keys], set[str]]
    within: Callable[[Keys, Actor, Reach], set[str]]


_sources: dict[str, KeySource] = {}


def register(source: KeySource, *prefixes: str) -> None:
    """Tell who knows the keys that begin with these nouns."""
    for prefix in prefixes:
        _sources[prefix] = source


def members(audience: Audience, day: date) -> "QuerySet[Person]":
    """Active persons who belong to an audience on a day, as one query whatever it names."""
    alone = {key for clause in audience if len(clause) == 1 for key in clause}
    belonging = _holding(alone, day)
    for clause in audience:
        if len(clause) > 1:
            belonging |= reduce(and_, (_holding([key], day) for key in sorted(clause)))
    return Person.objects.filter(belonging, is_active=True)


def people(audience: Audience, day: date) -> set[int]:
    """The ids of `members`."""
    return set(members(audience, day).values_list("pk", flat=True))


def _holding(keys: Keys, day: date) -> Q:
    """Persons who hold any of these keys on a day."""
    found = Q(pk__in=[])
    for source, named in _by_source(keys):
        for rows in source.persons(named, day):
            found |= Q(pk__in=rows)
    return found


def open_to(rows: "QuerySet[M]", actor: Actor) -> "QuerySet[M]":
    """Those of `rows` whose `audience` has an alternative of which the actor holds every key today."""
    held = Cast(Value(sorted(actor.audience)), ArrayField(TextField()))
    return rows.filter(_Reached(F("audience"), held))


class _Reached(Func):
    """Whether one of the alternatives of an audience holds nothing but these keys."""

    template = "EXISTS (SELECT FROM jsonb_array_elements(%(expressions)s))"
    arg_joiner = ") AS clause WHERE clause <@ to_jsonb("
    output_field = BooleanField()


def must_be_known(clauses: Iterable[Iterable[str]], pointer: str = "/audience") -> Audience:
    """The audience that a request names; raises `Invalid` (`audience_empty`, `unknown_audience_key`) with pointers."""
    named = [list(clause) for clause in clauses]
    audience = parse(named, pointer)
    known = set[str]().union(*(source.known(keys) for source, keys in _by_source(keys_of(audience))))
    faults = Faults()
    for row, clause in enumerate(named):
        for column, key in enumerate(clause):
            if key not in known:
                unknown(faults, f"{pointer}/{row}/{column}", key)
    faults.stop()
    return audience


def must_be_within(audience: Audience, actor: Actor, permission: str) -> None:
    """Raise `NotAllowed` (`audience_out_of_scope`) naming the keys of what reaches beyond the actor's scope."""
    actor.demand(permission)
    if far := beyond(audience, actor, permission):
        raise NotAllowed("audience_out_of_scope", f"Not yours to reach: {', '.join(far)}.", keys=far)


def beyond(audience: Audience, actor: Actor, permission: str) -> list[str]:
    """Keys of the alternatives that reach beyond the actor's scope.

    An alternative is within it as soon as one of its keys is: the others only narrow it.
    """
    reach = actor.reach(permission)
    if reach.everything:
        return []
    covered = set[str]()
    for source, keys in _by_source(keys_of(audience)):
        covered |= source.within(keys, actor, reach)
    return sorted(set().union(*(clause for clause in audience if not clause & covered)))


def _by_source(keys: Iterable[str]) -> list[tuple[KeySource, list[str]]]:
    grouped: dict[int, tuple[KeySource, list[str]]] = {}
    for key in sorted(keys):
        source = _sources.get(prefix_of(key))
        if source is not None:
            grouped.setdefault(id(source), (source, []))[1].append(key)
    return list(grouped.values())


def _persons(keys: Keys, day: date) -> list[Rows]:
    found: list[Rows] = []
    if "institution" in keys:
        found.append(Person.objects.values("pk"))
    if persons := ids_of(keys, "person"):
        found.append(Person.objects.filter(pk__in=persons).values("pk"))
    wanted = Q(scope_kind="department", scope_id__in=ids_of(keys, "department"))
    for key in keys:
        if _names_a_role(key):
            wanted |= _role(*key.split(":")[1:])
    return [*found, Membership.objects.filter(wanted, active_on(day)).values("person_id")]


def _role(role: str, kind: str = "", scope: str = "", *more: str) -> Q:
    """Memberships behind a key as `identity.role_key` makes it; a role alone is held in any scope."""
    if more or not (scope.isdecimal() or scope == ""):
        return Q(pk__in=[])
    return Q(role=role, scope_kind=kind, scope_id=int(scope) if scope else None) if kind else Q(role=role)


def _known(keys: Keys) -> set[str]:
    departments, persons = ids_of(keys, "department"), ids_of(keys, "person")
    found = {key for key in keys if key == "institution" or _names_a_role(key)}
    if departments:
        present = Department.objects.filter(pk__in=departments).values_list("pk", flat=True)
        found |= {departments[pk] for pk in present}
    if persons:
        found |= {persons[pk] for pk in Person.objects.filter(pk__in=persons).values_list("pk", flat=True)}
    return found


def _names_a_role(key: str) -> bool:
    noun, _, role = key.partition(":")
    return noun == "role" and role.partition(":")[0] in set(Role)


def _within(keys: Keys, actor: Actor, reach: Reach) -> set[str]:
    persons = ids_of(keys, "person")
    found = {key for pk, key in ids_of(keys, "department").items() if pk in reach.departments}
    if persons:
        covered = scoped_people.within(reach, actor=actor, day=local_today(), person="pk")
        found |= {persons[pk] for pk in Person.objects.filter(covered, pk__in=persons).values_list("pk", flat=True)}
    return found


SOURCE = KeySource(_persons, _known, _within)
PREFIXES = ("institution", "role", "department", "person")

"""Eligibility lists: who sees which, what they would hold now, and what a list changed against the one before."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from maristan.academics.queries import learners
from maristan.attendance.models import Correction, EligibilityLine, EligibilityList, Policy, Register
from maristan.attendance.queries import contributions, policies, standings
from maristan.attendance.queries.standings import Window
from maristan.attendance.rules.eligibility import ELIGIBILITY_LIST, ListFacts, OpenRegister
from maristan.attendance.rules.percentages import Code, Counts, Standing, Terms, standing
from maristan.attendance.rules.policies import choose
from maristan.attendance.rules.states import CorrectionStatus, ListStatus, Perm, PolicyStatus, RegisterStatus
from maristan.attendance.rules.windows import local_day
from maristan.directory.queries import audiences, people
from maristan.directory.queries.settings import institution
from maristan.kernel import clock
from maristan.kernel.access import Actor
from maristan.timetable.queries import taught

ORDERINGS = ("created_at", "title", "last_day", "number", "status", "id")
LINE_ORDERINGS = ("reg_no", "full_name", "percentage", "code", "id")
Members = Mapping[int, learners.Learner]


@dataclass(frozen=True, slots=True)
class Limits:
    """What a version of a policy says of condonations."""

    max_points: Decimal = Decimal("5.00")
    grants_per_period: int = 1


@dataclass(frozen=True, slots=True)
class Drawn:
    """One person of a list as the counts stand."""

    person: int
    learner: learners.Learner
    counts: Counts
    terms: Terms
    limits: Limits
    stands: Standing

    @property
    def policy(self) -> str:
        """The version that counted."""
        return f"{self.terms.scope} {self.terms.number}"


def visible_to(*, actor: Actor) -> "QuerySet[EligibilityList]":
    """Lists whose people are all of the actor's programs; whoever is on one sees only the own line of it."""
    reach = actor.demand(Perm.VIEW)
    rows = EligibilityList.objects.all()
    if reach.everything:
        return rows
    return rows.filter(programs__contained_by=sorted(reach.programs)).exclude(programs=[])


def lines(row: EligibilityList) -> "QuerySet[EligibilityLine]":
    """The lines of a frozen list, by registration number."""
    return _lines(row.pk)


def _lines(pk: int) -> "QuerySet[EligibilityLine]":
    found: Any = named(EligibilityLine.objects.filter(of_list=pk))
    ordered: QuerySet[EligibilityLine] = found.order_by("reg_no", "full_name", "id")
    return ordered


def named(found: "QuerySet[EligibilityLine]") -> "QuerySet[EligibilityLine]":
    """Lines with whose they are."""
    return found.annotate(full_name=F("person__name"), reg_no=F("student__reg_no"))


def window(row: EligibilityList) -> Window:
    """The days of a list."""
    return Window(row.first_day, row.last_day, institution().time_zone, clock.now())


def _sessions(row: EligibilityList) -> Q:
    """Sessions that a list counts, as a filter of lines."""
    found = Q()
    for field, column in (("courses", "course"), ("sections", "section"), ("departments", "department")):
        wanted = getattr(row, field)
        if wanted:
            found &= Q(**{f"session__{column}_id__in": wanted})
    return found


def audience_of(row: EligibilityList) -> set[int]:
    """Who belongs to the audience on the last day."""
    return audiences.people(audiences.read(row.audience), row.last_day)


def members(row: EligibilityList) -> Members:
    """Who learns of the audience, by person."""
    return learners.of(audience_of(row), day=row.last_day)


def drawn(row: EligibilityList, known: Members | None = None) -> list[Drawn]:
    """Everybody of a list as the counts stand now, by registration number: the same few queries for any number.

    `known` are its members where they were asked for already.
    """
    known = members(row) if known is None else known
    over = window(row)
    found = standings.by_person(standings.expected(over).filter(_sessions(row), person_id__in=list(known)), over.now)
    held = list(Policy.objects.filter(status=PolicyStatus.ACTIVE))
    versions = [policies.version_of(each) for each in held]
    limits = {
        (each.scope, each.number): Limits(each.condonation_max_points, each.condonations_per_period) for each in held
    }
    course = row.courses[0] if len(row.courses) == 1 else None
    made = []
    for person, learner in known.items():
        terms = choose(
            versions, course=course, scope_keys=learner.scope_keys, last_day=row.last_day, default=policies.default()
        )
        counts = found[person].counts if person in found else Counts()
        limit = limits.get((terms.scope, terms.number), Limits())
        made.append(Drawn(person, learner, counts, terms, limit, standing(counts, terms)))
    return sorted(made, key=lambda each: (each.learner.reg_no, each.learner.name, each.person))


def facts(row: EligibilityList, known: Members | None = None) -> ListFacts:
    """A list as its workflow sees it; `known` as in `drawn`."""
    over = window(row)
    known = members(row) if known is None else known
    counted = standings.expected(over).filter(_sessions(row), person_id__in=list(known))
    pending = Correction.objects.filter(status=CorrectionStatus.PENDING, line__in=counted.values("pk"))
    return ListFacts(
        status=ListStatus(row.status),
        is_window_over=local_day(over.now, over.zone) > row.last_day,
        open_registers=_open_registers(row, over, counted),
        pending_corrections=pending.count(),
        people=len(known),
        is_exam_published=contributions.is_published(row.owner_kind, row.owner_id),
    )


def _open_registers(row: EligibilityList, over: Window, counted: Any) -> tuple[OpenRegister, ...]:
    named = taught.facts("session__", session="session_id")
    waiting: Any = Register.objects.annotate(**named).filter(
        Exists(counted.filter(session_id=OuterRef("session_id"))),
        status=RegisterStatus.OPEN,
        session__ends_at__lte=over.now,
    )
    found = list(waiting.order_by("session__starts_at", "id"))
    names = people.names_of({each for one in found for each in (one.of_faculty_id, *one.of_co_teachers)})
    return tuple(
        OpenRegister(
            one.session_id, one.of_title or "", local_day(one.of_starts_at, over.zone).isoformat(),
            tuple(names[each] for each in (one.of_faculty_id, *one.of_co_teachers) if each in names),
        )
        for one in found
    )  # fmt: skip


def page(row: EligibilityList, *, actor: Actor) -> dict[str, Any]:
    """A list with its moves and how many may sit."""
    known = members(row)
    now = facts(row, known)
    moves = ELIGIBILITY_LIST.moves(now, actor, clock.now(), may=lambda name: within(row, name, actor=actor))
    return {**shown(row), "counts": counts_of(row, known), "moves": [each.as_dict() for each in moves]}


def within(row: EligibilityList, permission: str, *, actor: Actor) -> bool:
    """Whether a permission reaches everybody of a list."""
    reach = actor.reach(permission)
    return reach.everything or (bool(row.programs) and set(row.programs) <= reach.programs)


def counts_of(row: EligibilityList, known: Members | None = None) -> dict[str, int]:
    """How many people of each code: as frozen, or as it would be now; `known` as in `drawn`."""
    if row.status == ListStatus.DRAFT:
        codes = [each.stands.code for each in drawn(row, known)]
    else:
        codes = [Code(code) for code in EligibilityLine.objects.filter(of_list=row).values_list("code", flat=True)]
    return {code.value: codes.count(code) for code in Code}


SHOWN = (
    "title", "owner_kind", "owner_id", "first_day", "last_day", "courses", "sections", "departments", "audience",
    "number", "status", "frozen_at", "frozen_by", "version", "created_at",
)  # fmt: skip


def shown(row: EligibilityList) -> dict[str, Any]:
    """A list as lists show it."""
    return {"id": row.pk, **{field: getattr(row, field) for field in SHOWN}}


def would_hold(row: EligibilityList) -> list[dict[str, Any]]:
    """The lines that a draft would have if it were frozen now."""
    return [
        {
            "id": None, "person": each.person, "reg_no": each.learner.reg_no, "full_name": each.learner.name,
            "policy": each.policy, "present": each.counts.present, "late": each.counts.late,
            "absent": each.counts.absent, "excused": each.counts.excused, "unmarked": each.counts.unmarked,
            "percentage": each.stands.percentage, "threshold": each.terms.threshold,
            "eligible": each.stands.is_eligible, "code": each.stands.code.value,
        }
        for each in drawn(row)
    ]  # fmt: skip


def line_shown(row: Any) -> dict[str, Any]:
    """A line of a frozen list."""
    names = (
        "policy",
        "present",
        "late",
        "absent",
        "excused",
        "unmarked",
        "percentage",
        "threshold",
        "eligible",
        "code",
    )
    return {
        "id": row.pk, "person": row.person_id, "reg_no": row.reg_no or "", "full_name": row.full_name,
        **{name: getattr(row, name) for name in names},
    }  # fmt: skip


def differences(row: Any) -> standings.Listed:
    """Whose code or percentage differs from the list that it follows, by registration number."""
    if row.follows_id is None:
        return standings.Listed()
    old = {each["person"]: each for each in map(line_shown, _lines(row.follows_id))}
    now = would_hold(row) if row.status == ListStatus.DRAFT else [line_shown(each) for each in lines(row)]
    new = {each["person"]: each for each in now}
    changed = standings.Listed()
    for person in sorted(old.keys() | new.keys(), key=lambda pk: (old.get(pk) or new[pk])["reg_no"]):
        was, will = old.get(person), new.get(person)
        if was is None or will is None or _said(was) != _said(will):
            known: Mapping[str, Any] = will or was or {}
            changed.append(
                {
                    "person": person, "reg_no": known["reg_no"], "full_name": known["full_name"],
                    "before": _said(was), "after": _said(will),
                }
            )  # fmt: skip
    return changed


def _said(line: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if line is None else {"percentage": line["percentage"], "code": line["code"]}


def admissions(owner_kind: str, owner_id: int) -> dict[int, tuple[bool, str]] | None:
    """Of the frozen list of an owner: person → (may sit, code); none without one. Two queries."""
    row = EligibilityList.objects.filter(owner_kind=owner_kind, owner_id=owner_id, status=ListStatus.FROZEN).first()
    if row is None:
        return None
    found = EligibilityLine.objects.filter(of_list=row).values_list("person_id", "eligible", "code")
    return {person: (eligible, code) for person, eligible, code in found}


def owner_of(pk: int) -> tuple[str, int | None]:
    """For what a list was drawn up."""
    kind, owner_id = EligibilityList.objects.values_list("owner_kind", "owner_id").get(pk=pk)
    return kind, owner_id


def owner_of_line(pk: int) -> tuple[str, int | None]:
    """For what the list of a line was drawn up."""
    kind, owner_id = EligibilityLine.objects.values_list("of_list__owner_kind", "of_list__owner_id").get(pk=pk)
    return kind, owner_id


def people_of(row: EligibilityList, *, code: str = "", text: str = "") -> standings.Listed:
    """Everybody of a list, of a code or whose name or number contains a text: as frozen, or as a draft stands now."""
    found = would_hold(row) if row.status == ListStatus.DRAFT else map(line_shown, lines(row))
    wanted = " ".join(text.split()).casefold()
    return standings.Listed(
        each
        for each in found
        if (not code or each["code"] == code) and wanted in f"{each['reg_no']} {each['full_name']}".casefold()
    )

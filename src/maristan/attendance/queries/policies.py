"""Policies: the versions that hold, and those being drafted."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import CharField, DateField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat, StrIndex, Substr

from maristan.attendance.models import Policy
from maristan.attendance.rules.percentages import Excusing, Terms
from maristan.attendance.rules.policies import EVERYWHERE, POLICY, PolicyFacts, Version
from maristan.attendance.rules.states import Perm, PolicyStatus
from maristan.directory.queries.settings import local_today
from maristan.kernel.access import Actor

ORDERINGS = ("scope", "number", "effective_from", "status", "id")
FIELDS = (
    "id", "scope", "number", "effective_from", "threshold", "late_weight", "excused", "check_in_opens_minutes",
    "late_after_minutes", "near_margin", "condonation_max_points", "condonations_per_period", "status", "version",
)  # fmt: skip


def visible_to(*, actor: Actor) -> "QuerySet[Policy]":
    """Every version, for whoever sees attendance."""
    actor.demand(Perm.VIEW)
    return Policy.objects.all()


def default() -> Terms:
    """What holds where no version does."""
    return Terms(EVERYWHERE, 0, settings.ATTENDANCE_THRESHOLD)


def active() -> list[Version]:
    """The versions that hold: one query."""
    return [version_of(row) for row in Policy.objects.filter(status=PolicyStatus.ACTIVE)]


def version_of(row: Policy) -> Version:
    """A version as the rules know it."""
    terms = Terms(row.scope, row.number, row.threshold, row.late_weight, Excusing(row.excused), row.near_margin)
    return Version(terms, row.effective_from)


def opening_minutes(prefix: str) -> Coalesce:
    """How long before a session marking opens, as a part of a statement about what refers to the session."""
    course = Concat(Value("course:"), Cast(OuterRef(f"{prefix}course_id"), CharField()))
    program = Concat(Value("program:"), Cast(OuterRef(f"{prefix}academic_period__program_id"), CharField()))
    held = Policy.objects.filter(
        Q(scope=course) | Q(scope=program) | Q(scope=EVERYWHERE),
        status=PolicyStatus.ACTIVE,
        effective_from__lte=Cast(OuterRef(f"{prefix}starts_at"), DateField()),
    )
    first = held.order_by(StrIndex(Value("course program institution"), Substr("scope", 1, 6)), "-effective_from")
    return Coalesce(Subquery(first.values("check_in_opens_minutes")[:1]), 15)


def facts(row: Policy) -> PolicyFacts:
    """A version as its workflow sees it."""
    others = Policy.objects.filter(
        scope=row.scope, effective_from=row.effective_from, status=PolicyStatus.ACTIVE
    ).exclude(pk=row.pk)
    return PolicyFacts(PolicyStatus(row.status), row.effective_from, local_today(), others.exists())


def page(row: Policy, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """A version with its moves."""
    moves = POLICY.moves(facts(row), actor, now, may=lambda name: actor.reach(name).everything)
    return {**{name: getattr(row, name) for name in FIELDS}, "moves": [each.as_dict() for each in moves]}

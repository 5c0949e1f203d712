"""Who changes if a drafted policy becomes active."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from maristan.academics.queries import learners
from maristan.attendance.queries import policies, standings
from maristan.attendance.queries.standings import Window
from maristan.attendance.rules.eligibility import is_condonable
from maristan.attendance.rules.percentages import Counts, Risk, Terms, risk, standing
from maristan.attendance.rules.policies import choose
from maristan.attendance.rules.states import Perm
from maristan.directory.queries.settings import institution
from maristan.kernel import clock, rows
from maristan.kernel.access import Actor

DAYS, SAMPLE = 180, 10


def example(terms: Terms, counts: Counts, *, max_points: Decimal, actor: Actor) -> dict[str, Any]:
    """How somebody with these counts would stand under these terms. Raises `NotAllowed`."""
    actor.demand(Perm.POLICY)
    stands = standing(counts, terms)
    return {
        "percentage": stands.percentage,
        "threshold": terms.threshold,
        "is_eligible": stands.is_eligible,
        "is_near": risk(counts, terms) is Risk.NEAR,
        "is_condonable": is_condonable(stands, terms.threshold, max_points),
        "code": stands.code,
    }


def of(pk: int, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Over the last 180 days: how many people it would concern, who gains and who loses eligibility.

    Raises `NotAllowed`, `NotFound`.
    """
    actor.demand(Perm.POLICY)
    row = rows.one(policies.visible_to(actor=actor), pk)
    here = institution()
    today = clock.today(here.time_zone)
    window = Window(today - timedelta(days=DAYS), today, here.time_zone, now)
    noun, _, number = row.scope.partition(":")
    course = int(number) if noun == "course" else None
    lines = standings.expected(window)
    found = standings.by_person(lines.filter(session__course_id=course) if course else lines, now)
    known = learners.of(list(found), day=today)
    versions, draft = policies.active(), policies.version_of(row)
    concerned = gain = lose = 0
    sample: list[dict[str, Any]] = []
    for person, tallied in sorted(found.items()):
        keys = known[person].scope_keys if person in known else ()
        before = choose(versions, course=course, scope_keys=keys, last_day=date.max, default=policies.default())
        after = choose(
            [*(each for each in versions if each.terms.scope != row.scope), draft],
            course=course, scope_keys=keys, last_day=date.max, default=policies.default(),
        )  # fmt: skip
        if after is not draft.terms:
            continue
        concerned += 1
        was, will = standing(tallied.counts, before), standing(tallied.counts, after)
        gain += will.is_eligible and not was.is_eligible
        lose += was.is_eligible and not will.is_eligible
        if was.is_eligible != will.is_eligible and len(sample) < SAMPLE and person in known:
            said = {"full_name": known[person].name, "reg_no": known[person].reg_no}
            sample.append({**said, "before": was.percentage, "after": will.percentage, "is_eligible": will.is_eligible})
    return {"people": concerned, "gain": gain, "lose": lose, "start_date": window.first, "end_date": window.last,
            "sample": sample}  # fmt: skip

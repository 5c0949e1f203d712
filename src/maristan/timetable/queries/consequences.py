"""What a publication, amendment or revert does, for the sheet that is shown before and the answer after."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from maristan.directory.queries import planning as directory
from maristan.kernel.access import Actor
from maristan.timetable.queries import audience_of_week, named, shown, surroundings
from maristan.timetable.queries.moves import conflicts_of, move_facts
from maristan.timetable.queries.surroundings import Names, WeekInContext
from maristan.timetable.rules.conflicts import LISTED_AT_MOST
from maristan.timetable.rules.publication import AmendmentLine, PublicationDiff, Touched, touched_by

if TYPE_CHECKING:
    from maristan.timetable.actions.grid import Saved
    from maristan.timetable.actions.moves import Moved


def sheet(
    context: WeekInContext, diff: PublicationDiff, *, is_publication: bool = False, preview: bool = True
) -> dict[str, Any]:
    """Delta, each session concerned, and who will be told: all of a publication's week, else whom a change touches.

    Only a preview names the people.
    """
    lines = [_concerned(line.touched, line.date) for line in diff.lines()]
    if is_publication:
        lines = [_concerned(touched_by([content]), day) for content, day in diff.standing]
    people = set[int]().union(*audience_of_week.people_of(lines))
    return {
        "delta": diff.counts(),
        "sessions": [_line(each, context.names) for each in diff.lines()],
        "persons_notified": len(people),
        "persons": _listed(people, context.plan.week_start_date) if preview else [],
    }


def _listed(people: set[int], day: date) -> list[dict[str, Any]]:
    """The first 200 of them by name."""
    names = directory.facts(people=people, rooms=[], first=day, last=day).people
    ordered = sorted(names.items(), key=lambda each: (each[1], each[0]))
    return [{"id": pk, "name": name} for pk, name in ordered[:LISTED_AT_MOST]]


def _concerned(touched: Touched, day: date) -> dict[str, Any]:
    return {"people": touched.people, "groups": touched.groups, "sections": touched.sections, "date": day}


def _line(line: AmendmentLine, names: Names) -> dict[str, Any]:
    content = line.content
    audience = [names.groups.get(each, "") for each in content.groups]
    if content.section:
        audience = [names.sections.get(content.section, "")]
    return {
        "action": line.action,
        "session": line.session,
        "cell": line.cell,
        "date": line.date,
        "starts_at": line.starts_at,
        "ends_at": line.ends_at,
        "title": names.courses.get(content.course or 0, "") or content.topic,
        "room": names.rooms.get(content.room or 0, ""),
        "teachers": [names.people.get(each, "") for each in content.teachers] or [content.faculty_name],
        "audience": audience,
        "changes": [named.change(each, names) for each in line.changes],
    }


def of_save(saved: "Saved", *, actor: Actor, with_conflicts: bool, preview: bool, now: datetime) -> dict[str, Any]:
    """The answer to a save of the grid."""
    plan = saved.plan
    answer: dict[str, Any] = {
        "id": plan.pk,
        "status": plan.status,
        "version": plan.version,
        **shown.grid(saved.week, plan.institution.first_weekday),
        "changed": saved.changes.counts(),
        "warnings": [each.as_dict() for each in saved.warnings if not each.blocks],
        "missing": [each.as_dict() for each in saved.warnings if each.blocks],
    }
    if saved.diff is not None:
        answer["delta"] = saved.diff.counts()
    if saved.diff is not None and saved.context is not None:
        answer["consequences"] = sheet(saved.context, saved.diff, preview=preview)
    if with_conflicts or preview:
        context = surroundings.of_week(plan, actor=actor, extra=[each.content for each in saved.week.cells])
        answer["conflicts"] = shown.report(conflicts_of(context, now, saved.week))
    return answer


def of_move(moved: "Moved", name: str, *, actor: Actor, preview: bool, now: datetime) -> dict[str, Any]:
    """The answer to a move: the plan as it is now, what happened, and the warnings; a preview adds the sheet."""
    facts = move_facts(moved.context, by=actor, now=now)
    return {
        **shown.page_of_context(moved.context, facts, actor=actor, now=now),
        "delta": moved.diff.counts(),
        "warnings": [each.as_dict() for each in moved.unmet if not each.blocks],
        "missing": [each.as_dict() for each in moved.unmet if each.blocks],
        "consequences": sheet(moved.before, moved.diff, is_publication=name == "publish") if preview else None,
    }

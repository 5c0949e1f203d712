"""What a publication, amendment or revert does, for the sheet that is shown before and the answer after."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from maristan.academics.queries import roster
from maristan.kernel.access import Actor
from maristan.timetable.queries import shown, surroundings
from maristan.timetable.queries.moves import conflicts_of, move_facts
from maristan.timetable.queries.surroundings import Names, WeekInContext
from maristan.timetable.rules.publication import AmendmentLine, FieldChange, PublicationDiff, Touched

if TYPE_CHECKING:
    from maristan.timetable.actions.grid import Saved
    from maristan.timetable.actions.moves import Moved

ID_FIELDS = {
    "faculty": "people",
    "co_faculty": "people",
    "room": "rooms",
    "groups": "groups",
    "course": "courses",
    "section": "sections",
    "department": "departments",
}


def people_of(touched: Touched, day: Any) -> set[int]:
    """Person ids of everybody concerned on a day: teachers, and students of groups and sections."""
    return {
        *touched.people,
        *roster.people_of_groups(touched.groups, day),
        *roster.people_of_sections(touched.sections),
    }


def sheet(context: WeekInContext, diff: PublicationDiff) -> dict[str, Any]:
    """Delta, each session concerned, and how many people will be told."""
    people = people_of(diff.touched, context.plan.week_start_date)
    return {
        "delta": diff.counts(),
        "sessions": [_line(each, context.names) for each in diff.lines()],
        "persons_notified": len(people),
    }


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
        "changes": [change(each, names) for each in line.changes],
    }


def change(each: FieldChange, names: Names) -> dict[str, Any]:
    """One changed field with ids replaced by names."""
    return {"field": each.field, "old": _named(each.field, each.old, names), "new": _named(each.field, each.new, names)}


def _named(field: str, value: Any, names: Names) -> Any:
    known: dict[int, str] = getattr(names, ID_FIELDS[field]) if field in ID_FIELDS else {}
    if isinstance(value, tuple):
        return [known.get(each, str(each)) for each in value]
    return known.get(value, value) if known else value


def of_save(saved: "Saved", *, actor: Actor, with_conflicts: bool, now: datetime) -> dict[str, Any]:
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
    if saved.diff is not None and saved.context is not None:
        answer["delta"] = saved.diff.counts()
        answer["consequences"] = sheet(saved.context, saved.diff)
    if with_conflicts:
        context = surroundings.of_week(plan, actor=actor, extra=[each.content for each in saved.week.cells])
        answer["conflicts"] = shown.report(conflicts_of(context, now, saved.week))
    return answer


def of_move(moved: "Moved", *, actor: Actor, preview: bool, now: datetime) -> dict[str, Any]:
    """The answer to a move: the plan as it is now, what happened, and the warnings; a preview adds the sheet."""
    facts = move_facts(moved.context, by=actor, now=now)
    return {
        **shown.page_of_context(moved.context, facts, actor=actor, now=now),
        "delta": moved.diff.counts(),
        "warnings": [each.as_dict() for each in moved.warnings],
        "consequences": sheet(moved.before, moved.diff) if preview else None,
    }

"""Packs for the print desk: one PDF with a page for each teacher, room, group or department and week."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q

from maristan.academics.queries import planning as academics
from maristan.academics.queries import structure
from maristan.directory.queries import people, places
from maristan.directory.queries import planning as directory
from maristan.directory.queries.settings import institution, setting
from maristan.kernel import clock, files, jobs
from maristan.kernel.access import Actor
from maristan.kernel.errors import Faults, Invalid, NotFound, NotNow
from maristan.kernel.models import Job, StoredFile
from maristan.kernel.reports import Document
from maristan.timetable.models import Session, SessionGroup, SessionTeacher
from maristan.timetable.queries import sessions
from maristan.timetable.queries.documents import pages
from maristan.timetable.queries.documents.files import PDF, typeset
from maristan.timetable.queries.documents.words import words
from maristan.timetable.queries.surroundings import holidays
from maristan.timetable.rules.calendar import week_start
from maristan.timetable.rules.states import Perm

JOB = "timetable.print_pack"
SUBJECTS_AT_MOST = 500
PAGES_AT_ONCE = 40
PAGES_AT_MOST = 2000
PAGES_A_STEP = 25
Progress = Callable[[int, int, str], None]


class Subject(StrEnum):
    """Whose pages are printed."""

    FACULTY = "faculty"
    ROOM = "room"
    GROUP = "group"
    DEPARTMENT = "department"


@dataclass(frozen=True, slots=True)
class Pack:
    """What is to be printed: subjects by id with their names, and the starts of the weeks."""

    by: Subject
    names: dict[int, str]
    weeks: tuple[date, ...]
    batches: dict[int, tuple[int, int]]

    @property
    def pages(self) -> int:
        """How many pages it has."""
        return len(self.names) * len(self.weeks)


def check(*, by: Subject, ids: Sequence[int], first: date, last: date, actor: Actor) -> Pack:
    """What a request for print asks for.

    Raises `NotAllowed`, `Invalid` (`bad_window`, `too_many`), and `NotFound` for a subject that is not here
    or beyond the actor's reach: who has only the own timetable prints oneself and one's groups.
    """
    reach = actor.demand(Perm.WEEK_PRINT)
    faults = Faults()
    wanted = list(dict.fromkeys(ids))
    if not first <= last <= first + timedelta(days=371):
        faults.add("?to", "bad_window", "From one day to another, a year at most.")
    faults.stop()
    if not reach.everything and not _own(by, actor).issuperset(wanted):
        raise NotFound()
    names, batches = _subjects(by, wanted, first, actor)
    if len(names) != len(wanted):
        raise NotFound()
    here = institution()
    starts = tuple(pages.weeks_between(week_start(first, here.first_weekday), last))
    if len(wanted) * len(starts) > PAGES_AT_MOST:
        faults.add("?id", "too_many", f"At most {PAGES_AT_MOST} pages at a time.")
    faults.stop()
    return Pack(by, {pk: names[pk] for pk in wanted}, starts, batches)


def _own(by: Subject, actor: Actor) -> set[int]:
    if by is Subject.FACULTY and actor.person_id is not None:
        return {actor.person_id}
    if by is Subject.GROUP:
        return {int(key.removeprefix("group:")) for key in actor.audience if key.startswith("group:")}
    return set()


def _subjects(
    by: Subject, wanted: Sequence[int], day: date, actor: Actor
) -> tuple[dict[int, str], dict[int, tuple[int, int]]]:
    """Names of the subjects that exist here, and (program, batch) of groups."""
    if by is Subject.FACULTY:
        return people.names_of(wanted), {}
    if by is Subject.ROOM:
        rooms = places.places(actor=actor).filter(kind="room", pk__in=wanted)
        return {room.pk: room.name for room in rooms}, {}
    if by is Subject.DEPARTMENT:
        return dict(places.departments(actor=actor).filter(pk__in=wanted).values_list("pk", "name")), {}
    found = academics.facts(groups=wanted, first=day, last=day).groups
    batches = structure.batch_names({each["batch"] for each in found.values()})
    return (
        {pk: f"{batches[each['batch']]} · {each['name']}" for pk, each in found.items()},
        {pk: (each["program"], each["batch"]) for pk, each in found.items()},
    )


def document(pack: Pack, *, actor: Actor, now: datetime, progress: Progress = lambda *_: None) -> Document:
    """The PDF of a pack: published sessions alone, one page for each subject and week."""
    here = institution()
    spoken = words(here.locale, here.time_zone)
    teaching = setting("timetable.teaching_days")
    last = pack.weeks[-1] + timedelta(days=6)
    free = holidays(directory.facts(people=[], rooms=[], first=pack.weeks[0], last=last).holidays)
    by_page = _sessions(pack, here.time_zone, actor)
    made = []
    for pk, name in pack.names.items():
        programs, batches = ([pack.batches[pk][0]], [pack.batches[pk][1]]) if pk in pack.batches else ([], [])
        held = [each for each in free if each.holds_for(programs, batches)]
        for start in pack.weeks:
            made.append(
                pages.of_sessions(
                    by_page.get((pk, start), []), heading=name, start=start, first_weekday=here.first_weekday,
                    teaching=teaching, holidays=held, words=spoken, at=now,
                )
            )  # fmt: skip
            if len(made) % PAGES_A_STEP == 0:
                progress(len(made), pack.pages, "laying_out")
    title = f"{here.name}: {spoken.say('timetable')}"
    filename = f"timetables-{pack.by.value}-{pack.weeks[0].isoformat()}.pdf"
    return Document(filename, PDF, typeset(made, title, here.name, spoken, at=now))


def _sessions(pack: Pack, zone: str, actor: Actor) -> Mapping[tuple[int, date], list[dict[str, Any]]]:
    """Sessions of each page: one query for all of them."""
    covered, held = _belonging(pack, actor)
    rows = sessions.between(
        sessions.with_names(Session.objects.filter(covered)), pack.weeks[0], pack.weeks[-1] + timedelta(days=6), zone
    )
    found: dict[tuple[int, date], list[dict[str, Any]]] = {}
    for row in rows.order_by("starts_at", "id"):
        day = row.starts_at.astimezone(ZoneInfo(zone)).date()
        start = pack.weeks[(day - pack.weeks[0]).days // 7]
        for pk in held(row):
            found.setdefault((pk, start), []).append(sessions.shown(row))
    return found


def _belonging(pack: Pack, actor: Actor) -> tuple[Q, Callable[[Any], Iterable[int]]]:
    """Which sessions a pack holds, and on whose pages each stands."""
    ids = set(pack.names)
    if pack.by is Subject.FACULTY:
        further = SessionTeacher.objects.filter(session=OuterRef("pk"), person_id__in=ids)
        return Q(faculty_id__in=ids) | Q(Exists(further)), lambda row: ids.intersection(
            [row.faculty_id, *(each["id"] for each in row.further_teachers)]
        )
    if pack.by is Subject.ROOM:
        return Q(room_id__in=ids), lambda row: [row.room_id]
    if pack.by is Subject.GROUP:
        attended = SessionGroup.objects.filter(session=OuterRef("pk"), group_id__in=ids)
        return Q(Exists(attended)), lambda row: ids.intersection(each["id"] for each in row.attending)
    above = _with_all_above(actor)
    below = {pk for pk, roots in above.items() if roots & ids}
    return Q(department_id__in=below), lambda row: above.get(row.department_id, set()) & ids


def _with_all_above(actor: Actor) -> dict[int, set[int]]:
    """Each department with itself and everything above it."""
    parents = dict(places.departments(actor=actor).values_list("pk", "parent_id"))
    found: dict[int, set[int]] = {}
    for pk in parents:
        chain: set[int] = set()
        at: int | None = pk
        while at is not None and at not in chain:
            chain.add(at)
            at = parents.get(at)
        found[pk] = chain
    return found


def at_once(*, by: Subject, ids: Sequence[int], first: date, last: date, actor: Actor) -> Document:
    """A pack of at most 40 pages; raises `Invalid` (`too_many_pages`) above, and as `check` does."""
    pack = check(by=by, ids=ids, first=first, last=last, actor=actor)
    if pack.pages > PAGES_AT_ONCE:
        raise Invalid.at("?id", "too_many_pages", f"{pack.pages} pages: ask for them by print/jobs/.")
    return document(pack, actor=actor, now=clock.now())


def printed(job_id: int, *, actor: Actor) -> Document:
    """The file of one's own print job.

    Raises `NotFound` for any other job and once the file was purged, and `NotNow` (`in_progress`, `job_failed`) while
    there is no file.
    """
    actor.demand(Perm.WEEK_PRINT)
    job = jobs.get(job_id, actor=actor)
    if job.kind != JOB:
        raise NotFound()
    if job.status == Job.Status.FAILED:
        raise NotNow("job_failed", "It could not be made; ask for it again.", error=job.error)
    if job.status != Job.Status.SUCCEEDED:
        raise NotNow("in_progress", "It is being made.")
    result: Any = job.result
    file = StoredFile.objects.filter(pk=result["file"], user_id=actor.user_id).first()
    if file is None:
        raise NotFound()
    return Document(file.name, file.content_type, files.content(file))

"""Attendance, announcements and documents at scale: section 10 of their specification, each ratio side by side."""

import resource
import statistics
import time
from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import connection, transaction

from bench.data import FIRST_MONDAY, Built
from bench.measuring import Results, Signed, seconds
from maristan.academics.models import Student
from maristan.assessment.actions import document_batches, schemes
from maristan.assessment.models import Exam, GradeScheme, Result
from maristan.attendance.actions import eligibility_lists, rosters, uploads
from maristan.attendance.models import Attendance, EligibilityList
from maristan.attendance.queries import eligibility_lists as lists
from maristan.attendance.queries import standings
from maristan.attendance.queries.standings import Window
from maristan.comms.actions import announcements
from maristan.comms.models import Notification
from maristan.config.tests.counting import counted
from maristan.kernel import clock, tenancy
from maristan.kernel.access import Actor, platform
from maristan.operations.queries import servers
from maristan.timetable.models import SessionGroup

ZONE = "Asia/Karachi"
LAST = date(2026, 2, 28)
REGISTERS = """
INSERT INTO attendance_register (institution_id, created_at, updated_at, session_id, status, roster_version, frozen_at,
  audience, submitted_at, submitted_by, reason, version)
SELECT institution_id, now(), now(), id, 'submitted', 1, starts_at, '[]', ends_at, 'Bench', '', 1
FROM timetable_session WHERE id %% 2 = %s AND institution_id = %s
"""
LINES = """
INSERT INTO attendance_attendance (institution_id, created_at, updated_at, session_id, person_id, student_id, expected,
  by_hand, status, source, remarks, marked_at, marked_by, version)
SELECT s.institution_id, now(), now(), s.id, t.person_id, t.id, true, false,
  (ARRAY['present', 'present', 'present', 'late', 'absent'])[1 + (s.id + t.id) %% 5], 'live', '', s.ends_at, 'Bench', 1
FROM timetable_session s JOIN timetable_sessiongroup g ON g.session_id = s.id
JOIN academics_student t ON t.group_id = g.group_id
WHERE s.id %% 2 = %s AND s.institution_id = %s
"""
UPSERT = """
INSERT INTO attendance_attendance (id, institution_id, created_at, updated_at, session_id, person_id, student_id,
  expected, by_hand, status, source, check_in_at, remarks, marked_at, marked_by, version)
VALUES {values} ON CONFLICT (id) DO UPDATE SET status = EXCLUDED.status, source = EXCLUDED.source,
  check_in_at = EXCLUDED.check_in_at, remarks = EXCLUDED.remarks, marked_at = EXCLUDED.marked_at,
  marked_by = EXCLUDED.marked_by, version = EXCLUDED.version, updated_at = EXCLUDED.updated_at
"""


def fill(built: Built, half: int) -> None:
    """Registers and lines of every other session; they name what is there, so that no key has to be looked up."""
    with servers.connected(servers.live()) as owner:
        owner.execute("SET session_replication_role = replica")
        for statement in (REGISTERS, LINES):
            owner.execute(statement, [half, built.institution.pk])


def run(results: Results, first: Built, second: Built, analyze: Callable[[], None], *, small: bool) -> None:
    """Measure everything; `second` is the institution whose data must not matter."""
    for half in (0, 1):
        fill(first, half)
    fill(second, 0)
    analyze()
    _summaries(results, first, second, analyze)
    _eligibility(results, first)
    _uploads(results, first)
    _rosters(results, first)
    _announcements(results, first)
    _documents(results, first, *((80, 8) if small else (400, 40)))


def _undone(built: Built, call: Callable[[], Any]) -> Callable[[], Any]:
    """The call in a transaction of the institution that leaves nothing behind."""

    def done() -> Any:
        with tenancy.acting_in(built.institution.pk):
            found = call()
            transaction.set_rollback(True)
            return found

    return done


def _summaries(results: Results, first: Built, second: Built, analyze: Callable[[], None]) -> None:
    """One person over a year: against counting the lines by index, and whatever others have."""
    person = first.students[0].person_id
    window = Window(FIRST_MONDAY, LAST, ZONE, clock.now())
    tally = _undone(first, lambda: standings.tally(person, window))
    count = _undone(first, lambda: Attendance.objects.filter(person=person).count())
    before = seconds(tally, 41)
    results.ratio("summary of one person / count of the lines", before, seconds(count, 41), 3)
    fill(second, 1)
    analyze()
    after = seconds(tally, 41)
    results.ratio("summary with twice the data of others / before", after, before, 1.2)


def _listed(built: Built, people: int) -> EligibilityList:
    persons = [each.person_id for each in built.students[:people]]
    of_one = len(built.students) // len(built.batches)
    batches = [[f"batch:{each.pk}"] for each in built.batches[: -(-people // of_one)]]
    audience = batches if people > 50 else [[f"person:{pk}"] for pk in persons]
    return EligibilityList.objects.create(
        title="Measured", first_day=FIRST_MONDAY, last_day=LAST, audience=audience, programs=[]
    )


def _eligibility(results: Results, built: Built) -> None:
    by = platform(built.institution.pk)
    people = min(1_000, len(built.students))
    times = {}
    for number in (people, 20):
        with tenancy.acting_in(built.institution.pk):
            pk = _listed(built, number).pk

        def freeze(pk: int = pk) -> None:
            eligibility_lists.freeze(pk=pk, by=by)

        times[number] = seconds(_undone(built, freeze), 5)
        with counted() as count:
            _undone(built, freeze)()
        chunks = 2 * (number // 1000)
        results.budget(f"eligibility list of {number:,} frozen", len(count), 15 + chunks)
    results.ratio(f"eligibility of {people:,} learners / of 20", times[people], times[20], 30)
    batch = built.batches[0]
    row = EligibilityList(
        title="Batch", first_day=FIRST_MONDAY, last_day=LAST, audience=[[f"batch:{batch.pk}"]], programs=[]
    )
    with counted() as count:
        found = _undone(built, lambda: lists.drawn(row))()
    results.budget(f"eligibility of a batch of {len(found)}", len(count), 8)


def _file(built: Built, count: int) -> tuple[bytes, list[dict[str, Any]]]:
    """A file that turns marks around, and the rows as they stand."""
    with tenancy.acting_in(built.institution.pk):
        held = Attendance.objects.filter(session__is_live=True, session__ends_at__lt=clock.now())
        found: list[dict[str, Any]] = list(held.order_by("pk").values()[:count])
        numbers = dict(Student.objects.values_list("pk", "reg_no"))  # also those who came by a file
    turned = {"present": "absent", "absent": "present", "late": "present"}
    lines = [f"{row['session_id']},{numbers[row['student_id']]},{turned[row['status']]}" for row in found]
    return "\n".join(["session_id,reg_no,status", *lines]).encode(), found


def _uploads(results: Results, built: Built) -> None:
    by = platform(built.institution.pk)
    with tenancy.acting_in(built.institution.pk), connection.cursor() as cursor:
        cursor.execute("UPDATE attendance_register SET status = 'open', submitted_at = NULL, submitted_by = ''")
    times = {}
    for count in (10_000, 1_000):
        content, rows = _file(built, count)

        def upload(content: bytes = content) -> None:
            told = uploads.upload(filename="m.csv", content=content, session="", partial=False, add=False, by=by)
            if "error_count" in told:
                raise RuntimeError(told)

        times[count] = seconds(_undone(built, upload), 3)
        if count == 10_000:
            with counted() as spent:
                _undone(built, upload)()
            results.budget("upload of 10,000 rows", len(spent), 60)
            bare = seconds(_undone(built, lambda rows=rows: _upsert(rows)), 3)
            results.ratio("upload of 10,000 rows / bare upsert", times[count], bare, 6)
    results.ratio("upload of 10,000 rows / of 1,000", times[10_000], times[1_000], 12)


def _upsert(rows: list[dict[str, Any]]) -> None:
    """The same rows by plain statements of a thousand rows each."""
    names = (
        "id", "institution_id", "created_at", "updated_at", "session_id", "person_id", "student_id", "expected",
        "by_hand", "status", "source", "check_in_at", "remarks", "marked_at", "marked_by", "version",
    )  # fmt: skip
    one = f"({', '.join(['%s'] * len(names))})"
    with connection.cursor() as cursor:
        for at in range(0, len(rows), 1000):
            part = rows[at : at + 1000]
            cursor.execute(
                UPSERT.format(values=", ".join([one] * len(part))), [row[name] for row in part for name in names]
            )


def _rosters(results: Results, built: Built) -> None:
    """A week of 400 sessions whose rosters nobody has fixed, of a group that no file has filled."""
    by = platform(built.institution.pk)
    group = built.groups[built.batches[-1].pk][0]

    def settle(count: int) -> tuple[int, float]:
        attended = SessionGroup.objects.filter(group=group).order_by("session_id")
        ids = list(attended.values_list("session_id", flat=True)[:count])
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM attendance_attendance WHERE session_id = ANY(%s)", [ids])
            cursor.execute("DELETE FROM attendance_register WHERE session_id = ANY(%s)", [ids])
        begin = time.perf_counter()
        with counted() as spent:
            rosters.settle(ids=ids, by=by)
        taken = time.perf_counter() - begin
        lines = Attendance.objects.filter(session__in=ids).count()
        return len(spent) - lines // 1000, taken

    spent, taken = _undone(built, lambda: settle(400))()
    results.budget("rosters of 400 sessions, without inserts", spent, 20)
    _, few = _undone(built, lambda: settle(40))()
    results.ratio("rosters of 400 sessions / of 40", taken, few, 12)


def _announcements(results: Results, built: Built) -> None:
    with tenancy.acting_in(built.institution.pk):
        by = _sender(built)
    admin, people = Signed(built), len(built.students)
    few = [[f"person:{each.person_id}"] for each in built.students[:5]]

    def draft(audience: list[list[str]]) -> int:
        values = {"title": "Measured", "body": "Said.", "audience": audience, "send_email": False}
        return announcements.create(values=values, by=by).pk

    def send(audience: list[list[str]]) -> float:
        times = []
        for _ in range(15):
            with tenancy.acting_in(built.institution.pk):
                pk = draft(audience)
                begin = time.perf_counter()
                answer = admin.post(f"/api/v1/comms/announcements/{pk}/moves/send/")
                times.append(time.perf_counter() - begin)
                transaction.set_rollback(True)
            if answer.status != 200:
                raise RuntimeError(f"{answer.status} {answer.body[:300]!r}")
        return statistics.median(times)

    results.ratio(f"sending to {people:,} / to 5", send([["role:student"]]), send(few), 1.5)

    def told() -> tuple[int, int]:
        pk = draft([["role:student"]])
        announcements.move(pk=pk, name="send", by=by)
        with counted() as spent:
            announcements.fan_out(pk=pk, after=0, by=by)
        return len(spent), Notification.objects.filter(dedupe_key__startswith=f"announcement:{pk}").count()

    spent, reached = _undone(built, told)()
    results.budget(f"telling {reached:,} people", spent, 4 * -(-reached // 1_000))


def _sender(built: Built) -> Actor:
    from maristan.config.roles import TABLE
    from maristan.directory.queries import identity

    return identity.actor_for(built.admin, built.institution.pk, TABLE)


def _documents(results: Results, built: Built, many: int, few: int) -> None:
    """Batches of transcripts, the smaller one first: time, and the most memory that was held."""
    with tenancy.acting_in(built.institution.pk):
        by = _sender(built)
        _publish(built, many + few)
    small = built.students[many : many + few]
    large = built.students[:many]
    _batch(built, small[:1], by)  # fonts and templates are read once
    lesser = _batch(built, small, by)
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    greater = _batch(built, large, by)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    results.ratio(f"transcripts of {many} / of {few}", greater, lesser, 11)
    results.ratio(f"memory (MB / 1000) of {many} transcripts / of {few}", most / 2**20, held / 2**20, 1.3)


def _publish(built: Built, count: int) -> None:
    now = clock.now()
    schemes.begin(by=platform(built.institution.pk))
    scheme = GradeScheme.objects.order_by("pk")[0]
    exam = Exam.objects.create(
        title="Measured", scheduled_at=now, duration_minutes=60, status="marking", pass_total_percent=50,
        academic_period=built.periods[built.batches[0].pk], course=built.courses[0], grade_scheme=scheme,
    )  # fmt: skip
    by = {"verified_by": built.person, "published_by": built.person, "verified_at": now, "published_at": now}
    Result.objects.bulk_create(
        Result(
            exam=exam, person_id=each.person_id, total_obtained=70, total_max=100, percentage=70, letter="B",
            final_outcome="pass", status="published", **by,
        )
        for each in built.students[:count]
    )  # fmt: skip


def _batch(built: Built, students: list[Any], by: Actor) -> float:
    """Seconds of a batch; its audience is named person by person, fifty at a time."""
    begin = time.perf_counter()
    for at in range(0, len(students), 50):
        audience = [[f"person:{each.person_id}"] for each in students[at : at + 50]]
        with tenancy.acting_in(built.institution.pk):
            batch = document_batches.start(values={"audience": audience, "email": False}, by=by).pk
        goes_on = True
        while goes_on:
            with tenancy.acting_in(built.institution.pk):
                goes_on = document_batches.advance(batch=batch, by=by)
        with tenancy.acting_in(built.institution.pk):
            document_batches.close(batch=batch, by=by)
    return time.perf_counter() - begin

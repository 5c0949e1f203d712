"""The queue as operators see it, and what becomes of jobs whose workers died."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from maristan.directory.tests import factories as make
from maristan.kernel import clock, jobs, tenancy
from maristan.kernel.access import platform
from maristan.kernel.journal import lines_of
from maristan.kernel.models import Job, JobNote, PeriodicRun
from maristan.kernel.tests.client import Client
from maristan.operations import jobs as declared
from maristan.operations.actions import integrity
from maristan.operations.actions import jobs as actions
from maristan.operations.models import Process
from maristan.operations.queries import jobs as queries
from maristan.operations.queries import processes, schedules
from maristan.operations.rules.jobs import JOB, JobFacts, JobStatus
from maristan.operations.tests import factories as run

pytestmark = pytest.mark.django_db
JOBS = "/api/v1/operations/jobs/"


def queued(name: str = "kernel.deliver_line", status: str = "todo", **values: Any) -> int:
    given = {"queue_name": "default", "task_name": name, "status": status, "args": "{}", **values}
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO procrastinate_jobs ({', '.join(given)})"
            f" VALUES ({', '.join(['%s'] * len(given))}) RETURNING id",
            list(given.values()),
        )
        return int(cursor.fetchone()[0])


def status(pk: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT status FROM procrastinate_jobs WHERE id = %s", [pk])
        return str(cursor.fetchone()[0])


def worker(seconds_ago: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - %s * interval '1 second') RETURNING id",
            [seconds_ago],
        )
        return int(cursor.fetchone()[0])


@pytest.mark.parametrize(
    ("where", "open_moves"),
    [
        ("queued", ["cancel"]), ("deferred", ["cancel"]), ("active", []), ("finished", []), ("failed", ["retry"]),
        ("cancelled", ["retry"]),
    ],
)  # fmt: skip
def test_what_waits_is_cancelled_and_what_ended_badly_is_queued_again_by_who_asked(
    where: str, open_moves: list[str]
) -> None:
    for is_theirs in (True, False):
        facts = JobFacts(JobStatus(where), is_theirs=is_theirs)
        moves = {each.name: each for each in JOB.moves(facts, platform(None), clock.now())}
        assert [name for name, each in moves.items() if each.allowed] == (open_moves if is_theirs else [])
        missing = {need.code for name in open_moves for need in moves[name].missing}
        assert missing == (set() if is_theirs or not open_moves else {"not_own"})


def test_queues_are_counted_by_status_with_their_workers() -> None:
    queued()
    queued(status="doing")
    queued(scheduled_at="2999-01-01T00:00:00+00:00")
    queued(status="succeeded")
    queued(status="failed")
    queued(queue_name="mail")
    run.process("worker")
    run.process("worker", queues=["mail"])
    run.process("web", queues=[])
    default, mail = queries.stats()
    assert (default.queue, default.queued, default.active, default.deferred, default.finished, default.failed) == (
        "default", 1, 1, 1, 1, 1,
    )  # fmt: skip
    assert (default.workers, mail.workers) == (1, 2)
    assert default.oldest_seconds is not None


def test_the_figures_are_printed_under_both_names_also_without_a_worker(capsys: Any) -> None:
    queued()
    call_command("jobs", "stats")
    first = capsys.readouterr().out
    call_command("rqstats")
    assert capsys.readouterr().out.splitlines()[0] == first.splitlines()[0]
    headings = ["queue", "queued", "active", "deferred", "finished", "failed", "workers", "oldest_seconds"]
    assert first.splitlines()[0].split() == headings
    assert "no live worker" in first


def test_an_operator_queues_a_failed_job_again_once() -> None:
    pk = queued(status="failed")
    olga = Client(run.operator())
    first = olga.post(f"{JOBS}{pk}/moves/retry/")
    assert (first.status, first.json["status"]) == (200, "queued")
    second = olga.post(f"{JOBS}{pk}/moves/retry/")
    assert (second.status, second.missing) == (409, ["wrong_status"])
    assert status(pk) == "todo"
    assert [line.kind for line in lines_of("job", pk)] == ["job.retried"]


def test_an_operator_cancels_what_waits_and_not_what_runs() -> None:
    waiting, running = queued(), queued(status="doing")
    olga = Client(run.operator())
    assert olga.post(f"{JOBS}{waiting}/moves/cancel/").json["status"] == "cancelled"
    refused = olga.post(f"{JOBS}{running}/moves/cancel/")
    assert (refused.status, refused.missing) == (409, ["wrong_status"])
    assert (status(waiting), status(running)) == ("cancelled", "doing")
    assert olga.post(f"{JOBS}{waiting}/moves/vanish/").status == 404


def test_of_two_who_cancel_the_slower_one_is_told_so(monkeypatch: Any) -> None:
    pk = queued()
    monkeypatch.setattr(actions.app.job_manager, "cancel_job_by_id", lambda _: False)  # a worker took it meanwhile
    refused = Client(run.operator()).post(f"{JOBS}{pk}/moves/cancel/")
    assert (refused.status, refused.code, status(pk)) == (409, "not_now", "todo")
    assert list(lines_of("job", pk)) == []


@pytest.mark.parametrize(
    ("values", "serves"),
    [
        ({}, True), ({"queues": ["mail", "default", "slow"]}, True), ({"queues": ["mail"]}, False),
        ({"host": "host-2"}, False), ({"build_id": "b" * 12}, False), ({"kind": "web"}, False),
        ({"seen": clock.now() - timedelta(seconds=31)}, False),
    ],
)  # fmt: skip
def test_a_host_has_a_worker_that_takes_all_of_these_queues_by_this_build(values: dict[str, Any], serves: bool) -> None:
    run.process(values.pop("kind", "worker"), **values)
    assert processes.has_worker(host="host-1", build_id="0" * 12, queues=["default", "mail"]) is serves


def test_an_administrator_sees_the_jobs_of_the_own_institution_and_nobody_elses() -> None:
    here = make.institution()
    alice = Client(make.member("Alice", "admin"))
    own = queued(args=f'{{"institution_id": {here.pk}, "secret": "marked"}}', status="failed")
    other = queued(args=f'{{"institution_id": {here.pk + 1}}}')
    found = alice.get(JOBS)
    assert [each["id"] for each in found.json["results"]] == [own]
    assert b"marked" not in found.body
    assert alice.get(f"{JOBS}{other}/").status == 404
    refused = alice.post(f"{JOBS}{own}/moves/retry/")
    assert (refused.status, status(own)) == (403, "failed")
    assert alice.get(f"{JOBS}{own}/").json["moves"][0]["missing"][0]["code"] == "not_own"


def test_who_asked_for_a_job_queues_it_again() -> None:
    here = make.institution()
    adam = make.member("Adam", "admin")
    alice = Client(adam)
    pk = queued(args=f'{{"institution_id": {here.pk}, "user_id": {adam.user_id}}}', status="failed")
    retry = alice.get(f"{JOBS}{pk}/").json["moves"][0]
    assert (retry["name"], retry["allowed"]) == ("retry", True)
    assert (alice.post(f"{JOBS}{pk}/moves/retry/").status, status(pk)) == (200, "todo")


@pytest.mark.parametrize(("query", "count"), [("from={}", 1), ("to={}", 1), ("from={}&to={}", 0), ("", 2)])
def test_jobs_are_found_by_when_they_were_queued(query: str, count: int) -> None:
    olga = Client(run.operator())
    former, later = queued(), queued()
    with connection.cursor() as cursor:
        for pk, ago in ((former, 120), (later, 0)):
            cursor.execute(
                "UPDATE procrastinate_events SET at = now() - %s * interval '1 minute' WHERE job_id = %s", [ago, pk]
            )
    hour = (clock.now() - timedelta(hours=1)).isoformat().replace("+00:00", "Z")
    assert olga.get(f"{JOBS}?{query.format(hour, hour)}").json["count"] == count


@pytest.mark.parametrize("query", ["from=yesterday", "to=2026-02-30T00:00:00Z"])
def test_a_bad_moment_is_refused(query: str) -> None:
    assert Client(run.operator()).get(f"{JOBS}?{query}").status == 422


def test_an_unknown_queue_is_said_with_those_there_are(capsys: Any) -> None:
    answer = Client(run.operator()).get(f"{JOBS}?queue=defualt")
    assert (answer.status, answer.code) == (404, "unknown_queue")
    assert "there are default" in answer.json["detail"]
    for words in (("jobs", "list", "--queue", "defualt"), ("worker", "--queues", "operations, defualt")):
        with pytest.raises(SystemExit) as ended:
            call_command(*words)
        assert ended.value.code == 2
        assert "there are default" in capsys.readouterr().err


@pytest.mark.parametrize("what", ["show", "retry", "cancel"])
def test_a_job_that_is_not_there_is_said_with_the_newest_that_are(what: str, capsys: Any) -> None:
    for there in (lambda: "none", lambda: str(queued())):
        newest = there()
        with pytest.raises(SystemExit) as ended:
            call_command("jobs", what, "987654321")
        said = f"not_found: there is no job 987654321; the newest: {newest}\n"
        assert (ended.value.code, capsys.readouterr().err) == (2, said)


@pytest.mark.parametrize("role", ["student", "faculty", "registrar"])
def test_everybody_else_sees_no_job_of_the_queue(role: str) -> None:
    here = make.institution()
    bob = Client(make.member("Bob", role))
    pk = queued(args=f'{{"institution_id": {here.pk}}}')
    assert bob.get(JOBS).json["count"] == 0
    assert bob.get(f"{JOBS}{pk}/").status == 404
    assert bob.get(f"{JOBS}stats/").status == 403


def test_what_a_dead_worker_had_in_hand_comes_back_once() -> None:
    dead, alive = worker(31), worker(5)
    lost, held = queued(status="doing", worker_id=dead), queued(status="doing", worker_id=alive)
    assert jobs.return_lost() == 1
    assert (status(lost), status(held)) == ("todo", "doing")
    assert jobs.return_lost() == 0
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s WHERE id = %s", [dead, lost])
    assert jobs.return_lost() == 1
    assert status(lost) == "failed"
    assert JobNote.objects.get(pk=lost).error == "worker_lost"


def test_a_job_of_the_schedule_that_was_lost_is_not_queued_beside_its_next_run() -> None:
    lost = queued("kernel.purge", status="doing", worker_id=worker(31), queueing_lock="kernel.purge")
    queued("kernel.purge", queueing_lock="kernel.purge")
    assert jobs.return_lost() == 1
    assert (status(lost), JobNote.objects.get(pk=lost).error) == ("failed", "worker_lost")


def test_a_run_by_schedule_that_a_worker_died_of_is_closed_and_says_so() -> None:
    begun = clock.now() - timedelta(minutes=9)
    for name in ("kernel.purge", "kernel.seal_journal", "kernel.take_over", "operations.prune"):
        PeriodicRun.objects.create(name=name, started_at=begun)
    dead, alive = worker(31), worker(5)
    for name in ("kernel.purge", "kernel.seal_journal"):
        queued(name, status="doing", worker_id=dead, queueing_lock=name)
    queued("kernel.seal_journal", status="doing", worker_id=alive)  # its next run, which goes on
    queued("operations.prune", status="doing", worker_id=dead)  # asked for by somebody: it comes back
    assert jobs.return_lost() == 3
    kept = {each.name: (each.outcome, each.error, each.finished_at is None) for each in PeriodicRun.objects.all()}
    assert kept == {
        "kernel.purge": ("failed", "worker_lost", False), "kernel.seal_journal": ("", "", True),
        "kernel.take_over": ("", "", True), "operations.prune": ("", "", True),
    }  # fmt: skip
    shown = {each["name"]: (each["last_outcome"], each["last_error"]) for each in schedules.periodic()}
    assert shown["kernel.purge"] == ("failed", "worker_lost")


def test_how_far_a_job_is_stands_beside_it_where_it_says_so() -> None:
    here, there = make.institution(), make.institution("LUM")
    told = {}
    for institution, done, total, state in ((here, 3, 4, "doing"), (there, 1, 8, "doing"), (here, 0, 0, "doing"),
                                            (here, 2, 4, "todo")):  # fmt: skip
        with tenancy.acting_in(institution.pk):
            row = Job.objects.create(kind="kernel.import", status="running", done=done, total=total)
        args = f'{{"institution_id": {institution.pk}, "job_id": {row.pk}}}'
        told[queued(args=args, status=state)] = {3: 75, 1: 12}.get(done)
    told[queued(status="doing")] = None
    olga = Client(run.operator())
    assert {each["id"]: each["percent"] for each in olga.get(JOBS).json["results"]} == told
    first = min(told)
    assert olga.get(f"{JOBS}{first}/").json["percent"] == 75


def test_a_run_by_schedule_leaves_when_how_long_and_how_it_ended(monkeypatch: Any) -> None:
    jobs.seal_journal.func(0)
    kept = PeriodicRun.objects.get(pk="kernel.seal_journal")
    assert (kept.outcome, kept.error) == ("succeeded", "")
    assert kept.seconds is not None

    def fail() -> None:
        raise RuntimeError("what nobody may read")

    monkeypatch.setattr(jobs.journal, "seal", fail)
    with pytest.raises(RuntimeError):
        jobs.seal_journal.func(0)
    kept.refresh_from_db()
    assert (kept.outcome, kept.error) == ("failed", "RuntimeError")
    shown = {each["name"]: each for each in schedules.periodic()}
    assert shown["kernel.seal_journal"]["last_outcome"] == "failed"
    assert shown["kernel.purge"]["last_outcome"] == ""


def test_a_run_by_schedule_that_takes_too_long_ends_and_says_so(monkeypatch: Any) -> None:
    """The statement that waits is cancelled; what was written before is taken back, and the next run begins anew."""
    run.process()
    limits: list[timedelta] = []
    within = jobs._within

    def short(limit: timedelta) -> Any:
        limits.append(limit)
        return within(timedelta(seconds=0.2))

    def seal(seconds: int) -> Any:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM operations_process")
            cursor.execute("SELECT pg_sleep(%s)", [seconds])

    monkeypatch.setattr(jobs, "_within", short)
    monkeypatch.setattr(jobs, "CANCELLED_EVERY", 0.05)
    monkeypatch.setattr(jobs.journal, "seal", partial(seal, 600))
    with pytest.raises(jobs.OutOfTime):
        jobs.seal_journal.func(0)
    kept = PeriodicRun.objects.get(pk="kernel.seal_journal")
    assert (kept.outcome, kept.error, Process.objects.count()) == ("failed", "OutOfTime", 1)
    monkeypatch.setattr(jobs.journal, "seal", partial(seal, 0))
    jobs.seal_journal.func(0)
    kept.refresh_from_db()
    assert (kept.outcome, kept.error, Process.objects.count()) == ("succeeded", "", 0)
    monkeypatch.setattr(integrity, "check", lambda **_: None)
    declared.check_every_night.func(0)
    assert limits == [timedelta(hours=1), timedelta(hours=1), timedelta(hours=4)]


def test_two_runs_of_a_schedule_never_stand_side_by_side() -> None:
    assert {name: jobs.app.tasks[name].lock for name in jobs.periodic_jobs} == {
        name: name for name in jobs.periodic_jobs
    }
    job = jobs.run_now("kernel.purge")
    with connection.cursor() as cursor:
        cursor.execute("SELECT lock, queueing_lock FROM procrastinate_jobs WHERE id = %s", [job])
        assert cursor.fetchone() == ("kernel.purge", "kernel.purge")


def test_what_was_due_while_no_worker_ran_is_queued_once_and_what_runs_often_is_not() -> None:
    long_ago = clock.now().replace(year=2020)
    PeriodicRun.objects.create(name="kernel.purge", started_at=long_ago)
    PeriodicRun.objects.create(name="kernel.seal_journal", started_at=long_ago)
    assert jobs.catch_up() == ["kernel.purge"]
    jobs.catch_up()
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name FROM procrastinate_jobs")
        assert cursor.fetchall() == [("kernel.purge",)]


def test_an_operator_runs_a_scheduled_job_now_and_twice_is_once() -> None:
    olga, told = Client(run.operator()), []
    for _ in range(2):
        answer = olga.post("/api/v1/operations/periodic/kernel.purge/run/")
        told.append((answer.status, answer.json))
    job = told[0][1]["job_id"]
    url = f"/api/v1/operations/progress/{job}/"
    assert told == [(202, {"name": "kernel.purge", "job_id": job, "progress_url": url})] * 2
    assert olga.get(url).json["status"] == "queued"
    assert olga.post("/api/v1/operations/periodic/nothing/run/").status == 404
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'kernel.purge'")
        assert cursor.fetchone()[0] == 1


def test_jobs_that_ended_long_ago_are_forgotten_by_their_kind() -> None:
    ages = {
        queued(status="succeeded"): (31, False), queued(status="succeeded"): (29, True),
        queued(status="failed"): (89, True), queued(status="failed"): (91, False), queued(): (400, True),
        queued("kernel.seal_journal", status="succeeded", queueing_lock="kernel.seal_journal"): (2, False),
        queued("kernel.purge", status="succeeded", queueing_lock="kernel.purge"): (29, True),  # once a day
        queued("operations.backup", status="succeeded", queueing_lock="operations.backup"): (29, True),
        queued("operations.backup", status="succeeded", queueing_lock="operations.backup"): (31, False),
    }  # fmt: skip
    with connection.cursor() as cursor:
        for pk, (days, _) in ages.items():
            cursor.execute("DELETE FROM procrastinate_events WHERE job_id = %s", [pk])
            cursor.execute(
                "INSERT INTO procrastinate_events (job_id, type, at)"
                " VALUES (%s, 'deferred', now() - %s * interval '1 day')",
                [pk, days],
            )
        with tenancy.acting_in(None):
            assert actions.prune(by=platform(None)) == 4
        cursor.execute("SELECT id FROM procrastinate_jobs")
        assert {row[0] for row in cursor.fetchall()} == {pk for pk, (_, kept) in ages.items() if kept}

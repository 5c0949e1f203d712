"""`python -m maristan.config.tests.drills`: what operators are promised, tried on a release that was installed.

The wheel of this checkout runs on an empty PostgreSQL 15, and on the embedded server. Each drill says in a line what it
did and found; one that finds something else ends everything with exit 1.
"""

import argparse
import json
import random
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

import psycopg

from maristan.config.tests.drilling import PASSWORD, Wrong, ask, contents, deleted, files, flipped, must, signed_in
from maristan.config.tests.faults import codes
from maristan.config.tests.faults import sound as repeated
from maristan.config.tests.installed_copy import InstalledCopy, Workshop
from maristan.config.tests.programs import ROOT, NotToBeHad, free_port, until
from maristan.config.tests.running_copy import of_database
from maristan.config.tests.servers import DATABASE, Debian, Embedded
from maristan.operations.actions import holding

HEALTH = ("/api/health/", "/api/v1/health/", "/health/", "/healthz/", "/readiness/")
BYTES, STUDENTS, GONE, LOST, MAILS = 50, 120, 100, 20, 5
OF_NOBODY = ("operations_", "procrastinate_", "kernel_journal", "kernel_job", "kernel_periodicrun", "django_session")
# What a restore changes on purpose: sessions end, and what waited is held.
ENDED = (*OF_NOBODY, "usersessions_", "comms_delivery", "comms_webhookdelivery")
PLANS = "timetable.week_plan"
# What a restore adds: the accounts of its smoke test, closed; what members are told of the maintenance meanwhile; and
# what schedules would tell as soon as it serves, of which no mail leaves before an operator says so.
TOLD_BY_SCHEDULE = f"""event IN ('announcement.sent', 'material.published', 'obligation.due', 'obligation.locked',
  'student.placed', 'result.published', 'results.publication_due', 'marks.due', 'register.not_submitted',
  'attendance.near_threshold', 'attendance.below_threshold', 'attendance.fell_below', 'week_plan.reminder')
  AND NOT EXISTS (SELECT FROM comms_delivery AS mail WHERE mail.notification_id = comms_notification.id
    AND mail.channel = 'email' AND mail.status <> 'suppressed' AND mail.due_at < {holding.HELD})"""
MORE = {"kernel_user": "NOT is_active", "comms_notification": f"event LIKE 'maintenance.%' OR {TOLD_BY_SCHEDULE}"}
STORED = """
from maristan.kernel import files, tenancy
from maristan.kernel.access import platform
here = tenancy.institution_ids()[0]
with tenancy.acting_in(here):
    for number in range({count}):
        files.store(f"sheet {{number}}".encode() * 500, name=f"{{number}}.txt", content_type="text/plain",
                    by=platform(here))
"""
MAIL = """INSERT INTO comms_delivery (institution_id, channel, kind, params, address, mode, status, due_at, attempts,
  error, created_at, updated_at) SELECT id, 'email', 'member.joined', '{}', 'drill@example.edu', 'immediate', 'pending',
  now(), 0, '', now(), now() FROM directory_institution ORDER BY id LIMIT 1"""
# What is written after the set is more than a restore writes itself.
WRITTEN = """INSERT INTO kernel_journalline (kind, subject_kind, subject_id, at, by_name, changes, reason, request_id)
  SELECT 'backup.pruned', 'backup', n::text, now(), 'drill', '{}', '', '' FROM generate_series(1, 300) AS n"""
LOSS = "id IN (SELECT id FROM academics_student ORDER BY id LIMIT 100)"


def without_database(copy: InstalledCopy) -> str:
    """1: the database is stopped while probes ask."""
    server = copy.server
    assert isinstance(server, Debian)
    port = copy.web_port
    sound = [ask(port, each) for each in HEALTH]
    must(all((each.status, each.json["status"]) == (200, "ok") for each in sound), [each.body for each in sound])
    must(sound[0].json["checks"]["redis"]["status"] == "skipped" and sound[0].json["version"], sound[0].body)
    must(all(ask(port, each, "HEAD").body == b"" for each in HEALTH), "HEAD has a body")
    server.stop()
    try:
        alive = ask(port, "/liveness/")
        must((alive.status, alive.json) == (200, {"status": "alive"}), alive.body)
        for path in HEALTH:
            down = ask(port, path)
            said = down.json
            must((down.status, said["status"], said["database"]) == (503, "degraded", "error"), down.body)
            must(said["checks"]["db"]["status"] == "fail" and "pending_count" not in said["checks"]["migrations"], said)
            must(not any(word in down.body.lower() for word in (b"psycopg", b"connection", b"refused", b"socket",
                                                                str(server.folder).encode())), down.body)  # fmt: skip
    finally:
        server.start()
    began = time.monotonic()
    until(lambda: ask(port, "/health/").status == 200, seconds=30, what="health after the database came back")
    back = time.monotonic() - began
    started_again(copy)
    return (
        f"stopped: /liveness/ 200, {len(HEALTH)} probes 503 degraded without a word of why; back after {back:.1f} s, "
        "the workers had ended as failed and serve again"
    )


def started_again(copy: InstalledCopy) -> None:
    """Workers that are cut off from the database end as failed, and whoever supervises them starts them again."""
    for name in ("worker", "operations"):
        until(lambda name=name: copy.running[name].poll() is not None, seconds=30, what=f"the end of {name}")
        must(copy.running[name].poll() not in (0, 78), f"{name} ended with {copy.running[name].poll()}")
        copy.start(name)
    copy.settle()


def two_hosts(copy: InstalledCopy) -> str:
    """6: what one host begins, another hears of; the two share the database alone."""
    other, port = copy.home.with_name("other host"), free_port()
    other.mkdir()
    copy.start("web of another host", words=[str(copy.program), "web"], MARISTAN_HOME=str(other),
               WEB_BIND=f"127.0.0.1:{port}", MEDIA_ROOT=str(copy.home / "var" / "media"))  # fmt: skip
    try:
        cookie = signed_in(port, "registrar")
        ((job,),) = copy.asked("""INSERT INTO procrastinate_jobs (queue_name, task_name, args, scheduled_at)
          VALUES ('default', 'kernel.seal_journal', '{"timestamp": 0}', now() + interval '40 seconds') RETURNING id""")
        state = f"SELECT status::text FROM procrastinate_jobs WHERE id = {job}"
        due = time.monotonic() + 40
        copy.must("maintenance", "on", "--level", "read_only")
        time.sleep(2)
        must(time.monotonic() < due, "this host is too slow for this drill: the job was due before the doors closed")
        reads, writes = ask(port, "/api/v1/me/", cookie=cookie), ask(port, "/api/v1/me/", "POST", cookie=cookie)
        must((reads.status, writes.status, writes.json["code"]) == (200, 503, "maintenance"), (reads, writes))
        must(int(writes.headers["retry-after"]) >= 30, writes.headers)
        time.sleep(max(0.0, due - time.monotonic()) + 8)  # longer than workers take between two looks
        must(copy.asked(state) == [("todo",)], f"the job is {copy.asked(state)}")
        must(not (other / "MAINTENANCE_MODE").exists(), "the hosts share a file")
        copy.must("maintenance", "off")
        until(lambda: copy.asked(state) == [("succeeded",)], seconds=20, what="the job that waited")
        ((times,),) = copy.asked(f"SELECT count(*) FROM procrastinate_events WHERE type = 'started' AND job_id = {job}")
        must(times == 1, f"it ran {times} times")
        must(ask(port, "/api/v1/me/", "POST", cookie=cookie).status != 503, "still closed")
    finally:
        copy.stop("web of another host")
    return (
        "read_only begun on one host: the other reads (200) and does not write (503); a due job waited, ran once after"
    )


def flipped_bytes(copy: InstalledCopy) -> str:
    """8: one byte of a set is another, fifty times."""
    said = json.loads(copy.must("backup", "create", "--json").strip().splitlines()[-1])
    folder, name, chance = Path(said["location"]), said["name"], random.Random(8)
    there = sorted(each for each in folder.iterdir() if each.is_file())
    before, found = contents(copy, without=OF_NOBODY), set()
    for number in range(BYTES):
        file = there[number % len(there)]
        at, was = flipped(file, chance)
        for words in (["backup", "verify", name], ["restore", name, "--yes"]):
            ended = copy.run(*words)
            code = ended.stderr.partition(":")[0].strip()
            must(
                ended.returncode == 3,
                f"{file.name} byte {at}: {words[0]} ended with {ended.returncode}: {ended.stderr}",
            )
            found.add(code)
        file.write_bytes(was)
    must(contents(copy, without=OF_NOBODY) == before, "live data changed")
    must(ask(copy.web_port, "/health/").json["maintenance"] is False, "maintenance is on")
    copy.must("backup", "verify", name)
    kinds = ", ".join(sorted(found))
    return f"{BYTES} of {BYTES} bytes over {len(there)} files found by backup verify and by restore ({kinds}), exit 3"


def lost_and_restored(copy: InstalledCopy) -> str:
    """9: students and files are lost; the set brings all of it back, and nobody gets a mail again."""
    copy.must("shell", "-c", STORED.format(count=LOST + 5))
    media, port = copy.home / "var" / "media", copy.web_port
    cookie = signed_in(port, "registrar")
    copy.stop("worker", "operations")
    for _ in range(MAILS):
        copy.asked(MAIL)
    made = json.loads(copy.must("backup", "create", "--json").strip().splitlines()[-1])
    manifest = json.loads((Path(made["location"]) / "manifest.json").read_text())
    rows, stored = contents(copy, without=ENDED), files(media)
    last = {name: copy.asked(f"SELECT max(id) FROM {name}")[0][0] for name in MORE}
    _lose(copy, media, stored)
    for each in ("worker", "operations"):
        copy.start(each)
    done = json.loads(copy.must("restore", made["name"], "--yes", "--json").strip().splitlines()[-1])
    started_again(copy)
    now = contents(copy, without=ENDED, until=last)
    must(now == rows, {name: (rows.get(name), held) for name, held in now.items() if rows.get(name) != held})
    for name, is_meant in MORE.items():
        strange = copy.asked(f"""SELECT to_jsonb({name}) ->> 'event', count(*) FROM {name}
          WHERE id > {last[name]} AND NOT ({is_meant}) GROUP BY 1""")
        must(strange == [], f"rows of {name} are of nothing that a restore does: {strange}")
    counted = {name: held[0] for name, held in rows.items()}
    must(counted == {name: manifest["tables"][name]["rows"] for name in counted}, "rows differ from the manifest")
    must(files(media) == stored, "files differ")
    must(
        {each["key"]: each["sha256"] for each in manifest["media"]["items"]}.items() <= stored.items(), "hashes differ"
    )
    must(ask(port, "/api/v1/me/", cookie=cookie).status == 401, "a session of before goes on")
    until(lambda: ask(port, "/health/").status == 200, seconds=20, what="health")
    must(copy.asked("SELECT 1 FROM pg_database WHERE datname = %s", done["former_database"]), "no former database")
    must("_before_" in done["former_database"], done["former_database"])
    _none_is_sent(copy)
    return (
        f"{GONE} students and {LOST} files gone; after the restore {len(rows)} tables and {len(stored)} files as in "
        f"the manifest, {MAILS} mails held, sessions ended, {done['former_database']} kept"
    )


def _lose(copy: InstalledCopy, media: Path, stored: dict[str, str]) -> None:
    with psycopg.connect(of_database(copy.server.admin_url, DATABASE), autocommit=True) as admin:
        admin.execute("SET session_replication_role = replica")  # also rows that nobody may change
        gone = deleted(admin, "academics_student", LOSS)
        must(gone == GONE, f"{gone} students deleted")
        admin.execute(WRITTEN)
    for each in [*stored][:LOST]:
        (media / each).unlink()


def _none_is_sent(copy: InstalledCopy) -> None:
    """Two rounds of the job that sends what is due go by."""
    rounds = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'comms.send_due' AND status = 'succeeded'"
    ((before,),) = copy.asked(rounds)
    until(lambda: copy.asked(rounds)[0][0] >= before + 2, seconds=180, what="two rounds of comms.send_due")
    waiting = "SELECT count(*) FROM comms_delivery WHERE address = 'drill@example.edu' AND status = 'pending'"
    must(copy.asked(waiting) == [(MAILS,)], f"{copy.asked(waiting)} mails wait")


def promised(copy: InstalledCopy, workshop: Workshop) -> str:
    """15: a capability that was promised is there; a build whose registry lacks it is found."""
    code, said = copy.verify("--expect", PLANS)
    must((code, codes(said)) == (0, []), f"exit {code}: {said['findings']}")
    needed = said["expected"][PLANS]
    tables = [each for each in str(needed).replace("'", " ").split() if each.startswith("timetable_")]
    must(len({each.split(".")[0].strip(",]}:") for each in tables}) >= 5, needed)
    workshop.without_capability(PLANS)
    names = ("web", "worker", "operations")
    copy.stop(*names)
    copy.install(workshop.release())
    copy.must("migrate", "--no-input")
    for each in names:
        copy.start(each)
    copy.settle()
    code, said = copy.verify("--expect", PLANS)
    must((code, codes(said)) == (1, ["capability_unknown"]), f"exit {code}: {said['findings']}")
    return f"{PLANS} with its five tables: exit 0; a build without it: capability_unknown alone, exit 1"


def tried(name: str, drill: Callable[[], str]) -> bool:
    """Do one, and print its line."""
    began = time.monotonic()
    try:
        found, is_well = drill(), True
    except (Wrong, TimeoutError, RuntimeError, OSError, psycopg.Error, KeyError, ValueError) as fault:
        traceback.print_exc()
        found, is_well = f"{type(fault).__name__}: {fault}", False
    print(f"{'passed' if is_well else 'FAILED'}  {name}: {found} ({time.monotonic() - began:.0f} s)", flush=True)
    return is_well


def sound(copy: InstalledCopy, times: int) -> str:
    """13: what was installed is verified, again and again."""
    wrong = repeated(copy, times)
    must(not wrong, f"{wrong} of {times} verifications found something")
    return f"{copy.server.name}: {times} of {times} verifications VERIFIED, 0 findings, exit 0"


def on(server: Debian | Embedded, home: Path, built: Workshop, times: int, only: Sequence[str]) -> list[bool]:
    """Install the wheel on a server and do what can be done there."""
    plain = {
        "BACKUP_SCHEDULE": "off",
        "DRILL_SCHEDULE": "off",
        "MARISTAN_CONTAINER": "false",
        "DEMO_PASSWORD": PASSWORD,
    }
    copy = InstalledCopy(home, server, **plain)
    try:
        copy.install(built.release())
        copy.begin()
        copy.serve()
        done = [tried(f"13 {server.name}", lambda: sound(copy, times))]
        if isinstance(server, Embedded):
            return done
        copy.must("seed_demo", f"--students={STUDENTS}")
        drills: dict[str, Callable[[], str]] = {
            "1 without database": lambda: without_database(copy), "6 two hosts": lambda: two_hosts(copy),
            "8 flipped bytes": lambda: flipped_bytes(copy), "9 lost and restored": lambda: lost_and_restored(copy),
            "15 promised": lambda: promised(copy, built),
        }  # fmt: skip
        chosen = {name: drill for name, drill in drills.items() if any(each in name for each in only)}
        return done + [tried(name, drill) for name, drill in chosen.items()]
    finally:
        copy.end()


def main(given: Sequence[str] | None = None) -> int:
    """Exit 0 when every drill found what was promised, 1 when one did not, 2 when none can run."""
    parser = argparse.ArgumentParser(prog="make drills", description=__doc__)
    parser.add_argument("--sound", type=int, default=100, help="verifications of what was installed, on each server")
    parser.add_argument("--only", nargs="*", default=[""], help="drills whose names hold one of these")
    asked = parser.parse_args(given)
    client = ROOT / "web" / "dist"
    if not (client / "index.html").is_file():
        print("the web client is not built; run make web", file=sys.stderr)
        return 2
    done: list[bool] = []
    with tempfile.TemporaryDirectory(prefix="maristan-drills-") as name:
        for server in (Debian(), Embedded(Path(name) / "embedded")):
            try:
                server.make()
            except NotToBeHad as why:
                print(f"NOT DONE  everything on {server.name}, which is not to be had: {why}", flush=True)
                continue
            try:
                folder = Path(name) / server.name.replace(" ", "-")
                built = Workshop(folder / "building", client, server.admin_url)
                home = server.home if isinstance(server, Embedded) else folder / "home"
                done += on(server, home, built, asked.sound, asked.only)
            finally:
                server.end()
    print(f"{sum(done)} of {len(done)} as promised")
    return 0 if done and all(done) else 1


if __name__ == "__main__":
    sys.exit(main())

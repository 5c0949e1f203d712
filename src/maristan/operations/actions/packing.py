"""Writing the parts of a backup set, and restoring one into a database of its own to compare it."""

import errno
import gzip
import io
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from psycopg import sql

from maristan.kernel.access import Actor
from maristan.kernel.unjournaled import unjournaled
from maristan.operations.queries import contents, servers, sets, stores
from maristan.operations.rules import sets as rules
from maristan.operations.rules.sets import Contents, FoundFile, SetFault
from maristan.operations.rules.states import SetFormat

StoredFile = tuple[str, int, str]  # key, size, digest
NO_ROOM = os.strerror(errno.ENOSPC)
PART = "it is a step of a backup or restore, which leaves the line"


@unjournaled(PART)
def empty(*, file: Path, by: Actor) -> None:
    """A new file that nobody else may read."""
    os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


@unjournaled(PART)
@contextmanager
def dumping(*, file: Path, snapshot: str, format: str, tools: servers.Tools, by: Actor) -> Iterator[None]:
    """Write the live database as the snapshot shows it, beside what is done within; whoever leaves has all of it.

    Raises `SetFault` (`dump_failed`). A fault within ends the dump.
    """
    empty(file=file, by=by)
    shape = ["--format=custom"] if format == SetFormat.CUSTOM else ["--format=plain", "--compress=6"]
    program = [
        str(tools.folder / "pg_dump"), f"--snapshot={snapshot}", "--no-sync", "--lock-wait-timeout=60000",
        *shape, f"--file={file}",
    ]  # fmt: skip
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(program, env=servers.environment(servers.live()), stderr=said) as running,  # noqa: S603
    ):
        is_whole = False
        try:
            yield
            is_whole = True
        finally:
            if not is_whole:
                running.terminate()
        if running.wait():
            said.seek(0)
            raise SetFault("dump_failed", rules.words_of(said.read(), running.returncode))


@unjournaled(PART)
def pack(*, file: Path, wanted: list[StoredFile], is_lenient: bool, by: Actor) -> list[StoredFile]:
    """Write stored files into an archive; raises `SetFault` (`media_missing`, `media_altered`).

    Gives what was packed: all of them, unless it is lenient and leaves out what is gone or altered.
    """
    empty(file=file, by=by)
    packed = []
    with tarfile.open(file, "w:", format=tarfile.PAX_FORMAT) as tar:
        for each in wanted:
            try:
                content = _intact(*each)
            except SetFault:
                if not is_lenient:
                    raise
                continue
            head = tarfile.TarInfo(each[0])
            head.size, head.mode = len(content), 0o600
            tar.addfile(head, io.BytesIO(content))
            packed.append(each)
    return packed


def _intact(key: str, size: int, sha256: str) -> bytes:
    rules.check_member(key, is_file=True)
    try:
        with default_storage.open(key, "rb") as handle:
            content: bytes = handle.read()
    except FileNotFoundError:
        raise SetFault("media_missing", key) from None
    except stores.faults() as fault:
        raise SetFault(stores.AWAY, str(fault)[:200]) from None
    if sets.hashed_stream(io.BytesIO(content)) != FoundFile(size, sha256):
        raise SetFault("media_altered", key)
    return content


@unjournaled(PART)
def unpack(*, archive: Path, folder: Path, promised: list[dict[str, Any]], by: Actor) -> int:
    """Write an archive's files into a new folder and hash what was written; raises `SetFault`. Gives how many."""
    folder.mkdir(mode=0o700, parents=True)
    for name, handle in sets.members(archive):
        place = folder / name
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        empty(file=place, by=by)
        with place.open("wb") as out:
            shutil.copyfileobj(handle, out, sets.PIECE)
    for each in promised:
        place = folder / each["key"]
        if not place.is_file() or sets.hashed(place) != FoundFile(each["size"], each["sha256"]):
            raise SetFault("files_differ", each["key"])
    return len(promised)


@unjournaled(PART)
def refer(*, wanted: list[StoredFile], is_lenient: bool, by: Actor) -> list[dict[str, Any]]:
    """What a manifest says of stored files that stay in their bucket: key, size, digest and version.

    Raises `SetFault` (`media_unversioned`, `media_missing`, `media_altered`); if it is lenient it leaves out what is
    gone or of another size.
    """
    with stores.asked() as bucket:
        newest = {each.key: each for each in stores.versions(bucket) if each.is_newest}
    found = []
    for key, size, sha256 in wanted:
        there = newest.get(key)
        if there is not None and there.size == size:
            found.append({"key": key, "size": size, "sha256": sha256, "version": there.version})
        elif not is_lenient:
            raise SetFault("media_missing" if there is None else "media_altered", key)
    return found


@unjournaled(PART)
def bring_back(*, promised: list[dict[str, Any]], by: Actor) -> int:
    """Make the versions that a set names those that are read; raises `SetFault`. Gives how many files there are.

    What is read already is left alone; what has to be made it is hashed before.
    """
    with stores.asked() as bucket:
        newest = {each.key: each.version for each in stores.versions(bucket) if each.is_newest}
        for each in promised:
            if newest.get(each["key"]) != each["version"]:
                if sets.hashed_stream(bucket.of_version(each["key"], each["version"])) != _promised(each):
                    raise SetFault("files_differ", each["key"])
                bucket.make_newest(each["key"], each["version"])
    return len(promised)


@unjournaled(PART)
def fetch(*, folder: Path, promised: list[dict[str, Any]], by: Actor) -> int:
    """Write the versions that a set names into a new folder and hash what was written; raises `SetFault`."""
    folder.mkdir(mode=0o700, parents=True)
    with stores.asked() as bucket:
        for each in promised:
            rules.check_member(each["key"], is_file=True)
            place = folder / each["key"]
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            empty(file=place, by=by)
            with place.open("wb") as out:
                shutil.copyfileobj(bucket.of_version(each["key"], each["version"]), out, sets.PIECE)
            if sets.hashed(place) != _promised(each):
                raise SetFault("files_differ", each["key"])
    return len(promised)


@unjournaled(PART)
def fill(*, folder: Path, promised: list[dict[str, Any]], by: Actor) -> int:
    """Put unpacked files into the bucket unless they are there, and read back what was put; gives how many were put.

    Keys are never used twice, so this harms nothing that serves; what a set does not name stays.
    """
    put = 0
    with stores.asked() as bucket:
        for each in promised:
            if _is_there(bucket, each):
                continue
            with (folder / each["key"]).open("rb") as handle:
                bucket.put(each["key"], handle)
            put += 1
            if not _is_there(bucket, each):
                raise SetFault("files_differ", each["key"])
    return put


def _is_there(bucket: Any, wanted: dict[str, Any]) -> bool:
    if not bucket.exists(wanted["key"]):
        return False
    with bucket.open(wanted["key"], "rb") as handle:
        return sets.hashed_stream(handle) == _promised(wanted)


def _promised(item: dict[str, Any]) -> FoundFile:
    return FoundFile(item["size"], item["sha256"])


@unjournaled(PART)
def seal(*, folder: Path, manifest: dict[str, Any], by: Actor) -> str:
    """Write manifest and sums, see all of it onto the disk, and take the name; gives the manifest's SHA-256."""
    written = folder / rules.MANIFEST
    empty(file=written, by=by)
    written.write_text(json.dumps(manifest, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")
    files = {each["name"]: FoundFile(each["size"], each["sha256"]) for each in manifest["files"]}
    files[rules.MANIFEST] = sets.hashed(written)
    empty(file=folder / rules.SUMS, by=by)
    (folder / rules.SUMS).write_text(rules.sums(files), encoding="utf-8")
    for each in (*folder.iterdir(), folder):
        sync(path=each, by=by)
    folder.rename(folder.with_name(folder.name.removesuffix(rules.PARTIAL)))
    sync(path=folder.parent, by=by)
    return files[rules.MANIFEST].sha256


@unjournaled(PART)
def sync(*, path: Path, by: Actor) -> None:
    """See a file or a folder onto the disk."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


@unjournaled(PART)
def create_database(*, name: str, by: Actor) -> None:
    """An empty database like the live one; raises psycopg's errors."""
    with servers.connected(servers.outside()) as there:
        row = there.execute(
            "SELECT pg_encoding_to_char(encoding), datcollate, datctype FROM pg_database WHERE datname = %s",
            [servers.live()],
        ).fetchone()
        encoding, collate, ctype = row if row else ("UTF8", "C", "C")
        there.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING {} LC_COLLATE {} LC_CTYPE {}").format(
                sql.Identifier(name), sql.Literal(encoding), sql.Literal(collate), sql.Literal(ctype)
            )
        )


@unjournaled(PART)
def drop_database(*, name: str, by: Actor) -> None:
    """Remove a database that serves nobody, whoever is connected to it."""
    if name == servers.live():
        raise ValueError("the live database is never dropped")
    with servers.connected(servers.outside()) as there:
        there.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@unjournaled(PART)
def load(*, file: Path, is_plain: bool, database: str, tools: servers.Tools, by: Actor) -> None:
    """Restore a dump into an empty database, ending at the first fault.

    Raises `SetFault` (`restore_exit`, `set_incomplete`; `disk_full` where the server has no room).
    """
    try:
        if is_plain:
            _load_plain(file, database, tools)
        else:
            owned = ("--no-owner", "--no-privileges", "--exit-on-error")
            tools.run("pg_restore", *owned, f"--dbname={database}", str(file), database=database)
    except subprocess.CalledProcessError as error:
        said = rules.words_of(error.stderr or b"", error.returncode)
        raise SetFault(rules.DISK_FULL if NO_ROOM in said else "restore_exit", said) from None


def _load_plain(file: Path, database: str, tools: servers.Tools) -> None:
    program = [str(tools.folder / "psql"), "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--output=/dev/null"]
    with file.open("rb") as raw:
        is_packed = raw.read(2) == sets.PACKED
    opened: Callable[..., Any] = gzip.open if is_packed else open
    with opened(file, "rb") as source:
        running = subprocess.Popen(  # noqa: S603 - a program of PostgreSQL, nothing from outside
            program, env=servers.environment(database), stdin=subprocess.PIPE, stderr=subprocess.PIPE
        )
        assert running.stdin is not None
        try:
            with suppress(BrokenPipeError):  # it ended early, and says why
                shutil.copyfileobj(source, running.stdin, sets.PIECE)
        except sets.TORN:
            running.kill()
            raise SetFault("set_incomplete", f"{file.name} breaks off") from None
        finally:
            _, said = running.communicate()
    if running.returncode:
        raise subprocess.CalledProcessError(running.returncode, program, stderr=said)


@contextmanager
def _scratch(name: str, by: Actor) -> Iterator[str]:
    create_database(name=name, by=by)
    try:
        yield name
    finally:
        drop_database(name=name, by=by)


@unjournaled(PART)
def tried(*, found: sets.OnDisk, scratch: str, tools: servers.Tools, by: Actor) -> tuple[Contents, list[str]]:
    """Restore a set into a scratch database and compare; gives what it holds, and what differs."""
    with _scratch(scratch, by):
        load(
            file=found.dump, is_plain=found.manifest["format"] == SetFormat.PLAIN, database=scratch, tools=tools, by=by
        )
        restored = held(database=scratch, by=by)
    return restored, rules.differences(rules.of_manifest(found.manifest), restored)


@unjournaled("it reads")
def held(*, database: str, by: Actor) -> Contents:
    """What a database holds now."""
    with servers.connected(database) as there, there.transaction():
        return contents.read(there)

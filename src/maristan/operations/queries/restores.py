"""What a restore needs to know before it changes anything, and where it stands once it has begun."""

import gzip
import json
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from maristan.operations.models import RestoreRun
from maristan.operations.queries import health, servers, sets
from maristan.operations.rules import sets as rules
from maristan.operations.rules.sets import SetFault
from maristan.operations.rules.states import MediaMode, RestoreKind, RestoreOutcome, SetFormat

UNPACKED = 3  # how many times the room of a dump its database takes
OF_SERVER = re.compile(rb"Dumped from database version:? (\d[\w.]*)")
OF_TOOLS = re.compile(rb"Dumped by pg_dump version:? (\d[\w.]*)")


@dataclass(frozen=True, slots=True)
class Source:
    """What is to be restored: a set, or a lone dump without a manifest."""

    dump: Path
    is_plain: bool
    found: sets.OnDisk | None

    @property
    def name(self) -> str:
        return self.found.name if self.found else self.dump.name


@dataclass(frozen=True, slots=True)
class Plan:
    """The names that a restore uses; noted on the disk before each step, so that a killed one can be undone."""

    live: str
    scratch: str
    before: str
    media: str
    media_new: str
    media_before: str
    step: str = ""
    opens_doors: bool = True
    was_down: bool = False


def source(named: str) -> Source:
    """The set folder, the set of a name, or the dump that is meant; every byte of a set is checked.

    Raises `SetFault`; the kind of a lone file is known by its content, never by its name.
    """
    given = Path(named)
    folder = given if given.is_dir() else sets.folder_of(named)
    if given.is_file():
        return Source(given, _kind(given) == SetFormat.PLAIN, None)
    if not folder.is_dir():
        raise SetFault("set_unknown", f"no set {named}; near it are: {sets.near(named)}")
    return of_set(sets.checked(folder, known_sha256=sets.sealed_as(folder)))


def of_set(found: sets.OnDisk) -> Source:
    """A set as what is to be restored."""
    return Source(found.dump, found.manifest["format"] == SetFormat.PLAIN, found)


def made_at(source: Source) -> datetime | None:
    """When a set was made, as its manifest says; none of a lone dump."""
    return datetime.fromisoformat(source.found.manifest["created_at"]) if source.found else None


def is_key_known(source: Source) -> bool:
    """Whether a set was made with SECRET_KEY or a fallback; nobody knows it of a lone dump."""
    return source.found is not None and source.found.manifest["secret_key_fingerprint"] in _fingerprints()


def _fingerprints() -> set[str]:
    return {sets.fingerprint(each) for each in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)}


def of_lone(source: Source, tools: servers.Tools) -> dict[str, Any]:
    """What a lone dump says of itself, as a manifest would; all of it is read. Raises `SetFault`."""
    if source.is_plain:
        head, is_whole = sets.plain_text(source.dump)
        if not is_whole:
            raise SetFault("set_incomplete", f"{source.dump.name} breaks off")
    else:
        try:
            head = tools.run("pg_restore", "--list", str(source.dump)).stdout
            tools.run("pg_restore", "--file=/dev/null", str(source.dump))  # reads all of it
        except subprocess.CalledProcessError as error:
            said = rules.words_of(error.stderr or b"", error.returncode)
            is_newer = "unsupported version" in said
            raise SetFault("dump_newer_than_tools" if is_newer else "set_incomplete", said) from None
    return {"postgres_version": _version(OF_SERVER, head), "pg_dump_version": _version(OF_TOOLS, head)}


def _version(pattern: "re.Pattern[bytes]", head: bytes) -> str:
    found = pattern.search(head)
    return found[1].decode() if found else "0"


def _kind(file: Path) -> SetFormat:
    with file.open("rb") as raw:
        head = raw.read(4096)
    if head[:5] == b"PGDMP":
        return SetFormat.CUSTOM
    if head[:2] == b"\x1f\x8b":
        try:
            with gzip.open(file, "rb") as packed:
                head = packed.read(4096)
        except sets.TORN:
            raise SetFault("not_a_backup", str(file)) from None
    if b"PostgreSQL database dump" in head:
        return SetFormat.PLAIN
    raise SetFault("not_a_backup", f"{file} is no dump of PostgreSQL")


def here(tools: servers.Tools, server: str) -> rules.Here:
    """This installation as the refusals see it."""
    root = Path(settings.MEDIA_ROOT).parent
    root.mkdir(parents=True, exist_ok=True)
    return rules.Here(
        server=server,
        tools=tools.version,
        known_migrations={f"{app}.{name}" for app, name in health.known_migrations()},
        key_fingerprints=_fingerprints(),
        free_bytes=shutil.disk_usage(root).free,
        may_create=servers.may_create(),
        has_identity=bool(settings.BACKUP_AGE_IDENTITY),
    )


def needed_bytes(manifest: Mapping[str, Any]) -> int:
    """Room for the database once more, and for the files that the set holds; for an encrypted one also for its open
    parts."""
    dumped = sum(each["size"] for each in manifest["files"])
    opened = sum(each["size"] for each in (manifest["encryption"] or {}).get("plain", ()))
    unpacked = manifest["media"]["bytes"] if manifest["media"]["mode"] == MediaMode.COPY else 0
    return int(dumped) * UNPACKED + int(opened) + int(unpacked)


def plan(at: datetime) -> Plan:
    """The names of a restore that begins now."""
    media = Path(settings.MEDIA_ROOT)
    return Plan(
        live=servers.live(),
        scratch=servers.scratch_name("restore", at),
        before=servers.scratch_name("before", at),
        media=str(media),
        media_new=str(media.with_name(f"{media.name}_restore_{at:%Y%m%d_%H%M%S}")),
        media_before=str(media.with_name(f"{media.name}_before_{at:%Y%m%d_%H%M%S}")),
    )


def were_any() -> bool:
    """Whether anything was ever restored here, so that something may lie aside."""
    media = Path(settings.MEDIA_ROOT)
    return RestoreRun.objects.filter(kind=RestoreKind.RESTORE).exists() or any(
        media.parent.glob(f"{media.name}_before_*")
    )


def noted() -> Plan | None:
    """The plan of a restore that was begun and not ended; none when every one ended."""
    file = note()
    if not file.is_file():
        return None
    return Plan(**json.loads(file.read_text(encoding="utf-8")))


def unfinished() -> str:
    """What is said of a restore that was begun and not ended: until it is undone nothing else may build on it."""
    left = noted()
    return f"a restore was killed at its step: {left.step}; first: maristan restore --undo" if left else ""


def note() -> Path:
    """Where a restore notes its plan."""
    return Path(settings.VAR) / "restore.json"


def written(known: Plan) -> str:
    """A plan as it is noted."""
    return json.dumps(asdict(known))


def passed_since(at: datetime) -> bool:
    """Whether a restore that began since then is the last word of this database: one that was undone is not in it."""
    done = RestoreRun.objects.filter(kind=RestoreKind.RESTORE, outcome=RestoreOutcome.PASSED, started_at__gte=at)
    return done.exists()

"""Backup sets, decided without a database or a disk: names, what is missing, altered, different or refused."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from maristan.kernel.workflow import Transition, Workflow
from maristan.operations.rules.states import MediaMode, Perm, SetFormat, SetStatus

NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_.-]*_\d{8}_\d{6}$")
MANIFEST, SUMS, MEDIA = "manifest.json", "SHA256SUMS", "media.tar"
BESIDE = (
    "far_",
    "open_",
    "drill_",
)  # before the name of a set whose parts lie beside it for as long as they are needed
PARTIAL, AGE = ".partial", ".age"
KEYS = frozenset(
    (
        "name", "created_at", "created_by", "reason", "version", "build_id", "git_sha", "migrations",
        "migrations_hash", "postgres_version", "pg_dump_version", "encoding", "format", "encryption",
        "secret_key_fingerprint", "tables", "sequences", "journal_heads", "media", "files",
    )
)  # fmt: skip
SHOWN = 20
DISK_FULL, DISK_FAULT = "disk_full", "disk_fault"
OF_THE_PLACE = frozenset((DISK_FULL, DISK_FAULT, "identity_missing"))  # they say nothing of a set
UNPROVEN = "unproven"  # of a set that was made to be proven and that nobody proves any more
SAID_BY_PROGRAMS = re.compile(r"\b(ERROR|FATAL|PANIC|error|fatal):")
VALUES = re.compile(r'(: |\bvalue )".*"')


class SetFault(Exception):
    """A set that cannot be made or used; `code` is one of the specification's words."""

    def __init__(self, code: str, detail: str = "") -> None:
        self.code, self.detail = code, detail
        super().__init__(f"{code}: {detail}" if detail else code)


class Busy(Exception):
    """Another backup, restore or deployment is at work; it says which."""


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file of a set as it lies on the disk."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Contents:
    """What a database holds at one instant: `tables` name → (rows, digest)."""

    tables: Mapping[str, tuple[int, str]]
    sequences: Mapping[str, tuple[int, bool]]
    migrations: Sequence[str]
    journal_heads: Mapping[str, tuple[int, str]]


def named(prefix: str, at: datetime) -> str:
    """The name of a set that is made at a moment (UTC)."""
    return f"{prefix}_{at:%Y%m%d_%H%M%S}"


def dump_name(name: str, format: str) -> str:
    """The file that holds the database."""
    return f"{name}.dump" if format == "custom" else f"{name}.sql.gz"


def prefix_of(name: str) -> str:
    """What stands before the moment in the name of a set: whose it is."""
    return name[: -len("_20260102_120323")]


def is_part_of(name: str, prefix: str) -> bool:
    """Whether a folder is what was begun of a set of a prefix: made, fetched, opened or tried, and not ended."""
    whole = name.removesuffix(PARTIAL)
    names = {whole, *(whole.removeprefix(each) for each in BESIDE if whole.startswith(each))}
    return whole != name and any(NAME.match(each) and prefix_of(each) == prefix for each in names)


def first_line(text: str) -> str:
    """The first line of what was said, without the values of a row that PostgreSQL quotes."""
    lines = text.strip().splitlines()
    return VALUES.sub(r"\1…", lines[0].strip())[:300] if lines else ""


def words_of(said: bytes, code: int) -> str:
    """The line in which a program of PostgreSQL says why it ended; what follows it may be somebody's row."""
    lines = said.decode(errors="replace").strip().splitlines()
    wrong = [line for line in lines if SAID_BY_PROGRAMS.search(line)] or lines[:1]
    return first_line(wrong[-1])[:200] if wrong else f"exit {code}"


def part(name: str, *, is_encrypted: bool) -> str:
    """The name under which a part of a set lies on the disk."""
    return f"{name}{AGE}" if is_encrypted else name


def sums(files: Mapping[str, FoundFile]) -> str:
    """The text of SHA256SUMS: every other file of the set, by name."""
    return "".join(f"{each.sha256}  {name}\n" for name, each in sorted(files.items()))


def check_files(manifest: Mapping[str, Any], files: Mapping[str, FoundFile], written_sums: str) -> None:
    """Hold a set's files against its manifest and sums; raises `SetFault`.

    `files` are all but SHA256SUMS itself, which must be exactly what the files on the disk yield.
    """
    check_shape(manifest)
    listed = {str(each["name"]): FoundFile(each["size"], each["sha256"]) for each in manifest["files"]}
    there = {name: found for name, found in files.items() if name != MANIFEST}
    is_encrypted = bool(manifest["encryption"])
    needed = {part(dump_name(str(manifest["name"]), str(manifest["format"])), is_encrypted=is_encrypted)}
    if manifest["media"]["mode"] == "copy":
        needed.add(part(MEDIA, is_encrypted=is_encrypted))
    gone, added = sorted((set(listed) | needed) - there.keys()), sorted(there.keys() - set(listed))
    if gone or added:
        said = [*(f"{each} is missing" for each in gone), *(f"{each} does not belong to it" for each in added)]
        raise SetFault("set_incomplete", "; ".join(said))
    altered = sorted(name for name, found in there.items() if listed[name] != found)
    if altered or written_sums != sums(files):
        raise SetFault("checksum_mismatch", ", ".join(altered) or f"{SUMS} or {MANIFEST}")


def check_shape(manifest: Mapping[str, Any]) -> None:
    """Hold a manifest against what one must say, so that nobody meets a gap later; raises `SetFault`."""
    missing = KEYS - manifest.keys()
    if missing:
        raise SetFault("set_incomplete", f"the manifest lacks {', '.join(sorted(missing))}")
    try:
        of_manifest(manifest)
        media, encryption = manifest["media"], manifest["encryption"]
        needed = {"key", "size", "sha256", *(["version"] if media["mode"] == MediaMode.REFERENCE else [])}
        plain = encryption["plain"] if encryption else []
        is_sound = (
            all({"name", "size", "sha256"} <= each.keys() for each in [*manifest["files"], *plain])
            and all(needed <= each.keys() for each in media["items"])
            and all(isinstance(each["size"], int) for each in [*manifest["files"], *plain, *media["items"]])
            and isinstance(media["bytes"], int)
            and str(SetFormat(manifest["format"]))
            and str(MediaMode(media["mode"]))
            and (media["mode"] != MediaMode.REFERENCE or media["bucket"])
            and major(str(manifest["pg_dump_version"])) + major(str(manifest["postgres_version"]))
        )
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        is_sound = False
    if not is_sound:
        raise SetFault("set_incomplete", f"{MANIFEST} is not that of a set")


def check_member(name: str, *, is_file: bool) -> None:
    """Refuse what would leave the folder into which an archive is unpacked; raises `SetFault`."""
    parts = PurePosixPath(name).parts
    if not is_file or not parts or name.startswith("/") or ".." in parts or "\\" in name or "\0" in name:
        raise SetFault("unsafe_path", name[:200])


def differences(expected: Contents, found: Contents) -> list[str]:
    """What is not as it was, one line each; empty when both are the same."""
    said = []
    for name in sorted({*expected.tables, *found.tables}):
        said.extend(_table_differs(name, expected.tables.get(name), found.tables.get(name)))
    for name in sorted({*expected.sequences, *found.sequences}):
        if expected.sequences.get(name) != found.sequences.get(name):
            said.append(f"{name}: {expected.sequences.get(name)} in the set, {found.sequences.get(name)} restored")
    if sorted(expected.migrations) != sorted(found.migrations):
        said.append("migrations differ")
    if dict(expected.journal_heads) != dict(found.journal_heads):
        said.append("the heads of the journal differ")
    return said


def _table_differs(name: str, was: tuple[int, str] | None, found: tuple[int, str] | None) -> list[str]:
    if was is None or found is None:
        return [f"{name}: {'not in the set' if was is None else 'missing'}"]
    if was[0] != found[0]:
        return [f"{name}: {was[0]} rows in the set, {found[0]} restored"]
    return [f"{name}: same number of rows, different content"] if was != found else []


def of_manifest(manifest: Mapping[str, Any]) -> Contents:
    """The contents that a manifest promises."""
    return Contents(
        tables={name: (int(each["rows"]), str(each["digest"])) for name, each in manifest["tables"].items()},
        sequences={name: (int(each[0]), bool(each[1])) for name, each in manifest["sequences"].items()},
        migrations=list(manifest["migrations"]),
        journal_heads={name: (int(each[0]), str(each[1])) for name, each in manifest["journal_heads"].items()},
    )


def major(version: str) -> int:
    """The major number of a PostgreSQL version as server or tools write it: 18 of `18.1 (Debian …)`."""
    found = re.search(r"(\d+)(?:\.\d+|devel|beta\d+|rc\d+)?", version)
    if found is None:
        raise ValueError(f"no version of PostgreSQL: {version!r}")
    return int(found[1])


@dataclass(frozen=True, slots=True)
class Here:
    """What a restore needs to know of the place where it runs."""

    server: str
    tools: str
    known_migrations: Collection[str]
    key_fingerprints: Collection[str]
    free_bytes: int
    may_create: bool
    has_identity: bool = True


def refusals(manifest: Mapping[str, Any], here: Here, *, needed_bytes: int, is_other_key: bool) -> list[SetFault]:
    """Why a set may not be restored here: every reason, before anything was changed."""
    unknown = sorted(set(manifest["migrations"]) - set(here.known_migrations))
    found = []
    if unknown:
        found.append(SetFault("set_from_newer_release", ", ".join(unknown[:SHOWN])))
    if major(str(manifest["pg_dump_version"])) > major(here.tools):
        found.append(SetFault("dump_newer_than_tools", f"{manifest['pg_dump_version']} above {here.tools}"))
    if major(str(manifest["postgres_version"])) > major(here.server):
        found.append(SetFault("server_too_old", f"{manifest['postgres_version']} above {here.server}"))
    if manifest["secret_key_fingerprint"] not in here.key_fingerprints and not is_other_key:
        found.append(SetFault("secret_key_differs", "--other-key goes on; what was encrypted stays unreadable"))
    if manifest.get("encryption") and not here.has_identity:
        found.append(SetFault("identity_missing", "the set is encrypted; set BACKUP_AGE_IDENTITY"))
    if here.free_bytes < needed_bytes:
        found.append(SetFault("disk_space", f"{needed_bytes} bytes needed, {here.free_bytes} free"))
    if not here.may_create:
        found.append(SetFault("owner_role", "the role may not create databases or is bound by row-level security"))
    return found


GIB = 2**30


def room_needed(last_set: int | None) -> int:
    """How many bytes must be free before a set is begun: twice the last one, at least 1 GiB where there is none."""
    return 2 * last_set if last_set else GIB


@dataclass(frozen=True, slots=True)
class SetFacts:
    """What decides about a set."""

    status: SetStatus


# What is asked for over the network; making and removing need the machine (3.1).
SET: Workflow[SetFacts] = Workflow(
    name="backup_set",
    states=tuple(SetStatus),
    status_of=lambda facts: facts.status,
    transitions=(
        Transition(
            "verify", frozenset[str]((SetStatus.CREATED, SetStatus.PROVEN, SetStatus.DAMAGED)), SetStatus.PROVEN,
            Perm.BACKUP_VERIFY,
        ),
    ),
)  # fmt: skip

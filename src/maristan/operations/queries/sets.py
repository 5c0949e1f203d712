"""Backup sets as they lie on the disk, and their index in the database."""

import fcntl
import gzip
import hashlib
import json
import re
import subprocess
import tarfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.db import Error
from django.db.models import QuerySet

from maristan.kernel import clock
from maristan.kernel.access import Actor
from maristan.kernel.errors import NotFound
from maristan.kernel.names import nearest
from maristan.operations.models import BackupSet, RestoreRun
from maristan.operations.queries import servers
from maristan.operations.rules import retention
from maristan.operations.rules import sets as rules
from maristan.operations.rules.sets import SET, FoundFile, SetFacts, SetFault
from maristan.operations.rules.states import MediaMode, Perm, SetFormat, SetReason, SetStatus

PIECE, HEAD, PACKED = 2**20, 4096, b"\x1f\x8b"
KEY_OF = re.compile(rb'"secret_key_fingerprint": "([0-9a-f]*)"')
TORN = (EOFError, zlib.error, gzip.BadGzipFile)  # what a packed file raises that breaks off or is none
SETVAL = re.compile(rb"^SELECT pg_catalog\.setval\('((?:[^']|'')+)', (-?\d+), (true|false)\);\s*$")
RESTORABLE = {SetStatus.CREATED, SetStatus.PROVEN}
SHOWN = (
    "id", "name", "reason", "status", "created_at", "created_by", "format", "encrypted", "pinned", "size_bytes",
    "database_bytes", "media", "media_bytes", "media_files", "version", "build_id", "postgres_version", "proven_at",
    "prove_seconds", "tables_compared", "mismatches", "offsite_at", "removed_at", "error_code",
)  # fmt: skip
ENDED = b"PostgreSQL database dump complete"


@dataclass(frozen=True, slots=True)
class OnDisk:
    """A set: the folder of its parts and what its manifest says; `is_open` where the parts lie there decrypted."""

    folder: Path
    manifest: Mapping[str, Any]
    is_open: bool = False

    @property
    def name(self) -> str:
        return str(self.manifest["name"])

    @property
    def is_encrypted(self) -> bool:
        return bool(self.manifest["encryption"]) and not self.is_open

    @property
    def dump(self) -> Path:
        return self._part(rules.dump_name(self.name, str(self.manifest["format"])))

    @property
    def archive(self) -> Path | None:
        return self._part(rules.MEDIA) if self.manifest["media"]["mode"] == "copy" else None

    def _part(self, name: str) -> Path:
        return self.folder / rules.part(name, is_encrypted=self.is_encrypted)


def hashed(file: Path) -> FoundFile:
    """Size and SHA-256 of a file."""
    with file.open("rb") as handle:
        return hashed_stream(handle)


def hashed_stream(handle: BinaryIO) -> FoundFile:
    """Size and SHA-256 of what is left to read."""
    digest, size = hashlib.sha256(), 0
    for piece in iter(lambda: handle.read(PIECE), b""):
        digest.update(piece)
        size += len(piece)
    return FoundFile(size, digest.hexdigest())


def fingerprint(secret: str) -> str:
    """Tells whether two installations have the same SECRET_KEY without telling what it is."""
    return hashlib.sha256(f"maristan backup {secret}".encode()).hexdigest()[:16]


def folder_of(name: str) -> Path:
    """Where the set of a name lies, or would lie."""
    return Path(settings.BACKUP_DIR) / name


def opened(folder: Path) -> OnDisk:
    """A set by its manifest alone, unchecked; raises `SetFault` (`set_incomplete`, `checksum_mismatch`)."""
    file = folder / rules.MANIFEST
    if folder.name.endswith(rules.PARTIAL) or not file.is_file():
        raise SetFault("set_incomplete", f"{folder} has no {rules.MANIFEST}")
    try:
        found = json.loads(file.read_bytes())
    except ValueError:
        raise SetFault("checksum_mismatch", rules.MANIFEST) from None
    if not isinstance(found, dict) or not isinstance(found.get("name"), str):
        raise SetFault("set_incomplete", f"{rules.MANIFEST} is not that of a set")
    return OnDisk(folder, found)


def checked(folder: Path, *, known_sha256: str = "") -> OnDisk:
    """A set whose every byte was read and is as it was sealed; raises `SetFault`.

    What an encrypted archive holds is seen only once it is opened.
    """
    written = folder / rules.SUMS
    if not (folder / rules.MANIFEST).is_file() or not written.is_file():
        raise SetFault("set_incomplete", f"{rules.MANIFEST} or {rules.SUMS} is missing")
    files = {each.name: hashed(each) for each in sorted(folder.iterdir()) if each.is_file() and each != written}
    strange = [each.name for each in folder.iterdir() if not each.is_file() or each.is_symlink()]
    if strange:
        raise SetFault("set_incomplete", f"{', '.join(strange)} does not belong to it")
    said = written.read_bytes().decode("utf-8", errors="replace")
    if f"{files[rules.MANIFEST].sha256}  {rules.MANIFEST}\n" not in said:
        raise SetFault("checksum_mismatch", rules.MANIFEST)
    found = opened(folder)
    rules.check_files(found.manifest, files, said)
    if known_sha256 and files[rules.MANIFEST].sha256 != known_sha256:
        raise SetFault("checksum_mismatch", f"{rules.MANIFEST} is not the one that was sealed")
    if not found.is_encrypted:
        check_archive(found)
    return found


def check_archive(found: OnDisk) -> int:
    """Hash every stored file of a set's archive; raises `SetFault`. Gives how many there are."""
    promised = {each["key"]: FoundFile(each["size"], each["sha256"]) for each in found.manifest["media"]["items"]}
    if found.archive is None:
        return 0
    seen = {name: hashed_stream(handle) for name, handle in members(found.archive)}
    if seen != promised:
        wrong = sorted(name for name in {*seen, *promised} if seen.get(name) != promised.get(name))
        raise SetFault("checksum_mismatch", f"{rules.MEDIA}: {', '.join(wrong[: rules.SHOWN])}")
    return len(seen)


def members(archive: Path) -> Iterator[tuple[str, Any]]:
    """Name and bytes of each file of an archive; raises `SetFault` (`unsafe_path`, `checksum_mismatch`)."""
    try:
        with tarfile.open(archive, "r:") as tar:
            for each in tar:
                rules.check_member(each.name, is_file=each.isreg())
                yield each.name, tar.extractfile(each)
    except tarfile.TarError:
        raise SetFault("checksum_mismatch", rules.MEDIA) from None


def sequences_of(dump: Path, tools: servers.Tools, format: str) -> dict[str, tuple[int, bool]]:
    """The values that a dump gives to sequences; raises `SetFault` when its table of contents cannot be read."""
    try:
        return _plain_sequences(dump) if format == SetFormat.PLAIN else _custom_sequences(dump, tools)
    except TORN:
        raise SetFault("dump_incomplete", f"{dump.name} breaks off") from None
    except subprocess.CalledProcessError as error:
        raise SetFault("dump_incomplete", rules.words_of(error.stderr or b"", error.returncode)) from None


def _plain_sequences(dump: Path) -> dict[str, tuple[int, bool]]:
    with gzip.open(dump, "rb") as handle:
        found, is_whole = _setvals(handle)
    if not is_whole:
        raise SetFault("dump_incomplete", dump.name)
    return found


def _custom_sequences(dump: Path, tools: servers.Tools) -> dict[str, tuple[int, bool]]:
    listed = tools.run("pg_restore", "--list", str(dump)).stdout.splitlines()
    wanted = [line for line in listed if b" SEQUENCE SET " in line]
    if not wanted:
        return {}
    lines = b"\n".join(wanted) + b"\n"
    said = tools.run("pg_restore", "--use-list=/dev/stdin", "--file=-", str(dump), input=lines).stdout
    return _setvals(said.splitlines(keepends=True))[0]


def plain_text(dump: Path) -> tuple[bytes, bool]:
    """The head of a dump in plain text, packed or not, and whether it is whole; all of it is read."""
    with dump.open("rb") as raw:
        is_packed = raw.read(2) == PACKED
    try:
        with gzip.open(dump, "rb") if is_packed else dump.open("rb") as handle:
            head = handle.read(HEAD)
            handle.seek(0)
            return head, _setvals(handle)[1]
    except TORN:
        return b"", False


def _setvals(lines: Any) -> tuple[dict[str, tuple[int, bool]], bool]:
    found, in_rows, is_whole = {}, False, False
    for line in lines:
        if in_rows:
            in_rows = line.rstrip(b"\r\n") != b"\\."
            continue
        in_rows = line.startswith(b"COPY ") and line.rstrip().endswith(b" FROM stdin;")
        is_whole = is_whole or ENDED in line
        match = SETVAL.match(line)
        if match:
            name = match[1].decode().replace("''", "'").replace('"', "").removeprefix("public.")
            found[name] = (int(match[2]), match[3] == b"true")
    return found, is_whole


def state_file(folder: Path) -> Path:
    """Beside the folder: whether the set was proven, for an index that is lost or went back in time."""
    return folder.with_name(f"{folder.name}.state.json")


def state(folder: Path) -> dict[str, Any]:
    """What is noted beside a set; empty when nothing is, or for another manifest than the one that lies there."""
    try:
        found = json.loads(state_file(folder).read_bytes())
        is_of_it = found["manifest_sha256"] == hashed(folder / rules.MANIFEST).sha256
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return dict(found) if is_of_it else {}


def on_disk() -> list[Path]:
    """The folders of complete sets, oldest first."""
    root = Path(settings.BACKUP_DIR)
    found = root.iterdir() if root.is_dir() else []
    return sorted(each for each in found if rules.NAME.match(each.name) and (each / rules.MANIFEST).is_file())


def near(name: str) -> str:
    """The sets here whose names are like one, else the newest."""
    return alike(name, [each.name for each in on_disk()])


def alike(name: str, names: Sequence[str]) -> str:
    """Those of some names, oldest first, that are like one; else the newest."""
    return nearest(name, names, names[-3:]) or "none"


def sealed_as(folder: Path) -> str:
    """The SHA-256 of the manifest of a set that the index knows there; empty where it knows none, or is away."""
    try:
        found = BackupSet.objects.filter(name=folder.name).exclude(status=SetStatus.REMOVED).first()
    except Error:
        return ""
    is_it = found is not None and Path(found.location).resolve() == folder.resolve()
    return found.manifest_sha256 if found is not None and is_it else ""


@contextmanager
def reading(folder: Path) -> Iterator[None]:
    """Within it a set is in use and stays; raises `SetFault` (`set_incomplete`) where there is none."""
    try:
        handle = (folder / rules.MANIFEST).open("rb")
    except OSError:
        raise SetFault("set_incomplete", f"{folder} has no {rules.MANIFEST}") from None
    with handle:
        fcntl.flock(handle, fcntl.LOCK_SH)
        yield


def is_read(folder: Path) -> bool:
    """Whether a process of this host reads a set now."""
    try:
        handle = (folder / rules.MANIFEST).open("rb")
    except OSError:
        return False
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def newest(reason: SetReason) -> str:
    """The name of the newest set that was made for a reason; empty without one."""
    found = BackupSet.objects.filter(reason=reason).order_by("-created_at", "-pk")
    return found.values_list("name", flat=True).first() or ""


def visible_to(actor: Actor) -> "QuerySet[BackupSet]":
    """The index of sets; raises `NotAllowed`."""
    actor.demand(Perm.BACKUP_VIEW)
    return BackupSet.objects.all()


def get(name: str, *, actor: Actor) -> BackupSet:
    """One set by its name; raises `NotFound`, naming those that are near."""
    rows = visible_to(actor)
    found = rows.filter(name=name).first()
    if found is None:
        known = list(rows.order_by("created_at", "pk").values_list("name", flat=True))
        raise NotFound(detail=f"There is no set {name!r}; near it are: {alike(name, known)}.")
    return found


def refresh(row: BackupSet) -> None:
    """Bring a row to what the index says now, and keep it so to the end of the transaction.

    What was read when a copy or a proof began may be hours old, and both go on at once.
    """
    row.refresh_from_db(from_queryset=BackupSet.objects.select_for_update())


def own_prefix() -> str:
    """What the names of this installation's sets begin with."""
    return settings.BACKUP_PREFIX or servers.live()


def is_ours(folder: Path) -> bool:
    """Whether a folder is that of a set of this installation: its name says so, and its manifest nothing else."""
    if folder.parent != Path(settings.BACKUP_DIR) or rules.prefix_of(folder.name) != own_prefix():
        return False
    try:
        seen = (folder / rules.MANIFEST).stat()
    except OSError:
        return True  # a set that was never whole, or is gone
    key = _key_of(folder / rules.MANIFEST, seen.st_mtime_ns, seen.st_size)
    return not key or key in {fingerprint(each) for each in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)}


@lru_cache(maxsize=1000)
def _key_of(manifest: Path, changed_at: int, size: int) -> str:
    """Which key an installation had when it made a set; a manifest may be long, so it is read once and not parsed."""
    found = KEY_OF.search(manifest.read_bytes())
    return found[1].decode() if found else ""


def kept() -> list[retention.Kept]:
    """Every set that is there, as retention sees it."""
    return [
        retention.Kept(
            name=row.name, reason=SetReason(row.reason), status=SetStatus(row.status), created_at=row.created_at,
            media=MediaMode(row.media), is_pinned=row.pinned, is_in_use=is_read(Path(row.location)),
            is_ours=is_ours(Path(row.location)),
        )
        for row in BackupSet.objects.exclude(status=SetStatus.REMOVED)
    ]  # fmt: skip


def policy() -> retention.Policy:
    """How many sets stay here."""
    return retention.Policy(**settings.BACKUP_KEEP, zone=settings.TIME_ZONE)


def reasons() -> dict[str, list[str]]:
    """Why each set stays, by its name."""
    return retention.reasons_to_keep(kept(), policy(), clock.now())


def shown(row: BackupSet, why: Mapping[str, list[str]], *, actor: Actor) -> dict[str, Any]:
    """A set as lists show it, with why it stays, what may be done with it and how it is restored."""
    moves = SET.moves(SetFacts(SetStatus(row.status)), actor, clock.now())
    found = {name: getattr(row, name) for name in SHOWN}
    return {
        **found,
        "kept": [dict(zip(("code", "which"), each.partition(":")[::2], strict=True)) for each in why.get(row.name, ())],
        "restore_command": f"maristan restore {row.name}" if SetStatus(row.status) in RESTORABLE else "",
        "moves": [each.as_dict() for each in moves],
    }


def must_move(row: BackupSet, name: str, *, actor: Actor) -> None:
    """Raise what stands against a move of a set: `NotFound`, `NotAllowed`, `NotNow`."""
    SET.check(SetFacts(SetStatus(row.status)), name, actor, clock.now())


def restores(*, actor: Actor) -> "QuerySet[RestoreRun]":
    """Restores, drills and proofs; raises `NotAllowed`."""
    actor.demand(Perm.DRILL_VIEW)
    return RestoreRun.objects.all()

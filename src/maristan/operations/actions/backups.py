"""Backup sets made, proven, checked, indexed and removed; the folder is the truth, the row its index."""

import errno
import json
import os
import shutil
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from maristan.kernel import clock, jobs, tenancy
from maristan.kernel.access import Actor
from maristan.kernel.errors import NotNow
from maristan.kernel.unjournaled import unjournaled
from maristan.operations.actions import chain, ciphering, packing, whole_files
from maristan.operations.actions.asking import OFFSITE
from maristan.operations.models import BackupSet, RestoreRun
from maristan.operations.queries import build, contents, servers, sets, stores
from maristan.operations.rules import retention
from maristan.operations.rules import sets as rules
from maristan.operations.rules.sets import Contents, SetFault
from maristan.operations.rules.states import (
    MediaMode,
    Perm,
    RestoreKind,
    RestoreOutcome,
    SetFormat,
    SetReason,
    SetStatus,
)

NOUN = "backup"
OF_A_PROOF = ("proven_at", "prove_seconds", "tables_compared", "mismatches")
TO_BE_PROVEN = Q(reason=SetReason.SCHEDULED) | Q(to_be_proven=True)  # of the index made anew only the first tells
BEGUN = Q(status=SetStatus.RUNNING) | Q(TO_BE_PROVEN, status=SetStatus.CREATED, error_code="")
NOTED = ("manifest_sha256", "status", "pinned", "error_code", "offsite_at", *OF_A_PROOF)


@dataclass(frozen=True, slots=True)
class Made:
    """A set and what was compared to prove it; `rows` over all tables, none of them where only bytes were read."""

    row: BackupSet
    rows: int = 0
    differing: tuple[str, ...] = ()
    is_restored: bool = True


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of restoring a set beside the live database: what it holds, and what differs."""

    scratch: str
    started: datetime
    seconds: float
    restored: Contents | None = None
    differing: tuple[str, ...] = ()
    code: str = ""

    @property
    def rows(self) -> int:
        return sum(each[0] for each in self.restored.tables.values()) if self.restored else 0


def create(
    *, reason: SetReason, by: Actor, format: SetFormat = SetFormat.CUSTOM, is_pinned: bool = False, prove: bool = True
) -> Made:
    """Make a set and prove it; raises `NotAllowed`, `Busy`, `SetFault`. What fails leaves a row that says why."""
    by.demand(Perm.BACKUP_CREATE)
    with servers.turn("backup"):
        return made_in_turn(reason=reason, by=by, format=format, is_pinned=is_pinned, prove=prove)


def made_in_turn(
    *, reason: SetReason, by: Actor, format: SetFormat = SetFormat.CUSTOM, is_pinned: bool = False, prove: bool = True,
    of: tuple[str, str] | None = None,
) -> Made:  # fmt: skip
    """As `create`, for whoever has the turn; `of` is version and build in service where another one runs this.

    A set that is encrypted is proven before, while its parts can still be read.
    """
    clear_killed(by=by)
    tools = _fit()
    row = _begin(reason, format, is_pinned, prove, of, by)
    found, trial = _written(row, tools, prove, by)
    if not prove:
        return Made(row, sum(each["rows"] for each in found.manifest["tables"].values()))
    return _judged(row, trial or _tried(row, found, tools, by), by)


def _written(row: BackupSet, tools: servers.Tools, prove: bool, by: Actor) -> tuple[sets.OnDisk, Trial | None]:
    code, trial = "interrupted", None
    folder = Path(row.location + rules.PARTIAL)
    try:
        manifest = _write(row, folder, tools, by)
        if row.encrypted:
            trial = _tried(row, sets.OnDisk(folder, manifest), tools, by) if prove else None
            manifest["encryption"] = ciphering.encrypt(folder=folder, by=by)
        found = _sealed(row, folder, manifest, by)
        _created(row, found, by)
        code = ""
        return found, trial
    except SetFault as fault:
        code = fault.code
        raise
    except OSError as fault:
        code = "disk_full" if fault.errno == errno.ENOSPC else "disk_fault"
        raise SetFault(code, fault.strerror or "") from None
    finally:
        if code:
            _fail(row, code, by)


def _fit() -> servers.Tools:
    """What must hold before a set is begun; raises `SetFault` with the requirement that does not."""
    root = Path(settings.BACKUP_DIR)
    try:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SetFault("directory_writable", f"{root}: {error.strerror}") from None
    if not os.access(root, os.W_OK | os.X_OK):
        raise SetFault("directory_writable", str(root))
    if not servers.may_create():
        raise SetFault("owner_role", "the login must be allowed to CREATEDB and to BYPASSRLS")
    last = BackupSet.objects.filter(status__in=(SetStatus.CREATED, SetStatus.PROVEN)).order_by("-created_at").first()
    needed, free = rules.room_needed(last.size_bytes if last else None), shutil.disk_usage(root).free
    if free < needed:
        raise SetFault("disk_space", f"{needed} bytes needed, {free} free in {root}")
    return servers.tools(servers.server_version())


def _begin(
    reason: SetReason, format: SetFormat, is_pinned: bool, prove: bool, of: tuple[str, str] | None, by: Actor
) -> BackupSet:
    at, prefix = clock.now().replace(microsecond=0), sets.own_prefix()
    while BackupSet.objects.filter(name=rules.named(prefix, at)).exists() or _taken(rules.named(prefix, at)):
        at += timedelta(seconds=1)
    version, build_id = of or (build.running().version, build.running().build_id)
    name = rules.named(prefix, at)
    with tenancy.acting_in(None):
        row = BackupSet.objects.create(
            name=name, reason=reason, status=SetStatus.RUNNING, created_at=at, created_by=by.name,
            location=str(sets.folder_of(name)), format=format, pinned=is_pinned, to_be_proven=prove,
            media=settings.BACKUP_MEDIA,
            version=version[:60], build_id=build_id, encrypted=bool(settings.BACKUP_AGE_RECIPIENTS),
        )  # fmt: skip
        chain.record(kind="backup.started", subject=(NOUN, name), by=by, changes={"reason": reason.value})
    return row


def _taken(name: str) -> bool:
    folder = sets.folder_of(name)
    return folder.exists() or folder.with_name(name + rules.PARTIAL).exists()


def _write(row: BackupSet, folder: Path, tools: servers.Tools, by: Actor) -> dict[str, Any]:
    """Every part of the set, all of one instant; gives its manifest."""
    folder.mkdir(mode=0o700)
    file = folder / rules.dump_name(row.name, row.format)
    with (
        contents.snapshot() as (there, snapshot),
        packing.dumping(file=file, snapshot=snapshot, format=row.format, tools=tools, by=by),
    ):
        seen = contents.read(there)
        wanted = contents.stored_files(there) if row.media != MediaMode.NONE else []
        encoding = there.execute("SHOW server_encoding").fetchone()
        server = there.execute("SHOW server_version").fetchone()
        media = _media(row, folder, wanted, by)
    # Sequences stand outside of snapshots: what the dump gives them is what a restore will find.
    given = sets.sequences_of(file, tools, row.format)
    if given.keys() != seen.sequences.keys():
        raise SetFault("dump_incomplete", "sequences are missing in the dump")
    manifest = _manifest(row, seen, given, media)
    manifest["media"]["missing"] = sorted({key for key, _, _ in wanted} - {each["key"] for each in media})
    manifest |= {
        "postgres_version": str(server[0]) if server else "", "pg_dump_version": tools.version,
        "encoding": str(encoding[0]) if encoding else "",
    }  # fmt: skip
    return manifest


def _media(row: BackupSet, folder: Path, wanted: list[packing.StoredFile], by: Actor) -> list[dict[str, Any]]:
    """The stored files in the set, or their versions in the bucket; gives what the manifest says of each."""
    # Before a restore files may be gone already: that is what it is for, and nothing may keep it from beginning.
    is_lenient = row.reason == SetReason.PRE_RESTORE
    if row.media == MediaMode.REFERENCE:
        return packing.refer(wanted=wanted, is_lenient=is_lenient, by=by)
    if row.media == MediaMode.NONE:
        return []
    packed = packing.pack(file=folder / rules.MEDIA, wanted=wanted, is_lenient=is_lenient, by=by)
    return [{"key": key, "size": size, "sha256": sha256} for key, size, sha256 in packed]


def _sealed(row: BackupSet, folder: Path, manifest: dict[str, Any], by: Actor) -> sets.OnDisk:
    """Hash every part as it lies there, and give the set its name last."""
    manifest["files"] = [
        {"name": each.name, "size": found.size, "sha256": found.sha256}
        for each in sorted(folder.iterdir()) for found in [sets.hashed(each)]
    ]  # fmt: skip
    packing.seal(folder=folder, manifest=manifest, by=by)
    return sets.opened(Path(row.location))


def _manifest(
    row: BackupSet, seen: Contents, given: dict[str, tuple[int, bool]], media: list[dict[str, Any]]
) -> dict[str, Any]:
    return ({"pinned": True} if row.pinned else {}) | {
        "name": row.name, "created_at": row.created_at.isoformat(), "created_by": row.created_by,
        "reason": row.reason, "version": row.version, "build_id": row.build_id,
        "git_sha": build.running().git_sha if row.build_id == build.running().build_id else "",
        "migrations": list(seen.migrations), "migrations_hash": contents.migrations_hash(list(seen.migrations)),
        "format": row.format, "encryption": None, "secret_key_fingerprint": sets.fingerprint(settings.SECRET_KEY),
        "tables": {name: {"rows": rows, "digest": digest} for name, (rows, digest) in seen.tables.items()},
        "sequences": {name: list(each) for name, each in given.items()},
        "journal_heads": {name: list(each) for name, each in seen.journal_heads.items()},
        "media": {
            "mode": row.media, "files": len(media), "bytes": sum(each["size"] for each in media), "items": media,
            **({"bucket": stores.name()} if row.media == MediaMode.REFERENCE else {}),
        },
    }  # fmt: skip


def _created(row: BackupSet, found: sets.OnDisk, by: Actor) -> None:
    with tenancy.acting_in(None):
        _describe(row, found)
        row.status = SetStatus.CREATED
        row.save()
        changes = {"status": [SetStatus.RUNNING, SetStatus.CREATED], "bytes": row.size_bytes}
        chain.record(kind="backup.completed", subject=(NOUN, row.name), by=by, changes=changes)
    note(row=row, by=by)


def _describe(row: BackupSet, found: sets.OnDisk) -> None:
    """What the manifest and the files say, in the index."""
    manifest = found.manifest
    row.size_bytes = sum(each.stat().st_size for each in found.folder.iterdir())
    row.database_bytes, row.encrypted = found.dump.stat().st_size, bool(manifest["encryption"])
    row.media_files, row.media_bytes = manifest["media"]["files"], manifest["media"]["bytes"]
    row.migrations_hash, row.postgres_version = manifest["migrations_hash"], manifest["postgres_version"][:40]
    row.manifest_sha256 = sets.hashed(found.folder / rules.MANIFEST).sha256


def _fail(row: BackupSet, code: str, by: Actor) -> None:
    folder = Path(row.location)
    shutil.rmtree(folder.with_name(folder.name + rules.PARTIAL), ignore_errors=True)
    with tenancy.acting_in(None):
        row.status, row.error_code = SetStatus.FAILED, code[:60]
        row.save(update_fields=["status", "error_code"])
        chain.record(kind="backup.failed", subject=(NOUN, row.name), by=by, changes={"error": code})


def tell_killed(*, by: Actor) -> list[str]:
    """Say of sets whose making was killed that they failed, and of those to be proven that nobody proves any more that
    they are unproven, for whoever watches them; gives their names.

    What they left, the next turn removes: it has the owner's login. A set may be meant to stay unproven, and one of
    another installation may be about to be proven there.
    """
    begun = [row.pk for row in BackupSet.objects.filter(BEGUN) if row.status == SetStatus.RUNNING or _is_here(row)]
    if not begun or servers.is_turn_taken():
        return []
    with tenancy.acting_in(None):
        # One that ended between the two looks is not killed.
        rows = list(BackupSet.objects.select_for_update().filter(BEGUN, pk__in=begun))
        for row in rows:
            if row.status == SetStatus.RUNNING:
                _fail(row, "killed", by)
            else:
                _leave(row, by)
    for row in rows:
        if row.status == SetStatus.CREATED:
            note(row=row, by=by)
    return [row.name for row in rows]


def _is_here(row: BackupSet) -> bool:
    folder = Path(row.location)
    return sets.is_ours(folder) and (folder / rules.MANIFEST).is_file()


def _leave(row: BackupSet, by: Actor) -> None:
    row.error_code = rules.UNPROVEN
    row.save(update_fields=["error_code"])
    chain.record(kind="backup.failed", subject=(NOUN, row.name), by=by, changes={"error": row.error_code})


def clear_killed(*, by: Actor) -> None:
    """Say of sets whose making was killed that they failed, and remove what is left; call it within the turn."""
    for row in BackupSet.objects.filter(status=SetStatus.RUNNING):
        _fail(row, "killed", by)
    for left in sorted(Path(settings.BACKUP_DIR).glob(f"*{rules.PARTIAL}")):
        if rules.is_part_of(left.name, sets.own_prefix()) and left not in ciphering.in_use:
            shutil.rmtree(left, ignore_errors=True)
    for name in servers.databases():
        if name.startswith((f"{servers.live()[:35]}_prove_", f"{servers.live()[:35]}_drill_")):
            packing.drop_database(name=name, by=by)


def _tried(row: BackupSet, found: sets.OnDisk, tools: servers.Tools, by: Actor) -> Trial:
    """Restore a set that can be read into a scratch database, and compare everything with what its manifest says."""
    started, begun = clock.now(), time.perf_counter()
    scratch = servers.scratch_name("prove", started)
    restored, code = None, ""
    try:
        if row.manifest_sha256 and not found.is_open:
            sets.checked(found.folder, known_sha256=row.manifest_sha256)
        else:
            sets.check_archive(found)
        stores.check_referred(found.manifest)
        restored, differing = packing.tried(found=found, scratch=scratch, tools=tools, by=by)
    except SetFault as fault:
        if fault.code in rules.OF_THE_PLACE:
            raise
        code, differing = fault.code, [str(fault)]
    seconds = round(time.perf_counter() - begun, 3)
    return Trial(scratch, started, seconds, restored, tuple(differing), code)


def _judged(row: BackupSet, trial: Trial, by: Actor) -> Made:
    """The set is proven or damaged, as the trial says."""
    differing, tables = list(trial.differing), len(trial.restored.tables) if trial.restored else 0
    with tenancy.acting_in(None):
        sets.refresh(row)
        was = row.status
        row.status = SetStatus.DAMAGED if differing else SetStatus.PROVEN
        row.error_code = (trial.code or "contents_differ") if differing else ""
        row.proven_at = row.proven_at if differing else clock.now()
        row.prove_seconds, row.tables_compared, row.mismatches = trial.seconds, tables, len(differing)
        row.save(update_fields=["status", "error_code", *OF_A_PROOF])
        RestoreRun.objects.create(
            kind=RestoreKind.PROVE, set_name=row.name, started_at=trial.started, finished_at=clock.now(),
            seconds=trial.seconds, outcome=RestoreOutcome.FAILED if differing else RestoreOutcome.PASSED,
            scratch=trial.scratch, rows_compared=trial.rows, tables_compared=tables, files_compared=row.media_files,
            started_by=by.name, mismatches=[each[:200] for each in differing[:50]],
        )  # fmt: skip
        kind = "backup.damaged" if differing else "backup.proven"
        changes = {"status": [was, row.status], "tables": tables, "rows": trial.rows, "differing": differing[:10]}
        chain.record(kind=kind, subject=(NOUN, row.name), by=by, changes=changes)
        if not differing and settings.BACKUP_OFFSITE_URL:
            jobs.enqueue_once(OFFSITE)
    note(row=row, by=by)
    return Made(row, trial.rows, tuple(differing))


@unjournaled(packing.PART)
def note(*, row: BackupSet, by: Actor) -> None:
    """Write beside the folder how far the set is: the index may be lost, or go back in time.

    Whoever writes has the row: of two that write at once neither leaves what was true before the other.
    """
    file = sets.state_file(Path(row.location))
    with transaction.atomic():
        sets.refresh(row)
        said = {name: getattr(row, name) for name in NOTED}
        whole_files.write(file=file, text=json.dumps(said, default=str), mode=0o600, by=by)


def verify(*, name: str, by: Actor) -> Made:
    """Check every byte of a set, restore it and compare; raises `NotFound`, `NotAllowed`, `NotNow`, `Busy`, `SetFault`.

    A set that is not what it was is damaged after it. Of an encrypted one that no identity opens only the bytes are
    checked: that proves nothing anew.
    """
    by.demand(Perm.BACKUP_VERIFY)
    with servers.turn("backup verify"):
        row = sets.get(name, actor=by)
        if row.status not in (SetStatus.CREATED, SetStatus.PROVEN, SetStatus.DAMAGED):
            raise NotNow("not_now", f"The set is {row.status}.", missing=[])
        tools, folder = servers.tools(servers.server_version()), Path(row.location)
        try:
            found = sets.checked(folder, known_sha256=row.manifest_sha256)
            if found.is_encrypted and not settings.BACKUP_AGE_IDENTITY:
                return _bytes_checked(row, by)
            with ciphering.opened(found=found, by=by) as there:
                trial = _tried(row, there, tools, by)
        except SetFault as fault:
            if fault.code not in rules.OF_THE_PLACE:
                mark_damaged(row=row, fault=fault, by=by)
            raise
        return _judged(row, trial, by)


def _bytes_checked(row: BackupSet, by: Actor) -> Made:
    with tenancy.acting_in(None):
        changes = {"status": row.status, "bytes": row.size_bytes}
        chain.record(kind="backup.checked", subject=(NOUN, row.name), by=by, changes=changes)
    return Made(row, is_restored=False)


def mark_damaged(*, row: BackupSet, fault: SetFault, by: Actor) -> None:
    """Say of a set that it is not what it was, in the index and beside its folder."""
    with tenancy.acting_in(None):
        sets.refresh(row)
        was, row.status, row.error_code = row.status, SetStatus.DAMAGED, fault.code
        row.save(update_fields=["status", "error_code"])
        changes = {"status": [was, row.status], "differing": [str(fault)[:500]]}
        chain.record(kind="backup.damaged", subject=(NOUN, row.name), by=by, changes=changes)
    if (Path(row.location) / rules.MANIFEST).is_file():
        note(row=row, by=by)


def remove(*, name: str, by: Actor) -> BackupSet:
    """Remove a set by hand; raises `NotFound`, `NotAllowed`, `Busy` and `NotNow` with what speaks against it."""
    by.demand(Perm.BACKUP_CREATE)
    with servers.turn("backup remove"):
        row = sets.get(name, actor=by)
        facts = [each for each in sets.kept() if each.name == name]
        unmet = retention.against_removal(facts[0] if facts else None, newest_proven=_newest_proven())
        if unmet:
            raise NotNow("not_now", "The set stays.", missing=[{"code": each, "label": each} for each in unmet])
        _remove(row, "by hand", by)
    return row


def _remove(row: BackupSet, why: str, by: Actor) -> None:
    folder = Path(row.location)
    with tenancy.acting_in(None):
        was, row.status, row.removed_at = row.status, SetStatus.REMOVED, clock.now()
        row.save(update_fields=["status", "removed_at"])
        changes = {"status": [was, row.status]}
        chain.record(kind="backup.removed", subject=(NOUN, row.name), by=by, changes=changes, reason=why)
    if folder.is_dir():
        # Under another name first: what is half removed never looks like a set.
        going = folder.with_name(f"{folder.name}{rules.PARTIAL}")
        folder.rename(going)
        shutil.rmtree(going)
    sets.state_file(folder).unlink(missing_ok=True)


def retain(*, by: Actor) -> list[str]:
    """Remove the sets that have no reason to stay; call it after a proof. Raises `Busy`. Gives their names."""
    by.demand(Perm.BACKUP_CREATE)
    with servers.turn("backup retention"):
        gone = retention.removable(sets.kept(), sets.policy(), clock.now())
        for row in BackupSet.objects.filter(name__in=gone).order_by("created_at"):
            _remove(row, "retention", by)
    return gone


def _newest_proven() -> str:
    row = BackupSet.objects.filter(status=SetStatus.PROVEN).order_by("-created_at").first()
    return row.name if row else ""


def rescan(*, by: Actor) -> list[str]:
    """Bring the index to what lies on the disk; gives what was entered, changed or is gone."""
    by.demand(Perm.BACKUP_VIEW)
    there = {each.name: each for each in sets.on_disk()}
    changed = [name for name, folder in there.items() if _index(folder)]
    gone = BackupSet.objects.exclude(name__in=there).filter(
        status__in=(SetStatus.CREATED, SetStatus.PROVEN, SetStatus.DAMAGED)
    )
    with tenancy.acting_in(None):
        for row in gone:
            row.status, row.removed_at = SetStatus.REMOVED, clock.now()
            row.save(update_fields=["status", "removed_at"])
            changed.append(row.name)
        if changed:
            chain.record(kind="backup.indexed", subject=(NOUN, "all"), by=by, changes={"sets": changed[:100]})
    return changed


def _index(folder: Path) -> bool:
    """Enter or correct one set; true when the index changed."""
    row = BackupSet.objects.filter(name=folder.name).first()
    try:
        found, noted = sets.opened(folder), sets.state(folder)
        manifest = found.manifest
        row = row or BackupSet(name=folder.name, reason=manifest["reason"], created_at=_moment(manifest["created_at"]))
        before = {key: value for key, value in vars(row).items() if not key.startswith("_")}
        _describe(row, found)
        row.location, row.format, row.media = str(folder), manifest["format"], manifest["media"]["mode"]
        row.version, row.build_id, row.created_by = manifest["version"], manifest["build_id"], manifest["created_by"]
    except (SetFault, KeyError, TypeError, ValueError, OSError):
        return False  # what cannot be read is no set; `verify` says why
    row.status, row.removed_at = noted.get("status", SetStatus.CREATED), None
    row.proven_at = _moment(noted["proven_at"]) if noted.get("proven_at") else None
    row.prove_seconds, row.tables_compared = noted.get("prove_seconds"), noted.get("tables_compared", 0)
    row.mismatches, row.pinned = noted.get("mismatches", 0), noted.get("pinned", manifest.get("pinned", False))
    row.error_code = noted.get("error_code", "")
    row.offsite_at = _moment(noted["offsite_at"]) if noted.get("offsite_at") else None
    if row.pk and before == {key: value for key, value in vars(row).items() if not key.startswith("_")}:
        return False
    row.save()
    return True


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)

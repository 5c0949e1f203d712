"""Copies of proven sets off this host: compared there before they count, and kept there by their own list."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db.models import QuerySet

from maristan.kernel import clock, tenancy
from maristan.kernel.access import Actor
from maristan.kernel.unjournaled import unjournaled
from maristan.operations.actions import backups, chain, packing
from maristan.operations.actions.farside import FarSide, at
from maristan.operations.models import BackupSet
from maristan.operations.queries import servers, sets
from maristan.operations.rules import retention
from maristan.operations.rules import sets as rules
from maristan.operations.rules.retention import Kept
from maristan.operations.rules.sets import SetFault
from maristan.operations.rules.states import MediaMode, Perm, SetReason, SetStatus

FAILED = "offsite_failed"
FETCHED = "far_"  # before the name of a copy that was brought back, for as long as it is needed


@dataclass(slots=True)
class Copied:
    """What was copied, what was removed at the far side, and why the last one was not copied."""

    copied: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    fault: str = ""


def copy_due(*, by: Actor) -> Copied:
    """Copy every proven set that would stay there, the newest first, then remove copies that need not stay.

    Raises `NotAllowed`, `Busy` while another one copies, and `SetFault` (`no_offsite_url`). A copy that fails leaves
    its set proven, and ends the run.
    """
    by.demand(Perm.BACKUP_CREATE)
    url, done = _url(), Copied()
    with servers.turn("backup offsite", of="offsite"):
        row = None
        try:
            there = at(url=url, by=by)
            _must_be_elsewhere(url)
            for row in _wanted(there):
                row.refresh_from_db()
                if row.status != SetStatus.PROVEN:
                    continue  # it was found damaged or was removed while others were copied
                with sets.reading(Path(row.location)):
                    copy(row=row, to=there, by=by)
                done.copied.append(row.name)
            row = None
            done.removed = _retain(there, by)
        except (SetFault, OSError) as fault:
            row = row or _uncopied().first()
            if row is not None:
                _failed(row, fault, by)
            done.fault = f"{row.name}: {fault}" if row else str(fault)
    return done


def _must_be_elsewhere(url: str) -> None:
    """Refuse a folder on the disk of the sets: a volume that is not mounted leaves its empty place behind."""
    split = urlsplit(url)
    if split.scheme != "file" or settings.MARISTAN_ENV in ("development", "test"):
        return
    far, here = Path(unquote(split.path)), Path(settings.BACKUP_DIR)
    if _device(far) == _device(here):
        raise SetFault(FAILED, f"{far} lies on the disk of {here}; is it mounted?")


def _device(folder: Path) -> int:
    return folder.stat().st_dev


def _uncopied() -> "QuerySet[BackupSet]":
    return BackupSet.objects.filter(status=SetStatus.PROVEN, offsite_at=None).order_by("-created_at", "-pk")


def _wanted(there: FarSide) -> list[BackupSet]:
    """Proven sets without a copy, but for those that the far side's own list would let go at once."""
    here = {each.name: each for each in sets.kept() if each.status is SetStatus.PROVEN and each.is_ours}
    together = {**here, **{each.name: each for each in _kept(there)}}
    gone = set(retention.removable(together.values(), sets.policy(), clock.now()))
    return [each for each in _uncopied() if each.name in here and each.name not in gone]


def copy(*, row: BackupSet, to: FarSide, by: Actor) -> None:
    """Copy a set and compare every file there; raises `SetFault` (`offsite_failed`)."""
    folder = Path(row.location)
    promised = {each.name: sets.hashed(each) for each in folder.iterdir()}
    if promised[rules.MANIFEST].sha256 != row.manifest_sha256:
        raise SetFault(FAILED, f"{rules.MANIFEST} is not the one that was sealed")
    to.put(folder)
    seen = to.seen(row.name)
    if seen != promised:
        wrong = sorted(name for name in {*seen, *promised} if seen.get(name) != promised.get(name))
        to.remove(f"{row.name}{rules.PARTIAL}")
        raise SetFault(FAILED, f"the copy differs: {', '.join(wrong[: rules.SHOWN])}")
    to.settle(row.name)
    with tenancy.acting_in(None):
        sets.refresh(row)
        row.offsite_at, row.error_code = clock.now(), "" if row.error_code == FAILED else row.error_code
        row.save(update_fields=["offsite_at", "error_code"])
        changes = {"bytes": sum(each.size for each in promised.values()), "files": len(promised)}
        chain.record(kind="backup.copied", subject=(backups.NOUN, row.name), by=by, changes=changes)
    backups.note(row=row, by=by)


def _failed(row: BackupSet, fault: Exception, by: Actor, *, is_lost: bool = False) -> None:
    with tenancy.acting_in(None):
        sets.refresh(row)
        row.offsite_at = None if is_lost else row.offsite_at
        row.error_code = row.error_code if row.status == SetStatus.DAMAGED else FAILED
        row.save(update_fields=["offsite_at", "error_code"])
        changes = {"error": str(fault)[:500]}
        chain.record(kind="backup.offsite_failed", subject=(backups.NOUN, row.name), by=by, changes=changes)
    if Path(row.location).is_dir():
        backups.note(row=row, by=by)


def lost(*, row: BackupSet, fault: SetFault, by: Actor) -> None:
    """Say of a set that its copy cannot be used; it is copied again if it still lies here."""
    # Where the far side could not be asked, what lies there may be whole.
    _failed(row, fault, by, is_lost=fault.code != FAILED)


def _retain(there: FarSide, by: Actor) -> list[str]:
    """Remove copies that have no reason to stay, by the list of the far side alone."""
    gone = retention.removable(_kept(there), sets.policy(), clock.now())
    for name in gone:
        there.remove(name)
        forget(name=name, by=by)
    return gone


def forget(*, name: str, by: Actor) -> None:
    """Say of a set that it has no copy any more."""
    with tenancy.acting_in(None):
        BackupSet.objects.filter(name=name).update(offsite_at=None)
        chain.record(kind="backup.offsite_removed", subject=(backups.NOUN, name), by=by, changes={})
    row = BackupSet.objects.filter(name=name).first()
    if row is not None and Path(row.location).is_dir():
        backups.note(row=row, by=by)


def _kept(there: FarSide) -> list[Kept]:
    """Every copy as retention sees it; only proven sets are copied, and one may have been found damaged since."""
    damaged = set(BackupSet.objects.filter(status=SetStatus.DAMAGED).values_list("name", flat=True))
    prefix, found = sets.own_prefix(), []
    for name in there.names():
        if rules.prefix_of(name) != prefix:
            continue  # that of another installation: it takes no place of ours
        said = there.manifest(name)
        try:
            kept = Kept(
                name=name, reason=SetReason(said["reason"]), media=MediaMode(said["media"]["mode"]),
                status=SetStatus.DAMAGED if name in damaged else SetStatus.PROVEN,
                created_at=datetime.fromisoformat(said["created_at"]), is_pinned=bool(said.get("pinned")),
            )  # fmt: skip
        except (KeyError, TypeError, ValueError):
            continue  # nothing that this product made
        found.append(kept)
    return found


@unjournaled("it reads")
def copies(*, by: Actor) -> list[str]:
    """What may be brought back, newest first: after a disaster nothing else knows the names. Raises as `bring`."""
    by.demand(Perm.BACKUP_CREATE)
    return at(url=_url(), by=by).names()[::-1]


def _url() -> str:
    if not settings.BACKUP_OFFSITE_URL:
        raise SetFault("no_offsite_url", "set BACKUP_OFFSITE_URL")
    return str(settings.BACKUP_OFFSITE_URL)


def bring(*, name: str, by: Actor) -> BackupSet:
    """Bring a copy back among the sets that lie here, as one that is not proven here yet.

    Raises `NotAllowed`, `Busy`, `SetFault` (`no_offsite_url`, `set_unknown`, `set_exists`, `checksum_mismatch`, ...).
    """
    by.demand(Perm.BACKUP_CREATE)
    url = _url()
    with servers.turn("backup fetch"):
        folder, there = sets.folder_of(name), at(url=url, by=by).names()
        if folder.exists():
            raise SetFault("set_exists", str(folder))
        if name not in there:
            raise SetFault("set_unknown", f"no copy of {name}; near it are: {sets.alike(name, there)}")
        with fetched(name=name, known_sha256="", by=by) as found:
            found.folder.rename(folder)
        backups.rescan(by=by)
        row = BackupSet.objects.get(name=name)
        row.offsite_at = clock.now()
        row.save(update_fields=["offsite_at"])
        backups.note(row=row, by=by)
    return row


@unjournaled(packing.PART)
@contextmanager
def fetched(*, name: str, known_sha256: str, by: Actor) -> Iterator[sets.OnDisk]:
    """The copy of a set, brought back and checked byte by byte; it is gone afterwards. Raises `SetFault`."""
    place = sets.folder_of(f"{FETCHED}{name}{rules.PARTIAL}")
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(mode=0o700, parents=True)
    folder = place / name
    try:
        folder.mkdir(mode=0o700)
        at(url=settings.BACKUP_OFFSITE_URL or "", by=by).fetch(name, folder)
        yield sets.checked(folder, known_sha256=known_sha256)
    finally:
        shutil.rmtree(place, ignore_errors=True)

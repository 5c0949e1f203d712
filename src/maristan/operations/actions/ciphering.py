"""Parts of a set, encrypted for its recipients (age) and opened for whoever holds an identity; never in memory."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyrage
from django.conf import settings

from maristan.kernel.access import Actor
from maristan.kernel.unjournaled import unjournaled
from maristan.operations.actions import packing
from maristan.operations.queries import faults, sets
from maristan.operations.rules import sets as rules
from maristan.operations.rules.sets import FoundFile, SetFault

OPENED = "open_"  # before the name of a set whose parts lie decrypted beside it, for as long as they are needed
OF_THE_SYSTEM = re.compile(r"\(os error (\d+)\)")  # how age says what a disk said to it, whatever it raises
in_use: set[Path] = set()  # such folders of this process: a set that it makes meanwhile leaves them


@unjournaled(packing.PART)
def encrypt(*, folder: Path, by: Actor) -> dict[str, Any]:
    """Put an encrypted part in the place of each part of an unsealed set; gives what the manifest says of it.

    Raises `SetFault` (`encryption_failed`; `disk_full`, `disk_fault` where it was a disk of this place).
    """
    recipients = list(settings.BACKUP_AGE_RECIPIENTS)
    keys = [pyrage.x25519.Recipient.from_str(each) for each in recipients]
    plain = []
    for each in sorted(folder.iterdir()):
        was = sets.hashed(each)
        into = each.with_name(rules.part(each.name, is_encrypted=True))
        packing.empty(file=into, by=by)
        try:
            pyrage.encrypt_file(str(each), str(into), keys)
        except (pyrage.EncryptError, OSError) as error:
            raise _of_disk(error, into) or SetFault("encryption_failed", f"{each.name}: {error}") from None
        packing.sync(path=into, by=by)
        each.unlink()
        plain.append({"name": each.name, "size": was.size, "sha256": was.sha256})
    return {"format": "age", "recipients": recipients, "plain": plain}


@unjournaled(packing.PART)
@contextmanager
def opened(*, found: sets.OnDisk, by: Actor) -> Iterator[sets.OnDisk]:
    """A checked set with its parts decrypted in a folder of our own, which is gone afterwards.

    Raises `SetFault`: `identity_missing` without an identity that opens it, `checksum_mismatch` where what comes out is
    not what went in, `disk_full` and `disk_fault` where it was a disk of this place. A set that is not
    encrypted is given as it is.
    """
    if not found.is_encrypted:
        yield found
        return
    if not settings.BACKUP_AGE_IDENTITY:
        raise SetFault("identity_missing", "the set is encrypted; set BACKUP_AGE_IDENTITY")
    place = sets.folder_of(f"{OPENED}{found.name}{rules.PARTIAL}")
    shutil.rmtree(place, ignore_errors=True)  # of one that was killed
    place.mkdir(mode=0o700, parents=True)
    in_use.add(place)
    try:
        _must_have_room(place, sum(each["size"] for each in found.manifest["encryption"]["plain"]))
        for each in found.manifest["encryption"]["plain"]:
            _open(found.folder, place, each, by)
        there = sets.OnDisk(place, found.manifest, is_open=True)
        sets.check_archive(there)
        yield there
    finally:
        in_use.discard(place)
        shutil.rmtree(place, ignore_errors=True)


def _must_have_room(place: Path, needed: int) -> None:
    free = shutil.disk_usage(place).free
    if free < needed:
        raise SetFault(rules.DISK_FULL, f"{needed} bytes needed, {free} free in {place.parent}")


def _of_disk(error: Exception, into: Path) -> SetFault | None:
    """A fault of a disk, which says nothing of the set; none where the bytes or the keys are wrong."""
    said = OF_THE_SYSTEM.search(str(error))
    return faults.of_disk(OSError(int(said[1]), str(error), into.name)) if said else None


def _open(folder: Path, place: Path, promised: dict[str, Any], by: Actor) -> None:
    name = str(promised["name"])
    rules.check_member(name, is_file="/" not in name)
    into = place / name
    packing.empty(file=into, by=by)
    keys = [pyrage.x25519.Identity.from_str(each) for each in settings.BACKUP_AGE_IDENTITY]
    try:
        pyrage.decrypt_file(str(folder / rules.part(name, is_encrypted=True)), str(into), keys)
    except pyrage.DecryptError as error:
        fault = SetFault("identity_missing", f"BACKUP_AGE_IDENTITY does not open {name}: {error}")
        raise _of_disk(error, into) or fault from None
    except OSError as error:
        fault = SetFault("checksum_mismatch", f"{name} cannot be decrypted: {error}")
        raise _of_disk(error, into) or fault from None
    if sets.hashed(into) != FoundFile(promised["size"], promised["sha256"]):
        raise SetFault("checksum_mismatch", f"{name} is not what was encrypted")

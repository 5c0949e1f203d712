"""Private files: stored under random keys, hashed, reached only through a checked download."""

import hashlib
import secrets
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import BinaryIO

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import ProtectedError

from maristan.kernel import clock, journal, tenancy
from maristan.kernel.access import Actor
from maristan.kernel.errors import TooLarge
from maristan.kernel.models import RemovedFile, StoredFile

PIECE = 2**16
OUTLIVES_ITS_ROW = timedelta(days=7)


def store(
    content: bytes,
    *,
    name: str,
    content_type: str,
    by: Actor,
    keep_for: timedelta | None = None,
    limit: int | None = None,
) -> StoredFile:
    """Keep bytes, for good or for as long as said; raises `TooLarge` above `limit`, MAX_UPLOAD_SIZE if none."""
    most = settings.MAX_UPLOAD_SIZE if limit is None else limit
    if len(content) > most:
        raise TooLarge(detail=f"At most {most} bytes.", limit=most)
    key = default_storage.save(f"{tenancy.current()}/{secrets.token_hex(16)}", ContentFile(content))
    return StoredFile.objects.create(
        key=key,
        name=name[-255:],
        content_type=content_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        user_id=by.user_id,
        expires_at=None if keep_for is None else clock.now() + keep_for,
    )


def store_handle(handle: BinaryIO, *, name: str, content_type: str, by: Actor, keep_for: timedelta) -> StoredFile:
    """Keep what an open file holds for a while, read in pieces: for files that were made here and may be large."""
    digest = hashlib.sha256()
    handle.seek(0)
    for piece in iter(lambda: handle.read(PIECE), b""):
        digest.update(piece)
    size = handle.tell()
    handle.seek(0)
    key = default_storage.save(f"{tenancy.current()}/{secrets.token_hex(16)}", File(handle))
    return StoredFile.objects.create(
        key=key,
        name=name[-255:],
        content_type=content_type,
        size=size,
        sha256=digest.hexdigest(),
        user_id=by.user_id,
        expires_at=clock.now() + keep_for,
    )


def pieces(file: StoredFile) -> Iterator[bytes]:
    """The bytes of a stored file, piece by piece."""
    with default_storage.open(file.key, "rb") as handle:
        yield from iter(lambda: handle.read(PIECE), b"")


def waiting(ids: Iterable[int], *, by: Actor) -> dict[int, StoredFile]:
    """Those of these files that the actor stored for a while and that are still there, locked, by id."""
    mine = StoredFile.objects.filter(user_id=by.user_id or 0, expires_at__gt=clock.now())
    return {file.pk: file for file in mine.filter(pk__in=list(ids)).select_for_update().order_by("pk")}


def keep(files: Iterable[StoredFile]) -> None:
    """Keep for good what was stored for a while."""
    StoredFile.objects.filter(pk__in=[file.pk for file in files]).update(expires_at=None)


def drop(file: StoredFile) -> None:
    """Let go of a file; `purge` removes it unless something refers to it still."""
    drop_id(file.pk)


def drop_id(pk: int | None) -> None:
    """Let go of the file of an id; none for none."""
    if pk is not None:
        drop_ids([pk])


def drop_ids(ids: Iterable[int]) -> None:
    """Let go of the files of these ids."""
    StoredFile.objects.filter(pk__in=list(ids)).update(expires_at=clock.now())


def read(file: StoredFile, *, of: tuple[str, int], by: Actor) -> bytes:
    """The bytes of a file that somebody handed in; that it was read stands in the journal of what it belongs to."""
    journal.record("file.read", of, by=by, changes={"name": file.name})
    return content(file)


def content(file: StoredFile) -> bytes:
    """The bytes of a stored file."""
    with default_storage.open(file.key, "rb") as handle:
        return bytes(handle.read())


def purge() -> int:
    """Delete the files of the institution in context whose time is over; gives how many rows went.

    The bytes follow 7 days after their row: every file that the snapshot of a backup names is still there.
    """
    now = clock.now()
    gone = [file for file in StoredFile.objects.filter(expires_at__lte=now) if _removed(file)]
    RemovedFile.objects.bulk_create(RemovedFile(key=file.key, removed_at=now) for file in gone)
    due = RemovedFile.objects.filter(removed_at__lte=now - OUTLIVES_ITS_ROW)
    for key in due.values_list("key", flat=True):
        transaction.on_commit(lambda key=key: default_storage.delete(key))  # type: ignore[misc]
    due.delete()
    return len(gone)


def _removed(file: StoredFile) -> bool:
    """Delete the row of a file; one that something else refers to stays for good."""
    try:
        with transaction.atomic():
            StoredFile.objects.filter(pk=file.pk).delete()
    except ProtectedError:
        keep([file])
        return False
    return True

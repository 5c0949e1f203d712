"""The bucket in which stored files lie, as backups and restores need it; on a disk there is none."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.core.files.storage import storages

from maristan.operations.rules.sets import SetFault

if TYPE_CHECKING:
    from maristan.kernel.buckets import Bucket, Version

AWAY = "storage_unreachable"


def is_bucket() -> bool:
    """Whether stored files lie in a bucket."""
    return hasattr(storages["default"], "keeps_versions")


def name() -> str:
    """The bucket's name; empty where files lie on a disk."""
    return str(storages["default"].bucket_name) if is_bucket() else ""  # type: ignore[attr-defined]


def faults() -> tuple[type[Exception], ...]:
    """What a bucket that does not answer raises; its library is loaded only where there is one."""
    if not is_bucket():
        return ()
    from maristan.kernel.buckets import FAULTS

    return FAULTS


@contextmanager
def asked() -> Iterator["Bucket"]:
    """The bucket; raises `SetFault` where there is none, and where it does not answer."""
    if not is_bucket():
        raise SetFault("media_elsewhere", "files of the set lie in a bucket, and here they lie on a disk")
    try:
        yield storages["default"]  # type: ignore[misc]
    except faults() as fault:
        raise SetFault(AWAY, str(fault)[:200]) from None


def versions(bucket: "Bucket") -> list["Version"]:
    """Every version there; raises `SetFault` (`media_unversioned`) where a key that is removed is lost."""
    if not bucket.keeps_versions():
        raise SetFault("media_unversioned", f"{bucket.bucket_name} does not keep versions")
    return list(bucket.versions())


def check_referred(manifest: Mapping[str, Any]) -> None:
    """See that every version is there that a set names; raises `SetFault`. Of a set that holds its files nothing."""
    media = manifest["media"]
    if media["mode"] != "reference":
        return
    if name() != media["bucket"]:
        raise SetFault("media_elsewhere", f"files lie in the bucket {media['bucket']}, here: {name() or 'on a disk'}")
    with asked() as bucket:
        there = {(each.key, each.version): each.size for each in versions(bucket)}
    for each in media["items"]:
        size = there.get((each["key"], each["version"]))
        if size != each["size"]:
            raise SetFault("media_missing" if size is None else "media_altered", each["key"])

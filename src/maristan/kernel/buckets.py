"""Stored files in a bucket: no address leads to them, a key is written once, and former versions can be had again."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from storages.backends.s3 import S3Storage

FAULTS = (BotoCoreError, ClientError, Boto3Error)
IN_MEMORY = 8 * 2**20  # bytes of a file that is read; what is more lies in a temporary one
# What some stores do not know is only said where it is asked for.
CLIENT = Config(
    connect_timeout=20, read_timeout=60, retries={"max_attempts": 3}, signature_version="s3v4",
    request_checksum_calculation="when_required", response_checksum_validation="when_required",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a key: its id, its size in bytes, and whether it is what is read now."""

    key: str
    version: str
    size: int
    is_newest: bool


class Bucket(S3Storage):  # type: ignore[misc]
    """A private bucket as the place of stored files; `endpoint_url` and the keys come from the settings."""

    def get_default_settings(self) -> dict[str, Any]:
        """Neither public nor overwritten, whatever else the settings say."""
        return {
            **super().get_default_settings(), "client_config": CLIENT, "default_acl": None, "custom_domain": None,
            "file_overwrite": False, "max_memory_size": IN_MEMORY, "querystring_auth": True,
        }  # fmt: skip

    def url(self, name: str, *_: Any, **__: Any) -> str:
        """There is none: files are served after a check, by this server."""
        raise NotImplementedError("files of a bucket have no address")

    def keeps_versions(self) -> bool:
        """Whether a key that is removed or written again can be had as it was."""
        said = self._client.get_bucket_versioning(Bucket=self.bucket_name)
        return bool(said.get("Status") == "Enabled")

    def versions(self) -> Iterator[Version]:
        """Every version of every key; a key that was removed has none that is the newest."""
        for page in self._client.get_paginator("list_object_versions").paginate(Bucket=self.bucket_name):
            for each in page.get("Versions", ()):
                yield Version(each["Key"], each["VersionId"], int(each["Size"]), bool(each["IsLatest"]))

    def of_version(self, key: str, version: str) -> Any:
        """A stream of what a key was in a version."""
        return self._client.get_object(Bucket=self.bucket_name, Key=key, VersionId=version)["Body"]

    def make_newest(self, key: str, version: str) -> None:
        """What a key was in a version is what is read again."""
        source = {"Bucket": self.bucket_name, "Key": key, "VersionId": version}
        self._client.copy(source, self.bucket_name, key)

    def put(self, key: str, handle: BinaryIO) -> None:
        """Write a key, also one that is there."""
        self._client.upload_fileobj(handle, self.bucket_name, key)

    @property
    def _client(self) -> Any:
        return self.connection.meta.client

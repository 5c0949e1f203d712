"""The far side: where copies of sets lie off this host, in a folder, behind ssh or in a bucket.

A set is put there under a temporary name, read back, and named last; what has no such name is no copy.
"""

import json
import os
import shlex
import shutil
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import SplitResult, unquote, urlsplit

from django.conf import settings

from maristan.kernel.access import Actor
from maristan.kernel.unjournaled import unjournaled
from maristan.operations.actions import packing
from maristan.operations.queries import sets
from maristan.operations.rules import sets as rules
from maristan.operations.rules.sets import FoundFile, SetFault

SSH = ("ssh", "-o", "BatchMode=yes", "-o", "ConnectTimeout=20", "-o", "ServerAliveInterval=15")
STALLED = "120"  # seconds without a byte after which a copy is given up
LAST = {rules.MANIFEST: 1}
MEASURE = 'for each in *; do wc -c < "$each" && sha256sum < "$each" && echo "$each" || exit 1; done'


class FarSide(Protocol):
    """What each far side can do; every method raises `SetFault` (`offsite_failed`)."""

    def names(self) -> list[str]:
        """The complete sets there, oldest first."""

    def manifest(self, name: str) -> dict[str, Any]:
        """What the manifest of a copy says."""

    def put(self, folder: Path) -> None:
        """Copy every file of a set under its temporary name."""

    def seen(self, name: str) -> Mapping[str, FoundFile]:
        """Size and SHA-256 of each file under a temporary name, as they are read there."""

    def settle(self, name: str) -> None:
        """Give a copy its name."""

    def fetch(self, name: str, into: Path) -> None:
        """Bring every file of a copy into an empty folder."""

    def remove(self, name: str) -> None:
        """Remove a copy."""


@unjournaled(packing.PART)
def at(*, url: str, by: Actor) -> FarSide:
    """The far side of an address."""
    split = urlsplit(url)
    if split.scheme == "file":
        return Folder(Path(unquote(split.path)))
    return Shell(split) if split.scheme == "rsync" else Bucket(split.netloc, unquote(split.path).strip("/"))


def _failed(what: str) -> SetFault:
    return SetFault("offsite_failed", what[:300])


class Folder:
    """A mounted volume of another machine."""

    def __init__(self, root: Path) -> None:
        self.root = root
        if not root.is_dir():
            raise _failed(f"{root} is not there; is it mounted?")

    def names(self) -> list[str]:
        """The complete sets there."""
        try:
            return sorted(
                each.name for each in self.root.iterdir()
                if rules.NAME.match(each.name) and (each / rules.MANIFEST).is_file()
            )  # fmt: skip
        except OSError as error:
            raise _failed(str(error)) from None

    def manifest(self, name: str) -> dict[str, Any]:
        """What the manifest of a copy says."""
        return _read(_bytes(self.root / name / rules.MANIFEST))

    def put(self, folder: Path) -> None:
        """Copy every file, and see it onto the disk."""
        into = self._partial(folder.name)
        try:
            shutil.rmtree(into, ignore_errors=True)
            into.mkdir(mode=0o700)
            for each in sorted(folder.iterdir()):
                with each.open("rb") as source, (into / each.name).open("wb") as out:
                    shutil.copyfileobj(source, out, sets.PIECE)
                    out.flush()
                    os.fsync(out.fileno())
        except OSError as error:
            shutil.rmtree(into, ignore_errors=True)
            raise _failed(str(error)) from None

    def seen(self, name: str) -> Mapping[str, FoundFile]:
        """Every file, read again."""
        try:
            return {each.name: sets.hashed(each) for each in self._partial(name).iterdir()}
        except OSError as error:
            raise _failed(str(error)) from None

    def settle(self, name: str) -> None:
        """Rename it."""
        try:
            shutil.rmtree(self.root / name, ignore_errors=True)
            self._partial(name).rename(self.root / name)
        except OSError as error:
            raise _failed(str(error)) from None

    def fetch(self, name: str, into: Path) -> None:
        """Copy every file back."""
        try:
            for each in (self.root / name).iterdir():
                shutil.copyfile(each, into / each.name)
        except OSError as error:
            raise _failed(str(error)) from None

    def remove(self, name: str) -> None:
        """Under a temporary name first: what is half removed never looks like a copy."""
        going = self._partial(name)
        try:
            shutil.rmtree(going, ignore_errors=True)
            if (self.root / name).exists():
                (self.root / name).rename(going)
            shutil.rmtree(going, ignore_errors=True)
        except OSError as error:
            raise _failed(str(error)) from None

    def _partial(self, name: str) -> Path:
        return self.root / f"{name}{rules.PARTIAL}"


class Shell:
    """Another host, by rsync over ssh; it needs `sha256sum` there."""

    def __init__(self, split: SplitResult) -> None:
        port = ("-p", str(split.port)) if split.port else ()
        self.ssh = (*SSH, *port)
        self.host = f"{split.username}@{split.hostname}" if split.username else str(split.hostname)
        self.root = unquote(split.path).rstrip("/")

    def names(self) -> list[str]:
        """The complete sets there."""
        listed = f'for each in */{rules.MANIFEST}; do echo "${{each%/*}}"; done'
        said = self._there(f"mkdir -p {shlex.quote(self.root)} && cd {shlex.quote(self.root)} && {listed}")
        return sorted(each for each in said.decode(errors="replace").splitlines() if rules.NAME.match(each))

    def manifest(self, name: str) -> dict[str, Any]:
        """What the manifest of a copy says."""
        return _read(self._there(f"cat {self._path(name)}/{rules.MANIFEST}"))

    def put(self, folder: Path) -> None:
        """Copy every file; what was there under the temporary name and is no part of it goes."""
        there = self._path(folder.name + rules.PARTIAL)
        self._there(f"mkdir -p {there} && chmod 700 {there}")
        try:
            self._rsync("--delete", f"{folder}/", self._remote(folder.name + rules.PARTIAL))
        except SetFault:
            with suppress(SetFault):
                self._there(f"rm -rf {there}")
            raise

    def seen(self, name: str) -> Mapping[str, FoundFile]:
        """Every file, read there."""
        there = self._path(name + rules.PARTIAL)
        said = self._there(f"cd {there} && {MEASURE}")
        lines = said.decode(errors="replace").splitlines()
        return {
            file: FoundFile(int(size), digest.split()[0])
            for size, digest, file in zip(lines[::3], lines[1::3], lines[2::3], strict=True)
        }

    def settle(self, name: str) -> None:
        """Rename it."""
        there, final = self._path(name + rules.PARTIAL), self._path(name)
        self._there(f"rm -rf {final} && mv {there} {final}")

    def fetch(self, name: str, into: Path) -> None:
        """Copy every file back."""
        self._rsync(self._remote(name), f"{into}/")

    def remove(self, name: str) -> None:
        """Under a temporary name first."""
        there, going = self._path(name), self._path(name + rules.PARTIAL)
        self._there(f"rm -rf {going} && if [ -e {there} ]; then mv {there} {going} && rm -rf {going}; fi")

    def _path(self, name: str) -> str:
        return shlex.quote(f"{self.root}/{name}")

    def _remote(self, name: str) -> str:
        return f"{self.host}:{self.root}/{name}/"

    def _there(self, script: str) -> bytes:
        return self._run([*self.ssh, "--", self.host, script])

    def _rsync(self, *words: str) -> None:
        self._run(["rsync", "-rtp", "-s", f"--timeout={STALLED}", "-e", shlex.join(self.ssh), *words])

    def _run(self, words: list[str]) -> bytes:
        try:
            ended = subprocess.run(words, capture_output=True, check=False, stdin=subprocess.DEVNULL)  # noqa: S603
        except OSError as error:
            raise _failed(f"{words[0]}: {error.strerror}") from None
        if ended.returncode:
            said = ended.stderr.decode(errors="replace").strip().splitlines()
            raise _failed(f"{words[0]}: {said[-1] if said else ended.returncode}")
        return ended.stdout


class Bucket:
    """An object store. Nothing is renamed there: a copy is made under its name, the manifest last."""

    def __init__(self, bucket: str, prefix: str) -> None:
        import boto3  # a second that nobody else has to wait for
        from boto3.exceptions import Boto3Error
        from botocore.config import Config
        from botocore.exceptions import BotoCoreError, ClientError

        self.faults = (BotoCoreError, ClientError, Boto3Error, OSError)
        self.bucket, self.root = bucket, f"{prefix}/" if prefix else ""
        self.client: Any = boto3.client(
            "s3", endpoint_url=settings.AWS_S3_ENDPOINT_URL, region_name=settings.AWS_S3_REGION_NAME,
            aws_access_key_id=settings.AWS_ACCESS_KEY_ID, aws_secret_access_key=settings.AWS_SECRET_ACCESS_KEY,
            config=Config(
                connect_timeout=20, read_timeout=120, retries={"max_attempts": 3},
                request_checksum_calculation="when_required", response_checksum_validation="when_required",
            ),
        )  # fmt: skip

    def names(self) -> list[str]:
        """The complete sets there."""
        found = [key.removeprefix(self.root).partition("/") for key in self._keys("")]
        return sorted(name for name, _, file in found if file == rules.MANIFEST and rules.NAME.match(name))

    def manifest(self, name: str) -> dict[str, Any]:
        """What the manifest of a copy says."""
        try:
            key = f"{self.root}{name}/{rules.MANIFEST}"
            return _read(self.client.get_object(Bucket=self.bucket, Key=key)["Body"].read())
        except self.faults as error:
            raise _failed(str(error)) from None

    def put(self, folder: Path) -> None:
        """Copy every file under the temporary name."""
        self._clear(folder.name + rules.PARTIAL)
        try:
            for each in sorted(folder.iterdir()):
                self.client.upload_file(str(each), self.bucket, f"{self.root}{folder.name}{rules.PARTIAL}/{each.name}")
        except self.faults as error:
            with suppress(SetFault):
                self._clear(folder.name + rules.PARTIAL)
            raise _failed(str(error)) from None

    def seen(self, name: str) -> Mapping[str, FoundFile]:
        """Every file, read back."""
        start = f"{name}{rules.PARTIAL}/"
        try:
            return {
                key.removeprefix(self.root + start): sets.hashed_stream(
                    self.client.get_object(Bucket=self.bucket, Key=key)["Body"]
                )
                for key in self._keys(start)
            }
        except self.faults as error:
            raise _failed(str(error)) from None

    def settle(self, name: str) -> None:
        """Copied there from the temporary name, the manifest last."""
        self._clear(name)
        start = f"{self.root}{name}{rules.PARTIAL}/"
        files = [key.removeprefix(start) for key in self._keys(f"{name}{rules.PARTIAL}/")]
        try:
            for each in sorted(files, key=lambda file: LAST.get(file, 0)):
                source = {"Bucket": self.bucket, "Key": start + each}
                self.client.copy(source, self.bucket, f"{self.root}{name}/{each}")
        except self.faults as error:
            raise _failed(str(error)) from None
        self._clear(name + rules.PARTIAL)

    def fetch(self, name: str, into: Path) -> None:
        """Copy every file back."""
        start = f"{self.root}{name}/"
        try:
            for key in self._keys(f"{name}/"):
                file = key.removeprefix(start)
                rules.check_member(file, is_file="/" not in file)
                self.client.download_file(self.bucket, key, str(into / file))
        except self.faults as error:
            raise _failed(str(error)) from None

    def remove(self, name: str) -> None:
        """The manifest first: without it the rest is no copy."""
        self._clear(name)

    def _clear(self, name: str) -> None:
        keys = sorted(self._keys(f"{name}/"), key=lambda key: not key.endswith(f"/{rules.MANIFEST}"))
        try:
            for key in keys:
                self.client.delete_object(Bucket=self.bucket, Key=key)
        except self.faults as error:
            raise _failed(str(error)) from None

    def _keys(self, start: str) -> list[str]:
        try:
            pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=self.root + start)
            return [str(each["Key"]) for page in pages for each in page.get("Contents", ())]
        except self.faults as error:
            raise _failed(str(error)) from None


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise _failed(str(error)) from None


def _read(said: bytes) -> dict[str, Any]:
    try:
        found = json.loads(said)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise _failed("the manifest of a copy cannot be read")
    return found

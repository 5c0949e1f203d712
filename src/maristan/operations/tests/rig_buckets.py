"""Files and copies of sets in an object store that others wrote: pages of a list, files in parts, versions."""

import json
import logging
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import boto3
import pytest
from django.core.files.storage import default_storage, storages
from django.db import transaction
from moto.server import ThreadedMotoServer

from maristan.kernel import files, integrity, tenancy
from maristan.kernel.access import platform
from maristan.operations.tests.made_sets import BY, created, ended, manifest_of, stored

FILES, SETS = "files-of-fmu", "sets-of-fmu"
MANY, PAGE = 1_050, 1_000  # a store lists a thousand keys at once
LARGE = bytes(range(256)) * 4 * 2**14  # 16 MiB: boto3 puts what is above 8 MiB in parts


@pytest.fixture
def store(place: Path, settings: Any) -> Iterator[Any]:
    """A client of the store; the bucket of files keeps versions and has many, one of them large."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # no line for each request among what commands say
    settings.AWS_S3_ENDPOINT_URL = "http://{}:{}".format(*server.get_host_and_port())
    settings.AWS_S3_REGION_NAME, settings.AWS_ACCESS_KEY_ID = "us-east-1", "olga"
    settings.AWS_SECRET_ACCESS_KEY = "secret"
    client = boto3.client(
        "s3", endpoint_url=settings.AWS_S3_ENDPOINT_URL, region_name="us-east-1", aws_access_key_id="olga",
        aws_secret_access_key="secret",
    )  # fmt: skip
    for name in (FILES, SETS):
        client.create_bucket(Bucket=name)
    client.put_bucket_versioning(Bucket=FILES, VersioningConfiguration={"Status": "Enabled"})
    thesis = (Path(default_storage.location) / stored()[0][0]).read_bytes()
    there = {"BACKEND": "maristan.kernel.buckets.Bucket", "OPTIONS": {"bucket_name": FILES}}
    settings.STORAGES = {**settings.STORAGES, "default": there}
    client.put_object(Bucket=FILES, Key=stored()[0][0], Body=thesis)
    _fill()
    yield client
    storages["default"].connection.meta.client.close()
    client.close()
    urlopen(Request(f"{settings.AWS_S3_ENDPOINT_URL}/moto-api/reset", method="POST")).close()  # it outlives its server
    server.stop()


def _fill() -> None:
    here = tenancy.institution_ids()[0]
    given = {"content_type": "text/plain", "by": platform(here)}
    with transaction.atomic(), tenancy.acting_in(here):
        for number in range(MANY):
            files.store(f"line {number}".encode(), name=f"{number}.txt", **given)
        files.store(LARGE, name="large.bin", limit=len(LARGE), **given)
        files.store(b"", name="empty.txt", **given)


def keys(store: Any, bucket: str) -> dict[str, int]:
    """What lies in a bucket, with its size."""
    pages = store.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    return {each["Key"]: each["Size"] for page in pages for each in page.get("Contents", ())}


def unsound() -> list[Any]:
    """What the checks of stored files find."""
    with tenancy.acting_in(tenancy.institution_ids()[0]):
        checks = (integrity.files_missing, integrity.files_altered, integrity.files_unknown)
        return [found for check in checks for found in check(by=BY)]


@pytest.mark.parametrize("mode", ["copy", "reference"])
def test_a_bucket_of_many_files_comes_back_whole(mode: str, store: Any, settings: Any, capsys: Any) -> None:
    settings.BACKUP_MEDIA = mode
    before = keys(store, FILES)
    assert (len(before), max(before.values()), unsound()) == (MANY + 3, len(LARGE), [])
    made = created()
    assert (made.row.status, made.row.media, made.row.media_files) == ("proven", mode, MANY + 3)
    assert {each["key"]: each["size"] for each in manifest_of(made)["media"]["items"]} == before
    lost = [*sorted(before)[PAGE - 5 :], max(before, key=lambda key: before[key])]
    for key in lost:
        store.delete_object(Bucket=FILES, Key=key)
    altered = min(set(before) - set(lost))
    store.put_object(Bucket=FILES, Key=altered, Body=b"something else")
    assert len(unsound()) == len({*lost}) + 1
    code, said = ended(["restore", made.row.name, "--yes", "--json", "--no-backup"], capsys)
    assert code == 0, said
    assert json.loads(said)["files"] == MANY + 3
    assert (keys(store, FILES), unsound()) == (before, [])
    (large,) = [key for key, size in before.items() if size == len(LARGE)]
    assert store.get_object(Bucket=FILES, Key=large)["Body"].read() == LARGE


def test_a_copy_in_parts_is_the_set_that_it_was(store: Any, settings: Any, place: Path, capsys: Any) -> None:
    settings.BACKUP_OFFSITE_URL = f"s3://{SETS}/of%20fmu"
    made = created()
    whole = {each.name: each.read_bytes() for each in Path(made.row.location).iterdir()}
    assert len(whole["media.tar"]) > len(LARGE)
    assert ended(["backup", "offsite"], capsys) == (0, f"copied {made.row.name}\n")
    there = {f"of fmu/{made.row.name}/{name}": len(content) for name, content in whole.items()}
    assert keys(store, SETS) == there
    shutil.rmtree(place)
    place.mkdir()
    assert ended(["backup", "fetch"], capsys) == (0, f"{made.row.name}\n")
    assert ended(["backup", "fetch", made.row.name], capsys)[0] == 0
    assert {each.name: each.read_bytes() for each in Path(made.row.location).iterdir()} == whole
    assert ended(["backup", "verify", made.row.name], capsys)[0] == 0
    other = bytearray(whole["media.tar"])
    other[len(other) // 2] ^= 1
    store.put_object(Bucket=SETS, Key=f"of fmu/{made.row.name}/media.tar", Body=bytes(other))
    shutil.rmtree(place)
    place.mkdir()
    code, said = ended(["backup", "fetch", made.row.name], capsys)
    assert (code, said.startswith("checksum_mismatch")) == (3, True)
    assert [each.name for each in place.iterdir() if each.is_dir()] == []

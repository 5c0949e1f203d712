"""Stored files in a bucket: kept and read, checked, saved with a set or by their versions, and brought back."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage, storages
from django.db import transaction

from maristan.kernel import clock, files, integrity, tenancy
from maristan.kernel.access import platform
from maristan.kernel.models import StoredFile
from maristan.operations.actions import drills
from maristan.operations.models import BackupSet, RestoreRun
from maristan.operations.queries import servers, stores
from maristan.operations.rules.sets import SetFault
from maristan.operations.tests import bucket
from maristan.operations.tests.made_sets import BY, created, ended, manifest_of, scratches, stored

THESIS = b"the thesis of Bob"
NAME = "files-of-fmu"


@pytest.fixture
def store(place: Path, settings: Any) -> Iterator[bucket.Store]:
    """A bucket that keeps versions in the place of the folder; Bob's thesis lies there."""
    with bucket.serving() as serving:
        settings.AWS_S3_ENDPOINT_URL, settings.AWS_S3_REGION_NAME = serving.url, "eu-north-1"
        settings.AWS_ACCESS_KEY_ID, settings.AWS_SECRET_ACCESS_KEY = bucket.KEY, "secret"
        there = {"BACKEND": "maristan.kernel.buckets.Bucket", "OPTIONS": {"bucket_name": NAME}}
        on_disk = Path(default_storage.location) / stored()[0][0]
        settings.STORAGES = {**settings.STORAGES, "default": there}
        serving.put(lies(stored()[0][0]), THESIS)
        on_disk.unlink()
        yield serving
        storages["default"].connection.meta.client.close()


def lies(key: str) -> str:
    """Where the store has a key."""
    return f"{NAME}/{key}"


def thesis() -> str:
    return lies(stored()[0][0])


@pytest.fixture
def here() -> int:
    return tenancy.institution_ids()[0]


def kept(here: int, content: bytes, **values: Any) -> StoredFile:
    with transaction.atomic(), tenancy.acting_in(here):
        given = {"name": "n.pdf", "content_type": "application/pdf", "by": platform(here), **values}
        return files.store(content, **given)


def test_a_file_is_kept_read_and_removed_in_the_bucket_and_no_address_leads_to_it(
    store: bucket.Store, here: int
) -> None:
    file = kept(here, b"a letter", keep_for=timedelta(seconds=-1))
    assert store.kept[lies(file.key)] == b"a letter"
    assert (files.content(file), b"".join(files.pieces(file))) == (b"a letter", b"a letter")
    with pytest.raises(NotImplementedError):
        default_storage.url(file.key)
    with transaction.atomic(), tenancy.acting_in(here):
        assert files.purge() == 1
    assert lies(file.key) in store.kept, "the bytes outlive their row"
    with transaction.atomic(), tenancy.acting_in(here):
        files.RemovedFile.objects.update(removed_at=clock.now() - timedelta(days=8))
        files.purge()
    assert lies(file.key) not in store.kept
    assert store.versions[lies(file.key)] == [b"a letter", None]


def test_a_large_file_that_was_made_here_is_put_as_it_lies(store: bucket.Store, here: int, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"name\n" * 1000)
    with transaction.atomic(), tenancy.acting_in(here), (tmp_path / "a.csv").open("rb") as handle:
        made = files.store_handle(
            handle, name="a.csv", content_type="text/csv", by=platform(here), keep_for=timedelta(days=1)
        )
    assert (store.kept[lies(made.key)], made.size) == (b"name\n" * 1000, 5000)


def test_what_is_missing_altered_or_unknown_in_the_bucket_is_found(store: bucket.Store, here: int) -> None:
    of_bob, row = thesis(), kept(here, b"a letter")
    strange = f"{here}/strange"
    store.put(lies(strange), b"whose?")
    with tenancy.acting_in(here):
        assert integrity.files_missing(by=BY) == integrity.files_altered(by=BY) == []
        assert integrity.files_unknown(by=BY) == [strange]
        store.put(lies(row.key), b"another")
        store.remove(of_bob)
        assert integrity.files_altered(by=BY) == [row.pk]
        assert integrity.files_missing(by=BY) == [StoredFile.objects.exclude(pk=row.pk).get().pk]


@pytest.mark.parametrize("mode", ["copy", "reference"])
def test_files_come_back_into_the_bucket_with_their_rows(
    mode: str, store: bucket.Store, settings: Any, own_database: Any, capsys: Any
) -> None:
    settings.BACKUP_MEDIA = mode
    made, key = created(), thesis()
    assert (made.row.status, made.row.media, made.row.media_files) == ("proven", mode, 1)
    (item,) = manifest_of(made)["media"]["items"]
    assert item.get("version") == ("0" if mode == "reference" else None)
    assert ((Path(made.row.location) / "media.tar").exists(), len(store.kept)) == (mode == "copy", 1)
    own_database("UPDATE kernel_storedfile SET name = 'lost.pdf'")
    store.put(key, b"something else")
    store.remove(key)
    code, said = ended(["restore", made.row.name, "--yes", "--json", "--no-backup"], capsys)
    assert code == 0, said
    told = json.loads(said)
    assert told["files"] == 1
    assert store.kept[key] == THESIS
    with servers.connected(servers.live()) as there:
        assert there.execute("SELECT name FROM kernel_storedfile").fetchall() == [("t.pdf",)]
    assert not list(Path(settings.MEDIA_ROOT).parent.glob("media_restore_*"))
    puts = len(store.versions[key])
    assert ended(["restore", made.row.name, "--yes", "--no-backup"], capsys)[0] == 0
    assert (store.kept[key], len(store.versions[key]) - puts) == (THESIS, 0 if mode == "copy" else 1)


@pytest.mark.parametrize("mode", ["copy", "reference"])
def test_a_drill_opens_the_files_of_the_set_and_leaves_the_bucket_alone(
    mode: str, store: bucket.Store, settings: Any
) -> None:
    settings.BACKUP_MEDIA = mode
    created()
    store.remove(thesis())  # whoever practises restoring an older set finds what was there then
    before = {key: [*there] for key, there in store.versions.items()}
    run = drills.drill(by=BY)
    assert (run.outcome, run.files_compared) == ("passed", 1)
    assert store.versions == before


def test_a_set_by_reference_that_lost_a_version_is_damaged_and_not_restored(
    store: bucket.Store, settings: Any, capsys: Any
) -> None:
    settings.BACKUP_MEDIA = "reference"
    made, key = created(), thesis()
    store.versions[key], store.kept[key] = [], b""
    before = (scratches(), stored())
    code, said = ended(["restore", made.row.name, "--yes"], capsys)
    assert (code, "media_missing" in said) == (3, True)
    assert (scratches(), stored(), RestoreRun.objects.filter(kind="restore").count()) == (*before, 0)
    code, said = ended(["backup", "verify", made.row.name], capsys)
    assert code != 0
    row = BackupSet.objects.get()
    assert (row.status, row.error_code) == ("damaged", "media_missing")


def test_a_set_by_reference_stays_with_its_bucket(store: bucket.Store, settings: Any, capsys: Any) -> None:
    settings.BACKUP_MEDIA = "reference"
    made = created()
    others = {**settings.STORAGES["default"], "OPTIONS": {"bucket_name": "another"}}
    on_disk = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    for other in (others, on_disk):
        settings.STORAGES = {**settings.STORAGES, "default": other}
        code, said = ended(["restore", made.row.name, "--yes"], capsys)
        assert (code, "media_elsewhere" in said, NAME in said) == (3, True, True)
        if other is others:
            storages["default"].connection.meta.client.close()
    settings.STORAGES = {**settings.STORAGES, "default": {**others, "OPTIONS": {"bucket_name": NAME}}}


def test_without_versions_there_is_no_set_by_reference(store: bucket.Store, settings: Any, capsys: Any) -> None:
    settings.BACKUP_MEDIA, store.keeps = "reference", False
    code, said = ended(["backup", "create"], capsys)
    assert (code, "media_unversioned" in said) == (5, True)
    assert [each.error_code for each in BackupSet.objects.all()] == ["media_unversioned"]
    assert list(Path(settings.BACKUP_DIR).iterdir()) == []


@pytest.mark.parametrize("mode", ["copy", "reference"])
def test_a_bucket_that_refuses_fails_the_set_and_leaves_nothing(
    mode: str, store: bucket.Store, settings: Any, capsys: Any
) -> None:
    settings.BACKUP_MEDIA, settings.AWS_ACCESS_KEY_ID = mode, "mallory"
    storages["default"].connection.meta.client.close()
    settings.STORAGES = {**settings.STORAGES}
    code, said = ended(["backup", "create"], capsys)
    assert (code, stores.AWAY in said) == (5, True)
    assert [each.status for each in BackupSet.objects.all()] == ["failed"]
    assert list(Path(settings.BACKUP_DIR).iterdir()) == []


def test_a_file_that_is_gone_or_another_fails_the_set(store: bucket.Store, settings: Any) -> None:
    for mode, harm, code in (
        ("reference", lambda: store.put(thesis(), b"short"), "media_altered"),
        ("copy", lambda: store.put(thesis(), b"the thesis of Eve"), "media_altered"),
        ("reference", lambda: store.remove(thesis()), "media_missing"),
        ("copy", lambda: None, "media_missing"),
    ):
        settings.BACKUP_MEDIA = mode
        harm()
        with pytest.raises(SetFault, match=code):
            created()

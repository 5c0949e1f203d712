"""Sets that only their recipients can read: proven before, opened for an identity, never lying about in the clear."""

import json
import shutil
import stat
from pathlib import Path
from typing import Any

import pyrage
import pytest

from maristan.config.environment import EnvironmentFault, read
from maristan.kernel import tenancy
from maristan.kernel.journal import lines_of
from maristan.operations.actions import ciphering, packing
from maristan.operations.models import BackupSet, RestoreRun
from maristan.operations.queries import sets
from maristan.operations.rules.sets import SetFault
from maristan.operations.tests.made_sets import created, ended, manifest_of, scratches, stored

OLGAS, ZARAS = (pyrage.x25519.Identity.generate() for _ in range(2))


def lying_in(place: Path) -> list[str]:
    """What lies beside the sets and their notes."""
    return sorted(each.name for each in place.iterdir() if not each.name.startswith("maristan_"))


def test_an_encrypted_set_is_proven_read_by_nobody_and_restored_by_whoever_holds_its_identity(
    place: Path, settings: Any, own_database: Any, capsys: Any
) -> None:
    settings.BACKUP_AGE_RECIPIENTS = (str(OLGAS.to_public()),)
    made = created()
    name, folder = made.row.name, Path(made.row.location)
    assert (made.row.status, made.row.encrypted, made.rows > 0) == ("proven", True, True)
    assert {each.name for each in folder.iterdir()} == {
        f"{name}.dump.age", "media.tar.age", "manifest.json", "SHA256SUMS"
    }  # fmt: skip
    assert {stat.S_IMODE(each.stat().st_mode) for each in folder.iterdir()} == {0o600}
    whole = b"".join(each.read_bytes() for each in folder.iterdir())
    assert (b"the thesis of Bob" in whole, b"PGDMP" in whole) == (False, False)
    assert [each["name"] for each in manifest_of(made)["files"]] == [f"{name}.dump.age", "media.tar.age"]
    assert (sets.checked(folder).is_encrypted, scratches()) == (True, set())
    nobody_proves_it_without_an_identity(made.row, capsys, settings)
    files = stored()
    own_database("UPDATE kernel_user SET username = username || 'x'")
    settings.BACKUP_AGE_IDENTITY = (str(OLGAS),)
    code, said = ended(["backup", "verify", name, "--json"], capsys)
    assert (code, json.loads(said)["status"], json.loads(said)["rows"]) == (0, "proven", made.rows)
    assert BackupSet.objects.get(name=name).proven_at > made.row.proven_at
    left = place / "open_maristan_20260101_000000.partial"  # by a restore that was killed
    left.mkdir()
    code, said = ended(["restore", name, "--yes", "--json"], capsys)
    assert (code, json.loads(said)["files"]) == (0, 1)
    assert stored() == files
    assert lying_in(place) == []
    assert BackupSet.objects.get(name=name).encrypted


def nobody_proves_it_without_an_identity(row: BackupSet, capsys: Any, settings: Any) -> None:
    code, said = ended(["backup", "verify", row.name], capsys)
    assert (code, "checksums only" in said) == (0, True)
    for identities in ((), (str(ZARAS),)):
        settings.BACKUP_AGE_IDENTITY = identities
        refused = ended(["restore", row.name, "--yes"], capsys)
        assert (refused[0], refused[1].split(":")[0]) == (3, "identity_missing")
    assert ended(["backup", "verify", row.name], capsys)[0] == 3
    now = BackupSet.objects.get(name=row.name)
    assert (now.status, now.proven_at) == ("proven", row.proven_at)
    assert RestoreRun.objects.count() == 1
    assert scratches() == set()
    with tenancy.acting_in(None):
        assert [each.kind for each in lines_of("backup", row.name)].count("backup.checked") == 1
    settings.BACKUP_AGE_IDENTITY = ()
    file = Path(row.location) / "media.tar.age"
    good = file.read_bytes()
    file.write_bytes(good[:-9] + bytes([good[-9] ^ 1]) + good[-8:])
    assert ended(["backup", "verify", row.name], capsys)[0] == 3
    assert BackupSet.objects.get(name=row.name).status == "damaged"
    file.write_bytes(good)
    BackupSet.objects.filter(name=row.name).update(status="proven", error_code="")


def test_a_set_that_cannot_be_encrypted_leaves_nothing_in_the_clear(
    place: Path, settings: Any, monkeypatch: Any, capsys: Any
) -> None:
    settings.BACKUP_AGE_RECIPIENTS = (str(OLGAS.to_public()),)

    def refused(*_: Any) -> None:
        raise pyrage.EncryptError("Recipients do not go together")

    monkeypatch.setattr(ciphering.pyrage, "encrypt_file", refused)
    code, said = ended(["backup", "create"], capsys)
    assert (code, said.split(":")[0]) == (5, "encryption_failed")
    assert list(place.iterdir()) == []
    assert (BackupSet.objects.get().status, BackupSet.objects.get().error_code) == ("failed", "encryption_failed")


def without_room(*, file: Path, by: Any) -> None:
    """A new file on a disk that is full."""
    file.symlink_to("/dev/full")


def test_a_full_disk_is_not_called_a_fault_of_the_keys(tmp_path: Path, settings: Any, monkeypatch: Any) -> None:
    settings.BACKUP_AGE_RECIPIENTS = (str(OLGAS.to_public()),)
    (tmp_path / "part").write_bytes(b"rows " * 50_000)
    monkeypatch.setattr(packing, "empty", without_room)
    with pytest.raises(SetFault, match="No space left on device") as fault:
        ciphering.encrypt(folder=tmp_path, by=None)
    assert fault.value.code == "disk_full"


def test_a_disk_of_this_place_says_nothing_of_an_encrypted_set(
    place: Path, settings: Any, monkeypatch: Any, capsys: Any
) -> None:
    settings.BACKUP_AGE_RECIPIENTS, settings.BACKUP_AGE_IDENTITY = (str(OLGAS.to_public()),), (str(OLGAS),)
    row = created().row
    usage = shutil.disk_usage(place)
    needed = sum(each["size"] for each in sets.opened(Path(row.location)).manifest["encryption"]["plain"])

    def unreadable(*_: Any) -> None:
        raise pyrage.DecryptError("Input/output error (os error 5)")

    for harm, code in (
        ((shutil, "disk_usage", lambda _: usage._replace(free=needed - 1)), f"disk_full: {needed} bytes needed"),
        ((packing, "empty", without_room), "disk_full: "),
        ((ciphering.pyrage, "decrypt_file", unreadable), "disk_fault: "),
    ):
        with monkeypatch.context() as harmed:
            harmed.setattr(*harm)
            ended_with, said = ended(["backup", "verify", row.name], capsys)
        assert (ended_with, said.startswith(code)) == (3, True)
        now = BackupSet.objects.get()
        assert (now.status, now.error_code, now.proven_at) == ("proven", "", row.proven_at)
        assert lying_in(place) == []
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=needed))
    with ciphering.opened(found=sets.opened(Path(row.location)), by=None) as there:
        assert there.is_open


def of_parts(tmp_path: Path, settings: Any) -> sets.OnDisk:
    """A set of one part that was encrypted for Olga."""
    settings.BACKUP_DIR, settings.BACKUP_AGE_RECIPIENTS = tmp_path, (str(OLGAS.to_public()),)
    folder = tmp_path / "maristan_20260102_120323"
    folder.mkdir()
    (folder / f"{folder.name}.dump").write_bytes(b"rows " * 50_000)
    said = ciphering.encrypt(folder=folder, by=None)
    assert [each.name for each in folder.iterdir()] == [f"{folder.name}.dump.age"]
    media = {"mode": "none", "items": []}
    return sets.OnDisk(folder, {"name": folder.name, "format": "custom", "encryption": said, "media": media})


def test_parts_are_opened_in_a_folder_of_our_own_that_is_gone_afterwards(tmp_path: Path, settings: Any) -> None:
    found = of_parts(tmp_path, settings)
    settings.BACKUP_AGE_IDENTITY = (str(ZARAS), str(OLGAS))
    left = tmp_path / f"open_{found.name}.partial"
    left.mkdir()
    (left / "of-a-killed-one").write_text("x")
    with ciphering.opened(found=found, by=None) as there:
        assert there.dump.read_bytes() == b"rows " * 50_000
        assert stat.S_IMODE(there.folder.stat().st_mode) == 0o700
        assert [each.name for each in there.folder.iterdir()] == [there.dump.name]
    assert [each.name for each in tmp_path.iterdir()] == [found.name]


def test_what_comes_out_must_be_what_went_in(tmp_path: Path, settings: Any) -> None:
    found = of_parts(tmp_path, settings)
    settings.BACKUP_AGE_IDENTITY = (str(OLGAS),)
    (tmp_path / "other").write_bytes(b"rows " * 49_999)
    pyrage.encrypt_file(str(tmp_path / "other"), str(found.dump), [OLGAS.to_public()])
    with pytest.raises(SetFault, match="checksum_mismatch"), ciphering.opened(found=found, by=None):
        pass
    found.dump.write_bytes(found.dump.read_bytes()[:-40])
    with pytest.raises(SetFault, match="checksum_mismatch"), ciphering.opened(found=found, by=None):
        pass


def test_keys_are_read_as_they_are_written_and_never_shown() -> None:
    file = f"# created: today\n# public key: {OLGAS.to_public()}\n{OLGAS}\n"
    recipients = f"{OLGAS.to_public()}, {ZARAS.to_public()}"
    given = read({"MARISTAN_ENV": "test", "BACKUP_AGE_IDENTITY": file, "BACKUP_AGE_RECIPIENTS": recipients})
    assert given["BACKUP_AGE_IDENTITY"] == (str(OLGAS),)
    assert len(given["BACKUP_AGE_RECIPIENTS"]) == 2
    with pytest.raises(EnvironmentFault) as refused:
        read({
            "MARISTAN_ENV": "test", "BACKUP_AGE_IDENTITY": f"{OLGAS}X", "BACKUP_AGE_RECIPIENTS": str(OLGAS),
            "BACKUP_MEDIA": "reference",
            "BACKUP_OFFSITE_URL": "rsync://olga:secret@far.example/sets",
        })  # fmt: skip
    assert [each.partition(":")[0] for each in refused.value.faults] == [
        "BACKUP_AGE_RECIPIENTS", "BACKUP_AGE_IDENTITY", "BACKUP_OFFSITE_URL", "BACKUP_MEDIA",
    ]  # fmt: skip
    assert "reference needs STORAGE_BACKEND=s3" in refused.value.faults[-1]
    assert not any(str(OLGAS)[20:] in each or "secret@" in each for each in refused.value.faults)

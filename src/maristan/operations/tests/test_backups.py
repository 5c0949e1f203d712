"""Backup sets made on a real server: one instant for all of it, proven by a restore, and no altered byte unseen."""

import errno
import io
import json
import os
import random
import re
import shutil
import stat
import tarfile
import threading
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection

from maristan.kernel import clock, tenancy
from maristan.kernel.errors import NotNow
from maristan.kernel.journal import lines_of
from maristan.operations.actions import backups, packing
from maristan.operations.models import BackupSet, RestoreRun
from maristan.operations.queries import contents, servers, sets
from maristan.operations.rules import sets as rules
from maristan.operations.rules.sets import SetFault
from maristan.operations.rules.states import SetFormat, SetReason
from maristan.operations.tests import factories as run
from maristan.operations.tests.made_sets import BY, created, ended, manifest_of, scratches, stored


def test_a_set_is_written_proven_and_closed_to_others(place: Path) -> None:
    made = created()
    assert re.fullmatch(r"maristan_\d{8}_\d{6}", made.row.name)
    folder = place / made.row.name
    assert {each.name for each in folder.iterdir()} == {
        f"{made.row.name}.dump", "media.tar", "manifest.json", "SHA256SUMS"
    }  # fmt: skip
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(each.stat().st_mode) for each in folder.iterdir()} == {0o600}
    row = BackupSet.objects.get()
    assert (row.status, row.mismatches, row.error_code) == ("proven", 0, "")
    assert row.tables_compared > 50
    assert row.proven_at is not None
    assert RestoreRun.objects.get().outcome == "passed"
    assert scratches() == set()
    said = manifest_of(made)
    assert set(said) == rules.KEYS
    assert said["tables"]["kernel_user"]["rows"] == 2
    assert said["media"]["files"] == 1
    with tarfile.open(folder / "media.tar") as tar:
        assert tar.extractfile(tar.getnames()[0]).read() == b"the thesis of Bob"


def test_a_plain_set_is_gzipped_text_and_proven_as_well(place: Path) -> None:
    made = created(format=SetFormat.PLAIN)
    file = place / made.row.name / f"{made.row.name}.sql.gz"
    assert file.read_bytes()[:2] == b"\x1f\x8b"
    assert made.row.status == "proven"


def test_counts_and_dump_are_of_one_instant_while_somebody_writes(place: Path) -> None:
    done = threading.Event()
    wrote = []

    def write() -> None:
        with servers.connected(servers.live()) as there:
            while not done.is_set():
                there.execute("INSERT INTO django_session VALUES (gen_random_uuid()::text, 'x', now())")
                wrote.append(1)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        made = created()
    finally:
        done.set()
        writer.join()
    assert made.row.status == "proven", made.differing
    rows = manifest_of(made)["tables"]["django_session"]["rows"]
    assert 0 < rows < len(wrote)


def test_the_digest_knows_content_and_no_order(place: Path, own_database: Any) -> None:
    own_database("CREATE TABLE one (id int, word text); CREATE TABLE two (word text, id int)")
    own_database(
        "INSERT INTO one VALUES (1, 'a'), (2, 'b'), (2, 'b'); INSERT INTO two VALUES ('b', 2), ('a', 1), ('b', 2)"
    )
    with servers.connected(servers.live()) as there:
        before = contents.read(there).tables
        assert before["one"] == before["two"]
        there.execute("SET search_path = public; DELETE FROM two WHERE id = 1; INSERT INTO two VALUES ('A', 1)")
        after = contents.read(there).tables
    assert after["two"][0] == before["two"][0]
    assert after["two"][1] != before["two"][1]


def test_what_a_dump_lost_makes_the_set_damaged(place: Path, monkeypatch: Any) -> None:
    whole = contents.read

    def one_more(there: Any) -> rules.Contents:
        seen = whole(there)
        users, digest = seen.tables["kernel_user"]
        tables = (
            {**seen.tables, "kernel_user": (users + 1, digest)} if there.info.dbname == servers.live() else seen.tables
        )
        return rules.Contents(tables, seen.sequences, seen.migrations, seen.journal_heads)

    monkeypatch.setattr(contents, "read", one_more)
    made = created()
    assert (made.row.status, made.row.error_code) == ("damaged", "contents_differ")
    assert made.differing == ("kernel_user: 3 rows in the set, 2 restored",)
    assert RestoreRun.objects.get().outcome == "failed"


@pytest.mark.parametrize(("harm", "code"), [("missing", "media_missing"), ("altered", "media_altered")])
def test_a_stored_file_that_is_gone_or_altered_fails_the_set(place: Path, harm: str, code: str) -> None:
    key = next(each[0] for each in stored())
    default_storage.delete(key)
    if harm == "altered":
        default_storage.save(key, ContentFile(b"something else"))
    with pytest.raises(SetFault) as refused:
        created()
    assert refused.value.code == code
    assert list(place.iterdir()) == []
    row = BackupSet.objects.get()
    assert (row.status, row.error_code) == ("failed", code)


def test_a_second_backup_at_the_same_time_is_told_who_works(place: Path, capsys: Any) -> None:
    with servers.turn("backup"):
        code, said = ended(["backup", "create"], capsys)
    assert code == 4
    assert "busy: maristan backup" in said
    assert BackupSet.objects.count() == 0
    with pytest.raises(IntegrityError):
        BackupSet.objects.bulk_create([unfinished("a"), unfinished("b")])


def unfinished(name: str) -> BackupSet:
    return BackupSet(
        name=name, reason="manual", status="running", created_at="2026-01-01T00:00:00Z", format="custom", media="copy",
        location=str(sets.folder_of(name)),
    )  # fmt: skip


def test_what_a_killed_backup_left_is_cleared_by_the_next(place: Path) -> None:
    place.mkdir()
    unfinished("maristan_20260101_000000").save()
    left = place / "maristan_20260101_000000.partial"
    left.mkdir()
    with servers.connected("postgres") as there:
        there.execute(f'CREATE DATABASE "{servers.live()}_prove_20260101_000000"')
    created()
    assert not left.exists()
    assert scratches() == set()
    row = BackupSet.objects.get(name="maristan_20260101_000000")
    assert (row.status, row.error_code) == ("failed", "killed")


def test_a_set_whose_proof_was_killed_is_told_as_unproven_and_one_without_a_proof_is_not(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    meant = created(prove=False).row.name

    def killed(*_given: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(backups, "_tried", killed)
    with pytest.raises(KeyboardInterrupt):
        created()
    (left,) = BackupSet.objects.exclude(name=meant).values_list("name", flat=True)
    assert backups.tell_killed(by=BY) == [left]
    assert dict(BackupSet.objects.values_list("name", "error_code")) == {meant: "", left: "unproven"}
    assert backups.tell_killed(by=BY) == []


def test_each_altered_byte_is_found(place: Path) -> None:
    made = created(prove=False)
    folder, chance = Path(made.row.location), random.Random(7)
    whole = sorted(each for each in folder.iterdir())
    for turn in range(50):
        file = whole[turn % len(whole)]
        good = file.read_bytes()
        at = chance.randrange(len(good))
        file.write_bytes(good[:at] + bytes([good[at] ^ (1 << chance.randrange(8))]) + good[at + 1 :])
        with pytest.raises(SetFault) as found:
            sets.checked(folder)
        assert found.value.code in ("checksum_mismatch", "set_incomplete"), (file, at)
        file.write_bytes(good)
    sets.checked(folder)


def test_a_set_with_a_file_too_many_or_too_few_is_incomplete(place: Path) -> None:
    folder = Path(created(prove=False).row.location)
    (folder / "notes.txt").write_text("mine")
    with pytest.raises(SetFault, match="set_incomplete: notes"):
        sets.checked(folder)
    (folder / "notes.txt").unlink()
    (folder / "media.tar").unlink()
    with pytest.raises(SetFault, match="set_incomplete: media"):
        sets.checked(folder)


def resealed(folder: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Edit a manifest as somebody would who also mends the sums."""
    file = folder / "manifest.json"
    said = json.loads(file.read_text())
    change(said)
    for each in said["files"]:
        found = sets.hashed(folder / each["name"])
        each.update(size=found.size, sha256=found.sha256)
    file.write_text(json.dumps(said))
    found = {each.name: sets.hashed(each) for each in folder.iterdir() if each.name != "SHA256SUMS"}
    (folder / "SHA256SUMS").write_text(rules.sums(found))


def test_a_manifest_that_was_edited_together_with_the_sums_is_known_by_the_index(place: Path, capsys: Any) -> None:
    made = created()
    resealed(Path(made.row.location), lambda said: said["tables"]["kernel_user"].update(rows=1))
    code, said = ended(["backup", "verify", made.row.name], capsys)
    assert (code, "checksum_mismatch" in said) == (3, True)
    row = BackupSet.objects.get()
    assert (row.status, row.error_code) == ("damaged", "checksum_mismatch")
    code, said = ended(["restore", made.row.name, "--yes", "--no-backup"], capsys)
    assert (code, said) == (3, "checksum_mismatch: manifest.json is not the one that was sealed\n")
    assert (scratches(), RestoreRun.objects.filter(kind="restore").count()) == (set(), 0)


@pytest.mark.parametrize("kind", ["link", "climbing", "absolute"])
def test_an_archive_that_leaves_its_folder_is_refused(place: Path, kind: str) -> None:
    folder = Path(created(prove=False).row.location)
    member = tarfile.TarInfo({"link": "a", "climbing": "../a", "absolute": "/tmp/a"}[kind])
    if kind == "link":
        member.type, member.linkname = tarfile.SYMTYPE, "/etc/passwd"
    with tarfile.open(folder / "media.tar", "w") as tar:
        tar.addfile(member, io.BytesIO())
    resealed(folder, lambda said: None)
    with pytest.raises(SetFault) as refused:
        sets.checked(folder)
    assert refused.value.code == "unsafe_path"


def test_a_damaged_set_that_was_mended_is_proven_again(place: Path, capsys: Any) -> None:
    made = created(prove=False)
    file = Path(made.row.location) / "media.tar"
    good = file.read_bytes()
    file.write_bytes(good[:-1] + b"x")
    assert ended(["backup", "verify", made.row.name], capsys)[0] == 3
    assert BackupSet.objects.get().status == "damaged"
    file.write_bytes(good)
    assert ended(["backup", "verify", made.row.name], capsys)[0] == 0
    assert BackupSet.objects.get().status == "proven"


def test_the_index_is_made_again_from_the_disk(place: Path, own_database: Any) -> None:
    proven, other = created(is_pinned=True), created(prove=False)
    own_database("DELETE FROM operations_backupset")
    assert set(backups.rescan(by=BY)) == {proven.row.name, other.row.name}
    assert backups.rescan(by=BY) == []
    again = BackupSet.objects.get(name=proven.row.name)
    assert (again.status, again.proven_at, again.pinned) == ("proven", proven.row.proven_at, True)
    assert (again.size_bytes, again.manifest_sha256) == (proven.row.size_bytes, proven.row.manifest_sha256)
    assert BackupSet.objects.get(name=other.row.name).status == "created"
    shutil.rmtree(other.row.location)
    assert backups.rescan(by=BY) == [other.row.name]
    assert BackupSet.objects.get(name=other.row.name).status == "removed"


def test_retention_follows_a_proof_and_leaves_foreign_folders(place: Path, capsys: Any, own_database: Any) -> None:
    old = created()
    foreign = place / "letters"
    foreign.mkdir()
    own_database("UPDATE operations_backupset SET created_at = now() - interval '3 years'")
    code, said = ended(["backup", "create", "--retain", "--json"], capsys)
    assert code == 0
    # Its day, week and month are long past, but few enough have a set: it keeps its place.
    assert json.loads(said)["removed"] == []
    own_database(f"UPDATE operations_backupset SET reason = 'pre_deploy' WHERE name = '{old.row.name}'")
    assert backups.retain(by=BY) == [old.row.name]
    assert not Path(old.row.location).exists()
    assert foreign.is_dir()
    assert BackupSet.objects.get(name=old.row.name).removed_at is not None


def test_what_another_installation_keeps_in_the_same_folder_stays_there(
    place: Path, own_database: Any, settings: Any, capsys: Any
) -> None:
    theirs, ours = created(reason=SetReason.PRE_DEPLOY), created(reason=SetReason.PRE_DEPLOY)
    newest = created()
    resealed(Path(theirs.row.location), lambda said: said.update(secret_key_fingerprint="0" * 16))
    third = place / "theirs_20260101_000000"  # of another prefix, with the same key
    shutil.copytree(ours.row.location, third)
    writing = [place / f"{name}_20260101_000000.partial" for name in ("theirs", "open_theirs")]
    left = [place / f"{name}_20260101_000000.partial" for name in ("maristan", "drill_maristan", "far_maristan")]
    for each in (*writing, *left):
        each.mkdir()
    backups.rescan(by=BY)
    own_database("UPDATE operations_backupset SET created_at = now() - interval '3 years'")
    own_database(f"UPDATE operations_backupset SET created_at = now() WHERE name = '{newest.row.name}'")
    why = sets.reasons()
    assert (why[theirs.row.name], why[third.name], why[ours.row.name]) == (["not_made_here"], ["not_made_here"], [])
    assert backups.retain(by=BY) == [ours.row.name]
    backups.clear_killed(by=BY)
    assert {each.name for each in place.iterdir() if each.is_dir()} == {
        theirs.row.name, third.name, newest.row.name, *(each.name for each in writing)
    }  # fmt: skip
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "of tomorrow", [settings.SECRET_KEY]
    assert sets.is_ours(Path(newest.row.location))


def test_a_set_that_is_not_there_is_named_with_those_that_are_near(place: Path, capsys: Any) -> None:
    name = created(prove=False).row.name
    for what in ("verify", "remove"):
        code, said = ended(["backup", what, f"{name[:-1]}x"], capsys)
        assert (code, said) == (2, f"set_unknown: no set {name[:-1]}x; near it are: {name}\n")
    code, said = ended(["restore", f"{name[:-1]}x", "--yes"], capsys)
    assert (code, said) == (2, f"set_unknown: no set {name[:-1]}x; near it are: {name}\n")
    assert (BackupSet.objects.get().status, scratches()) == ("created", set())


def test_when_the_newest_backup_fails_nothing_is_removed(place: Path, capsys: Any, own_database: Any) -> None:
    old, newer = created(reason=SetReason.PRE_DEPLOY), created()
    own_database("UPDATE operations_backupset SET created_at = created_at - interval '1 year'")
    default_storage.delete(stored()[0][0])
    code, said = ended(["backup", "create", "--retain"], capsys)
    assert (code, "media_missing" in said) == (5, True)
    assert Path(old.row.location).is_dir()
    assert Path(newer.row.location).is_dir()


def test_the_last_proven_set_is_not_removed_by_hand(place: Path, capsys: Any) -> None:
    made = created()
    code, said = ended(["backup", "remove", made.row.name], capsys)
    assert (code, "not_last_proven" in said) == (3, True)
    assert Path(made.row.location).is_dir()


def test_client_programs_older_than_the_server_are_refused(place: Path, settings: Any) -> None:
    assert servers.tools("15.4").version
    with pytest.raises(SetFault, match="tools_too_old"):
        servers.tools("99.1")
    settings.PG_BIN_DIR = place / "nothing"
    with pytest.raises(SetFault, match="tools_too_old"):
        created()
    assert BackupSet.objects.count() == 0
    assert connection.settings_dict["NAME"] == servers.live()


@pytest.fixture
def bare(db: None, tmp_path: Path, settings: Any) -> Path:
    """Where sets would lie, of a database without anybody in it."""
    settings.BACKUP_DIR, settings.VAR = tmp_path / "sets", tmp_path / "var"
    return tmp_path / "sets"


@pytest.mark.parametrize(("fault", "code"), [(errno.ENOSPC, "disk_full"), (errno.EIO, "disk_fault")])
def test_a_disk_that_fails_under_a_set_fails_it_and_leaves_nothing(
    bare: Path, monkeypatch: Any, fault: int, code: str
) -> None:
    def ill(**_: Any) -> None:
        raise OSError(fault, os.strerror(fault))

    monkeypatch.setattr(packing, "dumping", ill)
    with pytest.raises(SetFault, match=f"^{code}: {os.strerror(fault)}$"):
        created()
    row = BackupSet.objects.get()
    assert (row.status, row.error_code, list(bare.iterdir())) == ("failed", code, [])
    with tenancy.acting_in(None):
        assert [each.kind for each in lines_of("backup", row.name)] == ["backup.failed", "backup.started"]


def test_two_sets_of_one_second_have_two_names(bare: Path, monkeypatch: Any) -> None:
    def ill(**_: Any) -> None:
        raise OSError(errno.EIO, "")

    monkeypatch.setattr(packing, "dumping", ill)
    with clock.stopped_at("2026-03-01T05:00:00+00:00"):
        for _ in range(2):
            with pytest.raises(SetFault):
                created()
    names = BackupSet.objects.order_by("pk").values_list("name", flat=True)
    assert [each[-15:] for each in names] == ["20260301_050000", "20260301_050001"]


def test_a_dump_whose_table_of_contents_cannot_be_read_fails_the_set(bare: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(packing, "dumping", lambda **_: nullcontext())
    with pytest.raises(SetFault, match=r"^dump_incomplete: pg_restore: error: could not open input file"):
        created()
    row = BackupSet.objects.get()
    assert (row.status, row.error_code, list(bare.iterdir())) == ("failed", "dump_incomplete", [])


def test_a_dump_without_a_sequence_of_the_database_is_no_set(bare: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(packing, "dumping", lambda **_: nullcontext())
    monkeypatch.setattr(sets, "sequences_of", lambda *_: {})
    with pytest.raises(SetFault, match=r"^dump_incomplete: sequences are missing in the dump$"):
        created()
    row = BackupSet.objects.get()
    assert (row.status, row.error_code, list(bare.iterdir())) == ("failed", "dump_incomplete", [])


def a_file(root: Path, monkeypatch: Any) -> None:
    root.write_text("a file in the place of the folder")


def closed(root: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(backups.os, "access", lambda folder, how: folder != root)


def bound(root: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(servers, "may_create", lambda: False)


def full(root: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(backups.shutil, "disk_usage", lambda _: SimpleNamespace(free=2**30 - 1))


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (a_file, "directory_writable: .*/sets: File exists"), (closed, "directory_writable: .*/sets"),
        (bound, "owner_role: the login must be allowed to CREATEDB and to BYPASSRLS"),
        (full, "disk_space: 1073741824 bytes needed, 1073741823 free in .*/sets"),
    ],
)  # fmt: skip
def test_what_must_hold_before_a_set_is_begun(
    bare: Path, monkeypatch: Any, harm: Callable[[Path, Any], None], said: str
) -> None:
    harm(bare, monkeypatch)
    with pytest.raises(SetFault, match=f"^{said}$"):
        created()
    assert BackupSet.objects.count() == 0


@pytest.mark.parametrize("status", ["running", "failed", "removed"])
def test_only_a_set_that_was_made_and_is_there_is_verified(status: str, bare: Path) -> None:
    row = run.backup_set(status=status, **({"error_code": "killed"} if status == "failed" else {}))
    with pytest.raises(NotNow, match=f"The set is {status}"):
        backups.verify(name=row.name, by=BY)
    assert BackupSet.objects.get().status == status
    assert RestoreRun.objects.count() == 0


@pytest.mark.parametrize("said", ["{half", "[]", '{"name": "x"}', '{"name": "x", "reason": "manual", "created_at": 7}'])
def test_what_cannot_be_read_as_a_set_is_not_entered(bare: Path, said: str) -> None:
    folder = bare / "fmu_20260102_120323"
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text(said)
    assert backups.rescan(by=BY) == []
    assert BackupSet.objects.count() == 0

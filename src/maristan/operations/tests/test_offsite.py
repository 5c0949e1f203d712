"""Copies off this host: compared where they lie, named last, kept by their own list."""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from maristan.config.tests.programs import NotToBeHad, program
from maristan.kernel import clock, tenancy
from maristan.kernel.journal import lines_of
from maristan.kernel.tests.client import Client
from maristan.operations.actions import backups, drills, offsite, packing
from maristan.operations.actions.farside import FarSide, Folder, at
from maristan.operations.models import BackupSet
from maristan.operations.queries import figures, sets
from maristan.operations.rules.sets import SetFault, sums
from maristan.operations.tests import bucket
from maristan.operations.tests import factories as run
from maristan.operations.tests.made_sets import BY, created, ended

NOW = datetime(2026, 3, 12, 2, 30, tzinfo=UTC)  # a Thursday
# What ssh does here: it drops its own words and the name of the host, and runs the rest.
SSH = """#!/bin/sh
while [ $# -gt 0 ]; do
  case "$1" in -o|-p|-l) shift 2 ;; --) shift; break ;; -*) shift ;; *) break ;; esac
done
[ "$1" = far.example ] || [ "$1" = olga@far.example ] || { echo "unknown host $1" >&2; exit 255; }
shift
exec sh -c "$*"
"""
# What rsync does here beside the program itself: it copies the files of a folder into another, of this host or that.
RSYNC = """#!/bin/sh
while [ $# -gt 2 ]; do [ "$1" = --delete ] && alone=yes; shift; done
from=${1#olga@far.example:} to=${2#olga@far.example:}
[ -z "$alone" ] || rm -f "$to"*
exec cp "$from"* "$to"
"""
OF_EACH_KIND = ["file", "rsync stand-in", "s3"]


def a_set(root: Path, at: datetime = NOW, prefix: str = "fmu", **said: Any) -> Path:
    """A sealed set of two small parts."""
    folder = root / f"{prefix}_{at:%Y%m%d_%H%M%S}"
    folder.mkdir(parents=True)
    (folder / f"{folder.name}.dump").write_bytes(f"rows of {folder.name}".encode() * 1000)
    (folder / "media.tar").write_bytes(b"files")
    files = [{"name": each.name, **vars_of(each)} for each in sorted(folder.iterdir())]
    manifest = {
        "name": folder.name, "created_at": at.isoformat(), "reason": "scheduled", "media": {"mode": "copy"},
        "files": files, **said,
    }  # fmt: skip
    (folder / "manifest.json").write_text(json.dumps(manifest))
    (folder / "SHA256SUMS").write_text(sums({each.name: sets.hashed(each) for each in folder.iterdir()}))
    return folder


def vars_of(file: Path) -> dict[str, Any]:
    found = sets.hashed(file)
    return {"size": found.size, "sha256": found.sha256}


def stand_in(program: Path, text: str) -> None:
    program.parent.mkdir(exist_ok=True)
    program.write_text(text)
    program.chmod(0o700)


@pytest.fixture(params=[*OF_EACH_KIND, "rsync"])
def far(request: Any, tmp_path: Path, settings: Any, monkeypatch: Any) -> Iterator[FarSide]:
    """A far side of each kind, its place a name with a blank."""
    if request.param == "file":
        (tmp_path / "far side").mkdir()
        yield at(url=f"file://{tmp_path}/far%20side", by=BY)
    elif request.param.startswith("rsync"):
        stand_in(tmp_path / "bin" / "ssh", SSH)
        folders, environment = [f"{tmp_path}/bin"], {}
        if request.param == "rsync":
            try:
                rsync = program("rsync", fetching="FETCH_PROGRAMS" in os.environ)  # `make rig` fetches it
            except NotToBeHad as why:
                pytest.skip(f"not to be had: {why}")
            folders, environment = [*folders, str(Path(rsync.path).parent)], rsync.environment
        else:
            stand_in(tmp_path / "bin" / "rsync", RSYNC)
        for name, value in {**environment, "PATH": os.pathsep.join([*folders, os.environ["PATH"]])}.items():
            monkeypatch.setenv(name, value)
        yield at(url=f"rsync://olga@far.example:2222{tmp_path}/far%20side", by=BY)
    else:
        with bucket.serving() as store:
            settings.AWS_S3_ENDPOINT_URL, settings.AWS_S3_REGION_NAME = store.url, "eu-north-1"
            settings.AWS_ACCESS_KEY_ID, settings.AWS_SECRET_ACCESS_KEY = bucket.KEY, "secret"
            there = at(url="s3://sets/of%20fmu", by=BY)
            yield there
            there.client.close()


def test_a_far_side_of_each_kind_keeps_what_it_is_given(far: FarSide, tmp_path: Path) -> None:
    older, newer = (a_set(tmp_path / "here", NOW - timedelta(days=each)) for each in (1, 0))
    assert far.names() == []
    for each in (newer, older):
        far.put(each)
        assert each.name not in far.names()  # not before it is named
        assert far.seen(each.name) == {file.name: sets.hashed(file) for file in each.iterdir()}
        far.settle(each.name)
    far.put(older)
    far.settle(older.name)  # a copy that was there already
    assert far.names() == [older.name, newer.name]
    assert far.manifest(newer.name) == json.loads((newer / "manifest.json").read_text())
    back = tmp_path / "back"
    back.mkdir()
    far.fetch(newer.name, back)
    assert {each.name: each.read_bytes() for each in back.iterdir()} == {
        each.name: each.read_bytes() for each in newer.iterdir()
    }
    far.remove(newer.name)
    far.remove("fmu_20200101_000000")  # which is not there
    assert far.names() == [older.name]
    with pytest.raises(SetFault, match="offsite_failed"):
        far.manifest(newer.name)


def test_a_far_side_that_cannot_be_reached_says_so(tmp_path: Path, settings: Any, monkeypatch: Any) -> None:
    folder = a_set(tmp_path)
    settings.AWS_S3_REGION_NAME, settings.AWS_SECRET_ACCESS_KEY = "eu-north-1", "secret"
    with bucket.serving() as store:
        settings.AWS_S3_ENDPOINT_URL, settings.AWS_ACCESS_KEY_ID = store.url, "mallory"
        stranger = at(url="s3://sets", by=BY)
        with pytest.raises(SetFault, match=r"offsite_failed.*AccessDenied"):
            stranger.put(folder)
        stranger.client.close()
        settings.AWS_ACCESS_KEY_ID = bucket.KEY
        there = at(url="s3://sets", by=BY)
        there.put(folder)
        store.refused.add("media.tar")
        with pytest.raises(SetFault, match=r"offsite_failed.*AccessDenied"):
            there.settle(folder.name)
        assert there.names() == []  # its manifest would have come last
        there.client.close()
    with pytest.raises(SetFault, match="is it mounted"):
        at(url=f"file://{tmp_path}/nowhere", by=BY)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SetFault, match="offsite_failed: ssh"):
        at(url="rsync://far.example/sets", by=BY).names()


@pytest.mark.parametrize("far", OF_EACH_KIND, indirect=True)
def test_a_copy_that_breaks_off_leaves_nothing_there(far: FarSide, tmp_path: Path) -> None:
    folder = a_set(tmp_path / "here")
    (folder / "zzz").mkdir()  # no file, and its turn comes last
    with pytest.raises(SetFault, match=r"^offsite_failed: "):
        far.put(folder)
    left: Any = {}
    with suppress(SetFault):
        left = far.seen(folder.name)
    assert (left, far.names()) == ({}, [])


def test_a_volume_that_goes_away_is_told_of_whatever_is_asked_of_it(tmp_path: Path) -> None:
    folder, mount, back = a_set(tmp_path / "here"), tmp_path / "mount", tmp_path / "back"
    for each in (mount, back):
        each.mkdir()
    far = at(url=f"file://{mount}", by=BY)
    mount.rmdir()
    for asked in (
        far.names, lambda: far.put(folder), lambda: far.seen(folder.name), lambda: far.settle(folder.name),
        lambda: far.manifest(folder.name), lambda: far.fetch(folder.name, back),
    ):  # fmt: skip
        with pytest.raises(SetFault, match=r"^offsite_failed: .*No such file or directory"):
            asked()
    assert (mount.exists(), list(back.iterdir())) == (False, [])


def test_a_copy_that_cannot_be_moved_out_of_the_way_stays_a_copy(tmp_path: Path) -> None:
    copy = a_set(tmp_path / "mount")
    far = at(url=f"file://{tmp_path}/mount", by=BY)
    copy.with_name(f"{copy.name}.partial").write_text("a file in the place of a folder")
    with pytest.raises(SetFault, match=r"^offsite_failed: .*Not a directory"):
        far.remove(copy.name)
    assert far.names() == [copy.name]


@pytest.mark.parametrize("said", [b"{half", b"[]", b"\xff"])
def test_a_copy_whose_manifest_cannot_be_read_is_told_of(tmp_path: Path, said: bytes) -> None:
    copy = a_set(tmp_path / "mount")
    (copy / "manifest.json").write_bytes(said)
    with pytest.raises(SetFault, match=r"^offsite_failed: the manifest of a copy cannot be read"):
        at(url=f"file://{tmp_path}/mount", by=BY).manifest(copy.name)


def test_a_bucket_that_refuses_one_thing_says_which(tmp_path: Path, settings: Any) -> None:
    folder, back = a_set(tmp_path / "here"), tmp_path / "back"
    back.mkdir()
    settings.AWS_S3_REGION_NAME, settings.AWS_SECRET_ACCESS_KEY = "eu-north-1", "secret"
    with bucket.serving() as store:
        settings.AWS_S3_ENDPOINT_URL, settings.AWS_ACCESS_KEY_ID = store.url, bucket.KEY
        there = at(url="s3://sets", by=BY)
        there.put(folder)

        def is_refused(verb: str, asked: Any) -> None:
            store.closed = {verb}
            with pytest.raises(SetFault, match=r"^offsite_failed: .*(AccessDenied|403)"):
                asked()
            store.closed = set()

        is_refused("GET", lambda: there.seen(folder.name))
        there.settle(folder.name)
        is_refused("GET", lambda: there.manifest(folder.name))
        is_refused("GET", lambda: there.fetch(folder.name, back))
        is_refused("DELETE", lambda: there.remove(folder.name))
        assert (there.names(), list(back.iterdir())) == ([folder.name], [])
        there.client.close()


@pytest.mark.parametrize("far", ["rsync stand-in"], indirect=True)
def test_what_the_other_host_said_last_is_told(far: FarSide, tmp_path: Path) -> None:
    with pytest.raises(SetFault, match=r"^offsite_failed: ssh: unknown host eve@far.example$"):
        at(url=f"rsync://eve@far.example{tmp_path}", by=BY).names()
    stand_in(tmp_path / "bin" / "ssh", "#!/bin/sh\nexit 255\n")
    with pytest.raises(SetFault, match=r"^offsite_failed: ssh: 255$"):
        far.names()


@pytest.fixture
def here(db: None, tmp_path: Path, settings: Any) -> Path:
    """A host whose proven sets are copied to a mounted volume."""
    (tmp_path / "mount").mkdir()
    settings.BACKUP_DIR, settings.BACKUP_PREFIX = tmp_path / "sets", "fmu"
    settings.BACKUP_OFFSITE_URL, settings.VAR = f"file://{tmp_path}/mount", tmp_path / "var"
    return tmp_path / "sets"


def known(folder: Path, at: datetime = NOW, **values: Any) -> BackupSet:
    """A set in the index."""
    digest = sets.hashed(folder / "manifest.json").sha256
    return run.backup_set(
        folder.name, location=str(folder), manifest_sha256=digest, created_at=at, **{"reason": "scheduled", **values}
    )


def evidence() -> Any:
    return figures.evidence()


def test_proven_sets_are_copied_compared_and_shown(here: Path, tmp_path: Path, capsys: Any) -> None:
    proven, unproven = a_set(here), a_set(here, NOW - timedelta(days=1))
    known(proven)
    known(unproven, status="created")
    assert evidence().offsite is None
    code, said = ended(["backup", "offsite", "--json"], capsys)
    assert (code, json.loads(said)) == (0, {"copied": [proven.name], "removed": []})
    mount = tmp_path / "mount"
    assert [each.name for each in mount.iterdir()] == [proven.name]
    assert {each.name: sets.hashed(each) for each in (mount / proven.name).iterdir()} == {
        each.name: sets.hashed(each) for each in proven.iterdir()
    }
    row = BackupSet.objects.get(name=proven.name)
    assert row.offsite_at is not None
    assert sets.state(proven)["offsite_at"] == str(row.offsite_at)
    shown = {each["name"]: each for each in Client(run.operator()).get("/api/v1/operations/backups/").json["results"]}
    assert [shown[each.name]["offsite_at"] is None for each in (proven, unproven)] == [False, True]
    # How young a copy is tells what it holds, not when it was carried there.
    assert (evidence().offsite, evidence().has_offsite, evidence().offsite_failed) == (NOW, True, 0)
    with tenancy.acting_in(None):
        assert [each.kind for each in lines_of("backup", proven.name)] == ["backup.copied"]
    capsys.readouterr()
    assert json.loads(ended(["backup", "offsite", "--json"], capsys)[1]) == {"copied": [], "removed": []}


def test_a_set_that_has_no_place_there_is_not_carried_there(here: Path, tmp_path: Path, capsys: Any) -> None:
    newest, only = a_set(here), a_set(here, NOW - timedelta(days=1), media={"mode": "none"})
    known(newest)
    known(only, NOW - timedelta(days=1), media="none")
    for copied in ([newest.name], []):
        assert json.loads(ended(["backup", "offsite", "--json"], capsys)[1]) == {"copied": copied, "removed": []}
    assert [each.name for each in (tmp_path / "mount").iterdir()] == [newest.name]


def test_a_copy_that_differs_is_none_and_its_set_stays_proven(
    here: Path, tmp_path: Path, capsys: Any, monkeypatch: Any
) -> None:
    older, newer = a_set(here, NOW - timedelta(days=1)), a_set(here)
    known(older, NOW - timedelta(days=1), offsite_at=NOW)
    known(newer)
    shutil.copytree(older, tmp_path / "mount" / older.name)
    whole = Folder.put

    def torn(self: Folder, folder: Path) -> None:
        whole(self, folder)
        file = self.root / f"{folder.name}.partial" / "media.tar"
        file.write_bytes(b"filez")

    monkeypatch.setattr(Folder, "put", torn)
    code, said = ended(["backup", "offsite"], capsys)
    assert (code, f"{newer.name}: offsite_failed: the copy differs: media.tar" in said) == (5, True)
    row = BackupSet.objects.get(name=newer.name)
    assert (row.status, row.error_code, row.offsite_at) == ("proven", "offsite_failed", None)
    assert [each.name for each in (tmp_path / "mount").iterdir()] == [older.name]
    assert newer.is_dir()
    assert evidence().offsite_failed == 1
    with tenancy.acting_in(None):
        assert [each.kind for each in lines_of("backup", newer.name)] == ["backup.offsite_failed"]
    monkeypatch.setattr(Folder, "put", whole)
    assert ended(["backup", "offsite"], capsys)[0] == 0
    row.refresh_from_db()
    assert (row.error_code, row.offsite_at is None, evidence().offsite_failed) == ("", False, 0)


@pytest.mark.parametrize("is_torn", [False, True])
def test_a_set_that_is_found_damaged_while_it_is_copied_stays_damaged_for_that_reason(
    here: Path, tmp_path: Path, monkeypatch: Any, is_torn: bool
) -> None:
    newer, waiting = a_set(here), a_set(here, NOW - timedelta(days=1))
    known(newer)
    known(waiting, NOW - timedelta(days=1))
    whole = Folder.put

    def put(self: Folder, folder: Path) -> None:
        whole(self, folder)
        for each in BackupSet.objects.all():  # as drills find them, which go on beside copies
            backups.mark_damaged(row=each, fault=SetFault("contents_differ", "a row is missing"), by=BY)
        if is_torn:
            raise SetFault("offsite_failed", "the line broke")

    monkeypatch.setattr(Folder, "put", put)
    done = offsite.copy_due(by=BY)
    assert (done.copied, done.fault) == (
        ([], f"{newer.name}: offsite_failed: the line broke") if is_torn else ([newer.name], "")
    )
    for folder, is_copied in ((newer, not is_torn), (waiting, False)):
        row, noted = BackupSet.objects.get(name=folder.name), sets.state(folder)
        assert (row.status, row.error_code, row.offsite_at is not None) == ("damaged", "contents_differ", is_copied)
        assert (noted["status"], noted["error_code"]) == ("damaged", "contents_differ")
        assert (noted["offsite_at"] is not None) == is_copied
    assert (tmp_path / "mount" / waiting.name).exists() is False


def test_a_set_that_is_copied_while_it_is_proven_again_keeps_its_copy(
    place: Path, tmp_path: Path, settings: Any, monkeypatch: Any
) -> None:
    (tmp_path / "far").mkdir()
    row, whole = created().row, packing.tried
    settings.BACKUP_OFFSITE_URL = f"file://{tmp_path}/far"

    def tried(**values: Any) -> Any:
        assert offsite.copy_due(by=BY).copied == [row.name]
        return whole(**values)

    monkeypatch.setattr(packing, "tried", tried)
    assert backups.verify(name=row.name, by=BY).row.offsite_at is not None
    now = BackupSet.objects.get()
    assert (now.offsite_at is None, now.proven_at > row.proven_at) == (False, True)
    assert sets.state(Path(row.location))["offsite_at"] == str(now.offsite_at)
    assert offsite.copy_due(by=BY).copied == []


def test_a_volume_that_is_not_mounted_leaves_the_set_proven_and_is_tried_again(
    here: Path, tmp_path: Path, capsys: Any, settings: Any
) -> None:
    settings.BACKUP_SCHEDULE = settings.DRILL_SCHEDULE = "off"
    known(a_set(here))
    (tmp_path / "mount").rmdir()
    code, said = ended(["backup", "offsite"], capsys)
    assert (code, "is it mounted" in said) == (5, True)
    assert (BackupSet.objects.get().status, BackupSet.objects.get().error_code) == ("proven", "offsite_failed")
    assert not (tmp_path / "mount").exists()
    for minute, due in ((39, []), (40, ["operations.offsite"])):
        with clock.stopped_at(f"2026-03-12T05:{minute}:10+00:00"):
            assert drills.queue_due(by=BY) == due
    (tmp_path / "mount").mkdir()
    assert ended(["backup", "offsite"], capsys)[0] == 0
    with clock.stopped_at("2026-03-12T06:40:10+00:00"):
        assert drills.queue_due(by=BY) == []


def test_in_service_a_volume_on_the_disk_of_the_sets_is_none(
    here: Path, tmp_path: Path, capsys: Any, settings: Any, monkeypatch: Any
) -> None:
    settings.MARISTAN_ENV = "production"
    known(a_set(here))
    code, said = ended(["backup", "offsite"], capsys)
    assert (code, f"offsite_failed: {tmp_path}/mount lies on the disk of {here}; is it mounted?" in said) == (5, True)
    row = BackupSet.objects.get()
    assert (row.status, row.error_code, row.offsite_at) == ("proven", "offsite_failed", None)
    assert list((tmp_path / "mount").iterdir()) == []
    monkeypatch.setattr(offsite, "_device", lambda folder: {"mount": 2}.get(folder.name, 1))
    assert ended(["backup", "offsite"], capsys)[0] == 0
    assert BackupSet.objects.get().offsite_at is not None


def test_a_copy_is_brought_back_where_its_set_is_gone(place: Path, tmp_path: Path, capsys: Any, settings: Any) -> None:
    (tmp_path / "far").mkdir()
    settings.BACKUP_OFFSITE_URL = f"file://{tmp_path}/far"
    row = created().row
    assert ended(["backup", "fetch"], capsys) == (0, "no copy lies there\n")
    assert ended(["backup", "offsite"], capsys)[0] == 0
    shutil.copytree(tmp_path / "far" / row.name, tmp_path / "far" / "maristan_20200102_030405")
    assert ended(["backup", "fetch"], capsys) == (0, f"{row.name}\nmaristan_20200102_030405\n")
    shutil.rmtree(tmp_path / "far" / "maristan_20200102_030405")
    whole = {each.name: each.read_bytes() for each in Path(row.location).iterdir()}
    assert ended(["backup", "fetch", row.name], capsys)[0] == 3  # it lies here
    shutil.rmtree(place)
    place.mkdir()
    code, said = ended(["backup", "fetch", "maristan_20200101_000000"], capsys)
    assert (code, said) == (2, f"set_unknown: no copy of maristan_20200101_000000; near it are: {row.name}\n")
    code, said = ended(["backup", "fetch", row.name, "--json"], capsys)
    assert (code, json.loads(said)["status"]) == (0, "created")
    assert {each.name: each.read_bytes() for each in Path(row.location).iterdir()} == whole
    now = BackupSet.objects.get(name=row.name)
    assert (now.status, now.offsite_at is None, now.removed_at) == ("created", False, None)
    assert sorted(each.name for each in place.iterdir()) == [row.name, f"{row.name}.state.json"]
    assert ended(["backup", "verify", row.name], capsys)[0] == 0


def test_copies_stay_by_their_own_list_whatever_is_removed_here(here: Path, tmp_path: Path, settings: Any) -> None:
    mount = tmp_path / "mount"
    said = {8: {"pinned": True}}
    days = {day: a_set(mount, NOW - timedelta(days=day, minutes=30), **said.get(day, {})) for day in range(40)}
    for day in days:
        if day not in (1, 20):  # here one was removed, and the index knows nothing of another
            known(a_set(here, NOW - timedelta(days=day, minutes=30)), NOW - timedelta(days=day), offsite_at=NOW)
    run.backup_set(days[1].name, "removed", offsite_at=NOW)
    strange = [a_set(mount, NOW - timedelta(days=day), prefix="other").name for day in (0, 9)]
    (mount / "letters").mkdir()
    local = {each.name for each in here.iterdir()}
    with clock.stopped_at(NOW.isoformat()):
        done = offsite.copy_due(by=BY)
    # Days, weeks that end on Sundays, the end of February; and one was pinned.
    stay = {0, 1, 2, 3, 4, 5, 6, 11, 18, 12, 8}
    gone = {folder.name for day, folder in days.items() if day not in stay}
    assert {*done.removed} == gone
    left = {each.name for each in mount.iterdir()}
    assert left == {days[day].name for day in stay} | {*strange, "letters"}
    assert {each.name for each in here.iterdir() if each.is_dir()} == local
    assert BackupSet.objects.get(name=days[39].name).offsite_at is None
    assert BackupSet.objects.get(name=days[1].name).offsite_at is not None


def test_a_set_that_is_being_copied_is_in_use(here: Path, capsys: Any) -> None:
    older, newer = a_set(here, NOW - timedelta(days=1)), a_set(here)
    known(older, NOW - timedelta(days=1))
    known(newer)
    with sets.reading(older):
        code, said = ended(["backup", "remove", older.name], capsys)
        assert (code, "not_in_use" in said, older.is_dir()) == (3, True, True)
    assert ended(["backup", "remove", older.name], capsys)[0] == 0
    assert not older.exists()


def test_nothing_is_copied_where_no_place_is_named_nor_by_two_at_once(here: Path, settings: Any, capsys: Any) -> None:
    from maristan.operations.queries import servers

    with servers.turn("backup offsite", of="offsite"):
        code, said = ended(["backup", "offsite"], capsys)
    assert (code, "busy: maristan backup offsite" in said) == (4, True)
    settings.BACKUP_OFFSITE_URL = None
    code, said = ended(["backup", "offsite"], capsys)
    assert (code, said.split(":")[0]) == (3, "no_offsite_url")
    code, said = ended(["backup", "fetch", "fmu_20260312_023000"], capsys)
    assert (code, said) == (3, "no_offsite_url: set BACKUP_OFFSITE_URL\n")


def test_a_set_whose_manifest_was_edited_is_not_copied(here: Path, tmp_path: Path, capsys: Any) -> None:
    folder = a_set(here)
    known(folder)
    (folder / "manifest.json").write_text("{}")
    code, said = ended(["backup", "offsite"], capsys)
    assert (code, "offsite_failed: manifest.json is not the one that was sealed" in said) == (5, True)
    row = BackupSet.objects.get()
    assert (row.status, row.error_code, row.offsite_at) == ("proven", "offsite_failed", None)
    assert list((tmp_path / "mount").iterdir()) == []


def test_what_lies_there_under_a_name_of_ours_and_is_no_set_takes_no_place_and_stays(
    here: Path, tmp_path: Path
) -> None:
    proven, strange = a_set(here), a_set(tmp_path / "mount", NOW - timedelta(days=900))
    (strange / "manifest.json").write_text('{"reason": "a whim"}')
    known(proven)
    with clock.stopped_at(NOW.isoformat()):
        done = offsite.copy_due(by=BY)
    assert (done.copied, done.removed, done.fault) == ([proven.name], [], "")
    assert {each.name for each in (tmp_path / "mount").iterdir()} == {proven.name, strange.name}

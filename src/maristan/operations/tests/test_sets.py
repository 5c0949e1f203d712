"""What lies on the disk as a set: opened, checked and held against its manifest, and refused by the fault it has."""

import gzip
import hashlib
import io
import json
import tarfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from maristan.operations.queries import sets
from maristan.operations.rules import sets as rules
from maristan.operations.rules.sets import Contents, SetFault
from maristan.operations.rules.states import SetFormat, SetReason
from maristan.operations.tests import factories as run

NAME = "fmu_20260102_120323"
SEALED = '{"name": "fmu_20260102_120323"}'


def a_folder(root: Path, manifest: str | None, name: str = NAME) -> Path:
    folder = root / name
    folder.mkdir()
    if manifest is not None:
        (folder / "manifest.json").write_text(manifest)
    return folder


def summed(folder: Path) -> None:
    digest = hashlib.sha256((folder / "manifest.json").read_bytes()).hexdigest()
    (folder / "SHA256SUMS").write_text(f"{digest}  manifest.json\n")


@pytest.mark.parametrize(
    ("manifest", "name", "said"),
    [
        (SEALED, f"{NAME}.partial", f"set_incomplete: .*{NAME}.partial has no manifest.json"),
        (None, NAME, "set_incomplete: .* has no manifest.json"),
        ("{half", NAME, "checksum_mismatch: manifest.json"),
        ("[]", NAME, "set_incomplete: manifest.json is not that of a set"),
        ('{"name": 7}', NAME, "set_incomplete: manifest.json is not that of a set"),
    ],
)
def test_a_folder_that_is_no_set_is_not_opened(tmp_path: Path, manifest: str | None, name: str, said: str) -> None:
    with pytest.raises(SetFault, match=f"^{said}$"):
        sets.opened(a_folder(tmp_path, manifest, name))


def test_a_set_is_checked_with_its_sums_and_all_that_lies_in_it(tmp_path: Path) -> None:
    folder = a_folder(tmp_path, SEALED)
    with pytest.raises(SetFault, match=r"^set_incomplete: manifest.json or SHA256SUMS is missing$"):
        sets.checked(folder)
    summed(folder)
    (folder / "letters").mkdir()
    with pytest.raises(SetFault, match=r"^set_incomplete: letters does not belong to it$"):
        sets.checked(folder)
    (folder / "letters").rmdir()
    (folder / "more").symlink_to(folder / "manifest.json")
    with pytest.raises(SetFault, match=r"^set_incomplete: more does not belong to it$"):
        sets.checked(folder)
    (folder / "more").unlink()
    with pytest.raises(SetFault, match=r"^set_incomplete: the manifest lacks build_id, .*version$"):
        sets.checked(folder)


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"the thesis of Bob", None), (b"the thesis of Eve", "media.tar: 1/bob"), (None, "media.tar")],
)
def test_each_file_of_an_archive_is_held_against_the_manifest(
    tmp_path: Path, content: bytes | None, said: str | None
) -> None:
    folder = a_folder(tmp_path, None)
    if content is None:
        (folder / "media.tar").write_bytes(b"no archive at all" * 100)
    else:
        with tarfile.open(folder / "media.tar", "w") as tar:
            member = tarfile.TarInfo("1/bob")
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    item = {"key": "1/bob", "size": 17, "sha256": hashlib.sha256(b"the thesis of Bob").hexdigest()}
    found = sets.OnDisk(folder, {"name": NAME, "encryption": None, "media": {"mode": "copy", "items": [item]}})
    if said is None:
        assert sets.check_archive(found) == 1
    else:
        with pytest.raises(SetFault, match=f"^checksum_mismatch: {said}$"):
            sets.check_archive(found)


def test_a_dump_in_plain_text_that_breaks_off_is_none(tmp_path: Path) -> None:
    whole = b"SELECT pg_catalog.setval('public.\"a_id_seq\"', 7, true);\n--\n-- PostgreSQL database dump complete\n--\n"
    file = tmp_path / "a.sql.gz"
    file.write_bytes(gzip.compress(whole))
    nobody: Any = None
    assert sets.sequences_of(file, nobody, SetFormat.PLAIN) == {"a_id_seq": (7, True)}
    file.write_bytes(gzip.compress(whole[:60]))
    with pytest.raises(SetFault, match=r"^dump_incomplete: a\.sql\.gz$"):
        sets.sequences_of(file, nobody, SetFormat.PLAIN)


def test_a_dump_without_sequences_gives_none_and_is_not_read_again(tmp_path: Path) -> None:
    asked = []

    def ran(program: str, *words: str) -> Any:
        asked.append((program, words[0]))
        return SimpleNamespace(stdout=b"; Archive\n5; 1259 16 TABLE public a olga\n")

    tools: Any = SimpleNamespace(run=ran)
    assert sets.sequences_of(tmp_path / "a.dump", tools, SetFormat.CUSTOM) == {}
    assert asked == [("pg_restore", "--list")]


def test_a_set_that_is_not_there_cannot_be_in_use(tmp_path: Path) -> None:
    with pytest.raises(SetFault, match=r"^set_incomplete: .* has no manifest.json$"), sets.reading(tmp_path / NAME):
        raise AssertionError("nobody reads it")
    assert not sets.is_read(tmp_path / NAME)


@pytest.mark.django_db
def test_the_newest_set_is_that_of_a_reason() -> None:
    assert sets.newest(SetReason.PRE_DEPLOY) == ""
    run.backup_set("older", reason="pre_deploy")
    run.backup_set("newer", reason="pre_deploy", created_at=timezone.now())
    run.backup_set("newest")
    assert sets.newest(SetReason.PRE_DEPLOY) == "newer"


WAS = Contents({"a": (2, "x")}, {"a_id_seq": (7, True)}, ["a.0001"], {"1": (5, "y")})


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (WAS, []),
        (Contents({}, WAS.sequences, WAS.migrations, WAS.journal_heads), ["a: missing"]),
        (
            Contents({**WAS.tables, "b": (0, "")}, WAS.sequences, WAS.migrations, WAS.journal_heads),
            ["b: not in the set"],
        ),
        (
            Contents({"a": (1, "x")}, WAS.sequences, WAS.migrations, WAS.journal_heads),
            ["a: 2 rows in the set, 1 restored"],
        ),
        (
            Contents({"a": (2, "z")}, WAS.sequences, WAS.migrations, WAS.journal_heads),
            ["a: same number of rows, different content"],
        ),
        (
            Contents(WAS.tables, {"a_id_seq": (8, True)}, WAS.migrations, WAS.journal_heads),
            ["a_id_seq: (7, True) in the set, (8, True) restored"],
        ),
        (Contents(WAS.tables, WAS.sequences, [], WAS.journal_heads), ["migrations differ"]),
        (Contents(WAS.tables, WAS.sequences, WAS.migrations, {}), ["the heads of the journal differ"]),
    ],
)  # fmt: skip
def test_each_difference_between_a_set_and_what_was_restored_is_said(now: Contents, said: list[str]) -> None:
    assert rules.differences(WAS, now) == said


@pytest.mark.parametrize(
    ("version", "major"), [("18.1 (Debian 18.1-1)", 18), ("15.4", 15), ("19devel", 19), ("17beta2", 17), ("", None)]
)
def test_the_major_number_of_a_server(version: str, major: int | None) -> None:
    if major is None:
        with pytest.raises(ValueError, match="no version of PostgreSQL: ''"):
            rules.major(version)
    else:
        assert rules.major(version) == major


def test_an_unreadable_manifest_is_known_by_what_it_lacks() -> None:
    whole: dict[str, Any] = json.loads(SEALED) | dict.fromkeys(rules.KEYS, "x") | {
        "tables": {"a": {"rows": 1, "digest": "x"}}, "sequences": {"s": [1, True]}, "migrations": ["a.0001"],
        "journal_heads": {"1": [1, "x"]}, "encryption": None, "format": "custom", "postgres_version": "18.1",
        "pg_dump_version": "18.1", "media": {"mode": "copy", "files": 0, "bytes": 0, "items": []},
        "files": [{"name": "a.dump", "size": 1, "sha256": "x"}],
    }  # fmt: skip
    rules.check_shape(whole)
    media = whole["media"]
    for wrong in (
        {"files": [{}]}, {"files": None}, {"files": [{"name": "a", "size": "1", "sha256": "x"}]}, {"tables": []},
        {"tables": {"a": {}}}, {"sequences": {"s": 1}}, {"migrations": None}, {"journal_heads": {"1": []}},
        {"encryption": "age"}, {"encryption": {"plain": 1}}, {"encryption": {"plain": [{"name": "a.dump"}]}},
        {"format": "tar"}, {"pg_dump_version": "old"}, {"postgres_version": None}, {"media": None},
        {"media": {**media, "mode": "some"}},
        {"media": {**media, "items": [{"key": "1/bob", "size": 1}]}}, {"media": {**media, "bytes": None}},
        {"media": {**media, "mode": "reference"}},
    ):  # fmt: skip
        with pytest.raises(SetFault, match=r"^set_incomplete: manifest.json is not that of a set$"):
            rules.check_files({**whole, **wrong}, {}, "")
    said = json.loads(SEALED) | dict.fromkeys(rules.KEYS - {"media"})
    with pytest.raises(SetFault, match=r"^set_incomplete: the manifest lacks media$"):
        rules.check_files(said, {}, "")

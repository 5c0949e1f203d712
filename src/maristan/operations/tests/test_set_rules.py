"""What makes a backup set whole, whose it is, and why it may not be restored here: as tables, without a disk."""

from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from maristan.kernel.access import platform
from maristan.operations.rules import sets as rules
from maristan.operations.rules.sets import Contents, FoundFile, Here, SetFacts, SetFault
from maristan.operations.rules.states import SetStatus

NAME = "fmu_20260102_120323"
DUMP, MEDIA, MANIFEST = FoundFile(10, "d" * 64), FoundFile(20, "m" * 64), FoundFile(5, "a" * 64)
FILES = {f"{NAME}.dump": DUMP, "media.tar": MEDIA, "manifest.json": MANIFEST}


def listed(name: str, file: FoundFile) -> dict[str, Any]:
    return {"name": name, "size": file.size, "sha256": file.sha256}


WHOLE: dict[str, Any] = {
    "name": NAME, "created_at": "", "created_by": "", "reason": "manual", "version": "1", "build_id": "", "git_sha": "",
    "migrations": ["a.1", "a.2"], "migrations_hash": "", "postgres_version": "18.1", "pg_dump_version": "18.1",
    "encoding": "UTF8", "format": "custom", "encryption": None, "secret_key_fingerprint": "ours",
    "tables": {"a_b": {"rows": 7, "digest": "x"}}, "sequences": {"a_s": [3, True]}, "journal_heads": {"1": [9, "h"]},
    "media": {"mode": "copy", "files": 1, "bytes": 20, "items": [{"key": "1/bob", "size": 17, "sha256": "b" * 64}]},
    "files": [listed(f"{NAME}.dump", DUMP), listed("media.tar", MEDIA)],
}  # fmt: skip
REFERENCE = {"mode": "reference", "bucket": "b", "files": 1, "bytes": 20,
             "items": [{"key": "1/bob", "size": 17, "sha256": "b" * 64, "version": "v"}]}  # fmt: skip
PLAIN = {"plain": [listed(f"{NAME}.dump", DUMP)]}


def without(values: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in values.items() if key != name}


def fault(manifest: dict[str, Any], files: dict[str, FoundFile] = FILES, sums: str | None = None) -> str:
    """Why a set is not whole; empty for one that is."""
    try:
        rules.check_files(manifest, files, rules.sums(files) if sums is None else sums)
    except SetFault as found:
        return str(found)
    return ""


def test_a_whole_set_has_nothing_against_it() -> None:
    assert fault(WHOLE) == ""
    assert rules.sums({"b": MEDIA, "a": DUMP}) == f"{'d' * 64}  a\n{'m' * 64}  b\n"
    bare = {**WHOLE, "media": {"mode": "none", "bytes": 0, "items": []}, "files": WHOLE["files"][:1]}
    assert fault(bare, without(FILES, "media.tar")) == ""
    sealed = {f"{name}.age" if name != "manifest.json" else name: file for name, file in FILES.items()}
    files = [listed(name, file) for name, file in sealed.items() if name != "manifest.json"]
    assert fault({**WHOLE, "encryption": PLAIN, "files": files}, sealed) == ""
    plain = {f"{NAME}.sql.gz": DUMP, **without(FILES, f"{NAME}.dump")}
    named = [listed(f"{NAME}.sql.gz", DUMP), listed("media.tar", MEDIA)]
    assert fault({**WHOLE, "format": "plain", "files": named}, plain) == ""


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (without(FILES, "media.tar"), "set_incomplete: media.tar is missing"),
        ({"manifest.json": MANIFEST}, f"set_incomplete: {NAME}.dump is missing; media.tar is missing"),
        ({**FILES, "z": DUMP, "more": DUMP}, "set_incomplete: more does not belong to it; z does not belong to it"),
        ({**FILES, "media.tar": FoundFile(20, "f" * 64)}, "checksum_mismatch: media.tar"),
        ({**FILES, "media.tar": FoundFile(21, "m" * 64)}, "checksum_mismatch: media.tar"),
        (
            {"media.tar": DUMP, f"{NAME}.dump": MEDIA, "manifest.json": MANIFEST},
            f"checksum_mismatch: {NAME}.dump, media.tar",
        ),
    ],
)
def test_a_file_that_is_gone_added_or_altered_is_named(files: dict[str, FoundFile], said: str) -> None:
    assert fault(WHOLE, files) == said


def test_a_dump_that_nobody_listed_and_other_sums_are_faults() -> None:
    unlisted = {**WHOLE, "files": WHOLE["files"][1:]}
    assert fault(unlisted, without(FILES, f"{NAME}.dump")) == f"set_incomplete: {NAME}.dump is missing"
    no_media = {**WHOLE, "files": WHOLE["files"][:1]}
    assert fault(no_media, without(FILES, "media.tar")) == "set_incomplete: media.tar is missing"
    assert fault(WHOLE, sums="") == "checksum_mismatch: SHA256SUMS or manifest.json"


@pytest.mark.parametrize("key", sorted(WHOLE))
def test_a_manifest_without_one_of_its_keys_is_none(key: str) -> None:
    assert fault(without(WHOLE, key)) == f"set_incomplete: the manifest lacks {key}"


def changed(path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    """The manifest with one thing other, or without it where it is none."""
    manifest = deepcopy(WHOLE)
    at: Any = manifest
    for step in path[:-1]:
        at = at[step]
    if value is None:
        del at[path[-1]]
    else:
        at[path[-1]] = value
    return manifest


@pytest.mark.parametrize(
    "manifest",
    [
        *(changed(("files", 0, key), None) for key in ("name", "size", "sha256")),
        *(changed(("media", "items", 0, key), None) for key in ("key", "size", "sha256")),
        changed(("files", 1, "size"), "20"), changed(("media", "items", 0, "size"), "17"),
        changed(("media", "bytes"), "20"), changed(("media", "mode"), "most"), changed(("media", "items"), None),
        changed(("format",), "tar"), changed(("tables", "a_b", "rows"), "many"), changed(("sequences", "a_s"), [3]),
        changed(("journal_heads", "1"), [9]), changed(("pg_dump_version",), "new"),
        changed(("postgres_version",), "new"), {**WHOLE, "media": without(REFERENCE, "bucket")},
        {**WHOLE, "media": {**REFERENCE, "bucket": ""}},
        {**WHOLE, "media": {**REFERENCE, "items": WHOLE["media"]["items"]}},
        {**WHOLE, "encryption": {"plain": [{"name": "x", "size": 1}]}},
        {**WHOLE, "encryption": {"plain": [{"name": "x", "size": "1", "sha256": ""}]}},
    ],
)  # fmt: skip
def test_a_manifest_that_lies_in_shape_is_none(manifest: dict[str, Any]) -> None:
    assert fault(manifest) == "set_incomplete: manifest.json is not that of a set"
    rules.check_shape(WHOLE)
    rules.check_shape({**WHOLE, "media": REFERENCE})


@pytest.mark.parametrize(
    ("name", "is_file", "is_safe"),
    [
        ("1/bob", True, True), ("1/..bob", True, True), ("1/bob", False, False), ("", True, False),
        ("/etc/passwd", True, False), ("1/../../bob", True, False), ("..", True, False), ("1\\bob", True, False),
        ("1/bob\0", True, False),
    ],
)  # fmt: skip
def test_nothing_of_an_archive_leaves_its_folder(name: str, is_file: bool, is_safe: bool) -> None:
    if is_safe:
        rules.check_member(name, is_file=is_file)
        return
    with pytest.raises(SetFault) as refused:
        rules.check_member(name, is_file=is_file)
    assert (refused.value.code, str(refused.value)) == (
        "unsafe_path",
        f"unsafe_path: {name}" if name else "unsafe_path",
    )


WAS = Contents({"a": (7, "x"), "b": (1, "y")}, {"s": (3, True)}, ["a.1", "a.2"], {"1": (9, "h")})


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (replace(WAS, migrations=["a.2", "a.1"]), []),
        (replace(WAS, tables={"a": (6, "x"), "b": (1, "z")}),
         ["a: 7 rows in the set, 6 restored", "b: same number of rows, different content"]),
        (replace(WAS, tables={"c": (0, "")}), ["a: missing", "b: missing", "c: not in the set"]),
        (replace(WAS, sequences={"s": (3, False), "r": (1, True)}),
         ["r: None in the set, (1, True) restored", "s: (3, True) in the set, (3, False) restored"]),
        (replace(WAS, sequences={}), ["s: (3, True) in the set, None restored"]),
        (replace(WAS, migrations=["a.1"]), ["migrations differ"]),
        (replace(WAS, journal_heads={"1": (9, "i")}), ["the heads of the journal differ"]),
    ],
)  # fmt: skip
def test_each_difference_of_what_was_restored_is_a_line(found: Contents, said: list[str]) -> None:
    assert rules.differences(WAS, found) == said


def test_a_manifest_promises_its_contents() -> None:
    assert rules.of_manifest(WHOLE) == Contents(
        {"a_b": (7, "x")}, {"a_s": (3, True)}, ["a.1", "a.2"], {"1": (9, "h")}
    )  # fmt: skip


HERE = Here("18.0", "18.3", ["a.1", "a.2"], ["older", "ours"], free_bytes=100, may_create=True)


@pytest.mark.parametrize(
    ("here", "change", "codes"),
    [
        (HERE, {}, []), (replace(HERE, has_identity=False), {}, []), (HERE, {"encryption": PLAIN}, []),
        (replace(HERE, known_migrations=["a.1"]), {}, ["set_from_newer_release"]),
        (replace(HERE, known_migrations=["a.1", "a.2", "a.3"]), {}, []),
        (replace(HERE, tools="17.9"), {}, ["dump_newer_than_tools"]), (HERE, {"pg_dump_version": "17.9"}, []),
        (replace(HERE, server="17.9"), {}, ["server_too_old"]), (HERE, {"postgres_version": "15.2"}, []),
        (replace(HERE, key_fingerprints=["older"]), {}, ["secret_key_differs"]),
        (replace(HERE, has_identity=False), {"encryption": PLAIN}, ["identity_missing"]),
        (replace(HERE, free_bytes=99), {}, ["disk_space"]), (replace(HERE, may_create=False), {}, ["owner_role"]),
        (Here("15.0", "15.0", [], [], 0, may_create=False, has_identity=False), {"encryption": PLAIN},
         ["set_from_newer_release", "dump_newer_than_tools", "server_too_old", "secret_key_differs",
          "identity_missing", "disk_space", "owner_role"]),
    ],
)  # fmt: skip
def test_every_reason_not_to_restore_is_given_before_anything_changes(
    here: Here, change: dict[str, Any], codes: list[str]
) -> None:
    found = rules.refusals({**WHOLE, **change}, here, needed_bytes=100, is_other_key=False)
    assert [each.code for each in found] == codes
    other_key = rules.refusals({**WHOLE, **change}, here, needed_bytes=100, is_other_key=True)
    assert [each.code for each in other_key] == [code for code in codes if code != "secret_key_differs"]


def test_migrations_that_nobody_here_knows_are_named_up_to_twenty() -> None:
    newer = {**WHOLE, "migrations": [f"a.{n:02}" for n in reversed(range(21))]}
    (refused,) = rules.refusals(newer, HERE, needed_bytes=0, is_other_key=False)
    assert refused.args[0] == f"set_from_newer_release: {', '.join(f'a.{n:02}' for n in range(20))}"


def test_a_set_needs_twice_the_room_of_the_last_one_and_the_first_a_gibibyte() -> None:
    assert [rules.room_needed(last) for last in (None, 0, 5)] == [1_073_741_824, 1_073_741_824, 10]


def test_a_set_has_the_name_of_its_moment_and_its_database_lies_in_a_file_of_it() -> None:
    assert rules.named("fmu", datetime(2026, 1, 2, 12, 3, 23, tzinfo=UTC)) == NAME
    assert rules.prefix_of("fmu_platform_20260102_120323") == "fmu_platform"
    assert [rules.dump_name(NAME, each) for each in ("custom", "plain")] == [f"{NAME}.dump", f"{NAME}.sql.gz"]
    assert [rules.major(each) for each in ("18.1 (Debian 18.1-1)", "16devel", "17beta2", "15")] == [18, 16, 17, 15]


@pytest.mark.parametrize(
    ("name", "is_part"),
    [
        (f"{NAME}.partial", True), (f"far_{NAME}.partial", True), (f"open_{NAME}.partial", True),
        (f"drill_{NAME}.partial", True), (NAME, False), (f"far_{NAME}", False), ("fmu.partial", False),
        (f"other_{NAME}.partial", False), ("ours_20260102_120323.partial", False), ("fmu_2026.partial", False),
        ("fmu_2026010x_120323.partial", False),
    ],
)  # fmt: skip
def test_what_was_begun_of_a_set_belongs_to_its_prefix(name: str, is_part: bool) -> None:
    assert rules.is_part_of(name, "fmu") is is_part


def test_what_a_program_said_is_one_line_without_the_values_of_a_row() -> None:
    assert rules.first_line(' ERROR:  invalid input: "Bob" \nDETAIL: x') == "ERROR:  invalid input: …"
    assert (rules.first_line(" \n"), len(rules.first_line("x" * 400))) == ("", 300)
    assert rules.words_of(b"pg_dump: warning\npg_dump: error: away\nrow", 1) == "pg_dump: error: away"
    assert rules.words_of(b"first\nsecond", 1) == "first"
    assert rules.words_of(b"ERROR: a\nFATAL: b\n", 1) == "FATAL: b"
    assert (rules.words_of(b"", 7), len(rules.words_of(b"x" * 400, 1))) == ("exit 7", 200)


@pytest.mark.parametrize("status", SetStatus)
def test_a_set_that_was_written_whole_can_be_verified(status: SetStatus) -> None:
    moves = rules.SET.moves(SetFacts(status), platform(None), datetime(2026, 1, 2, tzinfo=UTC))
    is_open = status in (SetStatus.CREATED, SetStatus.PROVEN, SetStatus.DAMAGED)
    assert [each.name for each in moves if each.allowed] == (["verify"] if is_open else [])


def test_a_fault_of_the_place_says_nothing_of_a_set() -> None:
    assert {"disk_full", "disk_fault", "identity_missing"} == rules.OF_THE_PLACE

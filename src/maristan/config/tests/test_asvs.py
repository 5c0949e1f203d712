"""Every requirement of OWASP ASVS 5.0, levels 1 and 2, is met with evidence, does not apply, or is owned up to."""

import csv
import re
from functools import cache
from pathlib import Path

import maristan

ROOT = Path(maristan.__file__).parents[2]
TABLE = ROOT / "docs" / "operations" / "asvs.csv"
# Section → the level of each of its requirements, in their order; those of level 3 are not asked for.
LEVELS = {
    "1.1": "22", "1.2": "1111122223", "1.3": "112222222223", "1.4": "222", "1.5": "123", "2.1": "122", "2.2": "112",
    "2.3": "12223", "2.4": "23", "3.1": "3", "3.2": "113", "3.3": "12223", "3.4": "11222233", "3.5": "11122333",
    "3.6": "3", "3.7": "22333", "4.1": "12233", "4.2": "23333", "4.3": "22", "4.4": "1222", "5.1": "2", "5.2":
    "112333", "5.3": "113", "5.4": "222", "6.1": "122", "6.2": "111111112222", "6.3": "11223333", "6.4": "112233",
    "6.5": "22222333", "6.6": "2223", "6.7": "33", "6.8": "2222", "7.1": "222", "7.2": "1111", "7.3": "22", "7.4":
    "11222", "7.5": "223", "7.6": "22", "8.1": "1233", "8.2": "1123", "8.3": "133", "8.4": "23", "9.1": "111",
    "9.2": "1222", "10.1": "22", "10.2": "223", "10.3": "22223", "10.4": "1111122222233333", "10.5": "22222",
    "10.6": "22", "10.7": "222", "11.1": "2233", "11.2": "22233", "11.3": "11233", "11.4": "1222", "11.5": "23",
    "11.6": "23", "11.7": "33", "12.1": "12233", "12.2": "11", "12.3": "22223", "13.1": "2333", "13.2": "222223",
    "13.3": "2233", "13.4": "1222233", "14.1": "22", "14.2": "12223333", "14.3": "122", "15.1": "12233", "15.2":
    "12233", "15.3": "1222222", "15.4": "3333", "16.1": "2", "16.2": "22222", "16.3": "2222", "16.4": "222", "16.5":
    "2223", "17.1": "23", "17.2": "22223333", "17.3": "22",
}  # fmt: skip
STATUSES = {"met", "not_applicable", "gap"}


def wanted() -> dict[str, str]:
    """Requirement → level, of levels 1 and 2."""
    return {
        f"V{section}.{number}": level
        for section, levels in LEVELS.items()
        for number, level in enumerate(levels, 1)
        if level in "12"
    }


def rows() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


@cache
def names_in(file: Path) -> frozenset[str]:
    return frozenset(re.findall(r"^def (test_\w+)\(", file.read_text(encoding="utf-8"), re.M))


def is_alive(evidence: str, root: Path = ROOT) -> bool:
    """Whether a file is there, and a test in it."""
    path, _, test = evidence.partition("::")
    file = root / path
    return bool(path) and file.exists() and (not test or test in names_in(file))


def faults(found: list[dict[str, str]]) -> list[str]:
    """What is wrong with rows: evidence that is gone, a status without what it needs."""
    wrong = []
    for row in found:
        evidence = row["evidence"].split()
        wrong += [f"{row['id']}: {each} is gone" for each in evidence if not is_alive(each)]
        if row["status"] not in STATUSES or row["level"] != wanted().get(row["id"]):
            wrong.append(f"{row['id']}: no such status or level")
        if row["status"] == "met" and not evidence:
            wrong.append(f"{row['id']}: met without evidence")
        if row["status"] != "met" and len(row["reason"].strip()) < 10:
            wrong.append(f"{row['id']}: {row['status']} without a reason")
    return wrong


def test_every_requirement_of_two_levels_is_answered_once() -> None:
    levels = list(wanted().values())
    assert (len(levels), levels.count("1"), levels.count("2")) == (253, 70, 183)
    assert [row["id"] for row in rows()] == list(wanted())


def test_evidence_exists_and_gaps_have_reasons() -> None:
    assert faults(rows()) == []


def test_a_missing_number_dead_evidence_and_a_gap_without_reason_are_found() -> None:
    good = {"id": "V1.1.1", "level": "2", "status": "met", "evidence": "docs/operations/asvs.csv", "reason": ""}
    here = "src/maristan/config/tests/test_asvs.py"
    assert faults([good, {**good, "evidence": f"{here}::test_evidence_exists_and_gaps_have_reasons"}]) == []
    for wrong in (
        {"evidence": f"{here}::test_of_tomorrow"}, {"evidence": "docs/none.md"}, {"evidence": ""}, {"level": "1"},
        {"status": "perhaps", "reason": "for a good reason"}, {"status": "gap"}, {"status": "not_applicable"},
        {"id": "V1.1.9"},
    ):  # fmt: skip
        assert len(faults([{**good, **wrong}])) == 1, wrong

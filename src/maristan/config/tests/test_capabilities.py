"""Everything that is announced exists, and everything that exists is announced."""

from pathlib import Path

import pytest

from maristan.config import capabilities, release
from maristan.operations.queries import catalogue
from maristan.operations.rules.manifest import contents

KINDS = ("tables", "constraints", "endpoints", "screens", "jobs", "permissions")
COMPLETE = ("tables", "endpoints", "screens", "jobs", "permissions")


def named(kind: str) -> list[str]:
    return [need for each in capabilities.read() for need in each[kind]]


@pytest.fixture(scope="module")
def there(django_db_setup: None, django_db_blocker: object) -> dict[str, set[str]]:
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        manifest = release.written(catalogue.read().tables)
    return {**contents(manifest), "screens": set(release.screens())}


@pytest.mark.parametrize("kind", KINDS)
def test_every_need_is_there(there: dict[str, set[str]], kind: str) -> None:
    assert sorted(set(named(kind)) - there[kind]) == []


@pytest.mark.parametrize("kind", COMPLETE)
def test_everything_belongs_to_a_capability(there: dict[str, set[str]], kind: str) -> None:
    assert sorted(there[kind] - set(named(kind))) == []


@pytest.mark.parametrize("kind", ["tables", "endpoints", "screens", "jobs"])
def test_nothing_belongs_to_two(kind: str) -> None:
    found = named(kind)
    assert sorted({each for each in found if found.count(each) > 1}) == []


def test_the_week_plan_needs_its_five_tables_and_three_rules() -> None:
    (plan,) = (each for each in capabilities.read() if each["id"] == "timetable.week_plan")
    assert plan["tables"] == [
        "timetable_sessionoccurrence", "timetable_weekcell", "timetable_weekchangelog", "timetable_weekplan",
        "timetable_weekslotrow",
    ]  # fmt: skip
    assert len(plan["constraints"]) == 3


def test_an_unknown_need_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "capabilities.toml"
    file.write_text('[capability."a.b"]\ntitle = "x"\nsince = "1"\ntable = ["y"]\n', encoding="utf-8")
    with pytest.raises(ValueError, match=r"a\.b: unknown table"):
        capabilities.read(file)


def test_each_page_has_an_id_of_its_own() -> None:
    import json

    pages = {
        f"{file.parts[-3]}/{file.stem}"
        for file in (release.ROOT / "web" / "src" / "features").glob("*/pages/*.tsx")
        if not file.name.endswith(".test.tsx")
    }
    ids = json.loads((release.ROOT / "web" / "screens.json").read_text(encoding="utf-8"))
    assert ids.keys() == pages
    assert len(set(ids.values())) == len(ids)

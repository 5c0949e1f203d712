"""Release notes say what is new, what is gone, and what has to be known before."""

from typing import Any

from maristan.operations.rules.manifest import canonical, contents, differences
from maristan.operations.rules.notes import markdown, section

CHANGELOG = "# Changelog\n\n## Unreleased\n\nSoon.\n\n## 1.1 of 2026-03-01\n\nWeek plans.\n\n## 1.0\n\nThe first.\n"


def release(version: str, *capabilities: str, breaking: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        "version": version, "build_id": "a" * 12, "tables": {}, "endpoints": [], "public": [], "jobs": [],
        "permissions": [], "settings": [], "dependencies": [], "bundle": {"screens": []},
        "capabilities": [{"id": each, "title": each.title()} for each in capabilities],
        "migrations": [
            {"app": "work", "name": "0001_initial", "compatibility": "compatible"},
            *({"app": "work", "name": each, "compatibility": "breaking"} for each in breaking),
        ],
    }  # fmt: skip


def test_notes_name_what_changed_since_the_former_release() -> None:
    former, later = release("1.0", "a.one", "a.two"), release("1.1", "a.one", "b.three", breaking=("0002_rename",))
    assert markdown(later, former, CHANGELOG) == (
        f"# Maristan 1.1 (build {'a' * 12})\n\n## New\n\n- B.Three (`b.three`)\n\n## Gone\n\n- `a.two`\n\n"
        "## Before it is deployed\n\n- `work.0002_rename` breaks the former code: no rolling deployment, "
        "no way back by code alone\n\n## Changes\n\nWeek plans.\n"
    )


def test_the_first_release_names_all_that_it_does_and_nothing_that_broke() -> None:
    text = markdown(release("0.1", "a.one", breaking=("0002_rename",)), None, CHANGELOG)
    assert "## What it does\n\n- A.One (`a.one`)\n" in text
    assert "breaks" not in text
    assert text.endswith("## Changes\n\nSoon.\n")


def test_a_release_that_changes_nothing_has_nothing_but_its_changes() -> None:
    same = release("1.0", "b.two", "a.one")
    assert markdown(same, same, CHANGELOG) == f"# Maristan 1.0 (build {'a' * 12})\n\n## Changes\n\nThe first.\n"
    harmless = {"app": "work", "name": "0002_index", "compatibility": "compatible"}
    assert "0002_index" not in markdown({**same, "migrations": [*same["migrations"], harmless]}, same, CHANGELOG)
    first = markdown(same, None, CHANGELOG)
    assert first.index("A.One") < first.index("B.Two")


def test_a_changelog_that_says_nothing_is_none() -> None:
    assert section("# Changelog\n", "1.0") == "none"
    assert section(CHANGELOG, "1.0") == "The first."


MADE: dict[str, Any] = {
    "capabilities": [{"id": "work.tasks"}], "settings": ["DEBUG"], "permissions": ["task.edit"],
    "tables": {"work_task": {"columns": {"title": {}}, "constraints": {"once": ""}}},
    "migrations": [{"app": "work", "name": "0001_initial"}], "jobs": [{"name": "work.remind"}],
    "endpoints": [{"method": "GET", "path": "/api/v1/work/"}], "public": [{"method": "GET", "path": "/healthz/"}],
    "bundle": {"screens": ["work.TaskPage"]}, "dependencies": [{"name": "django", "version": "5.2"}],
}  # fmt: skip


def test_a_release_contains_each_thing_under_its_kind() -> None:
    assert contents(MADE) == {
        "capabilities": {"work.tasks"}, "tables": {"work_task"}, "columns": {"work_task.title"},
        "constraints": {"work_task.once"}, "migrations": {"work.0001_initial"},
        "endpoints": {"GET /api/v1/work/", "GET /healthz/"}, "screens": {"work.TaskPage"}, "jobs": {"work.remind"},
        "permissions": {"task.edit"}, "settings": {"DEBUG"}, "dependencies": {"django 5.2"},
    }  # fmt: skip


def test_of_two_releases_what_came_and_went_is_told_in_order() -> None:
    assert differences(MADE, MADE) == {}
    assert differences(MADE, {**MADE, "settings": ["B", "A"], "jobs": []}) == {
        "settings": {"added": ["A", "B"], "removed": ["DEBUG"]}, "jobs": {"added": [], "removed": ["work.remind"]},
    }  # fmt: skip
    assert differences({**MADE, "settings": ["B", "A"]}, MADE)["settings"]["removed"] == ["A", "B"]


def test_the_identity_of_a_build_is_its_content_and_neither_its_time_nor_its_name() -> None:
    made = {"version": "1", "built_at": "now", "build_id": "a" * 12, "apps": ["b", "a"], "title": "کام"}
    assert canonical(made) == '{"apps":["b","a"],"title":"کام","version":"1"}'.encode()

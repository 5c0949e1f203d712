"""The manifest of a release: the same for the same commit, another for any change."""

import json
from pathlib import Path
from typing import Any

import pytest

from maristan.config import release
from maristan.operations.queries import build, catalogue
from maristan.operations.rules.manifest import differences


@pytest.fixture
def manifest(db: None) -> dict[str, Any]:
    return release.written(catalogue.read().tables)


def test_the_same_code_has_the_same_build(manifest: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    again = release.written(catalogue.read().tables)
    assert again["build_id"] == manifest["build_id"]
    assert len(manifest["build_id"]) == 12
    monkeypatch.setattr(build, "commit", lambda: "0" * 40)
    assert release.written(catalogue.read().tables)["build_id"] != manifest["build_id"]


def test_it_names_what_the_product_is_made_of(manifest: dict[str, Any]) -> None:
    assert manifest["tables"]["timetable_weekplan"]["rls"]["forced"] is True
    assert manifest["tables"]["timetable_weekplan"]["grants"]["runtime"] == ["DELETE", "INSERT", "SELECT", "UPDATE"]
    assert {"name": "comms.send_due", "queue": "mail", "periodic": "* * * * *"} in manifest["jobs"]
    weeks = {"method": "GET", "path": "/api/v1/timetable/weeks/", "permission": "week.view"}
    assert weeks in manifest["endpoints"]
    assert all(each["reason"] for each in manifest["public"])
    assert "config/roles.py" in {each["path"] for each in manifest["package_files"]}
    assert "django" in {each["name"].lower() for each in manifest["dependencies"]}
    assert not any(table.get("not_in_force") for table in manifest["tables"].values())


def test_a_screen_counts_only_where_its_id_is_in_an_emitted_chunk(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<script src=/assets/a.js></script> timetable.WeekPage", encoding="utf-8")
    (tmp_path / "assets").mkdir()
    chunk = tmp_path / "assets" / "a.js"
    chunk.write_text("x.displayName=`timetable.WeeksPage`", encoding="utf-8")
    found = release.bundle(tmp_path)
    assert found["screens"] == ["timetable.WeeksPage"]
    assert found["entry"] == "index.html"
    assert [(each["path"], each["bytes"]) for each in found["files"]] == [("assets/a.js", 35), ("index.html", 53)]
    assert release.emitted(tmp_path, ["z.Page", "timetable.WeeksPage"]) == ["timetable.WeeksPage"]
    assert release.bundle(tmp_path / "nowhere") == {"entry": "", "files": [], "screens": []}


def test_it_is_written_and_read_as_it_is(manifest: dict[str, Any], tmp_path: Path) -> None:
    release.save(manifest, tmp_path / "release" / "manifest.json")
    assert json.loads((tmp_path / "release" / "manifest.json").read_text(encoding="utf-8")) == manifest


def test_two_releases_are_compared_by_what_they_contain(manifest: dict[str, Any]) -> None:
    later = json.loads(json.dumps(manifest))
    assert differences(manifest, later) == {}
    later["jobs"].append({"name": "x.new", "queue": "default", "periodic": ""})
    del later["tables"]["timetable_weekcell"]
    found = differences(manifest, later)
    assert found["jobs"] == {"added": ["x.new"], "removed": []}
    assert found["tables"] == {"added": [], "removed": ["timetable_weekcell"]}

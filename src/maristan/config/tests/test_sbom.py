"""The bill of materials names what is pinned and bundled, and nothing that only builds or tests."""

import json
from pathlib import Path

from maristan.config import release, sbom
from maristan.config.documents import ROOT
from maristan.operations.rules.manifest import digest_of


def test_every_pinned_package_stands_in_it_once_and_the_same_lock_files_give_the_same_text() -> None:
    text = sbom.written(ROOT, "1.0")
    said = json.loads(text)
    assert (said["bomFormat"], said["specVersion"], said["metadata"]["component"]["version"]) == (
        "CycloneDX", "1.6", "1.0",
    )  # fmt: skip
    purls = [each["purl"] for each in said["components"]]
    assert purls == sorted(set(purls))
    for each in release.dependencies():
        plain = each["name"].lower().replace("_", "-").replace(".", "-")
        assert f"pkg:pypi/{plain}@{each['version']}" in purls
    assert any(each.startswith("pkg:npm/react@") for each in purls)
    assert any(each.startswith("pkg:npm/%40mantine/core@") for each in purls)
    assert not any(each.startswith("pkg:npm/vitest@") for each in purls)
    assert all(each["licenses"] for each in said["components"] if each["name"] in ("django", "react", "granian"))
    assert sbom.written(ROOT, "1.0") == text != sbom.written(ROOT, "1.1")


def test_another_lock_file_is_another_bill(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("Typing_Extensions[x]==4.1 \\\n    --hash=sha256:00\n")
    (tmp_path / "web").mkdir()
    lock = {"packages": {
        "": {"name": "maristan-web"},
        "node_modules/a": {"version": "1.0", "license": "MIT", "integrity": "sha512-AAEC"},
        "node_modules/b/node_modules/a": {"version": "2.0", "license": "(MIT OR CC0-1.0) and more"},
        "node_modules/c/node_modules/a": {"version": "1.0"},
        "node_modules/d": {"version": "1.0", "dev": True},
    }}  # fmt: skip
    (tmp_path / "web" / "package-lock.json").write_text(json.dumps(lock))
    said = json.loads(sbom.written(tmp_path, "1"))
    assert [each["purl"] for each in said["components"]] == [
        "pkg:npm/a@1.0", "pkg:npm/a@2.0", "pkg:pypi/typing-extensions@4.1",
    ]  # fmt: skip
    first, second, third = said["components"]
    assert first["hashes"] == [{"alg": "SHA-512", "content": "000102"}]
    assert (first["licenses"], second["licenses"]) == (
        [{"expression": "MIT"}], [{"license": {"name": "(MIT OR CC0-1.0) and more"}}],
    )  # fmt: skip
    assert "licenses" not in third


def test_the_manifest_holds_its_digest_and_it_lies_beside_the_manifest(tmp_path: Path) -> None:
    release.save({"version": "1.0"}, tmp_path / "manifest.json")
    kept = (tmp_path / "sbom.json").read_bytes()
    assert digest_of(kept) == digest_of(sbom.written(ROOT, "1.0").encode())

"""What a release is made of, as CycloneDX: every package that is pinned for the server or bundled into the client."""

import base64
import importlib.metadata
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

SPEC = "1.6"
PINNED = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?==([^\s;\\]+)", re.M)
EXPRESSION = re.compile(r"^[A-Za-z0-9.+-]+(?:( OR | AND )[A-Za-z0-9.+-]+)*$")


def written(root: Path, version: str) -> str:
    """The bill of materials of a checkout; the same text for the same locked requirements."""
    python, web = root / "requirements.txt", root / "web" / "package-lock.json"
    found = [
        *of_python(python.read_text(encoding="utf-8") if python.is_file() else ""),
        *of_web(json.loads(web.read_text(encoding="utf-8")) if web.is_file() else {}),
    ]
    said = {
        "bomFormat": "CycloneDX", "specVersion": SPEC, "version": 1,
        "metadata": {"component": {
            "type": "application", "bom-ref": "maristan", "name": "maristan", "version": version,
        }},
        "components": sorted(found, key=lambda each: each["purl"]),
    }  # fmt: skip
    return json.dumps(said, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def of_python(requirements: str) -> Iterator[dict[str, Any]]:
    """What the locked requirements pin."""
    for name, version in PINNED.findall(requirements):
        plain = re.sub(r"[-_.]+", "-", name).lower()
        yield _component(plain, version, f"pkg:pypi/{plain}@{quote(version)}", _licence(name, version))


def of_web(lock: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """What the lock file of the client names, but for what only builds or tests it."""
    known = set()
    for path, said in lock.get("packages", {}).items():
        name, version = path.rpartition("node_modules/")[2], said.get("version", "")
        if not path or said.get("dev") or said.get("link") or (name, version) in known:
            continue
        known.add((name, version))
        found = _component(name, version, f"pkg:npm/{quote(name)}@{quote(version)}", said.get("license", ""))
        kind, _, digest = said.get("integrity", "").partition("-")
        if kind == "sha512":
            found["hashes"] = [{"alg": "SHA-512", "content": base64.b64decode(digest).hex()}]
        yield found


def _component(name: str, version: str, purl: str, licence: str) -> dict[str, Any]:
    found: dict[str, Any] = {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl}
    if licence:
        named = {"expression": licence} if EXPRESSION.match(licence) else {"license": {"name": licence}}
        found["licenses"] = [named]
    return found


def _licence(name: str, version: str) -> str:
    """What the package says of itself, where that very version is installed."""
    try:
        told = importlib.metadata.distribution(name)
    except importlib.metadata.PackageNotFoundError:
        return ""
    if told.version != version:
        return ""
    told_of = {name: told.metadata.get_all(name, []) for name in ("License-Expression", "License", "Classifier")}
    short = [each.strip() for each in told_of["License"] if each.strip() and "\n" not in each.strip()]
    named = [each.rpartition(":: ")[2] for each in told_of["Classifier"] if each.startswith("License ::")]
    return str(next(iter([*told_of["License-Expression"], *short, *named]), ""))[:80]

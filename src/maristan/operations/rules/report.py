"""The report of a verification as people read it: always the same headings in the same order."""

from collections.abc import Iterable, Mapping
from typing import Any

HEADINGS = (
    "Environment", "Backup", "Release contents", "Build and dependencies", "Migrations", "Schema",
    "Processes and ports", "Smoke tests", "Findings", "Commands executed", "Result",
)  # fmt: skip
WORDS = {
    "verified": "VERIFIED",
    "verified_with_warnings": "VERIFIED WITH WARNINGS",
    "not_verified": "NOT VERIFIED",
}


def markdown(said: Mapping[str, Any]) -> str:
    """The report; `said` holds the keys of `Verification` besides `checked`, `present`, `expected` and `manifest`.

    A deployment adds its `title`, what its `smoke` tests said, and by heading lines `more`.
    """
    checked, more = said["checked"], said.get("more", {})
    smoke = said.get("smoke", "not run by this command")
    sections = {
        "Environment": _pairs({key: said[key] for key in ("environment", "at", "base_url", "scope", "host")}),
        "Backup": [checked.get("backup", "not checked")],
        "Release contents": [*_pairs(said["contents"]), *_expected(said)],
        "Build and dependencies": [
            f"build {said['build_id']} version {said['version']}", checked.get("code", "not checked"),
        ],
        "Migrations": [checked.get("database", "not checked")],
        "Schema": [checked.get("database", "not checked"), f"journal: {checked.get('journal', 'not checked')}"],
        "Processes and ports": [checked.get("processes", "not checked"), *said["processes"]],
        "Smoke tests": [f"web: {checked.get('web', 'not checked')}", f"smoke: {smoke}"],
        "Findings": _findings(said["findings"]),
        "Commands executed": [f"`{said['command']}`"],
        "Result": [WORDS[said["result"]]],
    }  # fmt: skip
    parts = [f"# {said.get('title', 'Verification of build ' + said['build_id'])}"]
    for heading in HEADINGS:
        lines = [*sections[heading], *more.get(heading, ())]
        parts.append(f"## {heading}\n\n" + "\n".join(f"- {line}" for line in lines))
    return "\n\n".join(parts) + "\n"


def _pairs(values: Mapping[str, Any]) -> list[str]:
    return [f"{key}: {value if value != '' else 'none'}" for key, value in values.items()]


def _expected(said: Mapping[str, Any]) -> Iterable[str]:
    for name, needs in said["expected"].items():
        yield f"expected `{name}`:"
        yield from (f"  {line}" for line in needs)


def _findings(found: Iterable[Mapping[str, Any]]) -> list[str]:
    lines = []
    for each in found:
        line = f"{each['severity']} `{each['code']}` {each['subject']}"
        for key in ("expected", "found", "hint"):
            line += f"; {key}: {each[key]}" if each[key] else ""
        lines.append(line + (f"; accepted: {each['accepted_reason']}" if each["accepted_reason"] else ""))
    return lines or ["none"]

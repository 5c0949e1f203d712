"""What runs for each change holds all that was promised, by targets that anybody can run; nothing is let pass."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from maristan.config.documents import ROOT
from maristan.config.tests import migrations_check, sarif_check, secrets_check

WORKFLOW = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
PINNED = re.compile(r"^[\w-]+/[\w./-]+@[0-9a-f]{40}$")
LETS_PASS = re.compile(
    r"\|\|\s*(?:true|:|exit 0)\b|;\s*(?:true|exit 0)\b|continue-on-error|set \+e|--exit-zero|^\t-(?!-)", re.M
)
# What every change goes through → the target that does it, and what its recipe has to say.
PARTS = {
    "lint": ("lint", r"ruff check \.\n.*ruff format --check \.\n.*npm run --silent lint"),
    "types": ("types", r"mypy\n.*typecheck"),
    "import contracts": ("contracts", r"lint-imports"),
    "client unit tests": ("web-test", r"npm run --silent test"),
    "end-to-end": ("e2e", r"pytest e2e"),
    "migrations": ("migrations-check", r"maristan\.config\.tests\.migrations_check"),
    "wheel installed and verified": ("wheel-check", r"maristan\.config\.tests\.wheel_check"),
    "rig": ("rig", r"rig_\*\.py"),
    "faults": ("faults", r"maristan\.config\.tests\.faults"),
    "coverage": ("coverage", r"--cov-report=html --cov-report=xml\n.*--fail-under=90\n.*--fail-under=100 --include="),
    "CodeQL": ("codeql", r"security-extended(?s:.*)sarif_check"),
    "Trivy": ("trivy", r"--scanners vuln,secret,misconfig.*--exit-code 1"),
    "secret scan": ("secrets", r"secrets_check"),
    "pip-audit": ("audit", r"pip-audit --strict .*-r requirements\.txt\n"),
    "npm audit": ("audit", r"npm audit\n"),
    "bill of materials": ("sbom", r"release sbom"),
}
EVERYWHERE = {"lint", "types", "contracts", "web-test", "e2e", "migrations-check", "wheel-check", "coverage"}
AXES = {"python": ["3.11", "3.12", "3.13"], "database": ["15", "embedded"]}


def recipes(makefile: str) -> dict[str, str]:
    """The lines of each target."""
    found = re.findall(r"^([a-z0-9-]+):(?!=)[^\n]*\n((?:\t[^\n]*\n)*)", makefile, re.M)
    return {name: lines for name, lines in found if name != "help"}


def steps(job: dict[str, Any]) -> list[dict[str, Any]]:
    return list(job["steps"])


def made(job: dict[str, Any]) -> list[str]:
    """The targets of a job."""
    return [step["run"].removeprefix("make ") for step in steps(job) if step.get("run", "").startswith("make ")]


def faults(workflow: str = WORKFLOW, makefile: str = MAKEFILE) -> list[str]:
    """What is missing, let pass or not pinned."""
    said, known = yaml.safe_load(workflow), recipes(makefile)
    jobs = said["jobs"]
    targets = {each for job in jobs.values() for each in made(job)}
    found = [f"{part}: not run" for part, (target, _) in PARTS.items() if target not in targets]
    found += [f"{part}: not what it says" for part, (target, words) in PARTS.items()
              if not re.search(words, known.get(target, ""))]  # fmt: skip
    found += [f"{each}: no target" for each in sorted(targets - set(known))]
    found += [f"lets pass: {each}" for text in (workflow, *known.values()) for each in LETS_PASS.findall(text)]
    for name, job in jobs.items():
        for step in steps(job):
            found += _of_step(name, step)
    tests = jobs["tests"]
    matrix = tests["strategy"]["matrix"]
    found += [f"{axis} is not {wanted}" for axis, wanted in AXES.items() if matrix.get(axis) != wanted]
    found += [f"{each}: not for each version" for each in sorted(EVERYWHERE - set(made(tests)))]
    if matrix.get("include") != [{"database": "15", "image": "postgres:15", "url": server_url(matrix)}]:
        found.append("the server of the matrix is not PostgreSQL 15")
    if tests["env"] != {"DATABASE_URL": "${{ matrix.url }}"} or server_url(matrix).split("://")[0] != "postgresql":
        found.append("the tests are not led to the server of the matrix")
    if said["permissions"] != {"contents": "read"} or any("permissions" in each for each in jobs.values()):
        found.append("permissions beyond reading")
    return found


def server_url(matrix: dict[str, Any]) -> str:
    return next((str(each.get("url", "")) for each in matrix.get("include", [])), "")


def _of_step(job: str, step: dict[str, Any]) -> list[str]:
    """A step runs one target, or an action by its commit; only what keeps reports looks at how the others ended."""
    found = []
    if "run" in step and not re.fullmatch(r"make [a-z0-9-]+", step["run"]):
        found.append(f"{job}: not a target: {step['run']}")
    if "uses" in step and not PINNED.match(step["uses"]):
        found.append(f"{job}: not pinned: {step['uses']}")
    if "if" in step and (step["if"] != "failure()" or "upload-artifact@" not in step.get("uses", "")):
        found.append(f"{job}: only {step['if']}: {step.get('run', step.get('uses'))}")
    return found


def test_every_change_goes_through_all_that_was_promised() -> None:
    assert faults() == []


@pytest.mark.parametrize(
    ("was", "becomes", "found"),
    [
        ("- run: make codeql", "", "CodeQL: not run"),
        ("- run: make sbom", "", "bill of materials: not run"),
        ("make audit", "make audits", "audits: no target"),
        ("run: make trivy", "run: make trivy || true", "lets pass: || true"),
        ("run: make trivy", "run: trivy fs .", "weaknesses: not a target: trivy fs ."),
        ("- run: make rig", "- run: make rig\n        continue-on-error: true", "lets pass: continue-on-error"),
        ("- run: make rig", "- run: make rig\n        if: always()", "processes: only always(): make rig"),
        ("setup-trivy@3fb12ec12f41e471780db15c232d5dd185dcb514", "setup-trivy@v0.2.6",
         "weaknesses: not pinned: aquasecurity/setup-trivy@v0.2.6"),
        (', "3.13"]', "]", "python is not ['3.11', '3.12', '3.13']"),
        ("image: postgres:15", "image: postgres:16", "the server of the matrix is not PostgreSQL 15"),
        ("DATABASE_URL: ${{ matrix.url }}", "OTHER: x", "the tests are not led to the server of the matrix"),
        ("contents: read", "contents: write", "permissions beyond reading"),
        ("- run: make wheel-check", "", "wheel-check: not for each version"),
    ],
)  # fmt: skip
def test_a_workflow_that_promises_less_is_found(was: str, becomes: str, found: str) -> None:
    assert was in WORKFLOW
    assert found in faults(workflow=WORKFLOW.replace(was, becomes))


@pytest.mark.parametrize(
    ("was", "becomes", "found"),
    [
        ("--fail-under=90", "--fail-under=80", "coverage: not what it says"),
        ("cd web && npm audit", "cd web && npm audit || true", "lets pass: || true"),
        ("pip-audit --strict", "pip-audit", "pip-audit: not what it says"),  # else it passes over what it cannot ask
        ("--exit-code 1", "--exit-code 0", "Trivy: not what it says"),
        ("\t$(BIN)/ruff check .\n", "\t-$(BIN)/ruff check .\n", "lets pass: \t-"),
    ],
)
def test_a_target_that_promises_less_is_found(was: str, becomes: str, found: str) -> None:
    assert was in MAKEFILE
    assert found in faults(makefile=MAKEFILE.replace(was, becomes))


def test_reports_of_coverage_are_kept_when_a_run_fails_and_the_bill_of_materials_always() -> None:
    jobs = yaml.safe_load(WORKFLOW)["jobs"]
    kept = {
        path: step.get("if", "always")
        for job in jobs.values() for step in steps(job) if "upload-artifact@" in step.get("uses", "")
        for path in step["with"]["path"].split()
    }  # fmt: skip
    assert kept == {
        "var/coverage/html": "failure()", "var/coverage/coverage.xml": "failure()", "dist/sbom.json": "always",
    }  # fmt: skip


# --- what a step says of itself ---------------------------------------------------------------------------------------


def repository(folder: Path, *tags: str) -> None:
    """A history of one commit for each tag, and one after."""
    run = ["git", "-c", "user.name=A", "-c", "user.email=a@a.example"]
    subprocess.run(["git", "init", "--quiet", "--initial-branch=main", folder], check=True)
    for tag in (*tags, ""):
        subprocess.run([*run, "commit", "--quiet", "--allow-empty", "-m", tag or "next"], cwd=folder, check=True)
        if tag:
            subprocess.run(["git", "tag", tag], cwd=folder, check=True)


def test_the_last_release_is_the_newest_tag_before_this_commit(tmp_path: Path) -> None:
    repository(tmp_path, "v1.9", "v1.10", "draft")
    assert migrations_check.last_release(tmp_path) == "v1.10"
    subprocess.run(["git", "tag", "v2.0"], cwd=tmp_path, check=True)
    assert migrations_check.last_release(tmp_path) == "v1.10"


def test_before_the_first_release_there_is_none_and_a_history_cut_off_tells_nothing(tmp_path: Path) -> None:
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    repository(whole, "draft")
    assert migrations_check.last_release(whole) is None
    repository(tmp_path / "released", "v1.0", "other")
    source = (tmp_path / "released").as_uri()
    subprocess.run(["git", "clone", "--quiet", "--depth=1", "--no-tags", source, cut], check=True)
    with pytest.raises(migrations_check.Failed, match="cut off"):
        migrations_check.last_release(cut)


def test_an_objection_to_a_migration_is_accounted_for_or_found_and_accounts_do_not_outlive_it() -> None:
    known = {"a.0002": "its table is new"}
    assert migrations_check.objected_to({"a.0002"}, known) == []
    assert migrations_check.objected_to({"a.0002", "a.0003"}, known) == [
        "a.0003 would break the former code, as printed above"
    ]
    assert migrations_check.objected_to(set(), known) == ["a.0002: nothing is objected any more"]


def test_a_step_of_migrations_that_fails_fails_all_and_the_others_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    def well() -> str:
        return "as it should be"

    def ill() -> str:
        raise migrations_check.Failed("a field without a migration")

    assert (migrations_check.run([well]), migrations_check.run([ill, well])) == (0, 1)
    assert capsys.readouterr().out.splitlines()[1:] == [
        "ill: FAILED: a field without a migration",
        "well: as it should be",
    ]


def test_a_finding_of_a_scanner_fails_and_so_does_a_scan_that_was_none(tmp_path: Path) -> None:
    def judged(said: Any) -> int:
        file = tmp_path / "python.sarif"
        file.write_text(said if isinstance(said, str) else json.dumps(said))
        return sarif_check.main([str(file)])

    where = {"physicalLocation": {"artifactLocation": {"uri": "a.py"}, "region": {"startLine": 3}}}
    result = {"ruleId": "py/sql", "message": {"text": "built from input"}, "locations": [where]}
    assert judged({"runs": [{"results": []}]}) == 0
    assert judged({"runs": [{"results": [result]}]}) == 1
    assert judged({"runs": [{"results": [{**result, "suppressions": [{"kind": "inSource"}]}]}]}) == 0
    assert [judged({"runs": []}), judged("no json"), sarif_check.main([str(tmp_path / "none")])] == [2, 2, 2]
    assert sarif_check.main([]) == 1
    assert list(sarif_check.findings(_written(tmp_path, result))) == ["a.py:3: py/sql: built from input"]


def test_what_looks_like_a_secret_is_accounted_for_or_found_and_accounts_do_not_outlive_it() -> None:
    known = {"a.py": "an example"}
    assert secrets_check.judged([("a.py", 3, "Basic Auth Credentials")], known) == []
    assert secrets_check.judged([("a.py", 3, "x"), ("b.py", 1, "Private Key")], known) == ["b.py:1: Private Key"]
    assert secrets_check.judged([], known) == ["a.py: nothing is found there any more"]
    assert all((ROOT / path).is_file() for path in secrets_check.ACCOUNTED_FOR)


def _written(folder: Path, *results: Any) -> Path:
    file = folder / "one.sarif"
    file.write_text(json.dumps({"runs": [{"results": results}]}))
    return file

"""Release folders as `scripts/deploy_*.sh` install them, made by copying this package; and processes that run them."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from maristan.config import release, sbom
from maristan.config.documents import ROOT
from maristan.operations.queries import build, catalogue, migrations
from maristan.operations.rules.manifest import SHORT, canonical, digest_of
from maristan.operations.rules.shelf import named

LEFT_OUT = shutil.ignore_patterns("__pycache__", "tests", "webclient", "release")
PROGRAM = """#!/bin/sh
PYTHONPATH="{folder}/lib" exec "{python}" -m maristan "$@"
"""
MIGRATION = '''"""Of a rig."""
from django.db import migrations


class Migration(migrations.Migration):
    compatibility = "{compatibility}"
    dependencies = [("operations", "{after}")]
    operations = [migrations.RunSQL({forwards!r}, {backwards!r})]
'''


def last_migration(package: Path) -> str:
    """The name of the newest migration of operations."""
    return max(each.stem for each in (package / "operations" / "migrations").glob("0*.py"))


class Shelf:
    """The home of an installation with release folders."""

    def __init__(self, home: Path, database_url: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.home, self.address = home, f"http://127.0.0.1:{self.port}"
        kept = {key: value for key, value in os.environ.items() if not key.startswith("MARISTAN_")}
        self.environment = {
            **kept, "MARISTAN_ENV": "test", "MARISTAN_HOME": str(home), "DATABASE_URL": database_url,
            "WEB_BIND": f"127.0.0.1:{self.port}", "SITE_URL": self.address, "GRACEFUL_TIMEOUT_S": "5",
            "DEPLOY_HOOKS_DIR": str(ROOT / "deploy" / "hooks"), "WEB_THREADS": "2", "MEDIA_ROOT": str(home / "media"),
            "BACKUP_DIR": str(home / "sets"), "BACKUP_PREFIX": "rig",
        }  # fmt: skip
        self.written = release.written(catalogue.read().tables)
        (home / "media").mkdir(parents=True)

    def put(self, version: str, sql: Mapping[str, tuple[str, str | None]]) -> Path:
        """A release with a migration for each SQL statement, given with what takes it back, if anything does; by
        compatibility."""
        building = self.home / "building"
        package = building / "lib" / "maristan"
        shutil.copytree(build.PACKAGE, package, ignore=LEFT_OUT)
        for compatibility, (forwards, backwards) in sql.items():
            after = last_migration(package)
            file = package / "operations" / "migrations" / f"{int(after[:4]) + 1:04}_of_rig_{compatibility}.py"
            said = {"after": after, "forwards": forwards, "backwards": backwards}
            kind = "compatible" if compatibility.startswith("compatible") else "breaking"
            file.write_text(MIGRATION.format(compatibility=kind, **said))
        client = package / "webclient"
        (client / "assets").mkdir(parents=True)
        (client / "index.html").write_text('<!doctype html><title>M</title><script src="/assets/a.js"></script>')
        (client / "assets" / "a.js").write_text(f"// {version}")
        manifest = self._manifest(version, package, client)
        folder = self.home / "releases" / named(version, manifest["build_id"])
        folder.parent.mkdir(exist_ok=True)
        release.save(manifest, package / "release" / "manifest.json")
        building.rename(folder)
        program = folder / "bin" / "maristan"
        program.parent.mkdir()
        program.write_text(PROGRAM.format(folder=folder, python=sys.executable))
        program.chmod(0o755)
        return folder

    def _manifest(self, version: str, package: Path, client: Path) -> dict[str, Any]:
        """That of this code, with the files and migrations that lie in the copy."""
        found = {
            **self.written,
            "migrations": [*self.written["migrations"]],
            "endpoints": self.written["endpoints"][:10],  # enough to see that somebody answers
            "public": [each for each in self.written["public"] if each["reason"] == release.PROBE],
            "version": version,
            "sbom_sha256": digest_of(sbom.written(ROOT, version).encode()),
            "bundle": release.bundle(client),
        }
        known = {f"{each.app}/migrations/{each.name}.py" for each in migrations.of_build()}
        found["package_files"] = [
            {"path": each.relative_to(package).as_posix(), "sha256": release._digest(each)}
            for each in sorted(package.rglob("*"))
            if each.suffix in build.SUFFIXES and each.is_file() and client not in each.parents
        ]
        for file in sorted((package / "operations" / "migrations").glob("0*.py")):
            if f"operations/migrations/{file.name}" not in known:
                found["migrations"].append(
                    {"app": "operations", "name": file.stem, "sha256": release._digest(file), "reversible": True,
                     "reverse_loses": [], "compatibility": "compatible" if "compatible" in file.stem else "breaking"}
                )  # fmt: skip
        return {**found, "build_id": digest_of(canonical(found))[:SHORT]}

    def run(self, folder: Path, *words: str, given: str | None = None, **environment: str) -> tuple[int, str]:
        """A command of a release, to which nothing is typed unless it is `given`: what it ended with, what it said."""
        typed: dict[str, Any] = {"stdin": subprocess.DEVNULL} if given is None else {"input": given}
        ended = subprocess.run(
            [str(folder / "bin" / "maristan"), *words], env={**self.environment, **environment}, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=280, **typed,
        )  # fmt: skip
        return ended.returncode, ended.stdout

    def served(self) -> tuple[int, str]:
        """What the web server answers to a probe: status and build."""
        try:
            with urllib.request.urlopen(f"{self.address}/health/", timeout=10) as answer:
                return answer.status, json.load(answer)["build"]
        except urllib.error.HTTPError as refused:
            return refused.code, json.load(refused)["build"]

    def end(self) -> None:
        """Everything is gone at once; that it ends gently was seen before."""
        for file in (self.home / "var" / "up").glob("*.pid"):
            os.kill(json.loads(file.read_text())["pid"], signal.SIGKILL)
        for file in (self.home / "var" / "up").glob("*.state"):
            for group in json.loads(file.read_text()).values():
                for each in group["processes"]:
                    with suppress(ProcessLookupError):
                        os.killpg(each["pid"], signal.SIGKILL)


def build_of(folder: Path) -> str:
    """The build of a folder."""
    return folder.name.rpartition("-")[2]

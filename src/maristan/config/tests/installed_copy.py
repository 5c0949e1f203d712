"""The product as people install it: `make release` in a copy of this checkout, its wheel in a place of its own."""

import json
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from dataclasses import dataclass
from pathlib import Path

from maristan.config.tests.drilling import must
from maristan.config.tests.programs import ROOT
from maristan.config.tests.running_copy import RunningCopy
from maristan.config.tests.servers import Debian, Embedded

FILES = (
    "Makefile", "pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE", "requirements.txt", "requirements-dev.txt",
    "web/package.json", "web/package-lock.json", "web/screens.json",
)  # fmt: skip
FOLDERS = ("scripts", "deploy")  # what a host needs beside the wheel
MADE = ("var/stamps/python", "var/stamps/web")  # here already: the packages of this interpreter, the client given
BUILDING = 300  # seconds


@dataclass(frozen=True, slots=True)
class Wheel:
    """A wheel with the manifest that lies in it."""

    file: Path
    build_id: str
    version: str


class Workshop:
    """A copy of this checkout in which releases are built."""

    def __init__(self, folder: Path, client: Path, server_url: str) -> None:
        self.folder, self.server_url = folder, server_url
        shutil.copytree(
            ROOT / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__", "webclient", "release")
        )
        shutil.copytree(client, folder / "web" / "dist")
        for name in FILES:
            shutil.copy(ROOT / name, folder / name)
        for name in FOLDERS:
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))

    def without_capability(self, name: str) -> None:
        """The registry no longer has it."""
        file = self.folder / "src" / "maristan" / "config" / "capabilities.toml"
        head, _, rest = file.read_text(encoding="utf-8").partition(f'[capability."{name}"]\n')
        file.write_text(head + rest[rest.index("[capability.") :], encoding="utf-8")

    def release(self) -> Wheel:
        """`make release`; the packages and the client are those that are here."""
        programs = Path(sysconfig.get_path("scripts"))
        given = {"PATH": f"{programs}:/usr/bin:/bin", "PYTHONPATH": "src", "DATABASE_URL": self.server_url,
                 "HOME": str(self.folder)}  # fmt: skip
        old = [word for each in MADE for word in ("-o", each)]
        # What a release before this one left, with a file of its client that there is no more.
        former = self.folder / "build" / "lib" / "maristan" / "webclient" / "assets" / "former.js"
        former.parent.mkdir(parents=True, exist_ok=True)
        former.touch()
        (self.folder / "dist").mkdir(exist_ok=True)
        (self.folder / "dist" / "maristan-0.0.1-py3-none-any.whl").touch()
        subprocess.run(
            ["make", "--silent", *old, f"BIN={programs}", "release"], cwd=self.folder, env=given, check=True,
            timeout=BUILDING, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        (file,) = (self.folder / "dist").glob("*.whl")
        with zipfile.ZipFile(file) as packed:
            must(not any(each.endswith("/former.js") for each in packed.namelist()), "files of a former release")
        said = json.loads((self.folder / "src" / "maristan" / "release" / "manifest.json").read_text(encoding="utf-8"))
        return Wheel(file, said["build_id"], said["version"])


class InstalledCopy(RunningCopy):
    """Web and workers that run from a wheel."""

    def __init__(self, home: Path, server: Debian | Embedded, **environment: str) -> None:
        super().__init__(home, server.admin_url, **environment)
        self.server, self.owner_url = server, server.owner_url
        del self.environment["DATABASE_URL"]
        self.environment |= server.environment()

    def install(self, wheel: Wheel) -> None:
        """An environment of its own with the wheel; what the wheel needs is that of this interpreter."""
        self.folder = self.home / "releases" / f"{wheel.version}-{wheel.build_id}"
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(self.folder)], check=True, timeout=BUILDING)
        # What lies on the path of this checkout, once a wheel was built in it, is not there in the new environment.
        words = ["install", "--quiet", "--disable-pip-version-check", "--ignore-installed", "--no-deps", "--no-index"]
        pip = [sys.executable, "-m", "pip", "--python", str(self.folder / "bin" / "python")]
        subprocess.run([*pip, *words, str(wheel.file)], check=True, timeout=BUILDING)
        (self.package.parent / "needed.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
        self.program = self.folder / "bin" / "maristan"
        self.manifest = json.loads((self.package / "release" / "manifest.json").read_text(encoding="utf-8"))
        link = self.home / "current"
        link.unlink(missing_ok=True)
        link.symlink_to(self.folder)

    @property
    def package(self) -> Path:
        """The code in service."""
        (found,) = self.folder.glob("lib/python*/site-packages")
        return found / "maristan"

    def begin(self) -> None:
        """Make roles, database and schema on an empty server."""
        if isinstance(self.server, Debian):
            self.must("db", "init", "--admin", self.server.admin_url)
        self.must("migrate", "--no-input")

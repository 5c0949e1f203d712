"""Finds Chromium, or installs Debian's package; says clearly when neither is possible."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

PATIENCE = 30_000  # milliseconds that a page may take on a machine that runs the other tests beside it
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


def find() -> str | None:
    """The path of a Chromium, from CHROMIUM or the search path."""
    named = os.environ.get("CHROMIUM", "")
    if named and Path(named).is_file():
        return named
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def main() -> int:
    """Make sure that there is one; exit 1 when there is none and none can be installed."""
    if find():
        return 0
    if os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update", "-qq"], check=True)
        subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"], check=True)
    if find():
        return 0
    sys.stderr.write("Browser tests need Chromium: install the package chromium, or set CHROMIUM to its path.\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""The program `maristan`, from a checkout that nobody installed."""

import os
import sys
from pathlib import Path

SOURCES = str(Path(__file__).resolve().parent / "src")
sys.path.insert(0, SOURCES)
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [SOURCES, os.environ.get("PYTHONPATH")]))  # of what it starts

from maristan.config.cli import main  # noqa: E402 - found only now

if __name__ == "__main__":
    main()

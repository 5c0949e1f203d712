"""What a scanner of code found, by its SARIF files: one line a finding; exit 1 for any, 2 where nothing was scanned."""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any


class NothingScanned(Exception):
    """A file is not there, or tells of no run."""


def findings(file: Path) -> Iterator[str]:
    """Each finding of a file that nobody set aside; raises `NothingScanned`."""
    try:
        runs: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))["runs"]
    except (OSError, ValueError, KeyError) as why:
        raise NothingScanned(f"{file}: {why}") from why
    if not runs:
        raise NothingScanned(f"{file}: no run")
    for run in runs:
        for each in run.get("results", ()):
            if not each.get("suppressions"):
                yield f"{_place(each)}: {each.get('ruleId', '?')}: {each.get('message', {}).get('text', '')}"


def _place(result: dict[str, Any]) -> str:
    for each in result.get("locations", ()):
        physical = each.get("physicalLocation", {})
        line = physical.get("region", {}).get("startLine", 1)
        return f"{physical.get('artifactLocation', {}).get('uri', '?')}:{line}"
    return "?"


def main(files: Sequence[str]) -> int:
    """Print what was found in all of them."""
    try:
        found = [each for file in files for each in findings(Path(file))]
    except NothingScanned as why:
        print(f"nothing was scanned: {why}", file=sys.stderr)
        return 2
    print("\n".join([*found, f"{len(found)} findings in {len(files)} files"]))
    return 1 if found or not files else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

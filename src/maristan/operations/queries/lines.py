"""The log files of this host."""

from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from maristan.kernel.logs import NAMED
from maristan.operations.rules.lines import Wanted, matches, parsed


def files(folder: Path, kind: str = "") -> list[Path]:
    """The files of a kind of process, or of all, the oldest day first."""
    there = folder.iterdir() if folder.is_dir() else ()
    found = [(named[2], file.name, file) for file in there if (named := NAMED.fullmatch(file.name))]
    return [file for _, name, file in sorted(found) if name.startswith(kind)]


def last(folder: Path, wanted: Wanted, *, kind: str = "", count: int = 100) -> list[dict[str, Any]]:
    """The newest `count` lines that are asked for, in the order of their time."""
    kept: deque[dict[str, Any]] = deque(maxlen=count)
    days: dict[str, list[Path]] = {}
    for file in files(folder, kind):
        days.setdefault(file.name[-16:], []).append(file)
    for day in sorted(days):
        of_day = [line for file in days[day] for line in _of(file, wanted)]
        kept.extend(sorted(of_day, key=lambda line: str(line["time"])))
    return list(kept)


def _of(file: Path, wanted: Wanted) -> Iterator[dict[str, Any]]:
    with file.open(encoding="utf-8", errors="replace") as there:
        for text in there:
            line = parsed(text)
            if line is not None and matches(line, wanted):
                yield line


class Tail:
    """What is appended after now."""

    def __init__(self, folder: Path, wanted: Wanted, kind: str = "") -> None:
        self.folder, self.wanted, self.kind = folder, wanted, kind
        self._read = {file: file.stat().st_size for file in files(folder, kind)}

    def new(self) -> list[dict[str, Any]]:
        """The whole lines that were written since the last time."""
        found = []
        for file in files(self.folder, self.kind):
            with file.open("rb") as there:
                there.seek(self._read.get(file, 0))
                content = there.read()
            whole = content[: content.rfind(b"\n") + 1]
            self._read[file] = self._read.get(file, 0) + len(whole)
            lines = [parsed(text) for text in whole.decode("utf-8", "replace").splitlines()]
            found += [line for line in lines if line is not None and matches(line, self.wanted)]
        return sorted(found, key=lambda line: str(line["time"]))

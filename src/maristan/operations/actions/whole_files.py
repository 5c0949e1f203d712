"""Files that are read after a full disk or a kill: as they were, or whole."""

import os
from pathlib import Path
from stat import S_IMODE

from maristan.kernel.access import Actor
from maristan.kernel.unjournaled import unjournaled


@unjournaled("whoever writes the file leaves the line")
def write(*, file: Path, text: str, by: Actor, mode: int = 0o666) -> None:
    """Put a text in the place of what a file says; one that is there stays as open to others as it is."""
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        opened = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
        with os.fdopen(opened, "w", encoding="utf-8") as out:
            if file.exists():
                os.fchmod(opened, S_IMODE(file.stat().st_mode))
            out.write(text)
            out.flush()
            os.fsync(opened)
        beside.replace(file)
    finally:
        beside.unlink(missing_ok=True)

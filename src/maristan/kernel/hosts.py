"""Processes of this host, known by number and by when they began, whatever becomes of the clock meanwhile."""

from pathlib import Path

BOOT = Path("/proc/sys/kernel/random/boot_id")
TICKS = 19  # the place in proc(5) behind the name, which may hold blanks


def begun(pid: int) -> str:
    """The boot, and the ticks of the system since then, at which a process began; raises `OSError` where there is none.

    A number alone is soon that of another process, and a time of day changes with the clock.
    """
    said = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    return f"{BOOT.read_text(encoding='ascii').strip()}:{said.rpartition(')')[2].split()[TICKS]}"

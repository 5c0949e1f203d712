"""One line in the journal's platform chain for what operations does, and one on the host, which survives a restore."""

import errno
import logging
import os
import socket
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from django.conf import settings

from maristan.kernel import clock, journal
from maristan.kernel.access import Actor
from maristan.kernel.models import JournalLine
from maristan.kernel.unjournaled import unjournaled
from maristan.operations.actions import announcing

log = logging.getLogger("maristan.operations")


def record(
    *, kind: str, subject: tuple[str, Any], by: Actor, changes: Mapping[str, Any], reason: str = ""
) -> JournalLine:
    """Write both, in the present transaction, and give the line; call it within `tenancy.acting_in(None)`."""
    platform_wide = Actor(by.user_id, None, name=by.name, reaches=by.reaches, is_operator=by.is_operator)
    line = journal.record(kind, subject, by=platform_wide, changes=changes, reason=reason)
    announcing.ask_of(line=line, by=by)
    on_host(kind=kind, subject=subject, by=by, changes=changes, reason=reason)
    return line


def record_all(*, entries: Sequence[journal.Entry], by: Actor) -> list[JournalLine]:
    """As `record`, for several lines at once; gives them."""
    lines = journal.record_all(
        entries, by=Actor(by.user_id, None, name=by.name, reaches=by.reaches, is_operator=by.is_operator)
    )
    for each in entries:
        on_host(kind=each.kind, subject=each.subject, by=by, changes=each.changes, reason=each.reason)
    return lines


@unjournaled("it is itself a journal, on the disk of this host")
def on_host(*, kind: str, subject: tuple[str, Any], by: Actor, changes: Mapping[str, Any], reason: str = "") -> None:
    """Append a line to `var/operations.jsonl`; also where no database answers.

    A disk that takes no line stops nothing that was done: what is lost stands in the log, by its kind.
    """
    line = orjson.dumps(
        {
            "at": clock.now(), "host": socket.gethostname(), "pid": os.getpid(), "kind": kind, "subject": subject,
            "by": by.name, "changes": dict(changes), "reason": reason,
        },
        default=str,
    )  # fmt: skip
    try:
        _append(line + b"\n")
    except OSError:
        log.exception("host_journal_failed", extra={"code": kind})


def _append(line: bytes) -> None:
    """One write of one line: lines of several processes never mix. Raises `OSError`, also for a line cut short."""
    settings.VAR.mkdir(parents=True, exist_ok=True)
    file = os.open(settings.VAR / "operations.jsonl", os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        size = os.fstat(file).st_size
        if size and os.pread(file, 1, size - 1) != b"\n":  # one that was cut short spoils itself alone
            line = b"\n" + line
        if os.write(file, line) < len(line):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    finally:
        os.close(file)

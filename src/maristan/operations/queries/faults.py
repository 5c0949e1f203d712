"""What failed, in words that hold nobody's data: they stand in reports, in the journal and in the API."""

import errno
import subprocess
import traceback
from pathlib import Path

from django.core.management import CommandError
from django.db import Error
from django.db.migrations import exceptions as migrations
from psycopg import Error as DriverError
from redis import RedisError

from maristan.kernel.errors import Refusal
from maristan.operations.rules.sets import DISK_FAULT, DISK_FULL, SetFault, first_line

OWN_WORDS = (
    Refusal, CommandError, OSError, EOFError, RedisError, subprocess.SubprocessError, migrations.AmbiguityError,
    migrations.BadMigrationError, migrations.InconsistentMigrationHistory, migrations.NodeNotFoundError,
)  # fmt: skip
NO_ROOM = "53100"  # disk_full, as the server says it


def said(fault: BaseException) -> str:
    """Kind, SQLSTATE and first line, without the values of a row; of any other code the kind and the place alone."""
    if isinstance(fault, SetFault):
        return first_line(str(fault))
    kind = type(fault).__name__
    if isinstance(fault, (Error, DriverError)):
        return f"{' '.join(filter(None, (kind, sqlstate(fault))))}: {first_line(str(fault))}"
    if isinstance(fault, OWN_WORDS):
        return f"{kind}: {first_line(str(fault))}"
    frames = traceback.extract_tb(fault.__traceback__)
    return f"{kind} at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else kind


def sqlstate(fault: BaseException) -> str:
    """What the server calls a fault; empty where it did not say."""
    return getattr(fault, "sqlstate", None) or getattr(fault.__cause__, "sqlstate", None) or ""


def of_disk(fault: BaseException) -> SetFault | None:
    """A fault of the disks of this place, which says nothing of a set; none for any other."""
    if isinstance(fault, OSError):
        return SetFault(DISK_FULL if fault.errno == errno.ENOSPC else DISK_FAULT, first_line(str(fault)))
    return SetFault(DISK_FULL, said(fault)) if sqlstate(fault) == NO_ROOM else None

"""What is told of a fault: enough to act upon, and nobody's data."""

import errno

import psycopg
import pytest
from django.core.management import CommandError
from django.db import DataError, OperationalError
from django.db.migrations.exceptions import InconsistentMigrationHistory

from maristan.kernel.errors import NotNow
from maristan.operations.queries import faults
from maristan.operations.rules.sets import SetFault

SECRET = "3520112345671"


def raised(fault: BaseException) -> BaseException:
    try:
        raise fault
    except type(fault) as seen:
        return seen


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (SetFault("restore_exit", f"ERROR: no such type\nCONTEXT: {SECRET}"), "restore_exit: ERROR: no such type"),
        (NotNow("busy", "Another one."), "NotNow: busy: Another one."),
        (CommandError("Conflicting migrations"), "CommandError: Conflicting migrations"),
        (InconsistentMigrationHistory("a.0002 before b.0001"), "InconsistentMigrationHistory: a.0002 before b.0001"),
        (OSError(errno.ENOSPC, "No space left"), "OSError: [Errno 28] No space left"),
        (OperationalError("lock timeout"), "OperationalError: lock timeout"),
        (DataError(f'invalid input syntax for type date: "{SECRET}"'),
         "DataError: invalid input syntax for type date: …"),
        (psycopg.errors.NumericValueOutOfRange(f'value "{SECRET}" is out of range for type integer'),
         "NumericValueOutOfRange 22003: value … is out of range for type integer"),
        (psycopg.errors.NotNullViolation(f'null value in column "a" of relation "b"\nDETAIL:  ({SECRET}, null)'),
         'NotNullViolation 23502: null value in column "a" of relation "b"'),
        (ValueError(SECRET), f"ValueError at test_faults.py:{raised.__code__.co_firstlineno + 2}"),
        (KeyError(SECRET), f"KeyError at test_faults.py:{raised.__code__.co_firstlineno + 2}"),
        (KeyboardInterrupt(), f"KeyboardInterrupt at test_faults.py:{raised.__code__.co_firstlineno + 2}"),
    ],
)  # fmt: skip
def test_a_fault_is_told_without_what_it_fell_over(fault: BaseException, said: str) -> None:
    assert faults.said(raised(fault)) == said


def test_a_fault_that_was_never_raised_is_told_by_its_kind() -> None:
    assert faults.said(KeyboardInterrupt()) == "KeyboardInterrupt"

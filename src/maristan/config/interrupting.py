"""What SIGTERM and Ctrl-C mean to a run: they fail the step in hand, and wait until the way back is gone."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def interruptible() -> Iterator[None]:
    """Within it SIGTERM interrupts as Ctrl-C does: the step in hand fails."""

    def stop(*_given: Any) -> None:
        raise KeyboardInterrupt

    before = {each: signal.signal(each, stop) for each in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for each, former in before.items():
            signal.signal(each, former)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Within it neither signal interrupts: the way back is gone to its end."""
    before = {each: signal.signal(each, signal.SIG_IGN) for each in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for each, former in before.items():
            signal.signal(each, former)

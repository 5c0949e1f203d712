"""The one question before a release is put into service or back."""

import sys

from django.core.management.base import OutputWrapper

from maristan.operations.rules.deploying import QUESTION, is_yes


def is_wanted(out: OutputWrapper) -> bool:
    """Whether the line `yes` was given; end of input, no terminal and Ctrl-C are no answer."""
    out.write(QUESTION, ending="")
    out.flush()
    try:
        return sys.stdin is not None and not sys.stdin.closed and is_yes(sys.stdin.readline())
    except KeyboardInterrupt:
        return False

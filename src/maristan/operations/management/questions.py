"""The question before something takes the place of what serves."""

import sys

from django.core.management.base import OutputWrapper

from maristan.operations.rules.deploying import is_yes


def is_yes_given(out: OutputWrapper, question: str) -> bool:
    """Whether the line `yes` was given; end of input, no terminal and Ctrl-C are no answer."""
    out.write(question, ending="")
    out.flush()
    try:
        return sys.stdin is not None and not sys.stdin.closed and is_yes(sys.stdin.readline())
    except KeyboardInterrupt:
        return False

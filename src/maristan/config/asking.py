"""The one question before a release is put into service or back."""

from django.core.management.base import OutputWrapper

from maristan.operations.management.questions import is_yes_given
from maristan.operations.rules.deploying import QUESTION


def is_wanted(out: OutputWrapper) -> bool:
    """Whether the line `yes` was given."""
    return is_yes_given(out, QUESTION)

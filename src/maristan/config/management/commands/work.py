"""`maristan work verify [--fix]`: the inbox's share of the integrity check."""

from maristan.operations.management.commands.integrity import Share


class Command(Share):
    """The checks that `work` contributes."""

    of = "work"

"""`maristan agenda verify [--fix]`: the calendar's share of the integrity check."""

from maristan.operations.management.commands.integrity import Share


class Command(Share):
    """The checks that `agenda` contributes."""

    of = "agenda"

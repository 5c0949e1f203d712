"""`maristan operations rescan|prune`: the index brought to what lies on the disk; what restores put aside, dropped."""

from typing import Any

from django.core.management.base import CommandParser

from maristan.kernel.access import Actor, platform
from maristan.operations.actions import backups, pruning, reindexing
from maristan.operations.management.answers import Exit, OperatorCommand
from maristan.operations.rules.sets import Busy


class Command(OperatorCommand):
    """Gives what was changed or dropped."""

    help = "rescan, prune"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["rescan", "prune"])

    def handle(self, *args: Any, what: str, as_json: bool, **options: Any) -> None:
        by = platform(None, "command line")
        with self.refusals():
            try:
                done = rescanned(by) if what == "rescan" else pruning.drop_former(by=by)
            except Busy as busy:
                self.stop(Exit.BUSY, f"busy: {busy}")
        word = "changed" if what == "rescan" else "dropped"
        self.answer({word: done}, "\n".join(done) or f"nothing {word}", as_json=as_json)


def rescanned(by: Actor) -> list[str]:
    """Sets, releases and reports whose rows were brought to what lies on the disk."""
    return [*backups.rescan(by=by), *reindexing.rescan(by=by)]

"""`maristan integrity check [--fix] [--app]`: stored facts held against what they follow from."""

from typing import Any, ClassVar

from django.core.management.base import CommandParser

from maristan.kernel.access import platform
from maristan.operations.actions import integrity as actions
from maristan.operations.management.answers import Exit, OperatorCommand


class Share(OperatorCommand):
    """The checks of one app, `of`; exit 1 with findings that are left; samples are `institution:id`."""

    help = "hold stored facts of this app against what they follow from"
    word: ClassVar = "verify"
    of: ClassVar = ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=[self.word])
        parser.add_argument("--fix", action="store_true", help="mend derived values, each with a journal line")

    def handle(self, *args: Any, fix: bool, as_json: bool, app: str = "", **options: Any) -> None:
        with self.refusals():
            looked = actions.check(app=app or self.of, fix=fix, by=platform(None, "command line"))
        row = looked.row
        said = {
            "result": row.result, "findings": row.findings, "mended": looked.mended,
            "not_checked": row.not_checked, "seconds": row.seconds,
        }  # fmt: skip
        lines = [
            *(f"mended: {_line(each)}" for each in looked.mended),
            *(f"found: {_line(each)}{'; --fix mends it' if each['fixable'] else ''}" for each in row.findings),
            *(f"not checked: {each}" for each in row.not_checked),
            f"{len(row.findings)} findings in {row.seconds} s",
        ]
        self.answer(said, "\n".join(lines), as_json=as_json)
        if row.findings:
            raise SystemExit(int(Exit.FINDINGS))


class Command(Share):
    """The checks of every app, or of the one that is named."""

    help = "hold stored facts against what they follow from"
    word = "check"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--app", default="", help="only the checks of this app")


def _line(found: dict[str, Any]) -> str:
    return f"{found['app']} {found['code']}: {found['count']} {found['subject']} ({', '.join(found['sample_ids'])})"

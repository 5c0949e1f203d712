"""How commands of operations answer: text for people, JSON for machines, exit codes that always mean the same."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import IntEnum
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser

from maristan.kernel.errors import NOTHING_HERE, NotFound, NotNow, Refusal


class Exit(IntEnum):
    """What a command ended with (D8)."""

    DONE = 0
    FINDINGS = 1
    CANNOT_RUN = 2
    REFUSED = 3
    BUSY = 4
    PUT_BACK = 5
    NEEDS_OPERATOR = 6
    CONFIGURATION = 78


class OperatorCommand(BaseCommand):
    """A command with `--json` that shows expected failures as a line and an exit code, never as a traceback.

    `maristan check` judges the code; a start judges the environment. To check both again at every command loads every
    route, which takes longer than most commands.
    """

    requires_system_checks = []

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """As the framework's, with `--json`."""
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.add_argument("--json", action="store_true", dest="as_json", help="answer as JSON")
        return parser

    def answer(self, said: dict[str, Any], text: str, *, as_json: bool) -> None:
        """Print what was done."""
        self.stdout.write(json.dumps(said, default=str, ensure_ascii=False) if as_json else text)

    def progress(self, *, as_json: bool) -> Callable[[str], None]:
        """Prints at once what a long command does, also through a pipe; beside JSON, where faults are printed."""
        out = self.stderr if as_json else self.stdout

        def say(line: str) -> None:
            out.write(line)
            out.flush()

        return say

    def stop(self, code: Exit, message: str) -> NoReturn:
        """Print why nothing more happens and end with `code`."""
        self.stderr.write(message)
        sys.exit(int(code))

    def execute(self, *args: Any, **options: Any) -> str | None:
        """As the framework's; a database that is away ends every command with 2 and a line."""
        import psycopg
        from django.db import InterfaceError, OperationalError
        from procrastinate.exceptions import ConnectorException

        away = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError, ConnectorException)
        try:
            return super().execute(*args, **options)
        except away as error:
            raise unanswered(error) from None

    @contextmanager
    def refusals(self) -> Iterator[None]:
        """Turn refusals into exit 3 with what is missing; an unknown name and a database that is away into exit 2."""
        from maristan.kernel import jobs

        try:
            yield
        except NotNow as refused:
            missing = [f"  {each['code']}: {each['label']}" for each in refused.extra.get("missing", ())]
            self.stop(Exit.REFUSED, "\n".join([f"{refused.code}: {refused.detail}", *missing]))
        except NotFound as unknown:
            self.stop(Exit.CANNOT_RUN, f"{unknown.code}: {unknown.detail or NOTHING_HERE}")
        except Refusal as refused:
            self.stop(Exit.REFUSED, f"{refused.code}: {refused.detail}")
        except jobs.REFUSED as error:
            raise unanswered(error) from None


def unanswered(error: Exception) -> CommandError:
    """What a command says of a database that is away: of what kind the fault was, and none of its words."""
    return CommandError(f"the database does not answer ({type(error).__name__})", returncode=int(Exit.CANNOT_RUN))

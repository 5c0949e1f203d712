"""`maristan test [label]`: the tests of a checkout, on a database of their own."""

import os
import subprocess
import sys
from importlib.util import find_spec
from typing import Any

from django.core.management.base import CommandParser

from maristan.config import suites
from maristan.config.variables import ALIASES, TABLE
from maristan.operations.management.answers import Exit, OperatorCommand

NOTHING_COLLECTED = 5  # what pytest ends with then
OF_A_PROCESS = {"MARISTAN_NO_DATABASE", "MARISTAN_DB_OWNER", "MARISTAN_CHECK"}


class Command(OperatorCommand):
    """Exit 0 when every test passed; 1 when one failed or none was found; 2 when there is nothing to run."""

    help = "run the tests of a checkout"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("label", nargs="?", default="", help="a suite, an app, a module or a test; everything")
        parser.add_argument("-k", dest="named", default="", help="only tests whose names match")

    def handle(self, *args: Any, label: str, named: str, as_json: bool, **options: Any) -> None:
        if find_spec("pytest") is None or not (suites.CHECKOUT / "requirements-dev.txt").is_file():
            self.stop(Exit.CANNOT_RUN, "Tests run in a checkout with the packages of requirements-dev.txt.")
        try:
            where = suites.paths(label)
        except suites.UnknownLabel:
            self.stop(Exit.CANNOT_RUN, f"No suite, app, module or test is called {label}.")
        ended = run([*where, *(["-k", named] if named else [])])
        passed = ended == 0
        said = {"label": label, "paths": list(where), "passed": passed}
        self.answer(said, "passed" if passed else "FAILED", as_json=as_json)
        if ended == NOTHING_COLLECTED:
            self.stop(Exit.FINDINGS, "No test was collected.")
        if not passed:
            raise SystemExit(int(Exit.FINDINGS if ended == 1 else Exit.CANNOT_RUN))


def run(arguments: list[str]) -> int:
    """Run pytest in a process that knows nothing of this installation: no database, no home, no secret of its own."""
    hidden = {each.name for each in TABLE} | set(ALIASES.values()) | OF_A_PROCESS
    environment = {name: value for name, value in os.environ.items() if name.removesuffix("_FILE") not in hidden}
    program = [sys.executable, "-m", "pytest", *arguments]
    return subprocess.run(  # noqa: S603 - the arguments are paths that `suites` found
        program, cwd=suites.CHECKOUT, env=environment, stdout=sys.stderr, check=False
    ).returncode

"""`maristan createsuperuser`: the account of an operator of the platform."""

import getpass
import os
import sys
from typing import Any

from django.core.management.base import CommandParser

from maristan.directory.actions import operators
from maristan.kernel.access import platform
from maristan.kernel.errors import Invalid
from maristan.kernel.models import User
from maristan.operations.actions import chain
from maristan.operations.management.answers import Exit, OperatorCommand

GIVEN = "DJANGO_SUPERUSER_PASSWORD"  # as the framework's command has it, for `--no-input`


class Command(OperatorCommand):
    """Asks twice for a password that its owner chooses; `--no-input` takes it from DJANGO_SUPERUSER_PASSWORD."""

    help = "make an operator"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--username", default="")
        parser.add_argument("--email", default="")
        parser.add_argument("--institution", default="", metavar="CODE", help="makes an administrator there too")
        parser.add_argument("--no-input", "--noinput", action="store_false", dest="asks", help="ask nothing")

    def handle(self, *args: Any, username: str, email: str, institution: str, asks: bool, **options: Any) -> None:
        name = username or (self._typed("Username: ") if asks else "")
        password = self._password() if asks else os.environ.get(GIVEN, "")
        with self.refusals():
            made = self._made(name, email, password, institution)
        self.answer({"username": made.username}, f"{made.username} is an operator.", as_json=options["as_json"])

    def _made(self, username: str, email: str, password: str, code: str) -> User:
        by = platform(None, "command line")
        try:
            made = operators.make(username=username, email=email, password=password, code=code, by=by)
        except Invalid as refused:
            lines = [f"{each.pointer.strip('/')}: {each.detail}" for each in refused.faults]
            self.stop(Exit.CANNOT_RUN, "\n".join(lines))
        chain.on_host(kind="operator.created", subject=("operator", made.pk), by=by, changes={})
        return made

    @staticmethod
    def _typed(question: str) -> str:
        sys.stdout.write(question)
        sys.stdout.flush()
        return sys.stdin.readline().strip()

    def _password(self) -> str:
        try:
            first, again = getpass.getpass("Password: "), getpass.getpass("Again: ")
        except EOFError:
            self.stop(Exit.CANNOT_RUN, f"No password was typed. Without a terminal: --no-input and {GIVEN}.")
        if first != again:
            self.stop(Exit.CANNOT_RUN, "The passwords differ.")
        return first

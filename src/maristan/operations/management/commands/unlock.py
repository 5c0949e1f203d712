"""`maristan unlock NAME`: lets somebody sign in again who was locked out by wrong passwords."""

from typing import Any

from django.core.management.base import CommandParser

from maristan.kernel import lockout
from maristan.kernel.access import platform
from maristan.kernel.models import User
from maristan.operations.actions import chain
from maristan.operations.management.answers import Exit, OperatorCommand


class Command(OperatorCommand):
    """Forgets the failed sign-ins of one account."""

    help = "let a locked account sign in again"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, username: str = "", as_json: bool = False, **options: Any) -> None:
        account = User.objects.filter(username__iexact=username).first()
        if account is None:
            self.stop(Exit.CANNOT_RUN, "There is no account of this name.")
        lockout.unlock(user_id=account.pk)
        chain.on_host(kind="account.unlocked", subject=("user", account.pk), by=platform(None), changes={})
        self.answer({"unlocked": account.username}, f"{account.username} may sign in again.", as_json=as_json)

"""`maristan unlock NAME [--lost-factor]`: lets somebody sign in again who was locked out, or who lost a factor."""

from typing import Any

from django.core.management.base import CommandParser

from maristan.kernel import lockout
from maristan.kernel.access import platform
from maristan.kernel.models import User
from maristan.operations.actions import chain, lost_factors
from maristan.operations.management.answers import Exit, OperatorCommand


class Command(OperatorCommand):
    """Forgets the failed sign-ins of one account; on demand also its second factors, which ends its sessions."""

    help = "let a locked account sign in again"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--lost-factor", action="store_true", help="remove second factors and recovery codes too")

    def handle(
        self, *args: Any, username: str = "", lost_factor: bool = False, as_json: bool = False, **options: Any
    ) -> None:
        account = User.objects.filter(username__iexact=username).first()
        if account is None:
            self.stop(Exit.CANNOT_RUN, "There is no account of this name.")
        lockout.unlock(user_id=account.pk)
        by = platform(None, "command line")
        removed = lost_factors.remove(user_id=account.pk, by=by) if lost_factor else 0
        changes = {"second_factors": [removed, 0]} if lost_factor else {}
        chain.on_host(kind="account.unlocked", subject=("user", account.pk), by=by, changes=changes)
        text = f"{account.username} may sign in again." + (f" {removed} factors removed." if lost_factor else "")
        self.answer({"unlocked": account.username, "factors_removed": removed}, text, as_json=as_json)

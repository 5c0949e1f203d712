"""`maristan unlock NAME [--lost-factor]`: lets somebody sign in again who was locked out, or who lost a factor."""

from typing import Any

from django.core.management.base import CommandParser

from maristan.kernel.access import platform
from maristan.kernel.models import User
from maristan.operations.actions import unlocking
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
        by, removed, text = platform(None, "command line"), 0, f"{account.username} may sign in again."
        if lost_factor:
            removed = unlocking.take_factors_off(user_id=account.pk, by=by)
            text += f" {removed} factors removed."
        else:
            unlocking.unlock(user_id=account.pk, by=by)
        self.answer({"unlocked": account.username, "factors_removed": removed}, text, as_json=as_json)

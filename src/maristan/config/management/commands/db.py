"""`maristan db init`: the two roles of the database and their grants."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from maristan.kernel.roles_sql import OwnerIsBound, ensure_runtime_role


class Command(BaseCommand):
    """Idempotent; run as the owner."""

    help = "init: create the runtime role and its grants"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["init"])

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with connection.cursor() as cursor:
                role = ensure_runtime_role(cursor)
        except OwnerIsBound as bound:
            raise CommandError(str(bound)) from bound
        self.stdout.write(f"role {role} is ready")

"""`maristan prepare`: brings the database of this home up to date; quick when there is nothing to do."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from maristan.kernel.roles_sql import OwnerIsBound, must_bypass
from maristan.operations.management.answers import Exit, OperatorCommand


class Command(OperatorCommand):
    """Migrates when migrations wait; run as the owner."""

    help = "migrate when needed"

    def handle(self, *args: Any, as_json: bool, **options: Any) -> None:
        try:
            with connection.cursor() as cursor:
                must_bypass(cursor)
        except OwnerIsBound as bound:
            raise CommandError(str(bound), returncode=int(Exit.CANNOT_RUN)) from bound
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if waiting and not as_json:
            self.stdout.write(f"applying {len(waiting)} migrations")
        if waiting:
            call_command("migrate", verbosity=0, interactive=False)
        if as_json:
            self.answer({"applied": len(waiting)}, "", as_json=True)

"""`maristan db init`: the two roles of the database and their grants."""

from typing import Any

import psycopg
from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.db import Error, connection

from maristan.config.database import owner_url, parts, runtime_role
from maristan.kernel.roles_sql import OwnerIsBound, create_roles, ensure_runtime_role
from maristan.operations.management.answers import Exit, OperatorCommand


class Command(OperatorCommand):
    """Idempotent. With `--admin` it first makes owner, runtime role and database as a superuser."""

    help = "init: create the roles and their grants"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["init"])
        parser.add_argument(
            "--admin", default="", metavar="URL",
            help="address of a superuser's login to any database of the server; its password may stand in PGPASSWORD",
        )  # fmt: skip

    def handle(self, *args: Any, admin: str, as_json: bool, **options: Any) -> None:
        try:
            if admin:
                self.create(admin)
            with connection.cursor() as cursor:
                role = ensure_runtime_role(cursor)
        except OwnerIsBound as bound:
            raise CommandError(str(bound), returncode=int(Exit.CANNOT_RUN)) from bound
        except (Error, psycopg.Error) as fault:
            raise CommandError(
                f"the server refused ({type(fault).__name__})", returncode=int(Exit.CANNOT_RUN)
            ) from None
        self.answer({"role": role}, f"role {role} is ready", as_json=as_json)

    @staticmethod
    def create(admin: str) -> None:
        """What only a superuser may make."""
        owner, serving = parts(owner_url(settings.ENV)), None
        if settings.ENV["DATABASE_OWNER_URL"] and settings.ENV["DATABASE_URL"]:
            serving = parts(str(settings.ENV["DATABASE_URL"]))
            if serving["USER"] != runtime_role(owner["USER"]):
                said = f"DATABASE_URL: expected the login {runtime_role(owner['USER'])}"
                raise CommandError(said, returncode=int(Exit.CANNOT_RUN))
        with psycopg.connect(admin, autocommit=True) as there:
            create_roles(
                there.cursor(), owner=owner["USER"], owner_password=owner["PASSWORD"], database=owner["NAME"],
                runtime_password=serving["PASSWORD"] if serving else None,
            )  # fmt: skip

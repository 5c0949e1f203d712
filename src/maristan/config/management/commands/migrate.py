"""`maristan migrate`: as the framework's, and what was applied is remembered with the hash of its file."""

import io
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, OutputWrapper
from django.core.management.commands.migrate import Command as Migrate

from maristan.kernel.access import platform
from maristan.operations.actions import migrations, verifications
from maristan.operations.management.answers import Exit, OperatorCommand
from maristan.operations.queries import migrations as queries


class Command(OperatorCommand, Migrate):
    """Remembers also what was applied before a later migration failed; pretends nothing where people are served."""

    def handle(self, *args: Any, as_json: bool, **options: Any) -> None:
        if not settings.IS_LOCAL and (options.get("fake") or options.get("fake_initial")):
            raise CommandError("--fake is refused outside development and test", returncode=int(Exit.CANNOT_RUN))
        shown, before = self.stdout, applied() if as_json else set()
        if as_json:  # what is said on the way is no JSON
            self.stdout = OutputWrapper(io.StringIO())
        try:
            Migrate.handle(self, *args, **options)
        except CommandError as wrong:  # a name that nobody knows, or two ends: the framework says 1
            wrong.returncode = int(Exit.CANNOT_RUN)
            raise
        finally:
            migrations.remember(by=platform(None))
            said, self.stdout = self.stdout, shown
        verifications.put_into_service(by=platform(None))
        if as_json:
            after = applied()
            lines = said.getvalue().splitlines()
            self.answer(
                {"applied": sorted(after - before), "taken_back": sorted(before - after), "said": lines}, "",
                as_json=True,
            )  # fmt: skip


def applied() -> set[str]:
    """Every migration that the database says was applied."""
    return {f"{each.app}.{each.name}" for each in queries.applied()}

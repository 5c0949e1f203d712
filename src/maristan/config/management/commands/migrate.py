"""`maristan migrate`: as the framework's, and what was applied is remembered with the hash of its file."""

from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands.migrate import Command as Migrate

from maristan.kernel.access import platform
from maristan.operations.actions import migrations, verifications


class Command(Migrate):
    """Remembers also what was applied before a later migration failed; pretends nothing where people are served."""

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.IS_LOCAL and (options.get("fake") or options.get("fake_initial")):
            raise CommandError("--fake is refused outside development and test", returncode=2)
        try:
            super().handle(*args, **options)
        finally:
            migrations.remember(by=platform(None))
        verifications.put_into_service(by=platform(None))

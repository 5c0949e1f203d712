"""`maristan migrate`: as the framework's, and what was applied is remembered with the hash of its file."""

from typing import Any

from django.core.management.commands.migrate import Command as Migrate

from maristan.kernel.access import platform
from maristan.operations.actions import migrations, verifications


class Command(Migrate):
    """Remembers also what was applied before a later migration failed."""

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            super().handle(*args, **options)
        finally:
            migrations.remember(by=platform(None))
        verifications.put_into_service(by=platform(None))

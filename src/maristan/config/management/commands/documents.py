"""`maristan documents [--check]`: the generated documents; a test runs the check."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from maristan.config import documents


class Command(BaseCommand):
    """Writes docs/generated and the environment table, or says which of them are stale."""

    help = "regenerate the generated documents"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        stale = [path for path, text in documents.all_documents().items() if documents.differs(path, text)]
        if options["check"]:
            for path in stale:
                self.stdout.write(f"stale: {path}")
            sys.exit(1 if stale else 0)
        for path in stale:
            documents.write(path, documents.all_documents()[path])
            self.stdout.write(f"wrote {path}")

"""`maristan documents [--check]`: the generated documents; a test runs the check."""

import sys
from typing import Any

from django.core.management.base import CommandParser

from maristan.config import documents
from maristan.operations.management.answers import OperatorCommand


class Command(OperatorCommand):
    """Writes docs/generated and the environment table, or says which of them are stale."""

    help = "regenerate the generated documents"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, check: bool, as_json: bool, **options: Any) -> None:
        stale = [path for path, text in documents.all_documents().items() if documents.differs(path, text)]
        if not check:
            for path in stale:
                documents.write(path, documents.all_documents()[path])
        word = "stale:" if check else "wrote"
        said = {"stale" if check else "written": [str(path) for path in stale]}
        if stale or as_json:
            self.answer(said, "\n".join(f"{word} {path}" for path in stale), as_json=as_json)
        if check:
            sys.exit(1 if stale else 0)

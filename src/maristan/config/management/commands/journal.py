"""`maristan journal seal|verify`: the hash chain of every institution."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from maristan.kernel import journal, tenancy


class Command(BaseCommand):
    """Exit 1 when a chain is broken."""

    help = "seal: extend the chains; verify: walk them"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["seal", "verify"])

    def handle(self, *args: Any, **options: Any) -> None:
        broken = False
        for institution_id in [None, *tenancy.institution_ids()]:
            name = f"institution {institution_id}" if institution_id else "platform"
            with tenancy.acting_in(institution_id):
                if options["what"] == "seal":
                    self.stdout.write(f"{name}: {journal.seal()} lines sealed")
                    continue
                breaks = list(journal.verify(institution_id))
                position, digest = journal.head(institution_id)
            for each in breaks:
                self.stdout.write(f"{name}: position {each.position}, line {each.line_id}: {each.detail}")
            if not breaks:
                self.stdout.write(f"{name}: the chain holds up to position {position}, digest {digest}")
            broken = broken or bool(breaks)
        if broken:
            sys.exit(1)

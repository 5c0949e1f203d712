"""`maristan journal seal|verify`: the hash chain of every institution."""

import sys
from typing import Any

from django.core.management.base import CommandParser

from maristan.kernel import journal, tenancy
from maristan.operations.management.answers import Exit, OperatorCommand


class Command(OperatorCommand):
    """Exit 1 when a chain is broken."""

    help = "seal: extend the chains; verify: walk them"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["seal", "verify"])

    def handle(self, *args: Any, what: str, as_json: bool, **options: Any) -> None:
        with self.refusals():
            said = [getattr(self, what)(institution_id) for institution_id in [None, *tenancy.institution_ids()]]
        lines = [line for each in said for line in each.pop("lines")]
        self.answer({"chains": said}, "\n".join(lines), as_json=as_json)
        if any(each.get("breaks") for each in said):
            sys.exit(int(Exit.FINDINGS))

    @staticmethod
    def seal(institution_id: int | None) -> dict[str, Any]:
        """Extend the chain of an institution, or of the platform."""
        count = 0
        with tenancy.acting_in(institution_id):
            while sealed := journal.seal():
                count += sealed
        return {"institution": institution_id, "sealed": count,
                "lines": [f"{named(institution_id)}: {count} lines sealed"]}  # fmt: skip

    @staticmethod
    def verify(institution_id: int | None) -> dict[str, Any]:
        """Walk a chain; what does not hold is a break."""
        with tenancy.acting_in(institution_id):
            breaks = list(journal.verify(institution_id))
            position, digest = journal.head(institution_id)
        name = named(institution_id)
        lines = [f"{name}: position {each.position}, line {each.line_id}: {each.detail}" for each in breaks]
        return {
            "institution": institution_id, "position": position, "digest": digest,
            "breaks": [{"position": each.position, "line": each.line_id, "detail": each.detail} for each in breaks],
            "lines": lines or [f"{name}: the chain holds up to position {position}, digest {digest}"],
        }  # fmt: skip


def named(institution_id: int | None) -> str:
    """A chain as people read it."""
    return f"institution {institution_id}" if institution_id else "platform"

"""What a restore holds and an operator lets go: what waited is due a thousand years later, and by that it is known.

What is held keeps nobody from queueing the same of today. A mail that was in hand may be sent already: it is nobody's
to repeat, before as after.
"""

from dataclasses import dataclass

LATER = "interval '1000 years'"
HELD = "now() + interval '900 years'"  # what is due after that was held; nothing else is


@dataclass(frozen=True, slots=True)
class Waiting:
    """Rows that wait until a time: which are held, what else is set of them, and which go their way again."""

    table: str
    due: str
    held: str = "settled_at IS NULL"
    sets: str = ""
    goes: str = "true"

    @property
    def hold(self) -> str:
        """What a restore before this one held stays so, and goes its way with the rest."""
        return (
            f"UPDATE {self.table} SET {self.sets}{self.due} = CASE WHEN {self.due} > {HELD} THEN {self.due}"  # noqa: S608
            f" ELSE coalesce({self.due}, now()) + {LATER} END WHERE {self.held}"
        )

    @property
    def release(self) -> str:
        """Due when it was."""
        return f"UPDATE {self.table} SET {self.due} = {self.due} - {LATER} WHERE {self.goes} AND {self.due} > {HELD}"  # noqa: S608


WAITING = {
    "jobs": Waiting(
        "procrastinate_jobs", "scheduled_at", held="status IN ('todo', 'doing')",
        sets="status = 'todo', abort_requested = false, queueing_lock = NULL, ", goes="status = 'todo'",
    ),
    "mails": Waiting("comms_delivery", "due_at"),
    "events": Waiting("comms_webhookdelivery", "next_attempt_at"),
}  # fmt: skip

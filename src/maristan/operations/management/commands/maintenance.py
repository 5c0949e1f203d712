"""`maristan maintenance on|off|status`: closes the doors of every host, and opens them again."""

from datetime import timedelta
from typing import Any

from django.core.management.base import CommandParser

from maristan.kernel import clock, jobs
from maristan.kernel.access import platform
from maristan.operations.actions import maintenance as actions
from maristan.operations.actions.swapping import SERVES
from maristan.operations.management.answers import Exit, OperatorCommand
from maristan.operations.queries import deployments, restores, servers
from maristan.operations.queries import maintenance as queries
from maristan.operations.rules.maintenance import USUAL
from maristan.operations.rules.states import MaintenanceLevel

RUNS, KILLED = "it is at work, and opens them at its end", "it was killed"
KEPT_CLOSED = "restore_unfinished: a restore keeps the doors closed, and what is written now would be lost with it"


class Command(OperatorCommand):
    """Works without a running web process; without the database it writes and removes the file of this host alone."""

    help = "on, off, status"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["on", "off", "status"])
        parser.add_argument("--level", choices=[each.value for each in MaintenanceLevel], default="full")
        parser.add_argument("--message", default="")
        parser.add_argument(
            "--minutes", type=int, default=USUAL // timedelta(minutes=1), help="how long it is expected to take"
        )
        parser.add_argument("--force", action="store_true", help="end it although a deployment or a restore needs it")

    def handle(self, *args: Any, what: str, **options: Any) -> None:
        with self.refusals():
            getattr(self, what)(**options)

    def on(self, *, level: str, message: str, minutes: int, as_json: bool, **_: Any) -> None:
        """Begin, or change what is open."""
        if not 1 <= minutes <= 24 * 60:
            self.stop(Exit.CANNOT_RUN, "--minutes: a whole number from 1 to 1440")
        by, chosen = platform(None, "command line"), MaintenanceLevel(level)
        until = clock.now() + timedelta(minutes=minutes)
        try:
            actions.begin(level=chosen, message=message[:500], until=until, by=by)
            reached = "every host"
        except jobs.REFUSED as error:
            reached = f"this host alone: the database does not answer ({type(error).__name__})"
        actions.raise_flag(level=chosen, message=message[:500], until=until, by=by)
        self.answer(
            {"maintenance": True, "level": level, "until": until.isoformat(), "reached": reached},
            f"maintenance is on ({level}) until {until:%Y-%m-%d %H:%M} UTC for {reached}",
            as_json=as_json,
        )

    def off(self, *, force: bool, as_json: bool, **_: Any) -> None:
        """End it: the window first, so that a refusal leaves the file in place."""
        by, begun = platform(None, "command line"), restores.noted()
        if begun is not None and begun.step != SERVES and not force:
            self.stop(
                Exit.REFUSED, f"{KEPT_CLOSED}; if it was killed: maristan restore --undo; --force opens all the same"
            )
        try:
            row = queries.open_window()
            if row is not None and not force and queries.facts(row).is_needed:
                self.stop(Exit.REFUSED, self.needed())
            if row is not None:
                actions.move(pk=row.pk, name="end", by=by, is_forced=force)
            left = ""
        except jobs.REFUSED as error:
            left = f"; the database does not answer ({type(error).__name__}), so an open window stays"
        actions.lower_flag(by=by)
        actions.forget_before(by=by)
        self.answer({"maintenance": bool(left)}, f"maintenance is off{left}", as_json=as_json)
        if left:
            raise SystemExit(int(Exit.CANNOT_RUN))

    @staticmethod
    def needed() -> str:
        """Why the doors stay closed that a run closed, and what leads on."""
        left = deployments.unfinished()
        leads_on = RUNS if left is None or servers.is_turn_taken() else f"{KILLED}; {deployments.next_of(left)}"
        return f"not_owned_by_running_deployment: a run closed the doors; {leads_on}; --force opens all the same"

    def status(self, *, as_json: bool, **_: Any) -> None:
        """What is in force on this host."""
        try:
            queries.open_window()
            unseen = ""
        except jobs.REFUSED as error:
            unseen = f"windows: the database does not answer ({type(error).__name__})"
        state = queries.state(ask_database=not unseen)
        said: dict[str, Any] = {"maintenance": False}
        if state.is_on:
            said = {"maintenance": True, "level": state.level.value, "message": state.message, "until": state.until}
        text = f"maintenance is on ({state.level.value}) until {state.until}" if state.is_on else "no maintenance"
        self.answer(
            {**said, "not_checked": [unseen]} if unseen else said, f"{text}; not checked: {unseen}" if unseen else text,
            as_json=as_json,
        )  # fmt: skip

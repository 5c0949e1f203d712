"""`maristan restore <set folder | name | dump file>`: puts a set into service once it was restored and compared."""

import os
from typing import Any

from django.core.management.base import CommandParser

from maristan.kernel.access import Actor, platform
from maristan.operations.actions import restores as actions
from maristan.operations.management.answers import Exit, OperatorCommand
from maristan.operations.management.questions import is_yes_given
from maristan.operations.queries.restores import Source
from maristan.operations.rules import restoring
from maristan.operations.rules.sets import Busy


class Command(OperatorCommand):
    """Changes nothing before the set is checked and the question answered with yes."""

    help = "restore a backup set"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("set", nargs="?", default="")
        parser.add_argument("--yes", action="store_true", help="do not ask")
        parser.add_argument("--no-backup", action="store_false", dest="backup_before", help="make no set before it")
        parser.add_argument("--other-key", action="store_true", help="go on although SECRET_KEY is another one")
        parser.add_argument("--unproven", action="store_true", help="take a lone file that has no manifest")
        parser.add_argument("--accept-findings", action="store_true", help="go on although the integrity check finds")
        parser.add_argument("--undo", action="store_true", help="put back what a killed restore left")

    def handle(self, *args: Any, undo: bool, as_json: bool, **options: Any) -> None:
        by = platform(None, "command line")
        if not undo and not options["set"]:
            self.stop(Exit.CANNOT_RUN, "restore: name a set, its folder, or a dump")
        with self.refusals():
            self._do(by, undo=undo, as_json=as_json, **options)

    def _do(self, by: Actor, *, undo: bool, as_json: bool, **options: Any) -> None:
        try:
            if undo:
                was_there = actions.recover_alone(by=by, accepts_findings=options["accept_findings"])
                said = "the former database serves again" if was_there else "no restore was left unfinished"
                self.answer({"undone": was_there}, said, as_json=as_json)
            else:
                self._restore(by, as_json=as_json, **options)
        except Busy as busy:
            self.stop(Exit.BUSY, f"busy: {busy}")
        except actions.Refused as refused:
            is_unknown = any(each.code == "set_unknown" for each in refused.faults)
            self.stop(Exit.CANNOT_RUN if is_unknown else Exit.REFUSED, "\n".join(map(str, refused.faults)))
        except actions.PutBack as failed:
            self.stop(Exit.PUT_BACK, f"{failed}\nthe former database serves as before")
        except actions.NeedsOperator as failed:
            self.stop(Exit.NEEDS_OPERATOR, f"{failed}\nmaintenance stays on; {actions.NEXT}")

    def _restore(self, by: Actor, *, as_json: bool, **options: Any) -> None:
        is_forced = options["yes"] or os.environ.get("FORCE") == "1"
        say = self.progress(as_json=as_json) if self.stdout.isatty() else str  # for whoever watches
        wanted = actions.Wanted(
            options["set"], backup_before=options["backup_before"], is_other_key=options["other_key"],
            is_unproven=options["unproven"] or os.environ.get("FORCE") == "1",
            accepts_findings=options["accept_findings"], say=say,
        )  # fmt: skip
        done = actions.restore(
            wanted=wanted, by=by, confirm=lambda source: is_forced or self._is_wanted(source)
        )  # fmt: skip
        if done is None:
            self.stop(Exit.FINDINGS, "Restore cancelled")
        unreadable = restoring.as_listed(done.unreadable)
        said = {
            "set": done.name, "former_database": done.before, "tables": done.tables, "rows": done.rows,
            "files": done.files, "seconds": done.seconds, "not_checked": done.not_checked, "steps": done.steps,
            "held": done.held, "unreadable": unreadable, "report": done.report,
        }  # fmt: skip
        lines = [
            f"{done.name} serves: {done.tables} tables, {done.rows} rows, {done.files} files in {done.seconds} s",
            f"the former database is {done.before}",
            f"held: {restoring.held(done.held)}; release them with: maristan jobs release --restored",
            *(f"{each['name']}: {each['detail']}" for each in done.steps if each["detail"]),
            *restoring.secrets(unreadable),
            *(f"not checked: {each}" for each in done.not_checked),
            f"report: {done.report}",
        ]
        self.answer(said, "\n".join(lines), as_json=as_json)

    def _is_wanted(self, source: Source) -> bool:
        self.stdout.write(f"{source.name} will take the place of the present database and files.")
        return is_yes_given(self.stdout, "Continue with restore? (yes/no): ")

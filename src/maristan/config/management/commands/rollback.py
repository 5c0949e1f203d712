"""`maristan rollback --level 1|2|3`: code, migrations, or a whole backup set; refused before anything is changed."""

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from maristan.config import rolling_back
from maristan.config.asking import is_wanted
from maristan.config.deploying import Ended
from maristan.config.rolling_back import Asked, Back, UnknownName
from maristan.config.serving_release import Work
from maristan.kernel.access import platform
from maristan.operations.management.answers import Exit, OperatorCommand
from maristan.operations.queries import deployments, restores, servers
from maristan.operations.queries.reversal import UnknownMigration
from maristan.operations.rules.deploying import CANCELLED
from maristan.operations.rules.sets import Busy, SetFault


class Command(OperatorCommand):
    """Exit 0 done or possible, 1 cancelled, 3 refused unchanged, 4 busy, 5 put back, 6 an operator is needed."""

    help = "put a former release into service again"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--level", type=int, choices=[1, 2, 3], required=True)
        parser.add_argument("--to", nargs="+", action="append", default=[], metavar="RELEASE | APP MIGRATION")
        parser.add_argument("--to-release", default="", help="level 2: to the schema and code of a release")
        parser.add_argument("--set", default="", dest="set_name", help="level 3: the backup set")
        parser.add_argument("--with-dependants", action="store_true", help="level 2: also in apps that were not named")
        parser.add_argument("--accept-data-loss", action="append", default=[], metavar="APP.MIGRATION")
        parser.add_argument("--keep-code", action="store_true", help="level 3: migrate the set forward to this build")
        parser.add_argument("--dry-run", action="store_true", help="exit 0 when it is possible, 3 when it is refused")
        parser.add_argument("--yes", action="store_true", help="do not ask")
        parser.add_argument("--base-url", default="", help="where it is served; SITE_URL when not given")

    def handle(self, *args: Any, as_json: bool, **options: Any) -> None:
        self.say = self.progress(as_json=as_json)
        asked = self.asked(**options)
        try:
            with self.refusals(), servers.turn("rollback"):
                ended = self.run_in_turn(asked, **options)
        except Busy as busy:
            self.stop(Exit.BUSY, f"busy: {busy}")
        except SetFault as fault:
            self.stop(Exit.REFUSED, str(fault))
        except UnknownName as fault:
            self.stop(Exit.CANNOT_RUN, str(fault))
        except UnknownMigration as fault:
            self.stop(Exit.CANNOT_RUN, f"no such migration: {fault}")
        lines = "\n".join(ended.lines)
        if ended.code is not Exit.DONE:
            self.stop(ended.code, lines)
        said = {"run": str(ended.run.run_id), "report": ended.run.report, "steps": ended.run.steps}
        self.answer(said, lines, as_json=as_json)

    def asked(self, *, level: int, to: list[list[str]], to_release: str, set_name: str, **options: Any) -> Asked:
        """What was asked for, in words that fit together."""
        words = 1 if level == 1 else 2
        if any(len(each) != words for each in to) or (level == 1 and len(to) > 1) or (level == 3 and to):
            self.stop(Exit.CANNOT_RUN, "--to: RELEASE for level 1, APP MIGRATION (repeatable) for level 2")
        if level == 2 and bool(to) == bool(to_release):
            self.stop(Exit.CANNOT_RUN, "level 2: name either --to APP MIGRATION or --to-release RELEASE")
        if (level == 3) != bool(set_name):
            near = ", ".join(rolling_back.near_sets()) or "none"
            self.stop(Exit.CANNOT_RUN, f"level 3, and only that, names --set NAME; the newest are: {near}")
        release = to_release or (to[0][0] if level == 1 and to else "")
        pairs = [(each[0], each[1]) for each in to] if level == 2 else []
        return Asked(
            level, release, pairs, set_name, options["accept_data_loss"], options["with_dependants"],
            options["keep_code"],
        )  # fmt: skip

    def run_in_turn(self, asked: Asked, *, yes: bool, dry_run: bool, base_url: str, **_: Any) -> Ended:
        """Judge, ask, do."""
        left = deployments.unfinished()
        if left is not None:
            self.stop(Exit.NEEDS_OPERATOR, f"run {left.run_id} was killed; {deployments.next_of(left)}")
        if restores.noted() is not None:
            self.stop(Exit.NEEDS_OPERATOR, restores.unfinished())
        back, unmet = rolling_back.planned(asked)
        self.say("\n".join(rolling_back.banner(back)))
        if unmet:
            self.stop(Exit.REFUSED, "\n".join(map(str, unmet)))
        if dry_run:
            self.stop_well("possible: nothing was changed")
        if not yes and not is_wanted(self.stdout):
            self.stdout.write(CANCELLED)
            sys.exit(int(Exit.FINDINGS))
        return self.go(back, base_url)

    def go(self, back: Back, base_url: str) -> Ended:
        """Carry it out."""
        by = platform(None, "command line")
        return rolling_back.rollback(back, Work(rolling_back.begun(back), by, base_url or settings.SITE_URL, self.say))

    def stop_well(self, message: str) -> Any:
        """Say what would be, and end."""
        self.say(message)
        sys.exit(int(Exit.DONE))

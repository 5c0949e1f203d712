"""`maristan deploy`: puts the release whose environment this is into service, or leaves everything as it was."""

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from maristan.config import deploying, rolling_back
from maristan.config.asking import is_wanted
from maristan.config.deploying import Ended, Plan
from maristan.config.serving_release import Work, target_of
from maristan.kernel.access import platform
from maristan.operations.actions.deployments import Run, StepFailed
from maristan.operations.management.answers import Exit, OperatorCommand
from maristan.operations.queries import deployments, restores, servers
from maristan.operations.rules.deploying import CANCELLED
from maristan.operations.rules.findings import read_acceptance
from maristan.operations.rules.sets import Busy
from maristan.operations.rules.states import DeploymentKind


class Command(OperatorCommand):
    """Exit 0 done, 1 cancelled, 3 refused unchanged, 4 busy, 5 put back, 6 an operator is needed."""

    help = "put this release into service"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--yes", action="store_true", help="do not ask")
        parser.add_argument("--rolling", action="store_true", help="without maintenance; every migration is compatible")
        parser.add_argument("--long-locks", action="store_true", help="go on although big tables would be held")
        parser.add_argument("--resume", action="store_true", help="go on with a run that was killed")
        parser.add_argument("--undo", action="store_true", help="put back what a killed run left")
        parser.add_argument("--base-url", default="", help="where it is served; SITE_URL when not given")
        parser.add_argument("--accept", action="append", default=[], metavar="CODE:SUBJECT=REASON")

    def handle(self, *args: Any, as_json: bool, **options: Any) -> None:
        self.say = self.progress(as_json=as_json)
        try:
            self.accept = [read_acceptance(each) for each in options["accept"]]
        except ValueError as wrong:
            self.stop(Exit.CANNOT_RUN, f"--accept: {wrong}")
        try:
            with self.refusals(), servers.turn("deploy"):
                ended = self.run_in_turn(**options)
        except Busy as busy:
            self.stop(Exit.BUSY, f"busy: {busy}")
        lines = "\n".join(ended.lines)
        if ended.code is not Exit.DONE:
            self.stop(ended.code, lines)
        said = {"run": str(ended.run.run_id), "set": ended.run.set_name, "report": ended.run.report,
                "steps": ended.run.steps}  # fmt: skip
        self.answer(said, lines, as_json=as_json)

    def run_in_turn(self, *, resume: bool, undo: bool, yes: bool, **options: Any) -> Ended:
        """Judge, ask, do."""
        left = deployments.unfinished()
        if (resume or undo) and left is None:
            self.stop(Exit.CANNOT_RUN, "no run was left unfinished")
        if left is not None and not (resume or undo):
            self.stop(
                Exit.NEEDS_OPERATOR,
                f"run {left.run_id} of {left.started_at:%Y-%m-%d %H:%M} UTC ({left.host}, pid {left.pid}) was killed\n"
                f"{deployments.next_of(left)}",
            )
        if restores.noted() is not None and (left is None or left.kind == DeploymentKind.DEPLOY):
            self.stop(Exit.NEEDS_OPERATOR, restores.unfinished())
        plan, unmet = deploying.planned(is_rolling=options["rolling"], allows_long_locks=options["long_locks"])
        unmet = [each for each in unmet if left is None or each.code != "no_other_operation"]
        if plan is None or (unmet and not undo):
            self.stop(Exit.REFUSED, "\n".join(map(str, unmet)))
        if left is not None:
            return self.go_on(plan, left, undo=undo, **options)
        self.say("\n".join(deploying.banner(plan)))
        if not yes and not is_wanted(self.stdout):
            self.stdout.write(CANCELLED)
            sys.exit(int(Exit.FINDINGS))
        return deploying.deploy(plan, self.work(deploying.begun(plan, self.accept), **options))

    def go_on(self, plan: Plan, left: Any, *, undo: bool, **options: Any) -> Ended:
        """The rest of a killed run, or its way back."""
        if left.kind != DeploymentKind.DEPLOY:
            return self.undo_rollback(left, undo=undo, **options)
        if left.to_build != plan.target.build_id:
            self.stop(Exit.CANNOT_RUN, f"that run put {left.to_build} into service; {deployments.next_of(left)}")
        work = self.work(self.resumed(left), **options)
        former = target_of(left.from_build) if left.from_build else None
        plan = Plan(plan.manifest, plan.target, former, plan.pending, plan.is_first, plan.is_rolling)
        if undo:
            return deploying.put_back(plan, work, StepFailed("the run", "it was killed"), is_killed=True)
        return deploying.deploy(plan, work)

    def undo_rollback(self, left: Any, *, undo: bool, **options: Any) -> Ended:
        """A killed rollback is not gone on with: what served before it serves again where that is safe."""
        if not undo:
            self.stop(Exit.CANNOT_RUN, "a rollback is not resumed; back with: maristan deploy --undo")
        run = self.resumed(left)
        return rolling_back.undo_killed(run, self.work(run, **options))

    def resumed(self, left: Any) -> Run:
        """The run that was killed, with what was accepted for it then and now."""
        return deploying.resumed(left, platform(None, "command line"), self.accept)

    def work(self, run: Any, *, base_url: str, **_: Any) -> Work:
        """What the steps share."""
        by = platform(None, "command line")
        return Work(run, by, base_url or settings.SITE_URL, self.say)

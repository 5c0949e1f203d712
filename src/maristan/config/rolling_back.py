"""Puts a former release into service again: its code, the schema before, or a whole backup set."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import Error

from maristan.config import deploying, interrupting, migrating
from maristan.config.deploying import Ended, Plan, named, serving
from maristan.config.serving_release import Target, Work, target_of
from maristan.kernel import tenancy
from maristan.kernel.names import nearest
from maristan.operations.actions import deployments, restores
from maristan.operations.actions.deployments import Run, Step, StepFailed, StepFault
from maristan.operations.management.answers import Exit
from maristan.operations.queries import build, faults, hooks, releases, reversal, servers, sets, shelf, stores
from maristan.operations.queries import deployments as queries
from maristan.operations.queries import restores as restore_queries
from maristan.operations.queries.shelf import Folder
from maristan.operations.rules import rollback as rules
from maristan.operations.rules import sets as set_rules
from maristan.operations.rules.deploying import Pending, StepName, Unmet
from maristan.operations.rules.rollback import Reverse
from maristan.operations.rules.sets import SetFault
from maristan.operations.rules.states import DeploymentKind, DeploymentStatus, SetReason

KILLED = "the run"
KINDS = {
    1: DeploymentKind.ROLLBACK_CODE, 2: DeploymentKind.ROLLBACK_MIGRATIONS, 3: DeploymentKind.ROLLBACK_FULL,
}  # fmt: skip


class UnknownName(Exception):
    """No release, or no set, has that name; it says which are near."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What an operator asked for; `to` are apps with migrations, `release` a build, version or folder."""

    level: int
    release: str = ""
    to: Sequence[tuple[str, str]] = ()
    set_name: str = ""
    accepted: Sequence[str] = ()
    with_dependants: bool = False
    keeps_code: bool = False


@dataclass(frozen=True, slots=True)
class Back:
    """What a rollback would do: to which release, taking back what, from which set."""

    asked: Asked
    target: Target
    former: Target
    reverse: Sequence[Reverse] = ()
    reverse_to: Sequence[tuple[str, str]] = ()

    @property
    def plan(self) -> Plan:
        """The same as a plan of deploying, for what both say and report."""
        return Plan(build.manifest() or {}, self.target, self.former, (), is_first=False, is_rolling=False)


def planned(asked: Asked) -> tuple[Back, list[Unmet]]:
    """What would be done, and every reason to refuse it; nothing is changed.

    Raises `SetFault` for a set that cannot be used, `UnknownName` and `UnknownMigration`.
    """
    there = shelf.current() or shelf.own()
    running = build.running()
    former = Target.of(there) if there else Target(running.build_id, running.version)
    if asked.level == 3:
        return _of_set(asked, former)
    target, found = _release(asked, former)
    if asked.level == 2:
        return _of_migrations(asked, target, found, former)
    return Back(asked, found or Target(target.build_id), former), rules.of_code(target, _since(found))


def _release(asked: Asked, former: Target) -> tuple[rules.Target, Target | None]:
    if asked.release:
        there, wanted = shelf.named(asked.release), asked.release
    else:  # what it took the place of; where no run says so, what was put into service last before it
        wanted = queries.replaced_by(former.build_id)
        there = shelf.of_build(wanted) if wanted else shelf.before(former.build_id)
    if there is None and asked.release and asked.release not in releases.names():
        known = {*releases.names(), *shelf.names()}
        raise UnknownName(f"no release {asked.release}; nearest: {_near(asked.release, known)}")
    return _judged(there, wanted)


def _near(wanted: str, known: Iterable[str]) -> str:
    return nearest(wanted, known, ["none"], alike=0.4)  # a build has its release's name and twelve figures more


def _judged(there: Folder | None, wanted: str) -> tuple[rules.Target, Target | None]:
    """What the rules ask of a release: whether it is kept, and as it was."""
    if there is None:
        return rules.Target(wanted, False), None
    if not there.image:
        return rules.Target(there.build_id, True, shelf.altered(there)), Target.of(there)
    try:
        now = hooks.kept(there.build_id)
    except hooks.HookFault as fault:
        return rules.Target(there.build_id, True, fault=str(fault)), Target.of(there)
    if not now.digest:
        return rules.Target(there.build_id, False, why=now.why), Target.of(there)
    other = [] if now.digest == there.image else [f"image {now.digest} instead of {there.image}"]
    return rules.Target(there.build_id, True, other), Target.of(there)


def _since(found: Target | None) -> list[Pending]:
    return queries.applied_unknown_to(found.manifest) if found and found.manifest else []


def _of_migrations(
    asked: Asked, target: rules.Target, found: Target | None, former: Target
) -> tuple[Back, list[Unmet]]:  # fmt: skip
    promised = found.manifest if found else None
    to = reversal.targets(asked.to) if asked.to else reversal.targets_of(promised) if promised else []
    reverse = reversal.plan(to)
    back = Back(asked, found or Target(target.build_id), former, reverse, to)
    apps = {each.app for each in reverse} if not asked.to else {app for app, _ in to}
    unmet = rules.of_migrations(
        reverse, named_apps=apps, accepted=asked.accepted, with_dependants=asked.with_dependants
    )
    ahead = reversal.not_applied(to)
    if ahead:
        unmet.append(Unmet("not_applied", f"{', '.join(ahead)}: to go there is no way back"))
    needed = {f"{each['app']}.{each['name']}" for each in promised["migrations"]} if promised else set()
    unmet += rules.of_needed(reverse, needed, named(found))
    taken = {each.label for each in reverse}
    left = [each for each in _since(found) if each.name not in taken]
    return back, [*unmet, *rules.of_code(target, left)]


def _of_set(asked: Asked, former: Target) -> tuple[Back, list[Unmet]]:
    try:
        source = restore_queries.source(asked.set_name)
    except SetFault as fault:
        if fault.code != "set_unknown":
            raise
        wanted = Path(asked.set_name).name
        near = _near(wanted, [each.name for each in sets.on_disk()])
        raise UnknownName(f"no set {wanted}; nearest: {near}") from None
    if source.found is None:
        raise SetFault("unproven", "level 3 takes a set, not a lone file")
    manifest = source.found.manifest
    made_by = str(manifest["build_id"])
    there, refused = shelf.of_build(made_by), _refused(manifest)
    if there is None and shelf.are_images() and made_by == former.build_id:  # the first of images, which is no note yet
        return Back(asked, former, former), refused
    target, found = _judged(there, made_by)
    unmet = rules.of_set(target=target, keeps_code=asked.keeps_code)
    to = former if asked.keeps_code or found is None else found
    return Back(asked, to, former), [*unmet, *refused]


def _refused(manifest: Mapping[str, Any]) -> list[Unmet]:
    """Why the set may not be restored here (R2): what the restore itself would refuse, with the doors closed by then.

    A server without tools is a `SetFault`.
    """
    server = servers.server_version()
    here = restore_queries.here(servers.tools(server), server)
    needed = restore_queries.needed_bytes(manifest)
    found = set_rules.refusals(manifest, here, needed_bytes=needed, is_other_key=False)
    try:
        stores.check_referred(manifest)
    except SetFault as fault:
        found.append(fault)
    return [Unmet(each.code, each.detail) for each in found]


def banner(back: Back) -> list[str]:
    """What is said before the question."""
    lines = [f"Rollback level {back.asked.level}: {named(back.former)} → {named(back.target)}"]
    lines += rules.described(back.reverse)
    if back.asked.set_name:
        set_name = Path(back.asked.set_name).name
        lines.append(f"The set {set_name} takes the place of the database and its files; what was written since goes")
    return [*lines, "Maintenance: full"]


def begun(back: Back) -> Run:
    """A new run."""
    return Run(KINDS[back.asked.level], back.former.build_id, back.target.build_id)


def steps(back: Back, work: Work) -> list[Step]:
    """The steps in their order."""
    is_own = back.target.build_id == build.running().build_id
    found: list[tuple[StepName, Callable[[], str]]] = []
    if back.asked.level == 2:
        found.append((StepName.BACKUP, lambda: work.save(SetReason.PRE_ROLLBACK)))
    found.append((StepName.CLOSE, work.close))
    if back.asked.level > 1:
        found.append((StepName.STOP_WORKERS, lambda: work.hook("stop_workers", back.former)))
    if back.asked.level == 2:
        found.append((StepName.FINAL, work.save_again))
        found.append((StepName.REVERSE, lambda: reversed_again(back, work)))
    if back.asked.level == 3:
        found.append((StepName.RESTORE, lambda: restored(back, work)))
    found += serving(work, back.target).items()
    found.append((StepName.VERIFY, work.verify if is_own else lambda: work.verify_other(back.target)))
    found.append((StepName.SMOKE, work.smoke if is_own else lambda: work.smoke_other(back.target)))
    found.append((StepName.OPEN, work.open))
    return [deploying.sure(name.value, do, work.say) for name, do in found]


def reversed_again(back: Back, work: Work) -> str:
    """Take the migrations back, once nobody can write any more what nobody accepted to lose."""
    more = rules.grown(back.reverse, reversal.plan(back.reverse_to))
    if more:
        raise StepFault(f"would_lose_data: {'; '.join(more)}")
    return migrating.backwards(back.reverse_to, work.say)


def restored(back: Back, work: Work) -> str:
    """Put the set into service, for the release that made it unless code is kept; the doors stay closed."""
    try:
        wanted = restores.Wanted(
            back.asked.set_name, opens_doors=False, say=work.say,
            is_migrated=back.asked.keeps_code or back.target.build_id == build.running().build_id,
        )  # fmt: skip
        done = restores.restored_in_turn(wanted=wanted, by=work.by, confirm=lambda _: True)
    except restores.Refused as refused:
        raise StepFault(str(refused)) from refused
    except (restores.PutBack, restores.NeedsOperator) as failed:  # the doors stay closed until the run opens them
        raise StepFault(str(failed)) from failed
    if done is None:
        raise StepFault("the restore was not begun")
    work.sets.append(done.name)
    work.run.set_name = sets.newest(SetReason.PRE_RESTORE)  # what leads back to before
    return f"{done.name}: {done.tables} tables, {done.rows} rows, {done.files} files; before it {done.before}"


def rollback(back: Back, work: Work) -> Ended:
    """Carry out a rollback that was confirmed; call it within the turn."""
    return deploying.carried(back.plan, work, lambda: steps(back, work), lambda *given: undone(back, work, given[2]))


def undone(back: Back, work: Work, failed: StepFailed, *, is_killed: bool = False) -> Ended:
    """The release that served serves again where nothing was taken back yet; else an operator is needed."""
    with interrupting.undisturbed():
        plan, run, first = back.plan, work.run, failed
        work.say(f"{failed.step} failed: {failed.why}")
        is_safe = is_undone(run, failed)
        if is_safe:
            try:
                if is_killed:  # maybe on its way back, too
                    deployments.doubt(run=run, kept=[*StepName], by=work.by)
                deployments.carry_out(run=run, steps=_again(back, work, is_killed=is_killed), by=work.by)
            except Exception as worse:
                failed = StepFailed(failed.step, f"{failed.why}; and the way back failed at {worse}")
                is_safe = False
        if is_safe:
            lines = [str(failed), f"{named(back.former)} serves as before"]
            return deploying.end(plan, work, DeploymentStatus.ROLLED_BACK, Exit.PUT_BACK, lines)
        lines = [str(failed), deploying.what_next(next_command(back, run, needs_undo=is_torn(first)))]
        return deploying.end(plan, work, DeploymentStatus.NEEDS_OPERATOR, Exit.NEEDS_OPERATOR, lines)


def undo_killed(run: Run, work: Work) -> Ended:
    """The way back of a rollback that was killed."""
    level = next(level for level, kind in KINDS.items() if kind is run.kind)
    back = Back(Asked(level), target_of(run.to_build), target_of(run.from_build))
    failed = StepFailed(KILLED, "it was killed")
    try:
        restores.recover(by=work.by)
    except Exception as fault:
        failed, cause = StepFailed(KILLED, f"it was killed; {faults.said(fault)}"), StepFault("restore")
        failed.__cause__, cause.__cause__ = cause, restores.NeedsOperator("its restore cannot be undone")
    return undone(back, work, failed, is_killed=True)


def next_command(back: Back, run: Run, *, needs_undo: bool) -> str:
    """The exact command that an operator needs: the restore undone, the set from before, or what served before.

    The set is of the release that served before: one that is in service by now may be too old to restore it.
    """
    serves = f"maristan rollback --level 1 --to {run.from_build}"
    if back.former.folder is None and not back.former.image:
        serves = f"maristan deploy (of {named(back.former)})"
    if needs_undo:
        return f"maristan restore --undo, then {serves}"
    program = back.former.folder.program if back.former.folder else "maristan"
    return f"{program} rollback --level 3 --set {run.set_name}" if run.set_name else serves


def is_torn(failed: StepFailed) -> bool:
    """Whether a restore failed and could not be undone."""
    return isinstance(getattr(failed.__cause__, "__cause__", None), restores.NeedsOperator)


def is_undone(run: Run, failed: StepFailed) -> bool:
    """Whether schema and data are those of before: nothing was taken back, or the restore put them back itself."""
    if StepName.REVERSE.value in run.done or StepName.RESTORE.value in run.done or is_torn(failed):
        return False
    if StepName.RESTORE.value in run.begun:
        return not has_restored(run)
    if StepName.REVERSE.value not in run.begun:
        return True
    return failed.step != KILLED and not isinstance(failed.__cause__, migrating.HalfWay)


def has_restored(run: Run) -> bool:
    """Whether the restore of a run came to its end before the run was killed; also where nobody can say."""
    try:
        with tenancy.acting_in(None):
            return restore_queries.passed_since(run.started_at)
    except Error:
        return True


def _again(back: Back, work: Work, *, is_killed: bool) -> list[Step]:
    former, begun = back.former, work.run.begun
    found: list[tuple[StepName, Callable[[], str]]] = []
    if StepName.ACTIVATE.value in begun or is_killed:  # of what served nothing may live any more
        found += serving(work, former).items()
    elif StepName.STOP_WORKERS.value in begun:
        found.append((StepName.START_WORKERS, lambda: work.hook("start_workers", former)))
        found.append((StepName.WAIT, lambda: work.wait(former)))
    if StepName.CLOSE.value in begun:
        is_own = former.build_id == build.running().build_id
        found.append((StepName.VERIFY, work.verify if is_own else lambda: work.verify_other(former)))
        found.append((StepName.OPEN, work.open))
    return [deploying.sure(f"back: {name.value}", do, work.say) for name, do in found]


def near_sets() -> list[str]:
    """The newest sets, for whoever named none."""
    return [each.name for each in sets.on_disk()[-3:]]

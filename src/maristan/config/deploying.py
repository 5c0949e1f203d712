"""Puts this build into service: what is judged, the steps in their order, and the way back when one fails."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.db import Error

from maristan.config import interrupting, migrating, preflight, telling
from maristan.config.serving_release import Target, Work, clear_cache, imaged, static_files, target_of
from maristan.kernel import clock
from maristan.kernel.access import Actor
from maristan.operations.actions import deployments, verifications
from maristan.operations.actions.deployments import Run, Step, StepFailed, StepFault
from maristan.operations.management.answers import Exit
from maristan.operations.models import Deployment, Release
from maristan.operations.queries import build, faults, shelf
from maristan.operations.queries import deployments as queries
from maristan.operations.queries import maintenance as windows
from maristan.operations.queries.hooks import HookFault
from maristan.operations.rules import deploying as rules
from maristan.operations.rules import manifest as manifests
from maristan.operations.rules.deploying import Pending, StepName, Unmet, WayBack
from maristan.operations.rules.findings import Acceptance, joined
from maristan.operations.rules.states import DeploymentKind, DeploymentStatus, SetReason

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a deployment would do: from which build to this one, over which migrations."""

    manifest: Mapping[str, Any]
    target: Target
    former: Target | None
    pending: Sequence[Pending]
    is_first: bool
    is_rolling: bool


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended, and what is to be said of it."""

    code: Exit
    lines: Sequence[str]
    run: Run


def planned(*, is_rolling: bool, allows_long_locks: bool) -> tuple[Plan | None, list[Unmet]]:
    """The plan, and everything that keeps it from being carried out; no plan where the database does not answer."""
    manifest = build.manifest()
    try:
        pending: list[Pending] | None = queries.pending()
        former = preflight.former_build()
        is_first = not former and queries.is_first()
    except Error:
        pending, is_first, former = None, False, ""
    found = rules.unmet(preflight.evidence(manifest, pending), allows_long_locks=allows_long_locks)
    found += rules.not_rolling(pending or ()) if is_rolling else []
    if manifest is None or pending is None:
        return None, found
    own = shelf.own()
    target = Target.of(own) if own else Target(manifest["build_id"], manifest["version"])
    was = target_of(former) if former else None
    if shelf.are_images() and not preflight.hooks_missing():
        target, was, unmet = with_images(target, was, manifest)
        found += unmet
    return Plan(manifest, target, was, pending, is_first, is_rolling), found


def with_images(
    target: Target, former: Target | None, manifest: Mapping[str, Any]
) -> tuple[Target, Target | None, list[Unmet]]:
    """Both releases with their images: the new one has to be there, the former is noted if it never was."""
    try:
        target, why = imaged(target, manifest)
        if former is not None and not former.image:
            row = Release.objects.filter(build_id=former.build_id).first()
            former = replace(former, version=row.manifest["version"]) if row else former
            former, _ = imaged(former, row.manifest if row else None)
    except HookFault as fault:
        return target, former, [Unmet("hooks_present", str(fault))]
    return target, former, [Unmet("release_not_kept", f"{target.build_id}: {why}")] if why else []


def banner(plan: Plan) -> list[str]:
    """What is said before the question."""
    former = plan.former.manifest if plan.former else None
    changed: Mapping[str, list[str]] | None = None
    if plan.is_first:
        changed = {"added": sorted(each["id"] for each in plan.manifest["capabilities"])}
    elif former:
        changed = manifests.differences(former, plan.manifest).get("capabilities", {})
    return rules.banner(
        was=named(plan.former), becomes=named(plan.target), pending=plan.pending, capabilities=changed,
        is_rolling=plan.is_rolling, is_first=plan.is_first, seconds=rules.downtime(queries.steps_of_former()),
    )  # fmt: skip


def named(target: Target | None) -> str:
    """A release as people read it."""
    return f"{target.version or 'unknown version'} ({target.build_id})" if target else ""


def steps(plan: Plan, work: Work) -> list[Step]:
    """Every step of a deployment in its order."""
    target = plan.target
    do: dict[StepName, Callable[[], str]] = {
        StepName.BACKUP: lambda: work.save(SetReason.PRE_DEPLOY),
        StepName.CLOSE: work.close,
        StepName.FINAL: work.save_again,
        StepName.STOP_WORKERS: lambda: work.hook("stop_workers", plan.former or target),
        StepName.MIGRATE: lambda: migrating.forwards(work.say),
        StepName.STATIC: static_files,
        StepName.CACHE: clear_cache,
        **serving(work, target),
        StepName.VERIFY: work.verify,
        StepName.SMOKE: work.smoke,
        StepName.OPEN: work.open,
        StepName.VERIFY_QUICK: lambda: work.verify(quick=True),
    }
    order = rules.order(plan.pending, is_first=plan.is_first, is_rolling=plan.is_rolling)
    return [sure(name.value, do[name], work.say) for name in order]


def sure(name: str, do: Callable[[], str], say: Callable[[str], None]) -> Step:
    """A step that is said when it begins, and fails whatever it raises.

    Nothing that nobody thought of leaves the doors closed without a word.
    """

    def guarded() -> str:
        say(f"{clock.now():%H:%M:%S} {name}")
        try:
            return do()
        except (deployments.NotChecked, *deployments.FAILURES):
            raise
        except (Exception, SystemExit) as fault:
            raise StepFault(faults.said(fault)) from fault

    return Step(name, guarded)


def serving(work: Work, target: Target) -> dict[StepName, Callable[[], str]]:
    """The steps by which a release comes to serve."""
    return {
        StepName.ACTIVATE: lambda: work.hook("activate", target),
        StepName.RESTART_WEB: lambda: work.hook("restart_web", target),
        StepName.START_WORKERS: lambda: work.hook("start_workers", target),
        StepName.WAIT: lambda: work.wait(target),
    }


LASTING = (StepName.BACKUP, StepName.CLOSE, StepName.FINAL, StepName.MIGRATE, StepName.OPEN)


def deploy(plan: Plan, work: Work) -> Ended:
    """Carry out a plan that was confirmed, or the rest of one; call it within the turn."""
    deployments.doubt(run=work.run, kept=LASTING, by=work.by)
    return carried(plan, work, lambda: steps(plan, work), put_back)


def carried(
    plan: Plan, work: Work, of: Callable[[], list[Step]], otherwise: Callable[[Plan, Work, StepFailed], Ended]
) -> Ended:
    """Take steps until the last, or until one fails, a signal comes, or the run itself cannot be kept."""
    run, work.serving = work.run, plan.former
    with interrupting.interruptible():
        try:
            run.started_at = run.started_at or clock.now()
            if not run.steps and not plan.is_first:
                deployments.begin(run=run, by=work.by)
            deployments.carry_out(run=run, steps=of(), by=work.by)
        except StepFailed as failed:
            return otherwise(plan, work, failed)
        except KeyboardInterrupt:
            return otherwise(plan, work, StepFailed("the run", "interrupted"))
        except Exception as fault:
            if not run.steps:  # nothing was begun, and nothing is to be put back
                raise
            return otherwise(plan, work, StepFailed("the run", faults.said(fault)))
    return succeeded(plan, work)


def succeeded(plan: Plan, work: Work) -> Ended:
    """Everything was done and looked at; what was not checked or warned of is part of what is said."""
    run = work.run
    unchecked = [each["name"] for each in run.steps if each["status"] == deployments.NOT_CHECKED]
    warned = bool(unchecked) or bool(work.seen.get("findings"))
    status = DeploymentStatus.SUCCEEDED_WITH_WARNINGS if warned else DeploymentStatus.SUCCEEDED
    former = {plan.former.build_id} if plan.former else set()
    gone = deployments.clear_shelf(needed={plan.target.build_id, *former}, by=work.by)
    lines = [f"removed release {each}" for each in gone]
    windows.forget()
    if windows.state().is_on:
        lines.append("maintenance is on, as it was before")
    return end(plan, work, status, Exit.DONE, lines)


def put_back(plan: Plan, work: Work, failed: StepFailed, *, is_killed: bool = False) -> Ended:
    """Go back as far as it is safe, and say how far that was; of what served nothing may live where it was killed."""
    with interrupting.undisturbed():
        run, is_torn = work.run, isinstance(failed.__cause__, migrating.Torn)
        closed_by: Deployment | None = None
        try:
            if plan.former is not None and plan.former.build_id == plan.target.build_id:
                closed_by = queries.unproven(plan.target.build_id)
            applied = queries.applied_since(run.started_at)
            way = rules.way_back(
                run.begun, applied, has_former=plan.former is not None, is_torn=is_torn,
                is_unproven=closed_by is not None,
            )  # fmt: skip
        except Exception as unknown:  # then nobody knows what was applied
            failed = StepFailed(failed.step, f"{failed.why}; what was applied is unknown: {faults.said(unknown)}")
            way = WayBack.OPERATOR
        work.say(f"{failed.step} failed: {failed.why}")
        if way is not WayBack.OPERATOR:
            try:
                if is_killed:  # maybe on its way back, too
                    deployments.doubt(run=run, kept=[*StepName], by=work.by)
                deployments.carry_out(run=run, steps=back(plan, work, way, is_killed=is_killed), by=work.by)
            except Exception as worse:
                failed = StepFailed(failed.step, f"{failed.why}; and the way back failed at {worse}")
                way = WayBack.OPERATOR
        if way is WayBack.OPERATOR:
            set_name = closed_by.set_name if closed_by else run.set_name
            lines = [str(failed), what_next(next_command(plan, set_name, is_torn=is_torn))]
            return end(plan, work, DeploymentStatus.NEEDS_OPERATOR, Exit.NEEDS_OPERATOR, lines)
        lines = [str(failed), f"{named(plan.former) or 'nothing'} serves as before"]
        return end(plan, work, DeploymentStatus.ROLLED_BACK, Exit.PUT_BACK, lines)


def back(plan: Plan, work: Work, way: WayBack, *, is_killed: bool = False) -> list[Step]:
    """The steps of the way back."""
    former, begun = plan.former, work.run.begun
    found: list[tuple[StepName, Callable[[], str]]] = []
    if former is not None and (way is WayBack.CODE or is_killed):
        found += serving(work, former).items()
    elif former is not None and StepName.STOP_WORKERS.value in begun:
        found.append((StepName.START_WORKERS, lambda: work.hook("start_workers", former)))
        found.append((StepName.WAIT, lambda: work.wait(former)))
    if former is not None and StepName.CLOSE.value in begun:
        found.append((StepName.VERIFY, lambda: work.verify_other(former, quick=way is WayBack.OPEN)))
    if StepName.CLOSE.value in begun:
        found.append((StepName.OPEN, work.open))
    return [sure(f"back: {name.value}", do, work.say) for name, do in found]


def next_command(plan: Plan, set_name: str, *, is_torn: bool = False) -> str:
    """The exact command that an operator needs: the same once more, which loses nothing, or the set from before.

    A migration that stands half-way ends in the same way once more: there the set is all.
    """
    again = queries.by_release(plan.target.build_id)
    if not set_name or plan.former is None:
        return again
    back = f"maristan rollback --level 3 --set {set_name}"
    return back if is_torn else f"{again} goes on and loses nothing; back to before: {back}"


def what_next(command: str) -> str:
    """What is said where an operator is needed; that maintenance stays on only where it is on."""
    windows.forget()
    return f"maintenance stays on; next: {command}" if windows.state().is_on else f"next: {command}"


def end(plan: Plan, work: Work, status: DeploymentStatus, code: Exit, lines: Sequence[str]) -> Ended:
    """Write report and row, and tell the operators; what cannot be told is said, and changes nothing."""
    run, untold = work.run, []
    try:
        run.report = report(plan, work, status, code)
    except Exception as fault:  # a full disk, for one: the row is ended all the same
        untold.append(f"no report: {faults.said(fault)}")
    try:
        deployments.finish(run=run, status=status, exit_code=int(code), by=work.by)
    except Exception as fault:
        untold.append(f"its end is not in the journal: {faults.said(fault)}")
    try:
        telling.finished(was=named(plan.former), becomes=named(plan.target), status=status.value, report=run.report)
    except Exception as fault:
        untold.append(f"nobody was told: {faults.said(fault)}")
    return Ended(code, [*lines, *untold, f"{status.value}; report {run.report or 'none'}"], run)


def report(plan: Plan, work: Work, status: DeploymentStatus, code: Exit) -> str:
    """Write what was done and found, under the headings of a verification, and for machines the row; gives the path."""
    run = work.run
    by_name = {each["name"]: each for each in run.steps}
    smoke = by_name.get(StepName.SMOKE.value)
    is_done = status in (DeploymentStatus.SUCCEEDED, DeploymentStatus.SUCCEEDED_WITH_WARNINGS)
    body = {
        **(work.seen or nothing_seen()),
        "title": f"{run.kind.value}: {named(plan.former) or 'none'} → {named(plan.target)}",
        "at": run.started_at,
        "smoke": f"{smoke['status']}: {smoke['detail']}" if smoke else "not checked",
        "run": deployments.as_row(run=run, status=status, exit_code=int(code), by=work.by),
        "more": {
            "Environment": [f"run: {run.run_id}", f"by: {work.by.name}"],
            "Backup": [f"set: {each}" for each in sets_of(work)] or ["set: none"],
            "Migrations": [each.said for each in plan.pending],
            "Commands executed": [
                *(f"`{each}`" for each in run.commands),
                *(f"{each['name']}: {each['status']}; {each['detail']}" for each in run.steps),
            ],
        },
    }  # fmt: skip
    if not is_done or not work.seen:
        body["result"] = "not_verified"
    elif status is DeploymentStatus.SUCCEEDED_WITH_WARNINGS:
        body["result"] = "verified_with_warnings"
    return str(verifications.write_report(said=body, by=work.by))


def sets_of(work: Work) -> list[str]:
    """The sets of a run, also that of the part of it that was killed."""
    found = [*work.sets, work.run.set_name]
    return [each for each in dict.fromkeys(found) if each]


def nothing_seen() -> dict[str, Any]:
    """A report's body where nothing was verified."""
    running = build.running()
    return {
        "build_id": running.build_id, "version": running.version, "environment": settings.MARISTAN_ENV, "host": "",
        "base_url": "", "scope": "none", "checked": {}, "contents": {}, "expected": {}, "processes": [],
        "findings": [], "command": "none",
    }  # fmt: skip


def begun(plan: Plan, accept: Sequence[Acceptance] = ()) -> Run:
    """A new run of a plan, with the findings that somebody answers for."""
    was = plan.former.build_id if plan.former else ""
    return Run(DeploymentKind.DEPLOY, was, plan.target.build_id, accepted=[*accept])


def resumed(row: Deployment, by: Actor, accept: Sequence[Acceptance] = ()) -> Run:
    """The run that was killed; what was accepted for it stays accepted, and more may be."""
    run = deployments.left(row=row, by=by)
    run.accepted = joined(run.accepted, accept)
    return run

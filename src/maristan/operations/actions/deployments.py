"""The engine of deployments and rollbacks: one run at a time, step by step, each kept when it begins and ends."""

import json
import os
import shutil
import socket
import subprocess
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.db import Error, connection

from maristan.kernel import clock, jobs, tenancy
from maristan.kernel.access import Actor
from maristan.kernel.errors import Refusal
from maristan.kernel.unjournaled import unjournaled
from maristan.operations.actions import chain, whole_files
from maristan.operations.models import Deployment
from maristan.operations.queries import hooks, shelf
from maristan.operations.rules import shelf as shelf_rules
from maristan.operations.rules.findings import Acceptance
from maristan.operations.rules.sets import SetFault
from maristan.operations.rules.states import UNFINISHED, DeploymentKind, DeploymentStatus

NOUN = "release"
HOOK_SECONDS = hooks.SECONDS
RUNNING, DONE, FAILED, NOT_CHECKED = "running", "done", "failed", "not checked"
ENDS = {
    DeploymentKind.DEPLOY: "release.deployed",
    DeploymentKind.ROLLBACK_CODE: "release.rolled_back",
    DeploymentKind.ROLLBACK_MIGRATIONS: "release.rolled_back",
    DeploymentKind.ROLLBACK_FULL: "release.rolled_back",
}


class StepFault(Exception):
    """A step cannot be done; it says why."""


class NotChecked(Exception):
    """A step could not be looked at; the run goes on and says so."""


class StepFailed(Exception):
    """A run ended at a step."""

    def __init__(self, step: str, why: str) -> None:
        self.step, self.why = step, why
        super().__init__(f"{step}: {why}")


FAILURES = (
    StepFault, SetFault, Refusal, *jobs.REFUSED, OSError, subprocess.SubprocessError, KeyboardInterrupt,
)  # fmt: skip


@dataclass(slots=True)
class Run:
    """One deployment or rollback as this process knows it; the row is its copy, which a restore takes away."""

    kind: DeploymentKind
    from_build: str
    to_build: str
    run_id: UUID = field(default_factory=uuid4)
    started_at: Any = None
    steps: list[dict[str, Any]] = field(default_factory=list)
    accepted: list[Acceptance] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    set_name: str = ""
    report: str = ""

    @property
    def begun(self) -> set[str]:
        """Names of the steps that were begun."""
        return {each["name"] for each in self.steps}

    @property
    def done(self) -> set[str]:
        """Names of the steps that were done."""
        return {each["name"] for each in self.steps if each["status"] == DONE}


@dataclass(frozen=True, slots=True)
class Step:
    """One step: it gives what was found, raises `NotChecked`, or fails by raising."""

    name: str
    do: Callable[[], str]


def begin(*, run: Run, by: Actor) -> Run:
    """Make the row of a run whose requirements are met and that was confirmed."""
    run.started_at = run.started_at or clock.now()
    with tenancy.acting_in(None):
        _keep(run, DeploymentStatus.RUNNING, by)
        changes = {"run": run.run_id, "kind": run.kind.value, "from": run.from_build, "to": run.to_build}
        chain.record(kind="release.begun", subject=(NOUN, run.run_id), by=by, changes=changes)
    return run


@unjournaled("each step writes its line")
def carry_out(*, run: Run, steps: Sequence[Step], by: Actor) -> None:
    """Do the steps that are not done yet, in order; raises `StepFailed` at the first that fails."""
    for step in steps:
        if step.name not in run.done:
            take(run=run, step=step, by=by)


def take(*, run: Run, step: Step, by: Actor) -> None:
    """Do one step and keep how it ended; raises `StepFailed`."""
    run.steps = [each for each in run.steps if each["name"] != step.name]
    said = {"name": step.name, "started_at": clock.now(), "finished_at": None, "status": RUNNING, "detail": ""}
    run.steps.append(said)
    note(run=run, by=by)
    try:
        said |= {"detail": step.do()[:2000], "status": DONE}
    except NotChecked as unknown:
        said |= {"detail": str(unknown)[:2000], "status": NOT_CHECKED}
    except FAILURES as fault:
        why = "interrupted" if isinstance(fault, KeyboardInterrupt) else str(fault) or type(fault).__name__
        said |= {"detail": why[:2000], "status": FAILED}
        raise StepFailed(step.name, why) from fault
    finally:
        said["finished_at"] = clock.now()
        note(run=run, by=by)
        _tell("release.advanced", run, {key: said[key] for key in ("name", "status", "detail")}, by)


@unjournaled("the row is kept beside the line of each step")
def note(*, run: Run, by: Actor) -> None:
    """Keep how far a run is; where the database is away, the journal of the host alone has it."""
    with suppress(Error), tenancy.acting_in(None):
        _keep(run, DeploymentStatus.RUNNING, by)


def finish(*, run: Run, status: DeploymentStatus, exit_code: int, by: Actor) -> None:
    """Keep how a run ended."""
    with suppress(Error), tenancy.acting_in(None):
        _keep(run, status, by, exit_code=exit_code)
    changes = {"run": run.run_id, "from": run.from_build, "to": run.to_build, "status": status.value}
    is_done = status in (DeploymentStatus.SUCCEEDED, DeploymentStatus.SUCCEEDED_WITH_WARNINGS)
    _tell(ENDS[run.kind] if is_done else "release.stopped", run, {**changes, "exit_code": exit_code}, by)


def _keep(run: Run, status: DeploymentStatus, by: Actor, *, exit_code: int | None = None) -> None:
    values = as_row(run=run, status=status, exit_code=exit_code, by=by)
    Deployment.objects.update_or_create(run_id=values.pop("run_id"), defaults=values)


@unjournaled("it reads")
def as_row(*, run: Run, status: DeploymentStatus, exit_code: int | None, by: Actor) -> dict[str, Any]:
    """The values of the row of a run; its report has them too, because a restore takes the row away."""
    steps = [{key: str(value) if value is not None else None for key, value in each.items()} for each in run.steps]
    return {
        "run_id": run.run_id, "kind": run.kind, "from_build": run.from_build, "to_build": run.to_build,
        "status": status, "steps": steps, "set_name": run.set_name, "report": run.report, "exit_code": exit_code,
        "started_at": run.started_at, "finished_at": None if status in UNFINISHED else clock.now(),
        "started_by": by.name[:150], "host": socket.gethostname(), "pid": os.getpid(),
        "accepted": [asdict(each) for each in run.accepted],
    }  # fmt: skip


def _tell(kind: str, run: Run, changes: dict[str, Any], by: Actor) -> None:
    try:
        with tenancy.acting_in(None):
            chain.record(kind=kind, subject=(NOUN, run.run_id), by=by, changes=changes)
    except jobs.REFUSED:  # the line, or the job that announces it
        connection.close()
        chain.on_host(kind=kind, subject=(NOUN, run.run_id), by=by, changes=changes)


@unjournaled("whoever goes on with it, or takes it back, leaves the lines")
def left(*, row: Deployment, by: Actor) -> Run:
    """A run that was killed, as its row has it."""
    return Run(
        kind=DeploymentKind(row.kind), from_build=row.from_build, to_build=row.to_build, run_id=row.run_id,
        started_at=row.started_at, steps=[dict(each) for each in row.steps],
        accepted=[Acceptance(**each) for each in row.accepted], set_name=row.set_name,
    )  # fmt: skip


@unjournaled("each step that is done again leaves its line")
def doubt(*, run: Run, kept: Collection[str], by: Actor) -> None:
    """Steps that were done before a run was killed, but for those `kept`, were begun and are to be done again.

    What was started may have ended with the host, and what was seen then is no evidence now.
    """
    for each in run.steps:
        if each["status"] == DONE and each["name"] not in kept:
            each["status"] = RUNNING


@unjournaled("the step that calls it leaves the line")
def call_hook(*, run: Run, name: str, folder: Path | None, build_id: str, version: str, by: Actor) -> str:
    """Call a hook with folder and build of the release that is to serve; raises `StepFault`."""
    run.commands.append(f"{hooks.program(name)} {folder or ''} {build_id}")
    try:
        there = hooks.ended(name, folder=folder, build_id=build_id, version=version, seconds=HOOK_SECONDS)
    except hooks.HookFault as fault:
        raise StepFault(str(fault)) from None
    if there.returncode:
        raise StepFault(hooks.fault(name, there))
    return there.stdout.strip()[-500:]


@unjournaled("the step that calls it leaves the line")
def mark_activated(*, folder: Path, by: Actor) -> None:
    """Note on the disk that a folder was put into service now."""
    (folder / shelf.MARK).touch()


@unjournaled("the step that calls it leaves the line")
def note_image(*, manifest: Mapping[str, Any], image: str, by: Actor) -> Path:
    """Note on the disk that an image was put into service now: its manifest, and its digest; gives the folder."""
    folder = shelf.root() / shelf_rules.named(str(manifest["version"]), str(manifest["build_id"]))
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in (("image", image), ("manifest.json", json.dumps(manifest))):
        whole_files.write(file=folder / name, text=text, by=by)
    mark_activated(folder=folder, by=by)
    return folder


@unjournaled("the run that calls it leaves the line")
def clear_shelf(*, needed: set[str], by: Actor) -> list[str]:
    """Remove release folders that need not stay, but no note of an image, which goes when the engine lets it go."""
    if shelf.are_images():
        return []
    gone = shelf_rules.goes(shelf.shelved(), needed=needed)
    for name in gone:
        shutil.rmtree(shelf.root() / name, ignore_errors=True)
    return gone

"""The steps by which a release comes to serve, whichever way it came: hooks, waiting, looking, opening the doors."""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import Error
from redis import Redis, RedisError

from maristan.config import release, seams, verification
from maristan.config.visiting import Visitor
from maristan.kernel import journal
from maristan.kernel.access import Actor
from maristan.operations.actions import backups, deployments, maintenance, verifications
from maristan.operations.actions.deployments import NotChecked, Run, StepFault
from maristan.operations.queries import build, hooks, processes, shelf
from maristan.operations.queries import deployments as queries
from maristan.operations.queries.shelf import Folder
from maristan.operations.rules import deploying as rules
from maristan.operations.rules.states import SetReason, VerificationResult

READY_WITHIN = 120.0  # seconds
LOOK_EVERY = 0.5
SETTLE = 1.5  # seconds until every process saw that maintenance is on
VERIFY_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Target:
    """The release that is to serve: its build, and its folder where folders are used.

    Of an image the digest, and the manifest unless nobody knows it.
    """

    build_id: str
    version: str = ""
    folder: Folder | None = None
    image: str = ""
    manifest: Mapping[str, Any] | None = None

    @classmethod
    def of(cls, there: Folder) -> "Target":
        """The release of a folder, or of an image by its note."""
        folder = None if there.image else there
        return cls(there.build_id, str(there.manifest["version"]), folder, there.image, there.manifest)


@dataclass(slots=True)
class Work:
    """A run and what its steps share: the release that is `serving` now, and what the last full verification `seen`."""

    run: Run
    by: Actor
    base_url: str
    say: Callable[[str], None]
    serving: Target | None = None
    seen: dict[str, Any] = field(default_factory=dict)
    sets: list[str] = field(default_factory=list)
    written: int | None = None

    def save(self, reason: SetReason) -> str:
        """Make a set and prove it."""
        self.written = queries.written()
        made = backups.made_in_turn(reason=reason, by=self.by, of=self._of())
        self._keep(made.row.name)
        if made.differing:
            raise StepFault(f"{made.row.name}: {made.differing[0]}")
        return f"{made.row.name}: {made.row.tables_compared} tables restored and compared"

    def save_again(self) -> str:
        """A second set if somebody wrote since the first: its files are hashed, it is not restored."""
        time.sleep(SETTLE)
        if self.written == queries.written():
            return "nothing was written since the first"
        made = backups.made_in_turn(reason=SetReason.FINAL, by=self.by, prove=False, of=self._of())
        self._keep(made.row.name)
        return made.row.name

    def _of(self) -> tuple[str, str] | None:
        return (self.serving.version, self.serving.build_id) if self.serving else None

    def _keep(self, name: str) -> None:
        self.sets.append(name)
        self.run.set_name = name

    def close(self) -> str:
        """Nobody enters, on every host."""
        maintenance.shut(by=self.by, run_id=self.run.run_id)
        return "full"

    def open(self) -> str:
        """Everybody enters again, unless an operator had closed the doors before."""
        return "off" if maintenance.reopen(by=self.by) else "on, as it was before"

    def hook(self, name: str, target: Target) -> str:
        """Call a hook for a release."""
        if name == "activate":
            self._note_former()
        said = deployments.call_hook(
            run=self.run, name=name, folder=target.folder.path if target.folder else None,
            build_id=target.build_id, version=target.version, by=self.by,
        )  # fmt: skip
        if name == "activate" and target.folder is not None:
            deployments.mark_activated(folder=target.folder.path, by=self.by)
        if name == "activate" and target.image and target.manifest:
            deployments.note_image(manifest=target.manifest, image=target.image, by=self.by)
            said = said or target.image
        return said

    def _note_former(self) -> None:
        """What serves and was put there by hand is noted before something else takes its place."""
        there = shelf.current()
        if there is not None and shelf.activated_at(there.path) is None:
            deployments.mark_activated(folder=there.path, by=self.by)
        former = self.serving
        if there is None and former is not None and former.image and former.manifest:
            deployments.note_image(manifest=former.manifest, image=former.image, by=self.by)

    def wait(self, target: Target) -> str:
        """Until web and all workers run a build, and no other does."""
        began, manifest = time.monotonic(), target.manifest or build.manifest()
        queues = {each["queue"] for each in manifest["jobs"]} if manifest else set()
        while True:
            there = [
                rules.Lives(each.kind, f"{each.kind} {each.host}:{each.pid}", each.build_id, each.queues)
                for each in processes.living()
            ]
            ready = is_ready(target.build_id)
            missing = rules.awaited(there, build_id=target.build_id, is_ready=ready, queues=queues)
            if not missing:
                return f"{len(there)} processes after {time.monotonic() - began:.1f} s"
            if time.monotonic() - began > READY_WITHIN:
                raise StepFault(f"after {READY_WITHIN:.0f} s: {'; '.join(missing)}")
            time.sleep(LOOK_EVERY)

    def verify(self, *, quick: bool = False) -> str:
        """Hold what runs against the manifest of this code."""
        journal.seal_all()  # while no worker ran nobody did, which would be taken for a broken chain
        manifest = build.manifest() or {}
        said = verification.told(
            manifest, quick=quick, base_url="" if quick else self.base_url, accept=self.run.accepted
        )  # fmt: skip
        row = verifications.keep(said=said, by=self.by)
        self.run.commands.append(said["command"])
        if not quick or not self.seen:
            self.seen = said
        return self._judged(row.result, said["findings"])

    def verify_other(self, target: Target, *, quick: bool = False) -> str:
        """Hold what runs against another release's manifest, by that release's own code."""
        with suppress(Error):  # that release may have another table of lines; then it says so itself
            journal.seal_all()
        words = ["release", "verify", "--json", *(["--quick"] if quick else ["--base-url", self.base_url])]
        said = _answer(self._other(target, words), "release verify")
        self.seen = said
        return self._judged(said["result"], said["findings"])

    def smoke(self) -> str:
        """Smoke tests of this code."""
        return seams.smoke(self.base_url)

    def smoke_other(self, target: Target) -> str:
        """Smoke tests of another release, by its own code."""
        files = {each["path"] for each in (target.manifest or {}).get("package_files", ())}
        if "config/smoke.py" not in files:
            raise NotChecked("not checked: that build has no smoke tests")
        words = ["smoke", "--json", "--base-url", self.base_url]
        ended = seams.after_others(lambda: self._other(target, words))
        return seams.judged(_answer(ended, "smoke")["steps"])

    def _other(self, target: Target, words: list[str]) -> "subprocess.CompletedProcess[str]":
        if target.folder is None and not target.image:
            raise NotChecked("not checked: no folder of that release is here")
        self.run.commands.append(f"maristan {verification.without_secret(' '.join(words))} (of {target.build_id})")
        if target.folder is None:
            try:
                return hooks.ended(
                    "ask", build_id=target.build_id, version=target.version, words=words, seconds=VERIFY_SECONDS
                )
            except hooks.HookFault as fault:
                raise StepFault(str(fault)) from None
        kept = {key: value for key, value in os.environ.items() if key != "MARISTAN_DB_OWNER"}
        return subprocess.run(  # noqa: S603 - the program of a release folder
            [str(target.folder.program), *words], env={**kept, "MARISTAN_HOME": str(settings.HOME)}, text=True,
            errors="replace", capture_output=True, check=False, timeout=VERIFY_SECONDS,
        )  # fmt: skip

    def _judged(self, result: str, findings: Sequence[dict[str, Any]]) -> str:
        failed = [f"{each['code']} {each['subject']}" for each in findings if each["severity"] == "fail"]
        if result == VerificationResult.NOT_VERIFIED:
            raise StepFault("; ".join(failed[:10]))
        return f"{result}: {', '.join(each['code'] for each in findings) or 'no finding'}"


def _answer(ended: "subprocess.CompletedProcess[str]", command: str) -> dict[str, Any]:
    """What a command of another release says to a machine; raises `StepFault` where it says nothing."""
    try:
        return dict(json.loads(ended.stdout.strip().splitlines()[-1]))
    except (ValueError, TypeError, IndexError):
        raise StepFault(f"{command} ended with {ended.returncode}: {ended.stderr.strip()[-300:]}") from None


def is_ready(build_id: str) -> bool:
    """Whether this host's web server says that it serves a build."""
    reply = Visitor(f"http://{settings.WEB_BIND}").fetch("/readiness/")
    if reply is None or reply.status != 200:
        return False
    try:
        said = json.loads(reply.body)
    except ValueError:  # somebody else answers there
        return False
    return isinstance(said, dict) and said.get("build") == build_id


def clear_cache() -> str:
    """Forget what is cached by this installation; sessions, jobs and other programs' keys stay."""
    if not settings.REDIS_URL:
        return "no Redis: what was cached ends with its process"
    here = Redis.from_url(settings.REDIS_URL, socket_connect_timeout=5, socket_timeout=5)
    gone = 0
    try:
        for key in here.scan_iter(match=f"{settings.CACHES['default']['KEY_PREFIX']}:*", count=500):
            gone += int(here.delete(key))
    except RedisError as fault:
        raise NotChecked(f"not checked: Redis does not answer ({type(fault).__name__}), {gone} keys gone") from None
    return f"{gone} keys"


def static_files() -> str:
    """The client is served from the package: it has to be there."""
    files = release.bundle(settings.WEB_BUNDLE)["files"]
    manifest = build.manifest() or {"bundle": {"files": []}}
    if len(files) != len(manifest["bundle"]["files"]):
        raise StepFault(f"{len(manifest['bundle']['files'])} files promised, {len(files)} in {settings.WEB_BUNDLE}")
    if settings.CLIENT_COPY is None:
        return f"{len(files)} files in the package"
    return f"{len(files)} files in the package; {copied(settings.CLIENT_COPY)} in {settings.CLIENT_COPY}"


def copied(into: Path) -> int:
    """Copy those files of the client to where a proxy serves it whose names tell their content.

    The page, and what bears the same name in every build, comes from the build in service. What is there of former
    builds stays: open pages ask for it, and so does a release that is taken back.
    """
    found = [each for each in (settings.WEB_BUNDLE / "assets").rglob("*") if each.is_file()]
    for each in found:
        place = into / each.relative_to(settings.WEB_BUNDLE)
        place.parent.mkdir(parents=True, exist_ok=True)
        beside = place.with_name(f".{place.name}.{os.getpid()}")
        shutil.copyfile(each, beside)
        beside.chmod(0o644)
        beside.replace(place)
    return len(found)


def target_of(build_id: str) -> Target:
    """A build as a target, with its folder or image where there is one."""
    found = shelf.of_build(build_id)
    return Target.of(found) if found else Target(build_id)


def imaged(target: Target, manifest: Mapping[str, Any] | None) -> tuple[Target, str]:
    """A target with the image that the engine has for it now, and why there is none; raises `HookFault`."""
    there = hooks.kept(target.build_id)
    return replace(target, image=there.digest, manifest=manifest), there.why

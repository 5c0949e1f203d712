"""`maristan release manifest|show|diff|verify`: what a release contains, and whether it is what runs."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import Error

from maristan.config import release, sbom, verification
from maristan.kernel.access import platform
from maristan.operations.actions import verifications
from maristan.operations.management.answers import Exit, OperatorCommand
from maristan.operations.models import Release
from maristan.operations.queries import build, releases
from maristan.operations.rules import manifest as rules
from maristan.operations.rules import notes, report
from maristan.operations.rules.findings import read_acceptance
from maristan.operations.rules.states import VerificationResult


class Command(OperatorCommand):
    """Exit 0 without a fail finding (`--strict`: without any), 1 otherwise, 2 when it could not run."""

    help = "manifest, show, diff A B, verify, sbom, notes [FORMER]"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["manifest", "show", "diff", "verify", "sbom", "notes"])
        parser.add_argument("releases", nargs="*", help="builds, or files that hold a manifest")
        parser.add_argument("--build", action="store_true", help="manifest: write it from the code")
        parser.add_argument("--output", type=Path, default=build.MANIFEST, help="manifest --build: where to")
        parser.add_argument("--base-url", default="", help="verify: also what is served there")
        parser.add_argument("--expect", default="", help="verify: capabilities that were promised, with commas")
        parser.add_argument("--quick", action="store_true", help="verify: neither files nor what is served")
        parser.add_argument("--strict", action="store_true", help="verify: a warning is a failure")
        parser.add_argument("--accept", action="append", default=[], metavar="CODE:SUBJECT=REASON")

    def handle(self, *args: Any, what: str, **options: Any) -> None:
        getattr(self, what)(**options)

    def manifest(self, *, build: bool, output: Path, **_: Any) -> None:
        """Print the manifest of this build, or write it."""
        if not build:
            self.stdout.write(json.dumps(self._current(), indent=1, sort_keys=True, ensure_ascii=False))
            return
        made = release.from_nothing()
        release.save(made, output)
        self.stdout.write(f"build {made['build_id']}: {output}")

    def sbom(self, **_: Any) -> None:
        """Print what this build is made of, as CycloneDX."""
        if build.SBOM.is_file():
            self.stdout.write(build.SBOM.read_text(encoding="utf-8"), ending="")
        else:
            self.stdout.write(sbom.written(release.ROOT, build.running().version), ending="")

    def notes(self, *, releases: list[str], **_: Any) -> None:
        """Print what is new since a former release, in words of the registry and of the changelog."""
        changelog = release.ROOT / "CHANGELOG.md"
        said = changelog.read_text(encoding="utf-8") if changelog.is_file() else ""
        former = self._named(releases[0]) if releases else None
        self.stdout.write(notes.markdown(self._current(), former, said), ending="")

    def show(self, *, releases: list[str], as_json: bool, **_: Any) -> None:
        """What a release contains."""
        found = self._named(releases[0]) if releases else self._current()
        said = {kind: sorted(names) for kind, names in rules.contents(found).items()}
        lines = [f"build {found['build_id']} version {found['version']} commit {found['git_sha'] or 'none'}"]
        lines += [f"{each['id']}  {each['title']} (since {each['since']})" for each in found["capabilities"]]
        lines += [f"{kind}: {len(names)}" for kind, names in said.items()]
        self.answer({"build_id": found["build_id"], **said}, "\n".join(lines), as_json=as_json)

    def diff(self, *, releases: list[str], as_json: bool, **_: Any) -> None:
        """What the second release has that the first had not, and the other way round."""
        if len(releases) != 2:
            self.stop(Exit.CANNOT_RUN, "release diff: name two releases")
        found = rules.differences(self._named(releases[0]), self._named(releases[1]))
        signs = {"added": "+", "removed": "-"}
        lines = [
            f"{signs[sign]} {kind} {name}" for kind, both in found.items() for sign in signs for name in both[sign]
        ]
        self.answer(found, "\n".join(lines) or "no difference", as_json=as_json)

    def verify(
        self, *, base_url: str, expect: str, quick: bool, strict: bool, accept: list[str], as_json: bool, **_: Any
    ) -> None:
        """Hold what runs against the manifest, and keep what was found."""
        try:
            given = [read_acceptance(each) for each in accept]
        except ValueError as wrong:
            self.stop(Exit.CANNOT_RUN, f"--accept: {wrong}")
        wanted = [each.strip() for each in expect.split(",") if each.strip()]
        manifest = self._current()
        said = verification.told(manifest, expect=wanted, quick=quick, base_url=base_url, accept=given)
        self._keep(said)
        self.answer(said, report.markdown(said), as_json=as_json)
        bad = {VerificationResult.NOT_VERIFIED, *([VerificationResult.VERIFIED_WITH_WARNINGS] if strict else [])}
        if said["result"] in bad:
            raise SystemExit(int(Exit.FINDINGS))

    def _keep(self, said: dict[str, Any]) -> None:
        by = platform(None, "command line")
        try:
            verifications.keep(said=said, by=by)
        except Error:  # the report stands on the disk all the same
            verifications.write_report(said=said, by=by)

    def _current(self) -> dict[str, Any]:
        found = build.manifest()
        if found is None:
            self.stderr.write("this is a checkout without a manifest: building it first")
            try:
                found = release.from_nothing()
            except Error as error:
                raise CommandError(f"the manifest cannot be built ({type(error).__name__})", returncode=2) from None
        return found

    def _named(self, name: str) -> dict[str, Any]:
        file = Path(name)
        if file.is_file():
            return self._read(file)
        row = Release.objects.filter(build_id=name).first()
        if row is None:
            self.stop(Exit.CANNOT_RUN, f"no release {name}; near it are: {releases.near(name)}")
        return dict(row.manifest)

    def _read(self, file: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        is_manifest = False
        with suppress(OSError, ValueError, LookupError, TypeError, AttributeError):  # whatever else the file may be
            found = json.loads(file.read_text(encoding="utf-8"))
            is_manifest = bool(rules.contents(found)) and {"build_id", "version", "git_sha"} <= found.keys()
        if not is_manifest:
            self.stop(Exit.CANNOT_RUN, f"{file} holds no manifest of a release")
        return found

"""`maristan backup create|verify|list|rescan|retain|remove|offsite|fetch|drill`: sets that count once restored."""

from typing import Any

from django.core.management.base import CommandParser

from maristan.kernel.access import Actor, platform
from maristan.kernel.errors import NotFound
from maristan.operations.actions import backups as actions
from maristan.operations.actions import drills, offsite, restores
from maristan.operations.management.answers import Exit, OperatorCommand
from maristan.operations.queries import sets as queries
from maristan.operations.rules.sets import Busy, SetFault
from maristan.operations.rules.states import MediaMode, RestoreOutcome, SetFormat, SetReason, SetStatus

# What stops a set before or while it is made: nothing is changed, and what was begun is removed.
REFUSED = {"directory_writable", "disk_space", "owner_role", "tools_too_old"}
WHAT = ["create", "verify", "list", "rescan", "retain", "remove", "offsite", "fetch", "drill"]


class Command(OperatorCommand):
    """Exit 0 only for a set that is proven, unless no proof was wanted."""

    help = "create, verify, list, rescan, retain, remove, offsite, fetch, drill"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=WHAT)
        parser.add_argument("name", nargs="?", default="")
        parser.add_argument("--reason", choices=[each.value for each in SetReason], default="manual")
        parser.add_argument("--format", choices=[each.value for each in SetFormat], default="custom")
        parser.add_argument("--no-prove", action="store_false", dest="prove", help="do not restore and compare it")
        parser.add_argument("--pin", action="store_true", help="never remove it by itself")
        parser.add_argument("--by", default="command line", help="who asked for it")
        parser.add_argument("--retain", action="store_true", help="after the proof remove what need not stay")

    def handle(self, *args: Any, what: str, **options: Any) -> None:
        if what in ("verify", "remove") and not options["name"]:
            self.stop(Exit.CANNOT_RUN, f"backup {what}: name a set")
        with self.refusals():
            try:
                self._recover(platform(None, options["by"]))
                getattr(self, what)(**options)
            except Busy as busy:
                self.stop(Exit.BUSY, f"busy: {busy}")
            except NotFound:
                near = queries.near(options["name"])
                self.stop(Exit.CANNOT_RUN, f"set_unknown: no set {options['name']}; near it are: {near}")
            except SetFault as fault:
                is_refused = what != "create" or fault.code in REFUSED
                code = Exit.REFUSED if is_refused else Exit.PUT_BACK
                self.stop(Exit.CANNOT_RUN if fault.code == "set_unknown" else code, str(fault))

    def _recover(self, by: Actor) -> None:
        """Put back what a killed restore left; what does not serve then stands in the way of no backup."""
        try:
            if restores.recover_alone(by=by):
                self.stderr.write("a restore was killed and is undone now: the former database serves again")
        except restores.NeedsOperator as failed:
            self.stderr.write(f"{failed}\nmaintenance stays on; {restores.NEXT}")

    def create(
        self, *, reason: str, format: str, prove: bool, pin: bool, retain: bool, by: str, as_json: bool, **_: Any
    ) -> None:
        """Make a set, prove it, and then remove what need not stay."""
        who = platform(None, by)
        made = actions.create(reason=SetReason(reason), format=SetFormat(format), is_pinned=pin, prove=prove, by=who)
        self._must_be_sound(made)
        removed = actions.retain(by=who) if retain and made.row.status == SetStatus.PROVEN else []
        row = made.row
        said = {
            "name": row.name, "location": row.location, "status": row.status, "size_bytes": row.size_bytes,
            "rows": made.rows, "tables": row.tables_compared, "files": row.media_files, "removed": removed,
        }  # fmt: skip
        proof = f"{row.tables_compared} tables restored and compared" if row.proven_at else "not proven"
        proof += "; database only" if row.media == MediaMode.NONE else ""
        lines = [
            row.location,
            f"{row.size_bytes} bytes, {made.rows} rows, {row.media_files} files",
            f"{row.status}: {proof}",
        ]
        self.answer(said, "\n".join([*lines, *(f"removed {each}" for each in removed)]), as_json=as_json)

    def verify(self, *, name: str, by: str, as_json: bool, **_: Any) -> None:
        """Check every byte, restore it and compare."""
        made = actions.verify(name=name, by=platform(None, by))
        self._must_be_sound(made)
        if not made.is_restored:
            text = f"{name}: checksums only; it is encrypted, and BACKUP_AGE_IDENTITY is not set. Nothing was proven"
            read = {"name": name, "status": made.row.status, "checked": "checksums only"}
            self.answer(read, text, as_json=as_json)
            return
        said = {"name": name, "status": made.row.status, "tables": made.row.tables_compared, "rows": made.rows}
        text = f"{name} is proven: {made.row.tables_compared} tables, {made.rows} rows, {made.row.media_files} files"
        self.answer(said, text, as_json=as_json)

    def _must_be_sound(self, made: actions.Made) -> None:
        if made.differing:
            self.stop(Exit.REFUSED, "\n".join([f"{made.row.error_code}: {made.row.name}", *made.differing]))

    def list(self, *, as_json: bool, **_: Any) -> None:
        """Every set of the index, newest first."""
        found = [
            {
                "name": row.name, "status": row.status, "reason": row.reason, "bytes": row.size_bytes,
                "proven_at": row.proven_at, "pinned": row.pinned, "error": row.error_code,
                "encrypted": row.encrypted, "offsite_at": row.offsite_at, "media": row.media,
            }
            for row in queries.visible_to(platform(None)).exclude(status=SetStatus.REMOVED).order_by("-created_at")
        ]  # fmt: skip
        lines = [
            "  ".join(
                each for each in (
                    str(said["name"]), str(said["status"]), str(said["reason"]), f"{said['bytes']} bytes",
                    "database only" if said["media"] == MediaMode.NONE else "",
                    "encrypted" if said["encrypted"] else "", "pinned" if said["pinned"] else "", str(said["error"]),
                ) if each
            )
            for said in found
        ]  # fmt: skip
        self.answer(
            {"sets": found}, "\n".join(lines) or "no set; make one with: maristan backup create", as_json=as_json
        )

    def rescan(self, *, as_json: bool, **_: Any) -> None:
        """Bring the index to what lies on the disk."""
        changed = actions.rescan(by=platform(None, "command line"))
        self.answer({"changed": changed}, "\n".join(changed) or "the index is that of the disk", as_json=as_json)

    def retain(self, *, as_json: bool, **_: Any) -> None:
        """Remove what need not stay."""
        removed = actions.retain(by=platform(None, "command line"))
        self.answer({"removed": removed}, "\n".join(removed) or "every set stays", as_json=as_json)

    def remove(self, *, name: str, as_json: bool, **_: Any) -> None:
        """Remove one set."""
        actions.remove(name=name, by=platform(None, "command line"))
        self.answer({"removed": [name]}, f"{name} is removed", as_json=as_json)

    def offsite(self, *, by: str, as_json: bool, **_: Any) -> None:
        """Copy off this host what has no copy yet."""
        done = offsite.copy_due(by=platform(None, by))
        if done.fault:
            self.stop(Exit.PUT_BACK, "\n".join([done.fault, *(f"copied {each}" for each in done.copied)]))
        lines = [*(f"copied {each}" for each in done.copied), *(f"removed there {each}" for each in done.removed)]
        said = {"copied": done.copied, "removed": done.removed}
        self.answer(said, "\n".join(lines) or "every proven set has a copy", as_json=as_json)

    def fetch(self, *, name: str, by: str, as_json: bool, **_: Any) -> None:
        """Bring a copy back; without a name, which there are."""
        if not name:
            there = offsite.copies(by=platform(None, by))
            self.answer({"copies": there}, "\n".join(there) or "no copy lies there", as_json=as_json)
            return
        row = offsite.bring(name=name, by=platform(None, by))
        said = {"name": name, "location": row.location, "status": row.status}
        self.answer(said, f"{row.location}\n{row.status}: every byte is that of the copy", as_json=as_json)

    def drill(self, *, by: str, as_json: bool, **_: Any) -> None:
        """Restore a proven set beside the live database and bring it to this build."""
        run = drills.drill(by=platform(None, by))
        if run.outcome != RestoreOutcome.PASSED:
            self.stop(Exit.FINDINGS, "\n".join([f"the drill failed: {run.set_name}", *run.mismatches]))
        said = {"set": run.set_name, "seconds": run.seconds, "tables": run.tables_compared, "rows": run.rows_compared}
        text = f"{run.set_name} restored in {run.seconds} s: {run.tables_compared} tables, {run.rows_compared} rows"
        self.answer({**said, "report": run.report}, f"{text}\nreport: {run.report}", as_json=as_json)

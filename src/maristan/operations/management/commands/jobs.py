"""`maristan jobs stats|list|show|retry|cancel|release|prune`: the queue, from the machine."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandParser

from maristan.kernel import clock
from maristan.kernel.access import platform
from maristan.operations.actions import jobs as actions
from maristan.operations.management.answers import Exit, OperatorCommand
from maristan.operations.queries import jobs as queries
from maristan.operations.queries import processes
from maristan.operations.rules.jobs import JobStatus
from maristan.operations.rules.states import ProcessKind

COLUMNS = ("queue", "queued", "active", "deferred", "finished", "failed", "workers", "oldest_seconds")
LISTED = ("id", "name", "queue", "status", "attempts", "error")
AT_MOST = 200


def table(columns: Sequence[str], rows: Iterable[dict[str, Any]]) -> str:
    """Rows of text under their headings, each column as wide as its widest cell."""
    cells = [list(columns), *([_cell(row[name]) for name in columns] for row in rows)]
    widths = [max(len(line[at]) for line in cells) for at in range(len(columns))]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in cells)
    return "\n".join(line.rstrip() for line in lines)


def _cell(value: Any) -> str:
    return "-" if value in (None, "") else f"{value:.0f}" if isinstance(value, float) else str(value)


class Command(OperatorCommand):
    """Exit 0 also when no worker lives: figures are no probe."""

    help = "stats, list, show, retry, cancel, release, prune"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["stats", "list", "show", "retry", "cancel", "release", "prune"])
        parser.add_argument("id", nargs="?", type=int)
        parser.add_argument("--status", choices=[each.value for each in JobStatus])
        parser.add_argument("--queue", default="")
        parser.add_argument("--restored", action="store_true", help="release: what a restore held")
        parser.add_argument("--interval", type=float, default=0.0, help="print the figures again after these seconds")

    def handle(self, *args: Any, what: str, **options: Any) -> None:
        if what in ("show", "retry", "cancel") and options["id"] is None:
            self.stop(Exit.CANNOT_RUN, f"jobs {what}: name the id of a job")
        if what == "release" and not options["restored"]:
            self.stop(Exit.CANNOT_RUN, "jobs release: say --restored")
        with self.refusals():
            if what in ("show", "retry", "cancel"):
                self.must_be_there(options["id"])
            getattr(self, what)(**options)

    def must_be_there(self, id: int) -> None:
        """End where there is no such job, naming the newest that there are."""
        rows = queries.visible_to(platform(None))
        if not rows.filter(pk=id).exists():
            newest = ", ".join(str(each) for each in rows.order_by("-pk").values_list("pk", flat=True)[:3])
            self.stop(Exit.CANNOT_RUN, f"not_found: there is no job {id}; the newest: {newest or 'none'}")

    def stats(self, *, interval: float, as_json: bool, **_: Any) -> None:
        """The queues, and who serves them."""
        while True:
            found = [asdict(each) for each in queries.stats()]
            workers = processes.live().filter(kind=ProcessKind.WORKER)
            live = [{"host": each.host, "pid": each.pid, "build": each.build_id} for each in workers]
            lines = [f"worker {each['host']} {each['pid']} build {each['build']}" for each in live] or [
                "no live worker"
            ]
            self.answer({"queues": found, "workers": live}, "\n".join([table(COLUMNS, found), *lines]), as_json=as_json)
            if interval <= 0:
                return
            time.sleep(interval)

    def list(self, *, status: str | None, queue: str, as_json: bool, **_: Any) -> None:
        """The newest jobs."""
        by, rows = platform(None), queries.visible_to(platform(None))
        if status:
            rows = rows.filter(queries.of_status(JobStatus(status), clock.now()))
        if queue:
            rows = rows.filter(queue_name=queries.known_queue(queue))
        found = [queries.shown(each, actor=by) for each in rows.order_by("-id")[:AT_MOST]]
        self.answer({"jobs": found}, table(LISTED, found), as_json=as_json)

    def show(self, *, id: int, as_json: bool, **_: Any) -> None:
        """One job."""
        found = queries.shown(queries.get(id, actor=platform(None)), actor=platform(None))
        text = "\n".join(f"{name}: {value}" for name, value in found.items() if name != "moves")
        self.answer(found, text, as_json=as_json)

    def retry(self, *, id: int, as_json: bool, **_: Any) -> None:
        """Queue it again."""
        actions.move(pk=id, name="retry", by=platform(None, "command line"))
        self.answer({"id": id, "status": "queued"}, f"job {id} is queued", as_json=as_json)

    def cancel(self, *, id: int, as_json: bool, **_: Any) -> None:
        """Take it out of the queue."""
        actions.move(pk=id, name="cancel", by=platform(None, "command line"))
        self.answer({"id": id, "status": "cancelled"}, f"job {id} is cancelled", as_json=as_json)

    def release(self, *, as_json: bool, **_: Any) -> None:
        """Let what a restore held go its way."""
        count = actions.release_restored(by=platform(None, "command line"))
        self.answer({"released": count}, f"{count} jobs, mails and events are released", as_json=as_json)

    def prune(self, *, as_json: bool, **_: Any) -> None:
        """Forget what ended long ago."""
        count = actions.prune(by=platform(None, "command line"))
        self.answer({"removed": count}, f"{count} jobs forgotten", as_json=as_json)

"""What a restore or a drill did, written for people and for machines into `var/reports`."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from maristan.kernel import clock
from maristan.kernel.access import Actor
from maristan.kernel.unjournaled import unjournaled
from maristan.operations.queries import build
from maristan.operations.rules import restoring


@dataclass(slots=True)
class Done:
    """What was done so far: each step with its evidence, what was compared, what could not be looked at."""

    name: str
    steps: list[dict[str, Any]] = field(default_factory=list)
    before: str = ""
    tables: int = 0
    rows: int = 0
    files: int = 0
    seconds: float = 0.0
    not_checked: list[str] = field(default_factory=list)
    held: dict[str, int] = field(default_factory=dict)
    unreadable: dict[str, tuple[int, str]] | None = None  # not looked for
    report: str = ""

    def begin(self, step: str) -> None:
        """The next step."""
        self.steps.append({"name": step, "at": clock.now().isoformat(), "detail": ""})

    def failed_step(self, fault: object) -> str:
        """The step in hand where something failed; else empty."""
        return str(self.steps[-1]["name"])[:100] if fault and self.steps else ""

    def say(self, detail: str) -> None:
        """The evidence of the step in hand."""
        self.steps[-1]["detail"] = detail


@unjournaled("a file beside the row")
def write(
    *, done: Done, kind: str, outcome: str, started: datetime, fault: str = "", following: Sequence[str] = (), by: Actor
) -> str:
    """The report as Markdown and as JSON; gives the path of the first."""
    running, folder = build.running(), Path(settings.VAR) / "reports"
    said = {
        "set": done.name, "kind": kind, "outcome": outcome, "started_at": started.isoformat(),
        "seconds": round((clock.now() - started).total_seconds(), 1), "by": by.name, "version": running.version,
        "build_id": running.build_id, "steps": done.steps, "tables": done.tables, "rows": done.rows,
        "files": done.files, "not_checked": done.not_checked, "held": done.held,
        "unreadable": restoring.as_listed(done.unreadable), "fault": fault,
        "failed_step": done.failed_step(fault),
        "former_database": done.before, "next": list(following),
    }  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{kind.upper()}_REPORT_{started:%Y%m%d_%H%M%S}.md"
    file.write_text(restoring.markdown(said), encoding="utf-8")
    file.with_suffix(".json").write_text(json.dumps(said, indent=1, ensure_ascii=False), encoding="utf-8")
    return str(file)

"""What happened to an object, as every app's routes answer and export it."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from maristan.kernel.api import Out


class LineOut(Out):
    """One line of the journal."""

    id: int
    kind: str
    subject_kind: str
    subject_id: str
    at: datetime
    by_name: str
    changes: dict[str, Any]
    reason: str


LINE_COLUMNS: dict[str, Callable[[Any], Any]] = {
    "at": lambda line: line.at,
    "kind": lambda line: line.kind,
    "by_name": lambda line: line.by_name,
    "changes": lambda line: json.dumps(line.changes, ensure_ascii=False),
    "reason": lambda line: line.reason,
}

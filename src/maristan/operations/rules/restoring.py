"""The report of a restore or a drill as people read it: what was done, what was compared, what was not looked at."""

from collections.abc import Mapping, Sequence
from typing import Any

HEADINGS = ("Set", "Steps", "Compared", "Not checked", "Result")
RESULTS = {"passed": "PASSED", "failed": "FAILED", "rolled_back": "PUT BACK", "needs_operator": "OPERATOR NEEDED"}


def markdown(said: Mapping[str, Any]) -> str:
    """The report; `said` is what its JSON holds."""
    sections: dict[str, Sequence[str]] = {
        "Set": [f"{key}: {said[key]}" for key in ("set", "kind", "started_at", "seconds", "by", "version", "build_id")],
        "Steps": [f"{each['name']}: {each['detail'] or 'done'}" for each in said["steps"]],
        "Compared": [f"{said['tables']} tables, {said['rows']} rows, {said['files']} files"],
        "Not checked": said["not_checked"] or ["nothing was left out"],
        "Result": [RESULTS[said["outcome"]], *([said["fault"]] if said["fault"] else []), *said["next"]],
    }
    parts = [f"# {said['kind'].capitalize()} of {said['set']}"]
    parts += [f"## {heading}\n\n" + "\n".join(f"- {line}" for line in sections[heading]) for heading in HEADINGS]
    return "\n\n".join(parts) + "\n"

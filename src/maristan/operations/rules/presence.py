"""Whether what is announced is there: the needs of each capability against what verifications of one build found."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from maristan.operations.rules.installed import NEEDS
from maristan.operations.rules.states import Presence

WORST_FIRST = (Presence.NOT_FOUND, Presence.NOT_CHECKED, Presence.FOUND)
EVERY_QUEUE = "*"
PAGES = ("/", ".html", ".js", ".mjs")
# By code, the kind of thing that its subject names.
MISSED = {
    **dict.fromkeys(
        ("table_missing", "column_missing", "column_differs", "constraint_missing", "constraint_differs",
         "index_missing", "index_invalid", "trigger_missing", "rls_missing", "rls_not_forced", "policy_differs",
         "grant_differs"),
        "table",
    ),
    "endpoint_missing": "endpoint", "endpoint_error": "endpoint", "screen_missing": "screen",
    "periodic_missing": "job", "queue_unserved": "queue", "worker_absent": "queue",
    "capability_missing": "capability",
}  # fmt: skip
# By code, the needs of which nobody can tell any more: what was looked at is away, altered, or of another build.
UNTOLD = {
    "database_unreachable": {"tables", "constraints", "jobs"},
    "web_unreachable": {"endpoints", "screens"},
    "build_mismatch": {"endpoints", "screens"},
    "bundle_missing": {"screens"}, "bundle_differs": {"screens"}, "bundle_served_as_html": {"screens"},
    "bundle_stale": {"screens"},
    "worker_build_differs": {"jobs"},
    "process_code_stale": {"endpoints", "jobs", "permissions"},
    "manifest_altered": {"jobs", "permissions"},
}  # fmt: skip
SCHEMA = "/api/schema/"
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Look:
    """One verification: whether it was a full one, whether it called a server, and what it found."""

    is_full: bool
    has_called: bool
    findings: Sequence[Row]


def told(registry: Iterable[Row], looks: Sequence[Look], *, queues: Mapping[str, str]) -> list[dict[str, Any]]:
    """Each capability with its `presence`, the `faults` of its needs and the needs `unchecked`, the worst first.

    `queues` is that of each job. A finding that somebody answers for is missed all the same, and nothing is found
    before a full verification has looked for it.
    """
    found = [each for look in looks for each in look.findings]
    untold, uncalled = _untold(looks, found), {each["subject"] for each in found if each["code"] == "not_checked"}
    missed: dict[tuple[str, str], list[dict[str, str]]] = {}
    for each in found:
        if key := _missed(each["code"], each["subject"]):
            missed.setdefault(key, []).append({"code": each["code"], "subject": each["subject"]})
    rows = [_told(each, missed, untold, uncalled, queues) for each in registry]
    return sorted(rows, key=lambda row: (WORST_FIRST.index(row["presence"]), row["id"]))


def _told(
    capability: Row, missed: Mapping[tuple[str, str], list[dict[str, str]]], untold: Collection[str],
    uncalled: set[str], queues: Mapping[str, str],
) -> dict[str, Any]:  # fmt: skip
    keys = dict.fromkeys(_keys(capability, queues))
    faults = [fault for key in keys for fault in missed.get(key, ())]
    unchecked = [
        kind for kind in NEEDS
        if capability[kind] and (kind in untold or (kind == "endpoints" and not uncalled.isdisjoint(capability[kind])))
    ]  # fmt: skip
    if faults:
        presence = Presence.NOT_FOUND
    elif unchecked or not any(capability[kind] for kind in NEEDS):
        presence = Presence.NOT_CHECKED
    else:
        presence = Presence.FOUND
    said = {key: capability[key] for key in ("id", "title", "since")}
    return {**said, "presence": presence, "faults": faults, "unchecked": unchecked}


def _keys(capability: Row, queues: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Everything whose absence takes something from a capability."""
    yield "capability", capability["id"]
    yield from (("table", each) for each in capability["tables"])
    yield from (("table", each.partition(".")[0]) for each in capability["constraints"])
    yield from (("endpoint", each) for each in capability["endpoints"])
    yield from (("screen", each) for each in capability["screens"])
    for job in capability["jobs"]:
        yield "job", job
        yield "queue", queues.get(job, EVERY_QUEUE)
        yield "queue", EVERY_QUEUE


def _missed(code: str, subject: str) -> tuple[str, str] | None:
    """What a finding says is not as promised; none where it says nothing of a need."""
    kind = MISSED.get(code)
    if kind == "table":  # `table`, `table.column` or `table to role`
        return kind, subject.partition(" ")[0].partition(".")[0]
    if code == "worker_absent":
        return "queue", EVERY_QUEUE
    return None if kind is None else (kind, subject)


def _untold(looks: Sequence[Look], found: Iterable[Row]) -> set[str]:
    """Kinds of needs that nobody looked at, or of which what was seen says nothing."""
    full = [each for each in looks if each.is_full]
    if not full:
        return {*NEEDS}
    untold = set() if any(each.has_called for each in full) else {"endpoints", "screens"}
    for each in found:
        code, subject = each["code"], each["subject"]
        if code == "endpoint_missing" and subject == SCHEMA:
            untold |= {"endpoints"}
        elif _decides(code, subject):
            untold |= UNTOLD.get(code, set())
    return untold


def _decides(code: str, subject: str) -> bool:
    """Whether the file that a finding names may hold what was looked for: a picture holds no screen, a text no job."""
    if code.startswith("bundle_"):
        return subject.endswith(PAGES)
    return code != "manifest_altered" or subject.endswith(".py")

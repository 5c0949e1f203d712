"""When whoever stands outside says that nothing answers: after two probes in a row, and when it answers again."""

from dataclasses import dataclass, replace

FAILURES = 2
DOWN, UP = "watchdog.down", "watchdog.up"


@dataclass(frozen=True, slots=True)
class Watch:
    """What was seen before: probes that failed in a row, since when, and whether that was told."""

    failures: int = 0
    since: str = ""
    is_told: bool = False


def untold(before: Watch, seen: Watch) -> Watch:
    """What is known while nobody could be told of it: the message stays due."""
    return replace(seen, since=seen.since or before.since, is_told=before.is_told)


def after(before: Watch, *, is_well: bool, now: str) -> tuple[Watch, str]:
    """What is known after a probe, and the kind of message that is due; none is empty."""
    if is_well:
        return Watch(), UP if before.is_told else ""
    seen = replace(before, failures=before.failures + 1, since=before.since or now)
    if seen.failures >= FAILURES and not seen.is_told:
        return replace(seen, is_told=True), DOWN
    return seen, ""

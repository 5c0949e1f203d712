"""What alerts are judged by: figures as they were collected, none where they could not be."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

MINUTE = timedelta(minutes=1)
FLUSHED_WITHIN = timedelta(seconds=12)  # after the end of a minute every process has written what it counted
PLATFORM = "platform"  # the host of what is true of all hosts together


def minute_of(moment: datetime) -> datetime:
    """The minute in which a moment lies."""
    return moment.replace(second=0, microsecond=0)


def last_whole(now: datetime) -> datetime:
    """The last minute of which every process has told what it counted."""
    return minute_of(now - FLUSHED_WITHIN) - MINUTE


@dataclass(frozen=True, slots=True)
class Samples:
    """What was counted and measured: (minute, host, name) → value."""

    rows: Mapping[tuple[datetime, str, str], float]

    def total(self, name: str, minutes: Sequence[datetime]) -> float:
        """What all hosts counted together in these minutes."""
        wanted = set(minutes)
        return sum(value for (at, _, each), value in self.rows.items() if each == name and at in wanted)

    def hosts(self, prefix: str) -> list[tuple[str, str]]:
        """Every (host, name) with a name that begins so."""
        return sorted({(host, name) for _, host, name in self.rows if name.startswith(prefix)})

    def means(self, host: str, name: str, minutes: Sequence[datetime]) -> Iterator[float | None]:
        """What was measured on a host in each minute, the mean of its readings; none where nobody measured."""
        for minute in minutes:
            readings = self.rows.get((minute, host, "readings"), 0)
            value = self.rows.get((minute, host, name))
            yield value / readings if readings and value is not None else None


@dataclass(frozen=True, slots=True)
class Jobs:
    """Seconds that the oldest due job has waited (0 when none waits), and how many failed in 15 minutes."""

    oldest_seconds: float
    failed: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """When the newest proven set was made, copied off the host, and drilled; `installed` is when all began, and `proof`
    when a set was last restored and compared, which may be an older one.

    `has_offsite` says that sets are to be copied; `offsite_failed` how many sets could not be copied when
    they were last tried; `backup_failed` names the newest set and its fault, `drill_failed` set, step and fault of the
    newest drill.
    """

    installed: datetime
    backup: datetime | None = None
    proof: datetime | None = None
    offsite: datetime | None = None
    drill: datetime | None = None
    drill_failed: str = ""
    backup_failed: str = ""
    has_offsite: bool = False
    offsite_failed: int = 0
    is_verified: bool | None = None
    journal_breaks: int | None = None


@dataclass(frozen=True, slots=True)
class Periodic:
    """A job by schedule: when it last began, and how long it is from one run to the next."""

    name: str
    started_at: datetime
    interval: timedelta


@dataclass(frozen=True, slots=True)
class Maintenance:
    """Maintenance that is on: since when, and until when it was announced."""

    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything that one evaluation looks at; what could not be collected is none, and its rules are not judged."""

    now: datetime
    minute: datetime
    samples: Samples | None = None
    live: Mapping[str, int] | None = None  # kind of process → how many live
    jobs: Jobs | None = None
    evidence: Evidence | None = None
    periodics: Sequence[Periodic] | None = None
    maintenance: Maintenance | None = None
    connections: tuple[int, int] | None = None  # in use, and at most
    lockouts: int | None = None
    redis: bool | None = None  # whether it answered; none without one
    certificates: Mapping[str, float] = field(default_factory=dict)  # host → days that its certificate still holds

    def minutes(self, count: int) -> list[datetime]:
        """The last `count` whole minutes, the oldest first."""
        return [self.minute - MINUTE * back for back in reversed(range(count))]

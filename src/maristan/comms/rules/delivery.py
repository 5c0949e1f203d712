"""When a message leaves by mail: at once, after the quiet hours, in a digest, or not at all (N1-N3)."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from maristan.comms.rules.states import ESSENTIAL, Channel, DeliveryStatus, Family, Mode, Priority

# Minutes after each failed attempt; after the last one a delivery has failed for good.
RETRIES = (1, 5, 15, 60, 240)
CLAIMED_AT_MOST = timedelta(minutes=15)  # a mail server answers within seconds; a worker may be stopped for longer
DIGEST_TIME = time(7)
MONDAY = 0
DIGEST_ITEMS = 50
READ_KEPT, UNREAD_KEPT = timedelta(days=180), timedelta(days=365)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From a local time inclusive to another exclusive, perhaps over midnight; equal ones mean none."""

    start: time
    end: time
    zone: str

    def covers(self, at: time) -> bool:
        """True within them."""
        if self.start < self.end:
            return self.start <= at < self.end
        return self.start != self.end and (at >= self.start or at < self.end)


def retry_at(attempts: int, now: datetime) -> datetime | None:
    """When to try again after that many failed attempts; none when it is given up."""
    return now + timedelta(minutes=RETRIES[attempts - 1]) if attempts <= len(RETRIES) else None


def quiet_until(quiet: QuietHours | None, at: datetime) -> datetime | None:
    """The end of the quiet hours that cover an instant, else none; one that the clocks skip is the next that exists."""
    if quiet is None:
        return None
    zone = ZoneInfo(quiet.zone)
    local = at.astimezone(zone)
    if not quiet.covers(local.time()):
        return None
    day = local.date() + timedelta(days=1 if local.time() >= quiet.end else 0)
    return existing(datetime.combine(day, quiet.end, zone))


def existing(local: datetime) -> datetime:
    """The instant of a local time; of one that a clock change skips, the first instant after the gap."""
    there = local.astimezone(ZoneInfo("UTC"))
    back = there.astimezone(local.tzinfo)
    if back.replace(tzinfo=None) == local.replace(tzinfo=None):
        return there
    before = local.replace(fold=0).utcoffset() or timedelta()
    after = local.replace(fold=1).utcoffset() or timedelta()
    gap = abs(after - before)
    probe = there - gap  # a little before the change; its end is found to the minute
    while probe.astimezone(local.tzinfo).utcoffset() == before:
        probe += timedelta(minutes=1)
    return probe


def digest_at(mode: Mode, now: datetime, zone: str) -> datetime:
    """When the next digest is due: seven in the morning there, of any day or of Monday."""
    there = ZoneInfo(zone)
    day = now.astimezone(there).date()
    while True:
        due = existing(datetime.combine(day, DIGEST_TIME, there))
        if due > now and (mode is not Mode.WEEKLY or day.weekday() == MONDAY):
            return due
        day += timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Timing:
    """What becomes of a mail: its status and when it is due."""

    status: DeliveryStatus
    due_at: datetime


def timing(
    *, mode: Mode, family: str, priority: Priority, quiet: QuietHours | None, zone: str, now: datetime
) -> Timing:
    """When the mail of a notification leaves; urgent and security mail waits for nothing.

    `zone` is the reader's; a mail that waits is never dropped.
    """
    passes = priority is Priority.URGENT or family == Family.SECURITY
    if mode is Mode.OFF and family != Family.SECURITY:
        return Timing(DeliveryStatus.SUPPRESSED, now)
    if passes:
        return Timing(DeliveryStatus.PENDING, now)
    due = now if mode is Mode.IMMEDIATE else digest_at(mode, now, zone)
    due = quiet_until(quiet, due) or due
    return Timing(DeliveryStatus.PENDING if due <= now else DeliveryStatus.DEFERRED, due)


def may_be_off(family: str, channel: Channel) -> bool:
    """Whether a person may switch a channel off: what is essential always appears in the application."""
    return channel is Channel.EMAIL or family not in ESSENTIAL


def modes_of(channel: Channel) -> tuple[Mode, ...]:
    """The modes of a channel: what appears in the application appears at once or not at all."""
    return tuple(Mode) if channel is Channel.EMAIL else (Mode.IMMEDIATE, Mode.OFF)

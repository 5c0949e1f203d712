"""Jobs of attendance."""

from datetime import time

from maristan.attendance.actions import inbox, registers, retention, risks, summaries
from maristan.kernel import tenancy
from maristan.kernel.access import platform
from maristan.kernel.jobs import END_OF_DAY, periodic


@periodic("attendance.lock_registers", "*/15 * * * *")
def lock_registers() -> None:
    """Lock the submitted registers whose days have passed, from 00:15 local time on."""
    registers.lock_due(by=platform(tenancy.current()))


@periodic("attendance.chase_registers", "*/30 * * * *", tells=(END_OF_DAY,))
def chase_registers() -> None:
    """Let unsubmitted registers of days before wait for their teachers, who hear of them at 08:00 local time."""
    inbox.chase(by=platform(tenancy.current()))


@periodic("attendance.calculate_monthly_summaries", "5 * * * *")
def calculate_monthly_summaries() -> None:
    """Keep a picture of the month before, on its first day from 01:00 local time on."""
    summaries.take_month(by=platform(tenancy.current()))


@periodic("attendance.warn_at_risk", "10,40 * * * *", tells=(time(2, 30),))
def warn_at_risk() -> None:
    """Tell learners who near a threshold or fell below it, in the hour from 02:30 local time."""
    risks.warn(by=platform(tenancy.current()))


@periodic("attendance.forget", "5-55/10 * * * *")
def forget() -> None:
    """Remove marks that were kept for as long as the institution wants them."""
    retention.forget(by=platform(tenancy.current()))

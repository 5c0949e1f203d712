"""Jobs of attendance."""

from maristan.attendance.actions import registers
from maristan.kernel import tenancy
from maristan.kernel.access import platform
from maristan.kernel.jobs import periodic


@periodic("attendance.lock_registers", "*/15 * * * *")
def lock_registers() -> None:
    """Lock the submitted registers whose days have passed, from 00:15 local time on."""
    registers.lock_due(by=platform(tenancy.current()))

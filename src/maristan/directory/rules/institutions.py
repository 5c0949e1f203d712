"""What an institution is founded with."""

import re
from collections.abc import Mapping
from zoneinfo import available_timezones

from maristan.kernel.errors import Fault
from maristan.kernel.phones import is_country

CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
CODE_LENGTH = 40

# What the dates of every planned week were counted by.
WEEK_FIELDS = frozenset({"first_weekday", "time_zone"})


def institution_faults(values: Mapping[str, object]) -> list[Fault]:
    """What is wrong with an institution's time zone and country, where given."""
    faults = []
    if "time_zone" in values and values["time_zone"] not in available_timezones():
        faults.append(Fault("/time_zone", "unknown_time_zone", "Name a time zone such as Asia/Karachi."))
    if "country" in values and not is_country(str(values["country"])):
        faults.append(Fault("/country", "unknown_country", "Name a country by two letters such as PK."))
    return faults


def founding_faults(code: str, name: str, admin_name: str) -> list[Fault]:
    """What is wrong with the code and the names that an institution begins with."""
    faults = [
        Fault(f"/{field}", "required", "This must not be blank.")
        for field, text in (("name", name), ("admin_name", admin_name))
        if not text.strip()
    ]
    if not CODE.fullmatch(code) or len(code) > CODE_LENGTH:
        faults.append(Fault("/code", "bad_value", "A code has small letters, digits and hyphens, such as fmu-lahore."))
    return faults

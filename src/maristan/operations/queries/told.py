"""What machines are told of the platform: that it happened; figures are at the API."""

from maristan.kernel.events import Subject

SUBJECTS = {each: Subject() for each in ("backup", "maintenance", "job", "release", "impersonation", "alert", "health")}

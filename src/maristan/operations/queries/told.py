"""What machines are told of the platform: that it happened; figures are at the API."""

from maristan.kernel.events import Subject

NOUNS = (
    "account", "alert", "backup", "health", "impersonation", "integrity", "job", "maintenance", "release", "smoke",
)  # fmt: skip
SUBJECTS = {each: Subject() for each in NOUNS}

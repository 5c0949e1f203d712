"""What machines are told of the platform: that it happened; figures are at the API."""

from maristan.kernel.events import Subject

NOUNS = ("alert", "backup", "health", "impersonation", "integrity", "job", "maintenance", "release", "smoke")
SUBJECTS = {each: Subject() for each in NOUNS}

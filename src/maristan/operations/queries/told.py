"""What machines are told of the platform: that it happened; figures are at the API."""

from maristan.kernel.events import Subject

SUBJECTS = {"backup": Subject(), "maintenance": Subject(), "job": Subject(), "impersonation": Subject()}

"""What machines are told of the platform: that it happened; figures are at the API."""

from maristan.kernel.events import Subject

<<<<<<< HEAD
SUBJECTS = {"backup": Subject(), "maintenance": Subject(), "job": Subject()}
=======
SUBJECTS = {"maintenance": Subject(), "job": Subject(), "impersonation": Subject()}
>>>>>>> b065288 (Let an administrator act as a member for some minutes, under both names)

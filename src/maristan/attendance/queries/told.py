"""What machines are told of attendance: where it is looked at, never a mark."""

from maristan.kernel.events import Subject

SUBJECTS = {"mark_correction": Subject(url="/attendance/corrections/{id}")}

"""Settings of the institution that attendance reads."""

from maristan.kernel.options import Option

OPTIONS = (
    Option(
        "attendance_lock_days", "int", 7, "Full days after a session until its submitted register locks.", maximum=365
    ),
    Option(
        "attendance.teacher_window_days", "int", 0, "Further days on which a session's teachers mark it.", maximum=60
    ),
)

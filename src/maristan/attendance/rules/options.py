"""Settings of the institution that attendance reads."""

from maristan.kernel.options import Option

OPTIONS = (
    Option(
        "attendance_lock_days", "int", 7, "Full days after a session until its submitted register locks.", maximum=365
    ),
    Option(
        "attendance.teacher_window_days", "int", 0, "Further days on which a session's teachers mark it.", maximum=60
    ),
    Option(
        "attendance.supervisor_window_days",
        "int",
        31,
        "Days after a session on which supervisors mark it.",
        maximum=366,
    ),
    Option("attendance.correction_days", "int", 14, "Days within which a mark may be asked to be corrected."),
    Option(
        "attendance.kept_years",
        "int",
        0,
        "Years after which the marks of a session are removed, often 7; with 0 they are kept for ever.",
        maximum=100,
    ),
    Option(
        "attendance.excusing_leave_kinds",
        "text",
        "medical, personal, academic, annual, other",
        "Kinds of leave that excuse, separated by commas.",
        pattern=r"[a-z_]+(\s*,\s*[a-z_]+)*",
    ),
)

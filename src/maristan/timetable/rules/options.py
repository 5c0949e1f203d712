"""Settings of the institution that the timetable reads."""

from maristan.kernel.options import Option

OPTIONS = (
    Option("timetable.slot_count", "int", 8, "Rows of a new week.", minimum=1, maximum=40),
    Option("timetable.teaching_days", "days", [0, 1, 2, 3, 4, 5], "Days on which teaching is expected."),
    Option("timetable.verify_by_other", "bool", False, "A week is verified by somebody who did not edit it."),
    Option(
        "timetable.required_cells_per_day", "int", None, "Periods that every teaching day must have.",
        minimum=1, maximum=24, nullable=True,
    ),
    Option(
        "timetable.room_capacity", "choice", "warn", "Whether a room too small stops publication.",
        choices=("warn", "block"),
    ),
    Option("timetable.reminder_weekday", "int", 3, "Weekday of the reminder, 0 = Monday.", minimum=0, maximum=6),
)  # fmt: skip

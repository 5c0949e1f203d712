"""Settings of the institution that the directory reads."""

from maristan.directory.rules.people import DIGITS_13
from maristan.kernel.options import Option

OPTIONS = (
    Option("enable_student_portal", "bool", True, "Sign-in of people whose only role is student."),
    Option("enable_faculty_portal", "bool", True, "Sign-in of people whose only role is faculty."),
    Option("ui_banner_message", "text", "", "A sentence at the top of every page.", maximum=500),
    Option(
        "directory.civic_number",
        "text",
        DIGITS_13,
        "How the number of a national identity card or birth form is written: # stands for a digit.",
        maximum=40,
        pattern=r"(?=.*#)[# /.-]+",
    ),
    Option("directory.invitation_days", "int", 7, "How long an invitation can be accepted.", minimum=1, maximum=30),
)

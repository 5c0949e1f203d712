"""What comms itself tells people."""

from maristan.kernel.messages import Template, Text, text

FAMILIES = {"announcement": "announcements"}
MESSAGES: dict[str, Text] = {
    "announcement.sent": text(
        "title", "body",
        en=Template("{title}", ("{body}",)),
        ur=Template("{title}", ("{body}",)),
    ),
}  # fmt: skip

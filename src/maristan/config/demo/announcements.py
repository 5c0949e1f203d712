"""Announcements of the demonstration: one was sent to a batch, one is still a draft."""

from datetime import timedelta

from maristan.comms.actions import announcements as actions
from maristan.config.demo.institution import Demo
from maristan.kernel import clock
from maristan.kernel.access import Actor

MOVED = """Because of the convocation, **Lecture Hall 1** is closed on Saturday.

- First lecture: *Lecture Hall 2*, at the usual time
- Tutorials stay where they are

Ask at the office if your group has no room."""
SPORTS = """Teams are drawn next week. Whoever plays brings:

1. sports shoes
2. the college card"""
HOLDS_FOR = timedelta(days=14)


def announce(demo: Demo, *, by: Actor) -> None:
    """What the registrar tells a batch, and what is not finished yet."""
    batch = f"batch:{demo.batches[0].pk}"
    moved = {
        "title": "Lecture Hall 1 is closed on Saturday", "body": MOVED, "category": "Teaching", "priority": "high",
        "audience": [[batch, "status:active"]], "send_email": True, "expires_at": clock.now() + HOLDS_FOR,
    }  # fmt: skip
    actions.move(pk=actions.create(values=moved, by=by).pk, name="send", by=by)
    sports = {
        "title": "Sports week", "body": SPORTS, "category": "Sports", "audience": [["role:student"], ["role:faculty"]],
        "send_email": False,
    }  # fmt: skip
    actions.create(values=sports, by=by)

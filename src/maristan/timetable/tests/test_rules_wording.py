"""The sentences that people read about their sessions."""

from datetime import date
from typing import Any

import pytest

from maristan.timetable.rules.wording import LONGEST_BODY, amended, sentence

ZONE = "Asia/Karachi"


def line(action: str = "changed", title: str = "Pathology", place: str = "", **changes: Any) -> dict[str, Any]:
    return {
        "action": action,
        "title": title,
        "room": place,
        "starts_at": "2026-03-09T03:00:00+00:00",
        "changes": [{"field": field, "old": old, "new": new} for field, (old, new) in changes.items()],
    }


@pytest.mark.parametrize(
    ("happened", "said"),
    [
        (line(room=("Room 3", "Room 8")), "moved to Room 8 (was Room 3)"),
        (line(room=(None, "Room 8")), "in Room 8"),
        (line(room=("Room 3", None)), "no longer in Room 3"),
        (line(faculty=("Dr Khan", "Dr Noor")), "taught by Dr Noor (was Dr Khan)"),
        (line(faculty=("Dr Khan", None), faculty_name=("", "Prof Guest")), "taught by Prof Guest (was Dr Khan)"),
        (line(faculty=("Dr Khan", None)), "no longer with Dr Khan"),
        (line(co_faculty=([], ["Dr Noor", "Dr Aziz"])), "taught by Dr Noor, Dr Aziz"),
        (line(groups=(["A"], ["A", "B"])), "for A, B (was A)"),
        (line(groups=(["A"], []), section=(None, "PATH S1")), "for PATH S1 (was A)"),
        (line(course=("Anatomy", "Pathology")), "now Pathology (was Anatomy)"),
        (line(kind=("lecture", "practical")), "now a practical (was a lecture)"),
        (line(topic=("", "Necrosis")), "topic Necrosis"),
        (line(topic=("Necrosis", "")), "without a topic"),
        (line(note=("", "x")), "note changed"),
        (line(department=("Pathology", "Histology")), "details changed"),
        (line(ends_at=("2026-03-09T03:50:00+00:00", "2026-03-09T04:00:00+00:00")), "now until 09:00"),
        (line("cancelled"), "cancelled"),
        (line("created", place="Room 3"), "added in Room 3"),
        (line("created"), "added"),
        (line("revived", room=("Room 3", "Room 8")), "takes place again; moved to Room 8 (was Room 3)"),
        (line(room=("Room 3", "Room 8"), topic=("", "Necrosis")), "moved to Room 8 (was Room 3); topic Necrosis"),
    ],
)
def test_each_change_is_said_in_words(happened: dict[str, Any], said: str) -> None:
    assert sentence(happened, ZONE) == f"Pathology, Mon 9 March 08:00, {said}"


def test_a_session_that_moved_in_time_is_called_by_the_time_people_know() -> None:
    moved = line(starts_at=("2026-03-09T03:00:00+00:00", "2026-03-10T20:30:00+00:00"))
    moved["starts_at"] = "2026-03-10T20:30:00+00:00"
    assert sentence(moved, ZONE) == "Pathology, Mon 9 March 08:00, now at Wed 11 March 01:30"


def test_a_session_without_a_name_is_called_a_session() -> None:
    assert sentence(line("cancelled", title=""), ZONE) == "Session, Mon 9 March 08:00, cancelled"


def test_one_change_is_told_by_itself_and_several_in_one_message() -> None:
    start = date(2026, 3, 9)
    one = amended([line(room=("Room 3", "Room 8"))], week_start=start, reason="Painting", zone=ZONE)
    said = "Pathology, Mon 9 March 08:00, moved to Room 8 (was Room 3)"
    assert one == (said, f"{said}. Reason: Painting")
    two = amended([line("cancelled"), line("created")], week_start=start, reason="Painting", zone=ZONE)
    assert two == (
        "Timetable changed: 2 sessions in the week of 9 March",
        "Pathology, Mon 9 March 08:00, cancelled\nPathology, Mon 9 March 08:00, added\nReason: Painting",
    )


def test_a_message_too_long_says_how_much_more_there_is_and_keeps_its_reason() -> None:
    reason = "r" * 500
    _, body = amended([line("cancelled")] * 56, week_start=date(2026, 3, 9), reason=reason, zone=ZONE)
    assert len(body) <= LONGEST_BODY
    *_, more, last = body.split("\n")
    assert last == f"Reason: {reason}"
    assert more == f"… and {56 - (body.count(chr(10)) - 1)} more"

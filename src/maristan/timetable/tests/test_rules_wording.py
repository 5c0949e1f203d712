"""The sentences that people read about their sessions."""

from string import Formatter
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from maristan.kernel.languages import ENGLISH, URDU, Language, unmarked
from maristan.timetable.rules.states import SessionKind
from maristan.timetable.rules.wording import KINDS, LONGEST_BODY, PHRASES, Voice, amended

ZONE = "Asia/Karachi"


def sentence(happened: dict[str, Any], spoken: Language = ENGLISH) -> str:
    return Voice(spoken, ZoneInfo(ZONE)).sentence(happened)


def told(*lines: dict[str, Any], reason: str, spoken: Language = ENGLISH) -> tuple[str, str]:
    params = {"lines": lines, "week_start_date": "2026-03-09", "reason": reason, "zone": ZONE}
    return amended(params, spoken)


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
    assert sentence(happened) == f"Pathology, Mon 9 March 08:00, {said}"


def test_a_session_that_moved_in_time_is_called_by_the_time_people_know() -> None:
    moved = line(starts_at=("2026-03-09T03:00:00+00:00", "2026-03-10T20:30:00+00:00"))
    moved["starts_at"] = "2026-03-10T20:30:00+00:00"
    assert sentence(moved) == "Pathology, Mon 9 March 08:00, now at Wed 11 March 01:30"


def test_a_session_without_a_name_is_called_a_session() -> None:
    assert sentence(line("cancelled", title="")) == "Session, Mon 9 March 08:00, cancelled"


def test_one_change_is_told_by_itself_and_several_in_one_message() -> None:
    one = told(line(room=("Room 3", "Room 8")), reason="Painting")
    said = "Pathology, Mon 9 March 08:00, moved to Room 8 (was Room 3)"
    assert one == (said, f"{said}. Reason: Painting")
    two = told(line("cancelled"), line("created"), reason="Painting")
    assert two == (
        "Timetable changed: 2 sessions in the week of 9 March",
        "Pathology, Mon 9 March 08:00, cancelled\nPathology, Mon 9 March 08:00, added\nReason: Painting",
    )


def test_a_message_too_long_says_how_much_more_there_is_and_keeps_its_reason() -> None:
    reason = "r" * 500
    _, body = told(*[line("cancelled")] * 56, reason=reason)
    assert len(body) <= LONGEST_BODY
    *_, more, last = body.split("\n")
    assert last == f"Reason: {reason}"
    assert more == f"… and {56 - (body.count(chr(10)) - 1)} more"


def test_the_same_is_said_in_urdu_with_each_name_in_its_own_direction() -> None:
    moved = line(room=("Room 3", "Room 8"), kind=("lecture", "practical"))
    said = sentence(moved, URDU)
    assert said.startswith("\u2068Pathology\u2069، پیر 9 مارچ 08:00، ")
    assert "اب \u2068Room 8\u2069 میں (پہلے \u2068Room 3\u2069)؛ اب \u2068عملی\u2069 (پہلے \u2068لیکچر\u2069)" in said
    title, body = told(line("cancelled"), line("created"), reason="Painting", spoken=URDU)
    assert title == "نظام الاوقات میں تبدیلی: 9 مارچ کے ہفتے میں 2 نشستیں"
    assert unmarked(body).split("\n")[-1] == "وجہ: Painting"
    assert "Mon" not in body


def test_every_phrase_and_kind_is_there_in_every_language_with_the_same_values() -> None:
    def values(phrase: str) -> set[str | None]:
        return {name for _, name, _, _ in Formatter().parse(phrase)} - {None}

    english, urdu = PHRASES["en"], PHRASES["ur"]
    assert {key: values(text) for key, text in english.items()} == {key: values(text) for key, text in urdu.items()}
    assert set(KINDS["ur"]) == {each.value for each in SessionKind}

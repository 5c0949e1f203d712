"""Sentences about sessions, in each language, made from plain lines of what happened to them.

A line is what `queries.audience_of_week.told` stores with an amendment: `action`, `title`, `starts_at` (an ISO
instant), `room` and `changes` of `{field, old, new}` with names in place of ids.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from maristan.kernel.languages import Language

LONGEST_BODY = 1000
Line = Mapping[str, Any]

EN = {
    "session": "Session",
    "line": "{title}, {when}, {happened}",
    "added": "added",
    "added_in": "added in {room}",
    "cancelled": "cancelled",
    "revived": "takes place again",
    "details": "details changed",
    "at": "now at {when}",
    "until": "now until {time}",
    "room_lost": "no longer in {old}",
    "room_given": "in {new}",
    "room_changed": "moved to {new} (was {old})",
    "teacher_lost": "no longer with {old}",
    "teacher_given": "taught by {new}",
    "teacher_changed": "taught by {new} (was {old})",
    "audience_lost": "for nobody (was {old})",
    "audience_given": "for {new}",
    "audience_changed": "for {new} (was {old})",
    "course_lost": "no longer {old}",
    "course_given": "now {new}",
    "course_changed": "now {new} (was {old})",
    "kind_lost": "no longer a {old}",
    "kind_given": "now a {new}",
    "kind_changed": "now a {new} (was a {old})",
    "topic_lost": "without a topic",
    "topic_given": "topic {new}",
    "topic_changed": "topic {new}",
    "note": "note changed",
    "reason": "Reason: {reason}",
    "one": "{sentence}. {reason}",
    "many": "Timetable changed: {count} sessions in the week of {day}",
    "more": "… and {count} more",
}
UR = {
    "session": "نشست",
    "line": "{title}، {when}، {happened}",
    "added": "شامل کی گئی",
    "added_in": "{room} میں شامل کی گئی",
    "cancelled": "منسوخ",
    "revived": "دوبارہ ہو گی",
    "details": "تفصیل بدلی",
    "at": "اب {when}",
    "until": "اب {time} تک",
    "room_lost": "اب {old} میں نہیں",
    "room_given": "{new} میں",
    "room_changed": "اب {new} میں (پہلے {old})",
    "teacher_lost": "اب {old} کے ساتھ نہیں",
    "teacher_given": "استاد {new}",
    "teacher_changed": "استاد {new} (پہلے {old})",
    "audience_lost": "اب کسی کے لیے نہیں (پہلے {old})",
    "audience_given": "{new} کے لیے",
    "audience_changed": "{new} کے لیے (پہلے {old})",
    "course_lost": "اب {old} نہیں",
    "course_given": "اب {new}",
    "course_changed": "اب {new} (پہلے {old})",
    "kind_lost": "اب {old} نہیں",
    "kind_given": "اب {new}",
    "kind_changed": "اب {new} (پہلے {old})",
    "topic_lost": "بغیر موضوع",
    "topic_given": "موضوع {new}",
    "topic_changed": "موضوع {new}",
    "note": "نوٹ بدلا",
    "reason": "وجہ: {reason}",
    "one": "{sentence}۔ {reason}",
    "many": "نظام الاوقات میں تبدیلی: {day} کے ہفتے میں {count} نشستیں",
    "more": "… اور {count} مزید",
}
PHRASES = {"en": EN, "ur": UR}
KINDS: dict[str, dict[str, str]] = {
    "en": {},
    "ur": {"lecture": "لیکچر", "practical": "عملی", "tutorial": "ٹیوٹوریل", "clinical": "کلینیکل", "other": "دیگر"},
}  # fmt: skip
# What a sentence says of the fields that changed, in this order.
TOLD = {"room": ("room",), "teacher": ("faculty", "faculty_name", "co_faculty"), "audience": ("groups", "section"),
        "course": ("course",), "kind": ("kind",), "topic": ("topic",)}  # fmt: skip


def amended(params: Mapping[str, Any], spoken: Language) -> tuple[str, str]:
    """Title and body of one message about all the changes that concern one person."""
    voice = Voice(spoken, ZoneInfo(params["zone"]))
    sentences = [voice.sentence(line) for line in params["lines"]]
    ending = voice.say("reason", reason=params["reason"]) if params["reason"] else ""
    if len(sentences) == 1:
        body = PHRASES[spoken.code]["one"].format(sentence=sentences[0], reason=ending) if ending else sentences[0]
        return sentences[0], body
    day = spoken.day(date.fromisoformat(params["week_start_date"]))
    title = PHRASES[spoken.code]["many"].format(count=len(sentences), day=day)
    fitting = voice.fitting(sentences, LONGEST_BODY - len(ending) - 1)
    return title, "\n".join([*fitting, *([ending] if ending else [])])


@dataclass(frozen=True, slots=True)
class Voice:
    """A language, and the zone in which moments are told."""

    spoken: Language
    zone: ZoneInfo

    def say(self, phrase: str, **values: str) -> str:
        """A phrase with names filled in."""
        named = {name: self.spoken.isolated(value) for name, value in values.items()}
        return PHRASES[self.spoken.code][phrase].format(**named)

    def when(self, instant: str) -> str:
        """The local day and time of an ISO instant, such as `Mon 9 March 08:00`."""
        local = datetime.fromisoformat(instant).astimezone(self.zone)
        name = self.spoken.days[local.weekday()]
        return f"{name if self.spoken.is_rtl else name[:3]} {self.spoken.day(local.date())} {local:%H:%M}"

    def sentence(self, line: Line) -> str:
        """What happened to one session, such as `Pathology, Mon 9 March 08:00, moved to Room 8 (was Room 3)`."""
        changed = {each["field"]: (each["old"], each["new"]) for each in line["changes"]}
        before = changed.get("starts_at", (line["starts_at"],))[0]
        parts = [self._happened(line)]
        parts += [] if line["action"] in ("created", "cancelled") else self._changes(changed)
        phrases = PHRASES[self.spoken.code]
        return phrases["line"].format(
            title=self.spoken.isolated(line["title"]) or phrases["session"],
            when=self.when(before),
            happened=self.spoken.then.join(filter(None, parts)) or phrases["details"],
        )

    def _happened(self, line: Line) -> str:
        if line["action"] == "created":
            return self.say("added_in", room=line["room"]) if line["room"] else self.say("added")
        return self.say(line["action"]) if line["action"] in ("cancelled", "revived") else ""

    def _changes(self, changed: Mapping[str, tuple[Any, Any]]) -> list[str]:
        said = [self._time(changed), *(self._exchanged(what, changed) for what in TOLD)]
        return [*said, self.say("note") if "note" in changed else ""]

    def _time(self, changed: Mapping[str, tuple[Any, Any]]) -> str:
        phrases = PHRASES[self.spoken.code]
        if "starts_at" in changed:
            return phrases["at"].format(when=self.when(changed["starts_at"][1]))
        if "ends_at" in changed:
            return phrases["until"].format(time=self.when(changed["ends_at"][1]).rpartition(" ")[2])
        return ""

    def _exchanged(self, what: str, changed: Mapping[str, tuple[Any, Any]]) -> str:
        """What a session lost, was given, or has in place of another."""
        fields = [name for name in TOLD[what] if name in changed]
        if not fields:
            return ""
        old, new = ([each for name in fields for each in _several(changed[name][side])] for side in (0, 1))
        if what == "kind":
            old, new = ([KINDS[self.spoken.code].get(each, each) for each in side] for side in (old, new))
        how = "lost" if not new else "changed" if old else "given"
        values = {"old": self._names(old), "new": self._names(new)}
        return PHRASES[self.spoken.code][f"{what}_{how}"].format(**values)

    def _names(self, names: Sequence[str]) -> str:
        return self.spoken.comma.join(map(self.spoken.isolated, names))

    def fitting(self, sentences: Sequence[str], room: int) -> list[str]:
        """As many sentences as fit, and how many more there are."""
        kept: list[str] = []
        used = 0
        for at, each in enumerate(sentences):
            more = PHRASES[self.spoken.code]["more"].format(count=len(sentences) - at)
            if used + len(each) + 1 + len(more) > room:
                return [*kept, more]
            kept.append(each)
            used += len(each) + 1
        return kept


def _several(value: Any) -> list[str]:
    """One name or several as texts; none for nothing."""
    if isinstance(value, list | tuple):
        return [str(each) for each in value]
    return [] if value in (None, "") else [str(value)]

"""The few words and dates that stand in documents, in the institution's language (English where it is not known)."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from maristan.kernel import languages

ENGLISH = {
    "timetable": "Timetable",
    "week_of": "Week of {date}",
    "draft": "DRAFT",
    "draft_stamp": "Draft, version {version}: not published",
    "verified_stamp": "Verified, version {version}: not published",
    "published_stamp": "Published version {version} on {at}",
    "amended_stamp": "Published version {version} on {at}, amended on {amended}",
    "printed_stamp": "As published on {at}",
    "whole_institution": "Whole institution",
    "cancelled": "Cancelled",
    "page": "Page",
    "of": "of",
    "nothing": "Nothing is planned.",
    "break": "Break",
    "all_groups": "All groups",
}  # fmt: skip
URDU = {
    "timetable": "نظام الاوقات",
    "week_of": "ہفتہ {date}",
    "draft": "مسودہ",
    "draft_stamp": "مسودہ، نسخہ {version}: شائع نہیں ہوا",
    "verified_stamp": "تصدیق شدہ، نسخہ {version}: شائع نہیں ہوا",
    "published_stamp": "شائع شدہ نسخہ {version}، {at}",
    "amended_stamp": "شائع شدہ نسخہ {version}، {at}، ترمیم {amended}",
    "printed_stamp": "{at} تک کی اشاعت کے مطابق",
    "whole_institution": "پورا ادارہ",
    "cancelled": "منسوخ",
    "page": "صفحہ",
    "of": "از",
    "nothing": "کچھ طے نہیں۔",
    "break": "وقفہ",
    "all_groups": "تمام گروپ",
}  # fmt: skip
PHRASES = {"en": ENGLISH, "ur": URDU}


@dataclass(frozen=True, slots=True)
class Words:
    """A language and the zone in which moments are told."""

    language: str
    zone: str
    is_rtl: bool

    def say(self, key: str, **values: object) -> str:
        """A phrase with its values filled in."""
        return PHRASES[self.language][key].format(**values)

    def day(self, day_of_week: int) -> str:
        """The name of a day, 0 = Monday."""
        return languages.LANGUAGES[self.language].days[day_of_week]

    def date(self, day: date, *, with_year: bool = True) -> str:
        """Such as `9 March 2026`."""
        said = languages.LANGUAGES[self.language].day(day)
        return f"{said} {day.year}" if with_year else said

    def moment(self, at: datetime) -> str:
        """The local date and time, such as `9 March 2026, 14:05`."""
        local = at.astimezone(ZoneInfo(self.zone))
        return f"{self.date(local.date())}, {local:%H:%M}"


def words(locale: str, zone: str) -> Words:
    """The words of a locale such as `en-GB`."""
    spoken = languages.language(locale)
    return Words(spoken.code, zone, spoken.is_rtl)


def span(start: str, end: str) -> str:
    """A time from one to another that reads from left to right in any script."""
    return f"\u2066{start}–{end}\u2069" if start or end else ""

"""The sentences of a digest, in every language."""

from maristan.kernel.messages import Template, text

SUBJECT = text(
    "institution", "count",
    en=Template("{institution}: {count:message|messages} for you"),
    ur=Template("{institution}: آپ کے لیے {count:پیغام|پیغامات}"),
)  # fmt: skip
MORE = text("count", en=Template("… and {count} more."), ur=Template("… اور {count} مزید۔"))
FAMILIES = {
    "timetable": ("Timetable", "ٹائم ٹیبل"),
    "attendance": ("Attendance", "حاضری"),
    "results": ("Results", "نتائج"),
    "documents": ("Documents", "دستاویزات"),
    "obligations": ("Obligations", "ذمہ داریاں"),
    "materials": ("Learning materials", "تدریسی مواد"),
    "records": ("Records", "ریکارڈ"),
    "requests": ("Requests", "درخواستیں"),
    "leave": ("Leave", "رخصت"),
    "announcements": ("Announcements", "اعلانات"),
    "security": ("Security", "سلامتی"),
}


def heading(family: str, code: str) -> str:
    """The name of a family in a language (`en` or `ur`)."""
    english, urdu = FAMILIES.get(family, (family, family))
    return urdu if code == "ur" else english

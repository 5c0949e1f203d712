"""The words that stand on the sheet of a session and on an eligibility list, in the institution's language."""

WORDS: dict[str, tuple[str, str]] = {
    "sheet": ("Attendance sheet", "حاضری شیٹ"),
    "list": ("Eligibility list", "اہلیت کی فہرست"),
    "number": ("No.", "شمار"),
    "reg_no": ("Reg. no.", "رجسٹریشن نمبر"),
    "name": ("Name", "نام"),
    "signature": ("Signature", "دستخط"),
    "visitors": ("Visitors", "مہمان"),
    "date": ("Date", "تاریخ"),
    "time": ("Time", "وقت"),
    "place": ("Place", "جگہ"),
    "audience": ("For", "شرکاء"),
    "teachers": ("Taught by", "استاد"),
    "expected": ("Expected", "متوقع"),
    "roster_version": ("Roster version", "فہرست کا نسخہ"),
    "marks": (
        "P present · L late · A absent · E excused. One cross for each person.",
        "P حاضر · L تاخیر · A غیر حاضر · E معذور۔ ہر فرد کے لیے ایک نشان۔",
    ),
    "teacher_signature": ("Signature of the teacher", "استاد کے دستخط"),
    "officer_signature": ("Signature of the officer in charge", "ذمہ دار افسر کے دستخط"),
    "register": ("Register", "رجسٹر"),
    "days": ("Days", "ایام"),
    "list_number": ("Number of the list", "فہرست کا نمبر"),
    "people": ("People", "افراد"),
    "may_sit": ("May sit", "بیٹھ سکتے ہیں"),
    "frozen": ("Frozen", "منجمد"),
    "draft": ("DRAFT", "مسودہ"),
    "superseded": ("REPLACED", "تبدیل شدہ"),
    "draft_stamp": ("Draft: it changes as marks come in.", "مسودہ: حاضری کے ساتھ بدلتا رہے گا۔"),
    "present": ("P", "P"),
    "late": ("L", "L"),
    "absent": ("A", "A"),
    "excused": ("E", "E"),
    "percentage": ("Percent", "فیصد"),
    "threshold": ("Needed", "درکار"),
    "code": ("Decision", "فیصلہ"),
    "eligible": ("May sit", "بیٹھ سکتے ہیں"),
    "condoned": ("Condoned", "رعایت ملی"),
    "below_threshold": ("Below the threshold", "حد سے کم"),
    "no_sessions": ("No sessions counted", "کوئی نشست شمار نہیں"),
    "cancelled": ("CANCELLED", "منسوخ"),
    "nobody": ("Nobody is expected.", "کوئی متوقع نہیں۔"),
}
PLACES = {"en": 0, "ur": 1}


def words(code: str) -> dict[str, str]:
    """All of them in a language."""
    return {key: said[PLACES[code]] for key, said in WORDS.items()}

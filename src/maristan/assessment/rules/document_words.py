"""The words that stand on documents, in each language or in both beside one another."""

from collections.abc import Mapping, Sequence
from typing import Any

from maristan.kernel.languages import runs_right_to_left
from maristan.kernel.messages import Template, text

WORDS: dict[str, tuple[str, str]] = {
    "transcript": ("Academic transcript", "تعلیمی ٹرانسکرپٹ"),
    "bonafide": ("Bonafide certificate", "بونافائیڈ سرٹیفکیٹ"),
    "noc": ("No objection certificate", "عدم اعتراض کا سرٹیفکیٹ"),
    "other": ("Certificate", "سرٹیفکیٹ"),
    "reg_no": ("Registration number", "رجسٹریشن نمبر"),
    "program": ("Programme", "پروگرام"),
    "batch": ("Batch", "بیچ"),
    "number": ("Document number", "دستاویز نمبر"),
    "issued_on": ("Issued on", "تاریخ اجرا"),
    "course": ("Examination", "امتحان"),
    "marks": ("Marks", "نمبر"),
    "percentage": ("Percent", "فیصد"),
    "letter": ("Grade", "گریڈ"),
    "outcome": ("Result", "نتیجہ"),
    "pass": ("Pass", "پاس"),
    "fail": ("Fail", "فیل"),
    "pending": ("Pending", "زیر التوا"),
    "no_period": ("Other examinations", "دیگر امتحانات"),
    "average": ("Grade point average, weighted by credits", "کریڈٹ کے وزن سے اوسط گریڈ پوائنٹ"),
    "schemes": ("Grade scheme", "گریڈ سکیم"),
    "verify": ("Whoever holds this sheet can check it at", "یہ دستاویز یہاں جانچی جا سکتی ہے"),
}  # fmt: skip
SENTENCES: dict[str, tuple[str, str]] = {
    "bonafide": (
        "This is to certify that {name}{child_of}, registration number {reg_no}, is a bonafide student of "
        "{institution} in the programme {program}{batch}.",
        "تصدیق کی جاتی ہے کہ {name}{child_of}، رجسٹریشن نمبر {reg_no}، {institution} کے پروگرام {program}{batch} "
        "میں باقاعدہ طالب علم ہیں۔",
    ),
    "noc": (
        "{institution} has no objection to the following request of {name}{child_of}, registration number {reg_no}, of "
        "the programme {program}{batch}:",
        "{institution} کو {name}{child_of}، رجسٹریشن نمبر {reg_no}، پروگرام {program}{batch} کی درج ذیل درخواست پر "
        "کوئی اعتراض نہیں:",
    ),
    "other": (
        "This certifies the following of {name}{child_of}, registration number {reg_no}, of {institution}:",
        "{institution} کے {name}{child_of}، رجسٹریشن نمبر {reg_no}، کے بارے میں درج ذیل کی تصدیق کی جاتی ہے:",
    ),
}
CHILD_OF = (", child of {father_name}", " ولد {father_name}")
IN_BATCH = (", {batch}", "، {batch}")
PLACES = {"en": 0, "ur": 1}


def labels(codes: Sequence[str]) -> dict[str, str]:
    """The words in a language, or in two with a point between them."""
    return {key: " · ".join(said[PLACES[code]] for code in codes) for key, said in WORDS.items()}


def sentences(kind: str, said: Mapping[str, Any], codes: Sequence[str]) -> list[dict[str, Any]]:
    """What a certificate says, one paragraph for each language, with the purpose that was asked for."""
    if kind not in SENTENCES:
        return []
    studies = said.get("studies", {})
    found = []
    for code in codes:
        place = PLACES[code]
        values = {
            **{name: said.get(name, "") for name in ("name", "reg_no", "institution", "program")},
            "child_of": CHILD_OF[place].format(**said) if said.get("father_name") else "",
            "batch": IN_BATCH[place].format(**studies) if studies.get("batch") else "",
        }
        found.append({"lang": code, "is_rtl": code == "ur", "text": SENTENCES[kind][place].format(**values)})
    return [*found, *_purpose(kind, said)]


def _purpose(kind: str, said: Mapping[str, Any]) -> list[dict[str, Any]]:
    purpose = said.get("purpose", "")
    is_rtl = runs_right_to_left(purpose)
    shown = {"lang": "ur" if is_rtl else "en", "is_rtl": is_rtl, "text": purpose}
    return [shown] if purpose and kind != "bonafide" else []


# The mail that carries a document; `link` is there only where it is too large to be attached.
MAIL = text(
    "institution", "number", "kind", "name", "verify", "link",
    en=Template(
        "{kind} {number} from {institution}",
        ("{name}:", "{kind} {number} is attached or at the address below.", "{link}", "It can be checked at {verify}"),
    ),
    ur=Template(
        "{institution} کی جانب سے {kind} {number}",
        ("{name}:", "{kind} {number} منسلک ہے یا نیچے کے پتے پر ہے۔", "{link}", "جانچنے کا پتہ: {verify}"),
    ),
)  # fmt: skip


def kind_in(kind: str, code: str) -> str:
    """What a kind of document is called in a language."""
    return WORDS[kind][PLACES[code]]

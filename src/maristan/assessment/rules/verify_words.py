"""What the page for strangers says of a document."""

from typing import Any

ENGLISH: dict[str, Any] = {
    "title": "Document check",
    "states": {
        "issued": ("Genuine and valid", "This document was issued by the institution below and still holds."),
        "superseded": (
            "Replaced", "This document was genuine. A result in it was corrected since: ask for the new one.",
        ),
        "revoked": ("Revoked", "This document was issued by the institution below and declared void."),
        "unknown": ("Unknown", "No document carries this code. Compare it with the paper, sign by sign."),
        "slow": ("Please wait a minute", "Too many checks came from your address."),
    },
    "kinds": {
        "transcript": "Academic transcript", "bonafide": "Bonafide certificate", "noc": "No objection certificate",
        "other": "Certificate",
    },
    "institution": "Institution", "kind": "Document", "number": "Number", "programme": "Programme", "name": "Name",
    "issued": "Issued on", "hash": "Content",
    "compare": "Compare with the paper: the number and the first sixteen signs of the content stand at the foot of "
    "each page.",
    "drop": "Have the PDF? Choose it or drop it here: your browser compares it, it is not sent anywhere.",
    "same": "This file is the document that was issued, unchanged.",
    "differs": "This file is not the document that was issued.",
    "other_language": "اردو میں", "hidden": "The name is shortened so that this page tells nothing new about a person.",
}  # fmt: skip
URDU: dict[str, Any] = {
    "title": "دستاویز کی جانچ",
    "states": {
        "issued": ("اصل اور درست", "یہ دستاویز نیچے دیے گئے ادارے نے جاری کی اور اب بھی درست ہے۔"),
        "superseded": ("تبدیل ہو چکی", "یہ دستاویز اصل تھی۔ اس کے ایک نتیجے میں درستی ہوئی: نئی دستاویز مانگیں۔"),
        "revoked": ("منسوخ", "یہ دستاویز نیچے دیے گئے ادارے نے جاری کی اور پھر منسوخ کر دی۔"),
        "unknown": ("نامعلوم", "اس کوڈ کی کوئی دستاویز نہیں۔ کاغذ سے ایک ایک حرف ملائیں۔"),
        "slow": ("ایک منٹ انتظار کریں", "آپ کے پتے سے بہت زیادہ جانچیں ہوئیں۔"),
    },
    "kinds": {
        "transcript": "تعلیمی ٹرانسکرپٹ", "bonafide": "بونافائیڈ سرٹیفکیٹ", "noc": "عدم اعتراض کا سرٹیفکیٹ",
        "other": "سرٹیفکیٹ",
    },
    "institution": "ادارہ", "kind": "دستاویز", "number": "نمبر", "programme": "پروگرام", "name": "نام",
    "issued": "تاریخ اجرا", "hash": "مواد",
    "compare": "کاغذ سے ملائیں: نمبر اور مواد کے پہلے سولہ حروف ہر صفحے کے نیچے درج ہیں۔",
    "drop": "PDF موجود ہے؟ یہاں چنیں یا چھوڑیں: موازنہ آپ کا براؤزر کرتا ہے، فائل کہیں نہیں بھیجی جاتی۔",
    "same": "یہ فائل وہی دستاویز ہے جو جاری ہوئی، بغیر تبدیلی۔",
    "differs": "یہ فائل جاری کی گئی دستاویز نہیں۔",
    "other_language": "In English", "hidden": "نام مختصر ہے تاکہ یہ صفحہ کسی کے بارے میں کچھ نیا نہ بتائے۔",
}  # fmt: skip


def words(code: str) -> dict[str, Any]:
    """The words in a language."""
    return URDU if code == "ur" else ENGLISH

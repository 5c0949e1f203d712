"""One application on one sheet of paper, for the file."""

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from maristan.academics.models import Application
from maristan.academics.queries import admissions
from maristan.directory.queries.settings import institution
from maristan.kernel import typesetting
from maristan.kernel.reports import Document

TEMPLATE = Path(__file__).with_suffix(".typ")
# Sections of the sheet: a heading and its fields, in the order of the form.
SECTIONS: dict[str, tuple[str, ...]] = {
    "applicant": ("full_name", "father_name", "gender", "date_of_birth", "cnic_or_bform"),
    "contact": ("mobile", "phone", "email", "address"),
    "guardian": ("guardian_name", "guardian_relation", "guardian_phone_whatsapp"),
    "education": (
        "last_qualification", "institute_name", "board_or_university", "passing_year", "total_marks_or_grade",
        "obtained_marks_or_grade", "subjects", "mdcat_roll_number", "merit_number", "merit_percentage",
    ),
}  # fmt: skip
WORDS = {
    "en": {
        "applicant": "Applicant", "contact": "Contact", "guardian": "Guardian", "education": "Education",
        "full_name": "Full name", "father_name": "Father's name", "gender": "Gender", "date_of_birth": "Date of birth",
        "cnic_or_bform": "Identity number", "mobile": "Mobile", "phone": "Phone", "email": "E-mail",
        "address": "Address", "guardian_name": "Name", "guardian_relation": "Relation",
        "guardian_phone_whatsapp": "WhatsApp", "last_qualification": "Last qualification",
        "institute_name": "Institute", "board_or_university": "Board or university", "passing_year": "Year of passing",
        "total_marks_or_grade": "Total marks or grade", "obtained_marks_or_grade": "Marks or grade obtained",
        "subjects": "Subjects", "mdcat_roll_number": "MDCAT roll number", "merit_number": "Merit number",
        "merit_percentage": "Merit percentage", "papers": "Papers handed in", "none": "none", "status": "Status",
        "submitted_at": "Handed in", "page": "Page", "of": "of",
        "male": "male", "female": "female", "other": "other", "undisclosed": "not told", "father": "father",
        "mother": "mother", "guardian_of": "guardian", "matric": "Matric", "fsc": "FSc", "a_levels": "A levels",
        "draft": "draft", "pending": "waiting", "needs_review": "under review", "approved": "approved",
        "rejected": "rejected", "withdrawn": "withdrawn", "photo": "photo", "cnic_front": "identity card, front",
        "cnic_back": "identity card, back", "domicile": "domicile", "matric_certificate": "Matric certificate",
        "fsc_certificate": "FSc certificate", "migration_certificate": "migration certificate",
        "guardian_id_card": "guardian's identity card", "other_document_1": "other document 1",
        "other_document_2": "other document 2",
    },
    "ur": {
        "applicant": "درخواست گزار", "contact": "رابطہ", "guardian": "سرپرست", "education": "تعلیم",
        "full_name": "پورا نام", "father_name": "والد کا نام", "gender": "جنس", "date_of_birth": "تاریخِ پیدائش",
        "cnic_or_bform": "شناختی نمبر", "mobile": "موبائل", "phone": "فون", "email": "ای میل", "address": "پتہ",
        "guardian_name": "نام", "guardian_relation": "رشتہ", "guardian_phone_whatsapp": "واٹس ایپ",
        "last_qualification": "آخری تعلیم", "institute_name": "ادارہ", "board_or_university": "بورڈ یا یونیورسٹی",
        "passing_year": "پاس کرنے کا سال", "total_marks_or_grade": "کل نمبر یا گریڈ",
        "obtained_marks_or_grade": "حاصل کردہ نمبر یا گریڈ", "subjects": "مضامین",
        "mdcat_roll_number": "ایم ڈی کیٹ رول نمبر",
        "merit_number": "میرٹ نمبر", "merit_percentage": "میرٹ فیصد", "papers": "جمع شدہ کاغذات", "none": "کوئی نہیں",
        "status": "حالت", "submitted_at": "جمع کرائی گئی", "page": "صفحہ", "of": "از",
        "male": "مرد", "female": "عورت", "other": "دیگر", "undisclosed": "نہیں بتایا", "father": "والد",
        "mother": "والدہ", "guardian_of": "سرپرست", "matric": "میٹرک", "fsc": "ایف ایس سی", "a_levels": "اے لیول",
        "draft": "مسودہ", "pending": "منتظر", "needs_review": "زیرِ جائزہ", "approved": "منظور", "rejected": "مسترد",
        "withdrawn": "واپس لی گئی", "photo": "تصویر", "cnic_front": "شناختی کارڈ، سامنے",
        "cnic_back": "شناختی کارڈ، پیچھے",
        "domicile": "ڈومیسائل", "matric_certificate": "میٹرک سند", "fsc_certificate": "ایف ایس سی سند",
        "migration_certificate": "مائیگریشن سند", "guardian_id_card": "سرپرست کا شناختی کارڈ",
        "other_document_1": "دیگر دستاویز ۱", "other_document_2": "دیگر دستاویز ۲",
    },
}  # fmt: skip
SAID_IN_WORDS = frozenset({"gender", "guardian_relation", "last_qualification"})


def document(application: Application, *, now: datetime) -> Document:
    """An application that was found as visible, with its photo's and papers' names, as a PDF."""
    here = institution()
    language = here.locale.replace("_", "-").split("-")[0].lower()
    language = language if language in WORDS else "en"
    words, zone = WORDS[language], ZoneInfo(here.time_zone)
    intake = application.intake
    handed_in = application.submitted_at
    data = {
        "title": application.full_name or application.email,
        "number": application.number or "",
        "subtitle": [intake.program.name, intake.batch.name],
        "institution": here.name,
        "printed": f"{now.astimezone(zone):%Y-%m-%d %H:%M}",
        "lang": language,
        "is_rtl": typesetting.is_right_to_left(language),
        "words": words,
        "facts": [
            [words["status"], words[application.status]],
            [words["submitted_at"], f"{handed_in.astimezone(zone):%Y-%m-%d %H:%M}" if handed_in else ""],
        ],
        "sections": [
            {"heading": words[name], "fields": [[words[field], _said(application, field, words)] for field in fields]}
            for name, fields in SECTIONS.items()
        ],
        "papers": [words[each["kind"]] for each in admissions.papers(application)],
    }
    name = (application.number or f"application-{application.pk}").lower()
    return Document(f"{name}.pdf", "application/pdf", typesetting.pdf(TEMPLATE, data, at=now))


def _said(application: Application, field: str, words: dict[str, str]) -> str:
    value: Any = getattr(application, field)
    if field in SAID_IN_WORDS:
        return words["guardian_of" if value == "guardian" else value] if value else ""
    return "" if value is None else str(value)

"""The list of a group's students on paper, with room for signatures."""

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.text import slugify

from maristan.academics.models import Group
from maristan.academics.queries import students
from maristan.academics.queries.roster import ATTENDING
from maristan.academics.rules.states import StudentStatus
from maristan.directory.queries.settings import institution
from maristan.kernel import typesetting
from maristan.kernel.access import Actor
from maristan.kernel.reports import Document

TEMPLATE = Path(__file__).with_suffix(".typ")
WORDS = {
    "en": {
        "number": "No.", "reg_no": "Registration no.", "name": "Name", "signature": "Signature",
        "nobody": "Nobody is in this group.", "page": "Page", "of": "of", "on_leave": "on leave",
    },
    "ur": {
        "number": "نمبر", "reg_no": "رجسٹریشن نمبر", "name": "نام", "signature": "دستخط",
        "nobody": "اس گروپ میں کوئی نہیں۔", "page": "صفحہ", "of": "از", "on_leave": "رخصت پر",
    },
}  # fmt: skip


def document(group: Group, *, actor: Actor, now: datetime) -> Document:
    """The students of a group whom the actor may see, studying or on leave, by registration number, as a PDF.

    The group was found as visible. Raises `NotAllowed` for who may see no students.
    """
    here = institution()
    language = here.locale.replace("_", "-").split("-")[0].lower()
    spoken = WORDS.get(language, WORDS["en"])
    rows: Any = students.students(actor=actor).filter(group=group, status__in=ATTENDING).order_by("reg_no", "pk")
    data = {
        "title": group.name,
        "subtitle": [group.batch.name, group.batch.program.name],
        "institution": here.name,
        "printed": f"{now.astimezone(ZoneInfo(here.time_zone)):%Y-%m-%d %H:%M}",
        "lang": language if language in WORDS else "en",
        "is_rtl": language in WORDS and typesetting.is_right_to_left(here.locale),
        "words": spoken,
        "students": [
            {
                "reg_no": row.reg_no,
                "name": row.person_name,
                "mark": spoken["on_leave"] if row.status == StudentStatus.ON_LEAVE else "",
            }
            for row in rows
        ],
    }
    name = slugify(f"{group.batch.name} {group.name}") or f"group-{group.pk}"
    return Document(f"{name}.pdf", "application/pdf", typesetting.pdf(TEMPLATE, data, at=now))

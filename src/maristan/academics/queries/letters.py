"""Letters to applicants, in the language in which they applied."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from maristan.academics.models import Application
from maristan.academics.rules.letters import LETTERS, LINK
from maristan.directory.queries.settings import institution
from maristan.kernel.languages import Language, language
from maristan.kernel.models import JournalLine


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail to be sent: to one address, in one language."""

    to: str
    subject: str
    body: str
    language: str


def about(line_id: int) -> Letter | None:
    """What an applicant is written about a line of the journal; none for an application that is gone."""
    line = JournalLine.objects.get(pk=line_id)
    found = Application.objects.select_related("intake__program", "student").filter(pk=line.subject_id).first()
    if found is None:
        return None
    params = {
        **_common(found),
        "number": found.number or "",
        "reg_no": found.student.reg_no if found.student else "",
        "reason": line.reason,
    }
    spoken = _spoken(found)
    said = LETTERS[line.kind].say(params, spoken)
    return Letter(found.email, said.title, f"{said.body}\n", spoken.code)


def link(application: Application, address: str, valid_until: datetime) -> Letter:
    """The letter with the way into an application."""
    last = valid_until.astimezone(ZoneInfo(institution().time_zone)).date()
    spoken = _spoken(application)
    params = {**_common(application), "batch": application.intake.batch.name, "last_day": last.isoformat()}
    said = LINK.say(params, spoken)
    return Letter(application.email, said.title, f"{said.body}\n\n{address}\n", spoken.code)


def _common(application: Application) -> dict[str, Any]:
    return {"institution": institution().name, "program": application.intake.program.name}


def _spoken(application: Application) -> Language:
    return language(application.language, institution().locale, settings.LANGUAGE_CODE)

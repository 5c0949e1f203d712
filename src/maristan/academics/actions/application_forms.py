"""Writing into an application, whoever writes: fields in one shape, papers judged by their content, its number."""

import secrets
from collections.abc import Mapping
from typing import Any

from django.db import connection, transaction

from maristan.academics.models import Application, ApplicationFile, Intake
from maristan.academics.queries import admissions as queries
from maristan.academics.queries import form_fields
from maristan.academics.rules.admissions import APPLICATION, application_number
from maristan.academics.rules.states import ApplicationStatus
from maristan.directory.queries import settings
from maristan.kernel import clock, files, journal, papers, rows
from maristan.kernel.access import Actor
from maristan.kernel.errors import NotFound, NotNow
from maristan.kernel.unjournaled import unjournaled

DECIDED = NotNow("wrong_status", "The application has been decided.")
ONE_DRAFT = {"academics_application_one_draft": NotNow("draft_exists", "This address has begun an application.")}
HANDED_IN = NotNow("wrong_status", "The application has been handed in.")


@unjournaled("its caller writes the line")
def draft(*, intake: Intake, email: str, language: str, by: Actor) -> Application:
    """A new draft of an intake whose link is yet to be made."""
    return Application.objects.create(
        intake=intake,
        email=email,
        language=language,
        batch_year=intake.batch.graduation_year,
        token_hash=queries.digest(secrets.token_urlsafe(32)),
        token_expires_at=clock.now(),
    )


@transaction.atomic
def change(
    *, application: Application, values: Mapping[str, Any], by: Actor, kind: str = "application.saved"
) -> Application:
    """Change fields of an application that was found and locked; `kind` is the kind of the line.

    Another address is no longer proved, and the link that went to the one before is void. Raises `Invalid`
    (`bad_phone`, `bad_email`, `bad_number`, `out_of_range`, `too_long`) naming every fault at once, `NotNow`
    (`draft_exists`).
    """
    changes = rows.change(application, form_fields.normal(values))
    if changes:
        if "email" in changes:
            changes |= rows.change(application, {"email_verified_at": None})
            application.token_hash = queries.digest(secrets.token_urlsafe(32))
            application.save(update_fields=["token_hash"])
        with rows.refusing(**ONE_DRAFT):
            rows.save_changes(application, changes)
        journal.record(kind, ("application", application.pk), by=by, changes=changes)
    return application


@transaction.atomic
def put_paper(*, application: Application, kind: str, content: bytes, by: Actor) -> None:
    """Keep a paper of an application that was found and locked; one of its kind before it is replaced.

    Raises `NotFound` for a kind of paper that nobody asks for, `TooLarge`, `Invalid` (`file_type`).
    """
    is_photo = queries.paper_kind(kind) == queries.PHOTO
    stored = (papers.picture if is_photo else papers.document)(content, stem=kind).keep(by=by)
    before = _let_go(application, kind)
    if is_photo:
        application.photo = stored
    else:
        ApplicationFile.objects.create(application=application, kind=kind, file=stored)
    _touched(application, kind, [before, stored.name], by)


@transaction.atomic
def remove_paper(*, application: Application, kind: str, by: Actor) -> None:
    """Take a paper away. Raises `NotFound`."""
    queries.paper(application, kind)
    _touched(application, kind, [_let_go(application, kind), None], by)


def _let_go(application: Application, kind: str) -> str | None:
    """Part with the paper of a kind, if there is one; gives its name."""
    try:
        before = queries.paper(application, kind)
    except NotFound:
        return None
    if kind == queries.PHOTO:
        application.photo = None
    else:
        ApplicationFile.objects.filter(application=application, kind=kind).delete()
    files.drop(before)
    return before.name


def _touched(application: Application, kind: str, names: list[str | None], by: Actor) -> None:
    """The application's next version; the line says which paper, by its names before and after."""
    changes: dict[str, list[Any]] = {"photo_id": []}
    rows.save_changes(application, changes)
    line = {kind: names, "version": changes["version"]}
    journal.record("application.saved", ("application", application.pk), by=by, changes=line)


@transaction.atomic
def hand_in(*, application: Application, by: Actor, proves_email: bool = False) -> Application:
    """Number a complete draft and hand it in; one that resembles another goes to review (A14).

    The application was found and locked; whoever came by the link that was mailed proves the address. Raises
    `NotNow` with what is missing (`application_incomplete`, `intake_closed`, `wrong_status`).
    """
    day = settings.local_today()
    # The counter's row stays locked from here on, so that of two alike who hand in at once the second sees the first.
    number = application_number(day, next_count(key=f"application:{day:%Y%m%d}", by=by))
    found = queries.duplicates(application)
    known = queries.facts(application, found, has_placement=True)
    now = clock.now()
    transition, _ = APPLICATION.check(known, "submit", by, now)
    values = {
        "status": ApplicationStatus.NEEDS_REVIEW if found else transition.target,
        "number": number,
        "submitted_at": now,
        "email_verified_at": now if proves_email else None,
    }
    changes = rows.change(application, values)
    rows.save_changes(application, changes)
    journal.record("application.submitted", ("application", application.pk), by=by, changes=changes)
    return application


@unjournaled("the line of what gets the number says it")
def next_count(*, key: str, by: Actor) -> int:
    """The next number under a key; the row of the counter stays locked until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO academics_admissioncounter (key, last, created_at, updated_at) VALUES (%s, 1, %s, %s)
            ON CONFLICT (institution_id, key) DO UPDATE
              SET last = academics_admissioncounter.last + 1, updated_at = EXCLUDED.updated_at
            RETURNING last""",
            [key, clock.now(), clock.now()],
        )
        return int(cursor.fetchone()[0])

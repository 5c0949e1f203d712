"""What an applicant does through a link: start, save, attach, hand in, withdraw (A15)."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from maristan.academics.actions import application_forms as forms
from maristan.academics.models import Application, ApplicationFile, Intake
from maristan.academics.queries import admissions as queries
from maristan.academics.rules.admissions import APPLICATION, DRAFT_KEPT_FOR
from maristan.academics.rules.states import ApplicationStatus
from maristan.comms.actions import deliveries
from maristan.kernel import clock, files, journal, rows
from maristan.kernel.access import Actor
from maristan.kernel.errors import Invalid, NotNow
from maristan.kernel.mail import Wanted
from maristan.kernel.names import normal_email
from maristan.kernel.unjournaled import unjournaled

LINK_MAIL = "academics.application_link"
LINK_LASTS = timedelta(days=30)
CLOSED = NotNow("intake_closed", "This intake is not open.")


@dataclass(frozen=True, slots=True)
class Link:
    """The way into an application, made to be mailed."""

    application: Application
    link: str


@transaction.atomic
def start(*, intake: int, email: str, language: str, by: Actor) -> None:
    """Begin an application, or find the one begun before: its link is mailed, and the caller learns nothing.

    Raises `Invalid` (`unknown_reference`, `bad_email`), `NotNow` (`intake_closed`).
    """
    found = rows.reference(Intake.objects.select_related("batch"), intake, "/intake")
    address = _address(email)
    if found is None or not queries.is_open(found, clock.now()):
        raise CLOSED
    application = _begun(found, address)
    if application is None:
        application = _begin(found, address, language, by)
    link = Wanted(LINK_MAIL, address, {"application": application.pk, "email": address})
    deliveries.mail(wanted=[link], by=by)


def _address(email: str) -> str:
    try:
        return normal_email(email)
    except ValueError as fault:
        raise Invalid.at("/email", "bad_email", str(fault)) from None


def _begun(intake: Intake, email: str) -> Application | None:
    """The latest application of this address that was not refused or withdrawn."""
    over = (ApplicationStatus.REJECTED, ApplicationStatus.WITHDRAWN)
    return Application.objects.filter(intake=intake, email=email).exclude(status__in=over).order_by("-pk").first()


def _begin(intake: Intake, email: str, language: str, by: Actor) -> Application:
    try:
        with rows.refusing(**forms.ONE_DRAFT):
            application = forms.draft(intake=intake, email=email, language=language, by=by)
    except NotNow:  # the same address began at the same moment
        return Application.objects.get(intake=intake, email=email, status=ApplicationStatus.DRAFT)
    entered = {"intake": [None, intake.pk], "email": [None, email]}
    journal.record("application.started", ("application", application.pk), by=by, changes=entered)
    return application


@unjournaled("the link is kept nowhere; the line of the start was written")
@transaction.atomic
def renew_link(*, pk: int, email: str, by: Actor) -> Link:
    """Make the link of an application anew, for 30 days; the one before it is void.

    Raises `NotFound`, also when the application has another address by now.
    """
    application = rows.one(Application.objects.select_related("intake__program").filter(email=email), pk, lock=True)
    token = secrets.token_urlsafe(32)
    application.token_hash = queries.digest(token)
    application.token_expires_at = clock.now() + LINK_LASTS
    application.save(update_fields=["token_hash", "token_expires_at", "updated_at"])
    return Link(application, f"{settings.SITE_URL}/apply/{token}")


@transaction.atomic
def save(*, token: str, version: int | None, values: Mapping[str, Any], by: Actor | None) -> Application:
    """Save a part of a draft.

    Raises `NotFound`, `Gone`, `Stale`, `NotNow` (`intake_closed`, `wrong_status`), `Invalid`.
    """
    application = _draft(token, version)
    return forms.change(application=application, values=values, by=queries.applicant())


@transaction.atomic
def put_paper(*, token: str, kind: str, content: bytes, by: Actor | None) -> Application:
    """Attach a paper to a draft. Raises `NotFound`, `Gone`, `NotNow`, `TooLarge`, `Invalid` (`file_type`)."""
    application = _draft(token, None)
    forms.put_paper(application=application, kind=kind, content=content, by=queries.applicant())
    return application


@transaction.atomic
def remove_paper(*, token: str, kind: str, by: Actor | None) -> Application:
    """Take a paper of a draft away. Raises `NotFound`, `Gone`, `NotNow`."""
    application = _draft(token, None)
    forms.remove_paper(application=application, kind=kind, by=queries.applicant())
    return application


@transaction.atomic
def submit(*, token: str, version: int | None, by: Actor | None) -> Application:
    """Hand a complete draft in. Raises `NotFound`, `Gone`, `Stale`, `NotNow` with what is missing."""
    application = queries.opened_by(token, lock=True)
    rows.must_match(application, version, ("application", application.pk), required=False)
    return forms.hand_in(application=application, by=queries.applicant(), proves_email=True)


@transaction.atomic
def withdraw(*, token: str, version: int | None, by: Actor | None) -> Application:
    """Take back an application that is not decided. Raises `NotFound`, `Gone`, `Stale`, `NotNow`."""
    application = queries.opened_by(token, lock=True)
    rows.must_match(application, version, ("application", application.pk), required=False)
    actor = queries.applicant()
    known = queries.facts(application, [], has_placement=True)
    transition, _ = APPLICATION.check(known, "withdraw", actor, clock.now())
    changes = rows.change(application, {"status": transition.target})
    rows.save_changes(application, changes)
    journal.record("application.withdrawn", ("application", application.pk), by=actor, changes=changes)
    return application


@transaction.atomic
def purge_drafts(*, by: Actor) -> int:
    """Delete drafts whose link was over long ago and that nobody has touched since, with their papers; gives how many.

    A line for each tells that it was, and of whom it was not. Constant queries.
    """
    before = clock.now() - DRAFT_KEPT_FOR
    over = Application.objects.filter(
        status=ApplicationStatus.DRAFT, token_expires_at__lte=before, updated_at__lte=before
    )
    gone = {each.pk: each for each in over.select_for_update().order_by("pk")}
    papers = ApplicationFile.objects.filter(application__in=gone)
    stored = [*papers.values_list("file_id", flat=True), *(each.photo_id for each in gone.values() if each.photo_id)]
    papers.delete()
    Application.objects.filter(pk__in=gone).delete()
    files.drop_ids(stored)
    lines = {pk: {"intake": [each.intake_id, None]} for pk, each in gone.items()}
    journal.record_each("application.purged", "application", lines, by=by)
    return len(gone)


def _draft(token: str, version: int | None) -> Application:
    """The draft of a link, locked, of an intake that is open."""
    application = queries.opened_by(token, lock=True)
    rows.must_match(application, version, ("application", application.pk), required=False)
    if application.status != ApplicationStatus.DRAFT:
        raise forms.HANDED_IN
    if not queries.is_open(application.intake, clock.now()):
        raise CLOSED
    return application

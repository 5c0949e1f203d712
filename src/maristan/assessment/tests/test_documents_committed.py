"""Documents where transactions commit: two people at once, and a stranger who is signed in nowhere."""

from collections.abc import Callable

from django.core.cache import cache
from django.db import connection, transaction

from maristan.assessment.actions import documents as actions
from maristan.assessment.models import Document, DocumentCounter
from maristan.assessment.rules.documents import CertificateKind, DocumentLanguage
from maristan.assessment.tests import factories as make
from maristan.assessment.tests.test_together import at_once
from maristan.directory.tests import factories as directory
from maristan.kernel import clock, tenancy
from maristan.kernel.access import platform
from maristan.kernel.tests.client import Client

TRANSCRIPTS = "/api/v1/transcripts/"


def test_two_who_issue_at_once_take_two_numbers_in_a_row(own_database: Callable[[str], None]) -> None:
    with transaction.atomic(), clock.stopped_at(make.CLOCK):
        of = make.college()
        ruth, rosa = (Client(directory.member(name, "registrar")) for name in ("Ruth", "Rosa"))
    sara, bilal = (each.pk for each in of.students[:2])
    said = {"purpose": "Plays the flute."}
    url = f"{TRANSCRIPTS}certificates/"
    for _ in range(3):
        answers = at_once(
            lambda: ruth.post(url, {"student_id": sara, "new": True, **said}),
            lambda: rosa.post(url, {"student_id": bilal, "new": True, **said}),
        )
        assert [each.status for each in answers] == [201, 201]
    with tenancy.acting_in(of.batch.institution_id):
        numbers = list(Document.objects.order_by("number").values_list("number", flat=True))
        assert numbers == [f"DOC-2026-{at:06}" for at in range(1, 7)]
        assert DocumentCounter.objects.get(kind="other").last == 6


def test_two_who_ask_the_same_at_once_get_one_document(own_database: Callable[[str], None]) -> None:
    with transaction.atomic(), clock.stopped_at(make.CLOCK):
        of = make.college()
        ruth, rosa = (Client(directory.member(name, "registrar")) for name in ("Ruth", "Rosa"))
    body = {"student_id": of.students[0].pk, "purpose": "Plays the flute."}
    url = f"{TRANSCRIPTS}certificates/"
    answers = at_once(lambda: ruth.post(url, body), lambda: rosa.post(url, body))
    assert [(each.status, each.json["number"]) for each in answers] == [(201, "DOC-2026-000001")] * 2


def test_an_issue_that_fails_gives_its_number_back(own_database: Callable[[str], None]) -> None:
    with transaction.atomic(), clock.stopped_at(make.CLOCK):
        of = make.college()
        ruth = Client(directory.member("Ruth", "registrar"))
    body = {"student_id": of.students[0].pk, "purpose": "Plays the flute.", "new": True}
    with clock.stopped_at(make.LATER), tenancy.acting_in(of.batch.institution_id):
        try:
            with transaction.atomic():
                actions.issue_one(
                    kind=CertificateKind.OTHER, person=of.students[0].person_id, language=DocumentLanguage.ENGLISH,
                    renew=True, purpose="Lost.", by=platform(of.batch.institution_id),
                )  # fmt: skip
                raise ConnectionError
        except ConnectionError:
            pass
    with clock.stopped_at(make.LATER):
        assert ruth.post(f"{TRANSCRIPTS}certificates/", body).json["number"] == "DOC-2026-000001"


def test_a_stranger_verifies_without_a_transaction_of_anybody(own_database: Callable[[str], None]) -> None:
    cache.clear()
    with transaction.atomic(), clock.stopped_at(make.CLOCK):
        of = make.college()
        ruth = Client(directory.member("Ruth", "registrar"))
    with clock.stopped_at(make.LATER):
        body = {"student_id": of.students[0].pk, "purpose": "Plays the flute.", "new": True}
        first, second, third = (ruth.post(f"{TRANSCRIPTS}certificates/", body).json for _ in range(3))
        revoked = ruth.post(f"{TRANSCRIPTS}{second['id']}/moves/revoke/", {"reason": "Issued in error"})
        assert revoked.status == 200
    with tenancy.acting_in(of.batch.institution_id):
        Document.objects.filter(pk=third["id"]).update(status="superseded", superseded_by=first["id"])
    tenancy.forget()
    assert not connection.in_atomic_block
    stranger = Client()
    expected = ((first, True, "issued"), (second, False, "revoked"), (third, False, "superseded"))
    for code, valid, reason in ((made["code"], *told) for made, *told in expected):
        answer = stranger.get(f"{TRANSCRIPTS}verify/{code}/")
        assert (answer.status, answer.json["valid"], answer.json["reason"]) == (200, valid, reason)
        assert answer.headers["Cache-Control"] == "no-store"
        page = stranger.get(f"/verify/{code}")
        assert (page.status, "DOC-2026-00000" in page.body.decode()) == (200, True)
    unknown = stranger.get(f"{TRANSCRIPTS}verify/{'0' * 26}/")
    assert (unknown.status, unknown.json["valid"], unknown.json["reason"]) == (404, False, "unknown")
    assert stranger.get(f"/verify/{'0' * 26}").status == 404

"""What is said about a request, and what is never told to the one who asked; what is said twice."""

from collections.abc import Iterator

import pytest

from maristan.academics.models import Request, RequestRemark
from maristan.academics.tests import factories as make
from maristan.academics.tests.desk import MORNING, REQUESTS, SECRET, Desk, lines, upload, url
from maristan.directory.tests import factories as directory
from maristan.kernel import clock
from maristan.kernel.models import JournalLine
from maristan.kernel.tests.client import Client

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _stopped() -> Iterator[None]:
    with clock.stopped_at(MORNING):
        yield


def test_both_sides_talk_and_handlers_among_themselves() -> None:
    desk = Desk()
    request = desk.asked()
    address = url(request, "remarks/")
    assert desk.ruth.post(address, {"text": "Which year?"}).json["is_internal"] is False
    assert desk.sara.post(address, {"text": "The third."}).status == 201
    kept = desk.ruth.post(address, {"text": SECRET, "is_internal": True})
    assert (kept.status, kept.json["is_internal"], kept.json["author_name"]) == (201, True, "Ruth")
    said = [each["text"] for each in desk.ruth.get(address).json["results"]]
    assert said == ["Which year?", "The third.", SECRET]
    assert [each["text"] for each in desk.ruth.get(url(request)).json["remarks"]] == said
    assert desk.ruth.get(url(request, "timeline/")).json["count"] == 3
    assert SECRET in desk.ruth.get(f"{address}export/").body.decode()


def test_what_is_internal_never_reaches_the_one_who_asked() -> None:
    desk = Desk()
    request = desk.asked()
    version = desk.sara.get(url(request)).headers["ETag"]
    assert desk.ruth.post(url(request, "remarks/"), {"text": SECRET, "is_internal": True}).status == 201
    own = make.request(desk.ruths, type=desk.letter)
    anna = Client(directory.member("Anna", "admin"))
    assert anna.post(url(own, "remarks/"), {"text": SECRET, "is_internal": True}).status == 201
    auditor = Client(directory.member("Tara", "auditor"))
    for client, each in ((desk.sara, request), (desk.ruth, own), (auditor, request)):
        for rest in ("", "remarks/", "remarks/export/", "timeline/", "timeline/export/"):
            assert SECRET not in client.get(url(each, rest)).body.decode(), rest
            assert "remarked" not in client.get(url(each, rest)).body.decode(), rest
        assert client.get(url(each, "remarks/")).json["count"] == 0
    assert SECRET not in desk.sara.get(f"{REQUESTS}export/").body.decode()
    assert desk.sara.get(url(request)).headers["ETag"] == version
    assert not any(SECRET in str(line.changes) + line.reason for line in JournalLine.objects.all())


def test_only_handlers_of_the_request_speak_internally_and_strangers_not_at_all() -> None:
    desk = Desk()
    request = desk.asked()
    address = url(request, "remarks/")
    refused = desk.sara.post(address, {"text": "Psst", "is_internal": True})
    assert (refused.status, refused.code) == (403, "not_allowed")
    own = make.request(desk.ruths, type=desk.letter)
    to_oneself = desk.ruth.post(url(own, "remarks/"), {"text": "Psst", "is_internal": True})
    assert (to_oneself.status, to_oneself.code) == (409, "own_request")
    coras = make.request(desk.coras, type=desk.letter)
    beyond = desk.cora.post(url(coras, "remarks/"), {"text": "Psst", "is_internal": True})
    assert (beyond.status, beyond.code) == (404, "not_found")
    assert desk.omar.post(address, {"text": "Hello"}).status == 404
    auditor = Client(directory.member("Tara", "auditor"))
    assert (auditor.post(address, {"text": "Hello"}).status) == 403
    assert desk.sara.post(address, {"text": "  "}).pointers == [("/text", "too_short")]
    assert (RequestRemark.objects.count(), lines("request.remarked")) == (0, 0)


def test_a_repeated_submission_with_its_papers_makes_one_request() -> None:
    desk = Desk()
    paper = upload(desk.sara)
    body = {"type": desk.letter.pk, "title": "A letter", "attachments": [paper]}
    first = desk.sara.post(REQUESTS, body, Idempotency_Key="once-only")
    second = desk.sara.post(REQUESTS, body, Idempotency_Key="once-only")
    assert (first.status, second.status, second.headers["Idempotent-Replay"]) == (201, 201, "true")
    assert first.json["id"] == second.json["id"]
    other = desk.sara.post(REQUESTS, {**body, "title": "Another"}, Idempotency_Key="once-only")
    assert (other.status, other.pointers) == (422, [("/", "idempotency_key_reused")])
    assert (Request.objects.count(), lines("request.submitted")) == (1, 1)


def test_a_repeated_remark_is_said_once() -> None:
    desk = Desk()
    address = url(desk.asked(), "remarks/")
    for _ in range(2):
        assert desk.sara.post(address, {"text": "Hello"}, Idempotency_Key="said-once").status == 201
    assert RequestRemark.objects.count() == 1

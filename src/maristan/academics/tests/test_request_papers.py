"""Papers of requests: uploaded before, added and taken away, judged by their content."""

from collections.abc import Iterator

import pytest

from maristan.academics.actions import request_papers
from maristan.academics.models import Request, RequestType
from maristan.academics.tests import factories as make
from maristan.academics.tests.desk import MORNING, REQUESTS, UPLOADS, Desk, lines, move, upload, url
from maristan.directory.tests import factories as directory
from maristan.directory.tests.test_leave_attachments import PDF
from maristan.directory.tests.test_photos import png
from maristan.kernel import clock, files
from maristan.kernel.errors import Invalid
from maristan.kernel.models import StoredFile

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _stopped() -> Iterator[None]:
    with clock.stopped_at(MORNING):
        yield


def test_a_type_that_demands_a_paper_gets_it_with_the_request_or_not_at_all() -> None:
    desk = Desk()
    RequestType.objects.filter(pk=desk.letter.pk).update(requires_attachment=True)
    body = {"type": desk.letter.pk, "title": "A letter"}
    refused = desk.sara.post(REQUESTS, body)
    assert (refused.status, refused.code, refused.missing) == (409, "attachment_missing", ["attachment_missing"])
    assert not Request.objects.exists()
    first, second = upload(desk.sara, "cnic front"), upload(desk.sara, "back.png", png())
    made = desk.sara.post(REQUESTS, {**body, "attachments": [first, second, first]})
    assert made.status == 201
    named = [(each["name"], each["content_type"], each["added_by"]) for each in made.json["attachments"]]
    assert named == [("cnic front.pdf", "application/pdf", "Sara"), ("back.png", "image/png", "Sara")]
    shown = desk.ruth.get(made.json["attachments"][0]["url"])
    assert (shown.status, shown.body, shown.headers["Content-Type"]) == (200, PDF, "application/pdf")
    with clock.stopped_at("2026-03-09T08:00:00+00:00"):
        assert files.purge() == 0
    assert desk.omar.get(made.json["attachments"][0]["url"]).status == 404


def test_ten_papers_are_the_most_at_a_time() -> None:
    desk = Desk()
    by = directory.actor(desk.student.person)
    with pytest.raises(Invalid) as refused:
        request_papers.upload(uploads=[("cnic.pdf", PDF)] * 11, by=by)
    assert [(each.pointer, each.code) for each in refused.value.faults] == [("/file", "too_many")]
    assert not StoredFile.objects.exists()
    assert len(request_papers.upload(uploads=[("cnic.pdf", PDF)] * 10, by=by)) == 10


def test_an_upload_serves_one_request_of_the_one_who_made_it_for_a_day() -> None:
    desk = Desk()
    body = {"type": desk.letter.pk, "title": "A letter"}
    mine, unused = upload(desk.sara), upload(desk.sara)
    theirs = desk.omar.post(REQUESTS, {**body, "attachments": [mine]})
    assert (theirs.status, theirs.pointers) == (422, [("/attachments/0", "unknown_reference")])
    assert desk.sara.post(REQUESTS, {**body, "attachments": [mine]}).status == 201
    again = desk.sara.post(REQUESTS, {**body, "attachments": [mine]})
    assert (again.status, again.pointers) == (422, [("/attachments/0", "unknown_reference")])
    with clock.stopped_at("2026-03-02T08:00:00+00:00"):
        late = desk.sara.post(REQUESTS, {**body, "attachments": [unused]})
        assert (late.status, late.pointers) == (422, [("/attachments/0", "unknown_reference")])
        assert files.purge() == 1
    assert (Request.objects.count(), StoredFile.objects.count()) == (1, 1)


def test_a_photo_of_oneself_is_no_upload() -> None:
    desk = Desk()
    kept = files.store(PDF, name="x.pdf", content_type="application/pdf", by=directory.actor(desk.student.person))
    refused = desk.sara.post(REQUESTS, {"type": desk.letter.pk, "title": "A letter", "attachments": [kept.pk]})
    assert (refused.status, refused.pointers) == (422, [("/attachments/0", "unknown_reference")])


def test_papers_are_judged_by_their_content_and_size() -> None:
    desk = Desk()
    request = desk.asked()
    for address in (UPLOADS, url(request, "attachments/")):
        refused = desk.sara.upload(address, "x.pdf", b"<html>")
        assert (refused.status, refused.pointers) == (422, [("/file", "file_type")])
        assert desk.sara.upload(address, "x.pdf", PDF + b"x" * 3 * 2**20).status == 413
    assert not StoredFile.objects.exists()
    assert lines("request.updated") == 0


def test_papers_come_and_go_while_the_request_is_pending_and_the_last_that_is_demanded_stays() -> None:
    desk = Desk()
    RequestType.objects.filter(pk=desk.letter.pk).update(requires_attachment=True)
    request = desk.asked()
    first = make.attachment(request)
    address = url(request, "attachments/")
    refused = desk.sara.delete(f"{address}{first.pk}/")
    assert (refused.status, refused.code) == (409, "attachment_missing")
    added = desk.sara.upload(address, "back.pdf", PDF)
    assert (added.status, [each["name"] for each in added.json["attachments"]]) == (201, ["Letter.pdf", "back.pdf"])
    assert added.json["version"] == 2
    assert desk.sara.delete(f"{address}{first.pk}/").status == 204
    assert [each["name"] for each in desk.sara.get(address).json] == ["back.pdf"]
    assert desk.sara.delete(f"{address}{first.pk}/").status == 404
    with clock.stopped_at("2026-03-01T08:00:01+00:00"):
        assert files.purge() == 1
    assert lines("request.updated") == 2


def test_at_most_ten_papers_hang_on_a_request() -> None:
    desk = Desk()
    request = desk.asked()
    for _ in range(10):
        make.attachment(request)
    refused = desk.sara.upload(url(request, "attachments/"), "x.pdf", PDF)
    assert (refused.status, refused.pointers) == (422, [("/file", "too_many")])
    many = desk.sara.post(REQUESTS, {"type": desk.letter.pk, "title": "A", "attachments": list(range(1, 12))})
    assert (many.status, many.pointers) == (422, [("/attachments", "too_long")])


def test_a_decided_request_keeps_its_papers_and_its_words() -> None:
    desk = Desk()
    request = desk.asked(status="under_review")
    paper = make.attachment(request)
    late = [
        desk.sara.upload(url(request, "attachments/"), "x.pdf", PDF),
        desk.sara.delete(url(request, f"attachments/{paper.pk}/")),
        desk.sara.patch(url(request), {"title": "Another"}, version=1),
    ]
    assert [(each.status, each.code) for each in late] == [(409, "wrong_status")] * 3
    request.refresh_from_db()
    assert (request.attachments.count(), request.version, lines("request.updated")) == (1, 1, 0)


def test_nobody_changes_the_request_of_another() -> None:
    desk = Desk()
    request = desk.asked()
    paper = make.attachment(request)
    for client, status, code in ((desk.ruth, 409, "not_yours"), (desk.omar, 404, "not_found")):
        answers = [
            client.patch(url(request), {"title": "Another"}, version=1),
            client.upload(url(request, "attachments/"), "x.pdf", PDF),
            client.delete(url(request, f"attachments/{paper.pk}/")),
        ]
        assert [(each.status, each.code) for each in answers] == [(status, code)] * 3
    cancelled = move(desk.ruth, request, "cancel")
    assert (cancelled.status, cancelled.missing) == (409, ["not_yours"])
    request.refresh_from_db()
    assert (request.title.startswith("Request"), request.attachments.count(), request.status) == (True, 1, "pending")


def test_the_one_who_asked_mends_it_while_it_is_pending() -> None:
    desk = Desk()
    request = desk.asked()
    assert desk.sara.patch(url(request), {"title": "Another"}).status == 428
    mended = desk.sara.patch(url(request), {"title": "Another", "priority": "URGENT", "data": {"a": 1}}, version=1)
    assert (mended.status, mended.json["title"], mended.json["priority"]) == (200, "Another", "urgent")
    stale = desk.sara.patch(url(request), {"title": "Third"}, version=1)
    assert (stale.status, stale.json["version"]) == (412, 2)
    for field, value in (("status", "approved"), ("type", desk.plan.pk), ("assigned_to", desk.ruths.pk)):
        assert desk.sara.patch(url(request), {field: value}, version=2).status == 422
    assert desk.sara.patch(url(request), {"title": "Another"}, version=2).json["version"] == 2
    assert lines("request.updated") == 1

"""Announcements to students: exactly the audience, at the time, once each, whatever the worker does."""

from typing import Any

import pytest
from django.core import mail

from maristan.academics.tests import factories as make
from maristan.comms import jobs
from maristan.comms.actions import announcements
from maristan.comms.models import Announcement, Notification
from maristan.directory.tests import factories as directory
from maristan.kernel import clock
from maristan.kernel.models import JournalLine
from maristan.kernel.tests.client import Client
from maristan.kernel.tests.worker import run_jobs

pytestmark = pytest.mark.django_db
URL = "/api/v1/comms/announcements/"
BOARD = "/api/v1/comms/board/"


class Hall:
    """Sara studies in the batch, Bilal is suspended, Zoya studies elsewhere; Ruth is the registrar."""

    def __init__(self) -> None:
        directory.institution()
        self.group = make.group()
        self.batch = self.group.batch_id
        self.sara = make.student_with_account("Sara", self.group, email="sara@example.org")
        self.bilal = make.student_with_account("Bilal", self.group, status="suspended", email="bilal@example.org")
        self.zoya = make.student_with_account("Zoya", email="zoya@example.org")
        self.ruth = Client(directory.member("Ruth", "registrar"))

    def draft(self, client: Client | None = None, **values: Any) -> Any:
        body = {"title": "Hall closed", "body": "Use **Hall 2**.", "audience": self.attending, **values}
        return (client or self.ruth).post(URL, body)

    @property
    def attending(self) -> list[list[str]]:
        return [[f"batch:{self.batch}", "status:active"]]


def move(client: Client, pk: int, name: str, **body: Any) -> Any:
    return client.post(f"{URL}{pk}/moves/{name}/", body)


def told() -> list[int]:
    return sorted(Notification.objects.values_list("recipient", flat=True))


def test_an_announcement_reaches_exactly_its_audience_in_the_application_and_by_mail() -> None:
    of = Hall()
    preview = of.ruth.post(f"{URL}preview-audience/", {"audience": of.attending})
    assert (preview.status, preview.json) == (200, {"count": 1, "sample": ["Sara"]})
    made = of.draft()
    assert (made.status, made.json["status"]) == (201, "draft")
    pk = made.json["id"]
    sent = move(of.ruth, pk, "send")
    assert (sent.status, sent.json["status"], sent.json["recipients_count"]) == (200, "sending", 1)
    run_jobs()
    assert (told(), [each.to for each in mail.outbox]) == ([of.sara.person_id], [["sara@example.org"]])
    assert Announcement.objects.get().status == "sent"
    assert [each["title"] for each in Client(of.sara.person).get(BOARD).json["results"]] == ["Hall closed"]
    assert Client(of.zoya.person).get(BOARD).json["count"] == 0
    assert Client(of.bilal.person).get(BOARD).json["count"] == 0
    again = move(of.ruth, pk, "send")
    assert (again.status, again.code, len(told())) == (409, "ALREADY_SENT", 1)
    kinds = list(JournalLine.objects.filter(subject_kind="announcement").values_list("kind", flat=True))
    assert kinds == ["announcement.created", "announcement.sent"]


def test_who_joins_later_reads_it_on_the_board_without_mail_until_it_expires() -> None:
    of = Hall()
    with clock.stopped_at("2026-03-09T09:00:00+05:00"):
        pk = of.draft(expires_at="2026-03-20T09:00:00+05:00").json["id"]
        move(of.ruth, pk, "send")
        run_jobs()
        late = make.student_with_account("Late", of.group)
        assert Client(late.person).get(BOARD).json["count"] == 1
        assert len(told()) == 1
    with clock.stopped_at("2026-03-20T09:00:00+05:00"):
        assert Client(late.person).get(BOARD).json["count"] == 0


def test_its_audience_opens_what_it_was_told_of_while_it_holds_and_nobody_else() -> None:
    of = Hall()
    with clock.stopped_at("2026-03-09T09:00:00+05:00"):
        pk = of.draft(expires_at="2026-03-20T09:00:00+05:00").json["id"]
        assert Client(of.sara.person).get(f"{BOARD}{pk}/").status == 404
        move(of.ruth, pk, "send")
        run_jobs()
        assert Notification.objects.get().url == f"/board/{pk}"
        read = Client(of.sara.person).get(f"{BOARD}{pk}/")
        assert (read.status, read.json["title"], "audience" in read.json) == (200, "Hall closed", False)
        assert Client(of.zoya.person).get(f"{BOARD}{pk}/").status == 404
    with clock.stopped_at("2026-03-20T09:00:00+05:00"):
        assert Client(of.sara.person).get(f"{BOARD}{pk}/").status == 404


def test_who_asks_how_many_are_told_is_not_counted_among_them() -> None:
    of = Hall()
    everybody = [["role:registrar"], ["role:student", f"batch:{of.batch}"]]
    asked = of.ruth.post(f"{URL}preview-audience/", {"audience": everybody})
    pk = of.draft(audience=everybody).json["id"]
    sent = move(of.ruth, pk, "send")
    assert asked.json["count"] == sent.json["recipients_count"] == 2
    assert asked.json["sample"] == ["Bilal", "Sara"]


def test_nothing_leaves_before_its_time() -> None:
    of = Hall()
    with clock.stopped_at("2026-03-09T09:00:00+05:00"):
        pk = of.draft(publish_at="2026-03-10T08:00:00+05:00").json["id"]
        assert move(of.ruth, pk, "schedule").json["status"] == "scheduled"
        run_jobs()
    for moment, expected in (("2026-03-10T07:59:00+05:00", 0), ("2026-03-10T08:00:00+05:00", 1)):
        with clock.stopped_at(moment):
            jobs.publish_announcements.func(0)
            run_jobs()
        assert (len(told()), len(mail.outbox)) == (expected, expected)


def test_one_that_nobody_belongs_to_when_its_time_comes_is_called_off_with_a_line() -> None:
    of = Hall()
    with clock.stopped_at("2026-03-09T09:00:00+05:00"):
        pk = of.draft(publish_at="2026-03-10T08:00:00+05:00").json["id"]
        assert move(of.ruth, pk, "schedule").status == 200
    of.sara.status = "suspended"
    of.sara.save(update_fields=["status"])
    with clock.stopped_at("2026-03-10T08:00:00+05:00"):
        jobs.publish_announcements.func(0)
        run_jobs()
    assert (Announcement.objects.get().status, told(), mail.outbox) == ("cancelled", [], [])
    line = JournalLine.objects.get(kind="announcement.cancelled")
    assert (line.subject_id, line.reason.startswith("It could not be sent: ")) == (str(pk), True)


def test_a_time_that_is_past_or_missing_is_no_schedule() -> None:
    of = Hall()
    pk = of.draft().json["id"]
    refused = move(of.ruth, pk, "schedule")
    assert (refused.status, [each["code"] for each in refused.json["missing"]]) == (409, ["publish_time_to_come"])
    wrong = of.draft(publish_at="2026-03-10T08:00:00+05:00", expires_at="2026-03-10T08:00:00+05:00")
    assert (wrong.status, wrong.pointers) == (422, [("/expires_at", "ends_before_start")])


def test_a_worker_that_dies_midway_and_starts_again_tells_nobody_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    of = Hall()
    monkeypatch.setattr(announcements, "PART", 2)
    people = [
        make.student_with_account(f"Student {number}", of.group, email=f"s{number}@example.org") for number in range(4)
    ]
    pk = of.draft().json["id"]
    move(of.ruth, pk, "send")
    by = directory.acting_as("admin")
    announcements.fan_out(pk=pk, after=0, by=by)
    assert len(told()) == 2
    announcements.fan_out(pk=pk, after=0, by=by)  # the part that was told already, once more
    assert len(told()) == 2
    run_jobs()
    assert told() == sorted([of.sara.person_id, *(each.person_id for each in people)])
    assert sorted(each.to[0] for each in mail.outbox) == sorted(
        ["sara@example.org", *(f"s{number}@example.org" for number in range(4))]
    )


def test_one_that_is_called_off_stops_and_what_has_left_stays_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    of = Hall()
    monkeypatch.setattr(announcements, "PART", 1)
    make.student_with_account("Last", of.group, email="last@example.org")
    pk = of.draft().json["id"]
    move(of.ruth, pk, "send")
    announcements.fan_out(pk=pk, after=0, by=directory.acting_as("admin"))
    without = move(of.ruth, pk, "cancel")
    assert (without.status, without.code) == (422, "REASON_REQUIRED")
    assert move(of.ruth, pk, "cancel", reason="Wrong hall").json["status"] == "cancelled"
    run_jobs()
    assert (len(told()), mail.outbox) == (1, [])
    assert Client(of.sara.person).get(BOARD).json["count"] == 0


def test_nobody_sends_beyond_their_scope_and_the_key_is_named() -> None:
    of = Hall()
    teacher = directory.member("Omar", "faculty")
    own = make.section(faculty=teacher)
    omar = Client(teacher)
    assert of.draft(omar, audience=[[f"section:{own.pk}"]]).status == 201
    refused = of.draft(omar, audience=[[f"batch:{of.batch}"], [f"section:{own.pk}"]])
    assert (refused.status, refused.code, refused.json["keys"]) == (403, "audience_out_of_scope", [f"batch:{of.batch}"])
    assert omar.post(f"{URL}preview-audience/", {"audience": [["institution"]]}).status == 403
    assert Announcement.objects.count() == 1
    student = Client(of.sara.person)
    assert (of.draft(student).status, student.get(URL).status) == (403, 403)


@pytest.mark.parametrize(
    ("audience", "pointer", "code"),
    [([], "/audience", "audience_empty"), ([["batch:0"]], "/audience/0/0", "unknown_audience_key")],
)
def test_an_audience_of_nothing_is_refused(audience: Any, pointer: str, code: str) -> None:
    of = Hall()
    refused = of.draft(audience=audience)
    assert (refused.status, refused.pointers) == (422, [(pointer, code)])
    assert not Announcement.objects.exists()


def test_an_audience_that_nobody_belongs_to_is_not_sent() -> None:
    of = Hall()
    pk = of.draft(audience=[[f"batch:{of.batch}", "status:graduated"]]).json["id"]
    refused = move(of.ruth, pk, "send")
    assert (refused.status, [each["code"] for each in refused.json["missing"]]) == (409, ["audience_not_empty"])


def test_only_a_draft_is_changed_or_deleted_and_only_by_its_own_institution() -> None:
    of = Hall()
    pk = of.draft().json["id"]
    assert of.ruth.patch(f"{URL}{pk}/", {"title": "Hall open"}).code == "version_required"
    changed = of.ruth.patch(f"{URL}{pk}/", {"title": "Hall open"}, version=1)
    assert (changed.status, changed.json["title"], changed.json["version"]) == (200, "Hall open", 2)
    move(of.ruth, pk, "send")
    for refused in (of.ruth.patch(f"{URL}{pk}/", {"title": "x"}, version=3), of.ruth.delete(f"{URL}{pk}/")):
        assert (refused.status, refused.code) == (409, "not_a_draft")
    directory.institution("other")
    zara = Client(directory.member("Zara", "admin"))
    assert [zara.get(f"{URL}{pk}/").status, move(zara, pk, "cancel", reason="Not mine").status] == [404, 404]


def test_html_stays_text() -> None:
    of = Hall()
    pk = of.draft(body="<script>alert(1)</script>").json["id"]
    move(of.ruth, pk, "send")
    run_jobs()
    assert mail.outbox[0].body.startswith("<script>alert(1)</script>")
    assert mail.outbox[0].content_subtype == "plain"

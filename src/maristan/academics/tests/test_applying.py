"""Applying without an account: one link by mail, nothing told to strangers, and what is saved step by step (A15)."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache

from maristan.academics import jobs
from maristan.academics.actions import application_mails
from maristan.academics.models import Application, ApplicationFile, Intake
from maristan.academics.queries import admissions as queries
from maristan.academics.queries.admissions import digest
from maristan.academics.tests import factories as make
from maristan.directory.tests import factories as directory
from maristan.directory.tests.test_leave_attachments import PDF
from maristan.directory.tests.test_photos import png
from maristan.kernel import clock, files, tenancy
from maristan.kernel.access import platform
from maristan.kernel.errors import NotFound
from maristan.kernel.models import JournalLine, StoredFile
from maristan.kernel.tests.client import Answer, Client
from maristan.kernel.tests.worker import run_jobs

pytestmark = pytest.mark.django_db
APPLY, DESK = "/api/v1/academics/apply/", "/api/v1/academics/applications/"
AMINA = "amina@example.edu"


@pytest.fixture(autouse=True)
def _stopped() -> Iterator[None]:
    cache.clear()
    with clock.stopped_at("2026-03-01T08:00:00+00:00"):
        yield


@pytest.fixture
def intake() -> Intake:
    """An open intake of the institution `fmu`."""
    directory.institution("fmu")
    return make.intake(make.batch(make.program("Medicine", code="MBBS"), graduation_year=2031))


def start(intake: Intake, email: str = AMINA, **body: Any) -> Answer:
    return Client().post(APPLY, {"institution": "fmu", "intake": intake.pk, "email": email, **body})


def mailed() -> list[str]:
    """The tokens of the links that were mailed, oldest first."""
    run_jobs()
    return [found[1] for each in mail.outbox if (found := re.search(r"/apply/([\w-]+)", str(each.body)))]


def begun(intake: Intake, email: str = AMINA) -> str:
    """The address of an application that somebody has just begun."""
    assert start(intake, email).status == 202
    return f"{APPLY}{mailed()[-1]}/"


def complete(url: str) -> None:
    """Fill an application in."""
    assert Client().patch(url, make.filled()).status == 200


def test_what_is_open_is_told_to_everybody_and_the_rest_to_nobody(intake: Intake) -> None:
    make.intake(closes_at="2026-03-01T08:00:00Z", opens_at="2026-02-01T00:00:00Z")
    make.intake(opens_at="2026-03-01T08:00:01Z", closes_at="2026-04-01T00:00:00Z")
    shown = Client().get(f"{APPLY}intakes/?institution=FMU").json
    assert (shown["institution"], [each["id"] for each in shown["intakes"]]) == ("FMU", [intake.pk])
    assert Client().get(f"{APPLY}intakes/").json == shown
    assert Client().get(f"{APPLY}intakes/?institution=nowhere").status == 404
    directory.institution("other")
    assert Client().get(f"{APPLY}intakes/").status == 404
    assert Client().get(f"{APPLY}intakes/?institution=other").json["intakes"] == []


def test_start_answers_alike_and_keeps_one_draft_of_an_address(intake: Intake) -> None:
    first, again, other = start(intake), start(intake, " Amina@Example.EDU "), start(intake, "noor@example.edu")
    assert [each.status for each in (first, again, other)] == [202, 202, 202]
    assert first.body == again.body == other.body
    assert sorted(Application.objects.values_list("email", flat=True)) == [AMINA, "noor@example.edu"]
    assert JournalLine.objects.filter(kind="application.started").count() == 2
    tokens = mailed()
    assert [each.to for each in mail.outbox] == [[AMINA], [AMINA], ["noor@example.edu"]]
    assert Client().get(f"{APPLY}{tokens[0]}/").status == 404
    assert Client().get(f"{APPLY}{tokens[1]}/").json["email"] == AMINA


def test_whoever_has_handed_in_gets_the_way_to_that_application(intake: Intake) -> None:
    url = begun(intake)
    complete(url)
    assert Client().post(f"{url}moves/submit/").status == 200
    again = begun(intake)
    assert Client().get(again).json["status"] == "pending"
    assert Application.objects.count() == 1


def test_only_the_hash_of_a_token_is_stored_and_its_link_lasts_thirty_days(intake: Intake) -> None:
    url = begun(intake)
    token = url.removeprefix(APPLY).strip("/")
    stored = Application.objects.get()
    assert stored.token_hash == digest(token)
    assert token not in str([line.changes for line in JournalLine.objects.all()])
    with clock.stopped_at("2026-03-31T07:59:00+00:00"):
        assert Client().get(url).status == 200
    with clock.stopped_at("2026-03-31T08:00:00+00:00"):
        over = Client().get(url)
        assert (over.status, over.code) == (410, "link_expired")
    assert Client().get(f"{APPLY}nobody-knows-this/").status == 404


def test_what_became_of_a_link_while_it_is_opened_or_mailed_is_not_told(
    intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = begun(intake).removeprefix(APPLY).strip("/")
    line, enter, by = JournalLine.objects.get(kind="application.started"), tenancy.enter, platform(tenancy.current())

    def too_late(institution: int) -> None:
        enter(institution)
        Application.objects.update(token_hash=digest("the-next-one"))

    monkeypatch.setattr(tenancy, "enter", too_late)
    with pytest.raises(NotFound):
        queries.opened_by(token)
    monkeypatch.setattr(tenancy, "enter", enter)
    Application.objects.all().delete()
    params = {"application": int(line.subject_id), "email": AMINA}
    assert application_mails.compose_link(params=params, by=by) is None
    assert application_mails.compose_letter(params={"line": line.pk}, by=by) is None


def test_a_robot_is_thanked_and_nothing_is_stored(intake: Intake) -> None:
    answer = start(intake, website="https://spam.example")
    assert (answer.status, answer.body) == (202, start(intake, "noor@example.edu").body)
    assert not Application.objects.filter(email=AMINA).exists()
    assert len(mailed()) == 1


def test_an_address_is_written_to_five_times_an_hour(intake: Intake) -> None:
    assert [start(intake).status for _ in range(5)] == [202] * 5
    refused = start(intake)
    assert (refused.status, refused.code) == (429, "too_many_requests")
    assert start(intake, "noor@example.edu").status == 202


def test_a_client_writes_ten_times_a_minute(intake: Intake) -> None:
    url = begun(intake)
    assert [Client().patch(url, {"full_name": f"A{at}"}).status for at in range(9)] == [200] * 9
    assert Client().patch(url, {"full_name": "A9"}).status == 429
    assert Client().get(url).json["full_name"] == "A8"


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({"email": "nobody"}, [("/email", "bad_email")]),
        ({"intake": 2**40}, [("/intake", "unknown_reference")]),
    ],
)
def test_a_start_that_leads_nowhere_is_told(
    intake: Intake, body: dict[str, Any], pointers: list[tuple[str, str]]
) -> None:
    refused = Client().post(APPLY, {"institution": "fmu", "intake": intake.pk, "email": AMINA, **body})
    assert (refused.status, refused.pointers) == (422, pointers)
    assert not Application.objects.exists()


def test_nobody_starts_or_goes_on_once_the_intake_is_closed(intake: Intake) -> None:
    url = begun(intake)
    complete(url)
    Intake.objects.update(closes_at=clock.now())
    assert (start(intake, "noor@example.edu").code, Application.objects.count()) == ("intake_closed", 1)
    refused = Client().patch(url, {"full_name": "Late"})
    assert (refused.status, refused.code) == (409, "intake_closed")
    handed_in = Client().post(f"{url}moves/submit/")
    assert (handed_in.status, handed_in.missing) == (409, ["intake_closed"])
    assert Application.objects.get().status == "draft"


def test_a_step_is_saved_and_faults_are_told_field_by_field(intake: Intake) -> None:
    url = begun(intake)
    saved = Client().patch(url, {"full_name": "  Amina   Yusuf ", "mobile": "0300-1234567", "gender": "FEMALE"})
    assert (saved.json["full_name"], saved.json["mobile"], saved.json["gender"]) == (
        "Amina Yusuf", "+923001234567", "female",
    )  # fmt: skip
    refused = Client().patch(url, {"mobile": "12", "full_name": "Changed"})
    assert (refused.status, refused.pointers) == (422, [("/mobile", "bad_phone")])
    for field in ("status", "staff_notes", "email", "number", "batch_year"):
        assert Client().patch(url, {field: "x"}).status == 422
    assert Client().patch(url, {"mobile": "", "gender": None}).json["mobile"] == ""
    assert Application.objects.get().full_name == "Amina Yusuf"
    seen = Client().get(url).json
    assert "staff_notes" not in seen
    assert (seen["institution"], seen["institution_code"], seen["language"]) == ("FMU", "fmu", "")


def test_a_stale_tab_overwrites_nothing_that_it_has_not_seen(intake: Intake) -> None:
    url = begun(intake)
    assert Client().patch(url, {"full_name": "First"}, version=1).status == 200
    stale = Client().patch(url, {"full_name": "Second"}, version=1)
    assert (stale.status, Application.objects.get().full_name) == (412, "First")


def test_papers_belong_to_the_draft_and_to_its_link(intake: Intake) -> None:
    url, other = begun(intake), begun(intake, "noor@example.edu")
    assert Client().upload(f"{url}papers/domicile/", "x.pdf", PDF).status == 204
    assert Client().get(f"{url}papers/domicile/").body == PDF
    assert Client().get(f"{other}papers/domicile/").status == 404
    refused = Client().upload(f"{url}papers/photo/", "x.png", PDF)
    assert (refused.status, refused.pointers) == (422, [("/file", "file_type")])
    assert Client().upload(f"{url}papers/domicile/", "x.pdf", PDF + b"x" * 3 * 2**20).status == 413
    assert [each["kind"] for each in Client().get(url).json["papers"]] == ["domicile"]
    assert Client().delete(f"{url}papers/domicile/").status == 204
    assert not ApplicationFile.objects.exists()


def test_an_application_is_handed_in_once_and_then_read_only(intake: Intake) -> None:
    url = begun(intake)
    early = Client().post(f"{url}moves/submit/")
    assert (early.status, early.missing) == (409, ["application_incomplete"])
    complete(url)
    handed_in = Client().post(f"{url}moves/submit/").json
    assert (handed_in["status"], handed_in["number"]) == ("pending", "STU-20260301-0001")
    again = Client().post(f"{url}moves/submit/")
    assert (again.status, again.missing) == (409, ["wrong_status"])
    refused = Client().patch(url, {"full_name": "Changed"})
    assert (refused.status, refused.code) == (409, "wrong_status")
    assert Client().upload(f"{url}papers/domicile/", "x.pdf", PDF).status == 409
    assert JournalLine.objects.filter(kind="application.submitted").count() == 1


def test_the_day_of_a_number_is_the_institutions(intake: Intake) -> None:
    url = begun(intake)
    complete(url)
    with clock.stopped_at("2026-03-01T20:30:00+00:00"):
        assert Client().post(f"{url}moves/submit/").json["number"] == "STU-20260302-0001"


def test_one_who_resembles_another_is_not_told_so(intake: Intake) -> None:
    make.application(intake=intake, mobile="+923001234567")
    url = begun(intake)
    Client().patch(url, {**make.filled(), "mobile": "0300 1234567"})
    handed_in = Client().post(f"{url}moves/submit/")
    assert (handed_in.status, handed_in.json["status"]) == (200, "needs_review")
    assert "duplicates" not in handed_in.json


def test_an_applicant_withdraws_until_it_is_decided(intake: Intake) -> None:
    url = begun(intake)
    complete(url)
    assert Client().post(f"{url}moves/withdraw/").missing == ["wrong_status"]
    Client().post(f"{url}moves/submit/")
    assert Client().post(f"{url}moves/withdraw/").json["status"] == "withdrawn"
    again = Client().post(f"{url}moves/withdraw/")
    assert (again.status, again.missing) == (409, ["wrong_status"])


def test_applicants_are_written_to_in_their_language(intake: Intake) -> None:
    start(intake, language="ur")
    url = f"{APPLY}{mailed()[-1]}/"
    assert mail.outbox[-1].extra_headers["Content-Language"] == "ur"
    complete(url)
    Client().post(f"{url}moves/submit/")
    run_jobs()
    assert [each.to for each in mail.outbox] == [[AMINA], [AMINA]]
    assert "STU-20260301-0001" in mail.outbox[-1].subject
    ruth = Client(directory.member("Ruth", "registrar"))
    reason = {"reason": "The merit was too low."}
    pk = Application.objects.get().pk
    assert ruth.post(f"/api/v1/academics/applications/{pk}/moves/reject/", reason).status == 200
    run_jobs()
    assert "The merit was too low." in str(mail.outbox[-1].body)


def test_an_applicant_is_told_why_not_and_never_in_spite_of_whom(intake: Intake) -> None:
    make.group(intake.batch)
    make.application(intake=intake, mobile="+923001234567")
    url, refused = begun(intake), begun(intake, "noor@example.edu")
    for each in (url, refused):
        Client().patch(each, {**make.filled(), "mobile": "0300 1234567"})
        assert Client().post(f"{each}moves/submit/").status == 200
    ruth = Client(directory.member("Ruth", "registrar"))
    first, second = Application.objects.filter(status="needs_review").order_by("pk").values_list("pk", flat=True)
    reason = "Sister of applicant 7."
    admitted = ruth.post(f"/api/v1/academics/applications/{first}/moves/approve/", {"override": True, "reason": reason})
    assert (admitted.status, admitted.json["decision_reason"]) == (200, reason)
    assert ruth.post(f"/api/v1/academics/applications/{second}/moves/reject/", {"reason": "Too late."}).status == 200
    assert [Client().get(each).json["decision_reason"] for each in (url, refused)] == ["", "Too late."]
    assert reason not in str(Client().get(url).json)


def test_the_link_proves_the_address_and_admission_says_so(intake: Intake) -> None:
    make.group(intake.batch)
    ruth = Client(directory.member("Ruth", "registrar"))
    url = begun(intake)
    complete(url)
    assert Client().post(f"{url}moves/submit/").status == 200
    on_paper = ruth.post(DESK, {"intake": intake.pk, "email": "noor@example.edu", **make.filled()}).json["id"]
    assert ruth.post(f"{DESK}{on_paper}/moves/submit/").status == 200
    for pk in Application.objects.values_list("pk", flat=True):
        assert ruth.post(f"{DESK}{pk}/moves/approve/").status == 200
    listed = ruth.get("/api/v1/directory/contact-info/?kind=email").json["results"]
    assert sorted((each["value"], each["is_verified"]) for each in listed) == [
        (AMINA, True), ("noor@example.edu", False),
    ]  # fmt: skip
    assert JournalLine.objects.filter(kind="contact.verified").count() == 1


def test_an_address_that_staff_corrected_is_not_proved(intake: Intake) -> None:
    make.group(intake.batch)
    ruth = Client(directory.member("Ruth", "registrar"))
    url = begun(intake)
    complete(url)
    assert Client().post(f"{url}moves/submit/").status == 200
    desk = f"{DESK}{Application.objects.get().pk}/"
    version = ruth.get(desk).json["version"]
    assert ruth.patch(desk, {"email": "amina.yusuf@example.edu"}, version=version).status == 200
    assert Client().get(url).status == 404
    assert ruth.post(f"{desk}moves/approve/").status == 200
    (contact,) = ruth.get("/api/v1/directory/contact-info/?kind=email").json["results"]
    assert (contact["value"], contact["is_verified"]) == ("amina.yusuf@example.edu", False)


def test_a_draft_long_over_goes_with_its_papers_and_leaves_a_line(intake: Intake) -> None:
    url, handed_in = begun(intake), begun(intake, "noor@example.edu")
    for kind in ("photo", "domicile"):
        content = png() if kind == "photo" else PDF
        assert Client().upload(f"{url}papers/{kind}/", "x", content).status == 204
    complete(handed_in)
    assert Client().post(f"{handed_in}moves/submit/").status == 200
    begun(intake, "late@example.edu")
    Application.objects.filter(email="late@example.edu").update(token_expires_at="2026-07-01T00:00:00Z")
    pk = Application.objects.get(email=AMINA).pk
    Application.objects.update(updated_at="2026-03-01T08:00:00Z")
    with clock.stopped_at("2026-06-29T07:59:59+00:00"):
        jobs.purge_drafts.func(0)
        assert Application.objects.count() == 3
    with clock.stopped_at("2026-06-29T08:00:00+00:00"):
        jobs.purge_drafts.func(0)
        assert sorted(Application.objects.values_list("email", flat=True)) == ["late@example.edu", "noor@example.edu"]
        assert (StoredFile.objects.count(), files.purge(), StoredFile.objects.count()) == (2, 2, 0)
        assert Client().get(url).status == 404
    (line,) = JournalLine.objects.filter(kind="application.purged")
    assert (line.subject_id, line.changes, line.by_name) == (str(pk), {"intake": [intake.pk, None]}, "Maristan")


def test_a_draft_that_staff_still_work_on_is_kept(intake: Intake) -> None:
    ruth = Client(directory.member("Ruth", "registrar"))
    made = ruth.post(DESK, {"intake": intake.pk, "email": "noor@example.edu"}).json
    Application.objects.update(updated_at="2026-05-20T08:00:00Z")
    with clock.stopped_at("2026-06-30T08:00:00+00:00"):
        jobs.purge_drafts.func(0)
        assert ruth.get(f"{DESK}{made['id']}/").status == 200


def test_drafts_of_every_institution_are_purged_and_others_stay(intake: Intake) -> None:
    begun(intake)
    directory.institution("other")
    begun_elsewhere = make.application(
        status="draft", number=None, submitted_at=None, token_expires_at="2026-03-02T00:00:00Z"
    )
    Application.objects.update(updated_at="2026-03-01T08:00:00Z")
    with clock.stopped_at("2026-06-10T08:00:00+00:00"):
        jobs.purge_drafts.func(0)
    assert not Application.objects.filter(pk=begun_elsewhere.pk).exists()
    tenancy.enter(intake.institution_id)
    assert Application.objects.count() == 1


def test_the_timeline_names_papers_by_their_files(intake: Intake) -> None:
    url = begun(intake)
    for content in (PDF, png()):
        assert Client().upload(f"{url}papers/domicile/", "mine", content).status == 204
    assert Client().delete(f"{url}papers/domicile/").status == 204
    ruth = Client(directory.member("Ruth", "registrar"))
    told = ruth.get(f"{DESK}{Application.objects.get().pk}/timeline/").json["results"]
    assert [each["changes"].get("domicile") for each in told] == [
        ["domicile.png", None], ["domicile.pdf", "domicile.png"], [None, "domicile.pdf"], None,
    ]  # fmt: skip


def test_one_address_in_two_spellings_is_written_to_five_times_an_hour(intake: Intake) -> None:
    spellings = ("zoë@example.edu", "zoe\u0308@example.edu", " ZOË@example.edu")
    assert [start(intake, spellings[at % 3]).status for at in range(5)] == [202] * 5
    assert start(intake, spellings[1]).status == 429

"""Transcripts for a whole audience: each learner on their own, and a batch that was stopped goes on."""

import io
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from django.core import mail

from maristan.academics.tests import factories as academics
from maristan.assessment import jobs
from maristan.assessment.actions import document_batches as actions
from maristan.assessment.models import Document, DocumentBatch
from maristan.assessment.tests import factories as make
from maristan.directory.tests import factories as directory
from maristan.kernel import clock
from maristan.kernel.models import JournalLine
from maristan.kernel.tests.client import Answer, Client
from maristan.kernel.tests.worker import run_jobs

pytestmark = pytest.mark.django_db
BATCH = "/api/v1/transcripts/batch/"


@pytest.fixture(autouse=True)
def _stopped() -> Iterator[None]:
    with clock.stopped_at(make.CLOCK), clock.stopped_at(make.LATER):
        yield


class Registry:
    """Three learners with a published result, and one without; Ruth is the registrar."""

    def __init__(self) -> None:
        with clock.stopped_at(make.CLOCK):
            self.of = make.college()
            make.published(self.of)
            self.newcomer = academics.student(self.of.group, "Nida")
        run_jobs()
        mail.outbox.clear()
        self.ruth_person = directory.member("Ruth", "registrar")
        self.ruth = Client(self.ruth_person)
        self.of.students[0].person.contacts.create(kind="email", value="sara@example.edu", is_primary=True)

    def starts(self, **values: Any) -> Answer:
        """Ruth asks for everybody of the batch."""
        return self.ruth.post(BATCH, {"audience": [[f"batch:{self.of.batch.pk}"]], **values})


def test_everybody_gets_one_and_the_skipped_ones_say_why() -> None:
    registry = Registry()
    answer = registry.starts(email=True)
    assert (answer.status, answer.json["total"]) == (202, 4)
    run_jobs()
    found = registry.ruth.get(f"{BATCH}{answer.json['id']}/").json
    assert (found["issued"], found["skipped"], found["has_file"]) == (3, 1, True)
    job = registry.ruth.get(found["status_url"]).json
    assert (job["status"], job["done"], job["total"]) == ("succeeded", 4, 4)
    lines = registry.ruth.get(f"{BATCH}{found['id']}/lines/").json["results"]
    assert [(each["number"], each["code"]) for each in lines] == [
        ("TRN-2026-000001", ""), ("TRN-2026-000002", ""), ("TRN-2026-000003", ""), (None, "has_published_results"),
    ]  # fmt: skip
    with zipfile.ZipFile(io.BytesIO(registry.ruth.get(f"{BATCH}{found['id']}/file/").body)) as archive:
        assert archive.namelist() == [f"TRN-2026-00000{at}.pdf" for at in (1, 2, 3)]
        assert archive.read("TRN-2026-000001.pdf").startswith(b"%PDF-")
    assert [each.to for each in mail.outbox if each.attachments] == [["sara@example.edu"]]
    skipped = registry.ruth.get(f"{BATCH}{found['id']}/lines/export/?format=csv").body.decode()
    assert "has_published_results" in skipped


def test_a_batch_that_was_stopped_goes_on_and_doubles_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    registry = Registry()
    made = registry.starts(email=True).json
    monkeypatch.setattr(actions, "advance", stopping_after(2, actions.advance))
    with pytest.raises(KeyboardInterrupt):
        run_jobs()
    assert Document.objects.count() == 2
    monkeypatch.undo()
    registry_again(registry, made["id"])
    run_jobs()
    assert sorted(Document.objects.values_list("number", flat=True)) == [f"TRN-2026-00000{at}" for at in (1, 2, 3)]
    assert len([each for each in mail.outbox if each.attachments]) == 1
    registry_again(registry, made["id"])
    assert JournalLine.objects.filter(kind="transcript_batch.finished").count() == 1
    assert registry.ruth.get(f"{BATCH}{made['id']}/").json["issued"] == 3


def registry_again(registry: Registry, batch: int) -> None:
    """The worker comes back and runs the job again."""
    row = DocumentBatch.objects.get(pk=batch)
    jobs.batch_generate_transcripts.func(
        institution_id=row.institution_id, batch=batch, job_id=row.job_id, user_id=registry.ruth_person.user_id
    )


def stopping_after(times: int, advance: Any) -> Any:
    """A worker that is killed before it has finished one learner more."""
    done = []

    def stops(**arguments: Any) -> bool:
        if len(done) == times:
            raise KeyboardInterrupt
        done.append(1)
        return bool(advance(**arguments))

    return stops


def test_only_the_offices_make_batches_and_of_somebody() -> None:
    registry = Registry()
    for who in (registry.of.sara, registry.of.khan, registry.of.cora):
        assert who.post(BATCH, {"audience": [["institution"]]}).status == 403
    empty = registry.ruth.post(BATCH, {"audience": [["role:finance"]]})
    assert (empty.status, empty.pointers) == (422, [("/audience", "audience_empty")])
    unknown = registry.ruth.post(BATCH, {"audience": [["batch:999999"]]})
    assert (unknown.status, unknown.pointers) == (422, [("/audience/0/0", "unknown_audience_key")])
    assert not DocumentBatch.objects.exists()
    made = registry.starts().json["id"]
    assert registry.of.sara.get(f"{BATCH}{made}/").status == 404
    early = registry.ruth.get(f"{BATCH}{made}/file/")
    assert (early.status, early.code) == (409, "not_ready")

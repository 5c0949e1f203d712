"""What is kept for a while goes away after it: answers to repeated POSTs, files made to be fetched once."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import transaction

from maristan.directory.tests import factories as make
from maristan.kernel import clock, files, jobs, tenancy
from maristan.kernel.models import StoredFile, StoredReply
from maristan.kernel.tests.client import Client
from maristan.operations.tests import factories as operations

URL = "/api/v1/directory/departments/"


@pytest.mark.django_db
def test_an_answer_is_forgotten_after_two_days() -> None:
    make.institution()
    alice = Client(make.member("Alice", "admin"))
    assert alice.post(URL, {"code": "A", "name": "A"}, Idempotency_Key="old").status == 201
    assert alice.post(URL, {"code": "B", "name": "B"}, Idempotency_Key="young").status == 201
    StoredReply.objects.filter(key="old").update(created_at=clock.now() - timedelta(hours=49))
    jobs.purge.func(0)
    assert list(StoredReply.objects.values_list("key", flat=True)) == ["young"]


@pytest.mark.django_db
def test_so_is_an_answer_that_an_operator_was_given() -> None:
    olga, window = Client(operations.operator()), "/api/v1/operations/maintenance/"
    for hour, key in enumerate(("old", "young")):
        times = {"from": f"2100-01-01T0{hour}:00:00Z", "until": f"2100-01-01T0{hour}:30:00Z"}
        assert olga.post(window, times, Idempotency_Key=key).status == 201
    StoredReply.objects.filter(key="old").update(created_at=clock.now() - timedelta(hours=49))
    jobs.purge.func(0)
    assert list(StoredReply.objects.values_list("key", flat=True)) == ["young"]


def test_an_expired_file_loses_its_row_and_a_week_later_its_bytes(own_database: object) -> None:
    with transaction.atomic():
        here = make.institution()
        alice = make.acting_as("admin")
        old, young, lasting = (
            files.store(b"x", name="a.pdf", content_type="application/pdf", by=alice, keep_for=keep_for)
            for keep_for in (timedelta(days=1), timedelta(days=9), None)
        )
    begun = clock.now()
    seen = []
    for day in (2, 8, 9, 10):  # the row goes on the second day; a backup may read the bytes until the ninth
        with clock.stopped_at(begun + timedelta(days=day) - timedelta(minutes=day == 9)):
            jobs.purge.func(0)
        with tenancy.acting_in(here.pk):
            rows = {file.pk for file in StoredFile.objects.all()}
        files_there = [default_storage.exists(file.key) for file in (old, young, lasting)]
        seen.append((old.pk in rows, young.pk in rows, lasting.pk in rows, *files_there))
    assert seen == [
        (False, True, True, True, True, True),
        (False, True, True, True, True, True),
        (False, True, True, True, True, True),
        (False, False, True, False, True, True),
    ]

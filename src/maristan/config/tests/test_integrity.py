"""Stored facts of the demonstration held against what they follow from, and what becomes of planted faults."""

import json
from collections.abc import Callable, Sequence
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection

from maristan.agenda.models import Booking, Entry
from maristan.assessment.models import Result, ResultEntry
from maristan.config import integrity as wired
from maristan.config.tests.conftest import DAY, Demonstration
from maristan.directory.tests import factories as make
from maristan.kernel import clock, tenancy
from maristan.kernel import integrity as kernel
from maristan.kernel.access import platform
from maristan.kernel.integrity import Unchecked
from maristan.kernel.models import JournalLine, StoredFile
from maristan.kernel.tests.worker import run_jobs
from maristan.operations.actions import announcing, maintenance
from maristan.operations.models import IntegrityRun, MaintenanceWindow
from maristan.operations.rules.states import MaintenanceLevel

NOON = f"{DAY}T12:00:00+00:00"
OLGA = platform(None, "olga")


def checked(*arguments: str, of: Sequence[str] = ("integrity", "check")) -> tuple[int, dict[str, Any]]:
    """What `maristan integrity check`, or another command, ends with, and what it says."""
    said, code = StringIO(), 0
    try:
        call_command(*of, "--json", *arguments, stdout=said)
    except SystemExit as ended:
        code = int(ended.code or 0)
    return code, json.loads(said.getvalue())


def counts(said: dict[str, Any], of: str = "findings") -> dict[str, int]:
    """Code → count."""
    return {each["code"]: each["count"] for each in said[of]}


def of_drafts() -> Any:
    """A draft of a result with entries, so that its total is more than nothing."""
    return Result.objects.filter(status="draft", pk__in=ResultEntry.objects.values("result")).order_by("pk")[0]


def test_the_demonstration_is_sound_and_each_planted_fault_is_found_by_its_code(
    demonstration: Demonstration, settings: Any, tmp_path: Path
) -> None:
    settings.BACKUP_DIR = tmp_path / "sets"
    here = tenancy.institution_ids()[0]
    assert checked()[1]["not_checked"][0].startswith("agenda calendar_differs")  # nobody has told the calendar yet
    with clock.stopped_at(NOON), tenancy.acting_in(here):
        run_jobs(3000)
    code, said = checked()
    assert (code, said["findings"], said["result"]) == (0, [], "sound")
    assert said["not_checked"] == ["operations rows_lost: there is no backup set to compare with"]
    with tenancy.acting_in(here):
        booking, draft = Booking.objects.order_by("pk")[0], of_drafts()
        entry = Entry.objects.filter(owner_kind="assessment.exam").order_by("pk")[0]
        file, lines = StoredFile.objects.order_by("pk")[0], JournalLine.objects.count()
    demonstration.sql(f"UPDATE agenda_booking SET owner_id = 999999 WHERE id = {booking.pk}")
    demonstration.sql(f"UPDATE assessment_result SET total_obtained = total_obtained + 7 WHERE id = {draft.pk}")
    demonstration.sql(f"UPDATE agenda_entry SET starts_at = starts_at - interval '1 hour' WHERE id = {entry.pk}")
    default_storage.delete(file.key)
    planted = {"dangling_booking_owner": 1, "result_differs": 1, "calendar_differs": 1, "file_missing": 1}
    code, said = checked()
    assert (code, counts(said)) == (1, planted)
    samples = {each["code"]: (each["sample_ids"], each["fixable"]) for each in said["findings"]}
    assert samples == {
        "dangling_booking_owner": ([f"{here}:timetable.session:999999"], False),
        "result_differs": ([f"{here}:{draft.pk}"], True),
        "calendar_differs": ([f"{here}:assessment.exam:{entry.owner_id}"], True),
        "file_missing": ([f"{here}:{file.pk}"], False),
    }
    assert checked("--app", "assessment") == (1, {**said, "findings": said["findings"][2:3], **seen_alone()})
    shares = [(code, counts(said)) for code, said in (checked(of=(app, "verify")) for app in ("agenda", "work"))]
    assert shares == [(1, {"dangling_booking_owner": 1, "calendar_differs": 1}), (0, {})]
    with tenancy.acting_in(here):
        assert JournalLine.objects.count() == lines  # who only looks changes nothing
    code, said = checked("--fix")
    assert (code, counts(said)) == (1, {"dangling_booking_owner": 1, "file_missing": 1})
    assert counts(said, "mended") == {"result_differs": 1, "calendar_differs": 1}
    with tenancy.acting_in(here):
        assert Result.objects.get(pk=draft.pk).total_obtained == draft.total_obtained
        assert Entry.objects.get(pk=entry.pk).starts_at == entry.starts_at
        mended = JournalLine.objects.filter(kind="integrity.mended").order_by("subject_id")
        assert [(line.subject_id, line.reason) for line in mended] == [
            (f"assessment.exam:{entry.owner_id}", "calendar_differs"), (f"result:{draft.pk}", "result_differs"),
        ]  # fmt: skip
        assert float(mended[1].changes["total_obtained"][0]) - float(mended[1].changes["total_obtained"][1]) == 7
    of = IntegrityRun.objects.order_by("pk").values_list("app", flat=True)
    assert [*of] == ["", "", "", "assessment", "agenda", "work", ""]
    with pytest.raises(SystemExit) as unknown:
        call_command("integrity", "check", "--app", "nobody")
    assert unknown.value.code == 2


def seen_alone() -> dict[str, Any]:
    """What differs in the answer when the checks of one app alone are run."""
    return {"not_checked": [], "seconds": IntegrityRun.objects.order_by("-pk")[0].seconds}


# Each fault by SQL as the owner would do it, and the check that finds it.
JOB = "INSERT INTO procrastinate_jobs (queue_name, task_name, status, args) VALUES ('default', 'x', 'todo', %s)"


@pytest.mark.django_db
def test_jobs_whose_subject_or_institution_is_gone_are_found() -> None:
    from maristan.directory.tests import factories as make

    here = make.institution().pk
    line = JournalLine.objects.create(kind="a.b", subject_kind="a", subject_id="1", at=clock.now(), by_name="Alice")
    by = platform(here)
    with connection.cursor() as cursor:
        for job in ({"line_id": line.pk}, {"line_id": 10**9}, {"job_id": 10**9}, {"timestamp": 0}):
            cursor.execute(JOB + " RETURNING id", [json.dumps({"institution_id": here, **job})])
        last = cursor.fetchone()[0]
        cursor.execute(JOB + " RETURNING id", [json.dumps({"institution_id": 10**9})])
        stranger = cursor.fetchone()[0]
    assert kernel.jobs_without_subject(by=by) == [last - 2, last - 1]
    assert kernel.jobs_of_nobody(by=by) == [stranger]


def test_bytes_that_no_row_names_are_found_once_they_cannot_be_an_upload_any_more(
    own_database: Callable[[str], None], tmp_path: Path, settings: Any
) -> None:
    from datetime import timedelta

    from django.db import transaction

    from maristan.directory.tests import factories as make
    from maristan.kernel import files

    storage = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path / "m")}}
    settings.STORAGES = {**settings.STORAGES, "default": storage}
    with transaction.atomic():
        here = make.institution().pk
        kept = files.store(b"abc", name="a.pdf", content_type="application/pdf", by=platform(here))
        gone = files.store(b"abc", name="b.pdf", content_type="application/pdf", by=platform(here))
        files.drop(gone)
    with tenancy.acting_in(here):
        files.purge()  # its bytes stay for a week
    (tmp_path / "m" / str(here) / "strange").write_bytes(b"?")
    (tmp_path / "m" / kept.key).write_bytes(b"abcd")
    by = platform(here)
    with tenancy.acting_in(here):
        assert (kernel.files_unknown(by=by), kernel.files_altered(by=by)) == ([], [kept.pk])
        with clock.stopped_at(clock.now() + timedelta(hours=2)):
            assert kernel.files_unknown(by=by) == [f"{here}/strange"]


@pytest.mark.parametrize(
    ("looks", "waiting", "found"),
    [
        ([{5: {}}, {}], [0], []),  # handed over after the first look
        ([{5: {}, 6: {}}, {6: {}}], [0, 0], ["timetable.session:6"]),
        ([{5: {}}], [2], None),
        ([{5: {}}, {5: {}}], [0, 1], None),  # written between the two looks
        ([{}], [], []),
    ],
)
def test_an_entry_that_is_shown_while_somebody_looks_differs_from_nothing(
    looks: list[dict[int, Any]], waiting: list[int], found: list[str] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen, lines = iter(looks), iter(waiting)
    monkeypatch.setattr(wired, "SHOWN", {"timetable.session": lambda **_: {}})
    monkeypatch.setattr(wired.agenda_queries, "entries_differing", lambda *_: next(seen))
    monkeypatch.setattr(wired.kernel, "waiting_deliveries", lambda: next(lines))
    if found is None:
        with pytest.raises(Unchecked, match=f"^{waiting[-1]} lines of the journal wait"):
            wired.entries_differing(by=platform(1))
    else:
        assert wired.entries_differing(by=platform(1)) == found
    assert (list(seen), list(lines)) == ([], [])


@pytest.fixture
def planned(db: None, tmp_path: Path, settings: Any) -> MaintenanceWindow:
    """A window that an institution is told of."""
    settings.VAR, settings.MAINTENANCE_FILE = tmp_path, tmp_path / "MAINTENANCE_MODE"
    make.institution()
    begins = clock.now() + timedelta(days=3)
    row = maintenance.plan(level=MaintenanceLevel.FULL, message="New disks", planned_from=begins, by=OLGA)
    assert differing() == []  # nobody is told yet, and nothing shown
    run_jobs()
    return row


def differing() -> list[str]:
    """What the institution's calendar shows of maintenance otherwise than it ought to."""
    (here,) = tenancy.institution_ids()
    with tenancy.acting_in(here):
        return wired.entries_differing(by=platform(here))


def mended(found: list[str]) -> dict[str, list[Any]]:
    (here,) = tenancy.institution_ids()
    with tenancy.acting_in(here):
        (changed,) = wired.mend_entries(ids=found, by=platform(here)).values()
    assert differing() == []
    return dict(changed)


def shown() -> Any:
    with tenancy.acting_in(tenancy.institution_ids()[0]):
        return Entry.objects.filter(owner_kind=announcing.OWNER).values("owner_id", "starts_at", "ends_at").first()


def test_entries_of_planned_maintenance_are_held_against_their_windows(planned: MaintenanceWindow) -> None:
    before, found = shown(), [f"{announcing.OWNER}:{planned.pk}"]
    assert differing() == []
    hour = timedelta(hours=1)
    Entry.objects.update(starts_at=planned.planned_from - hour)
    assert differing() == found
    assert mended(found) == {"starts_at": [planned.planned_from - hour, planned.planned_from]}
    assert shown() == before
    MaintenanceWindow.objects.update(until=planned.until + hour)
    assert differing() == found
    assert mended(found) == {"ends_at": [planned.until, planned.until + hour]}
    Entry.objects.all().delete()
    assert differing() == found
    assert mended(found) == {"is_shown": [False, True]}
    assert shown() == {**before, "ends_at": planned.until + hour}


def test_a_window_that_has_begun_stays_in_the_calendar_as_it_was_announced(planned: MaintenanceWindow) -> None:
    before = shown()
    maintenance.move(pk=planned.pk, name="start", by=OLGA)
    maintenance.change(pk=planned.pk, values={"until": planned.until + timedelta(hours=2)}, by=OLGA)
    run_jobs()
    assert (shown(), differing()) == (before, [])
    maintenance.move(pk=planned.pk, name="end", by=OLGA)
    maintenance.begin(level=MaintenanceLevel.FULL, message="", by=OLGA)  # nobody planned this one
    run_jobs()
    assert (shown(), differing()) == (before, [])


def test_a_withdrawn_window_is_shown_until_its_institution_is_told(planned: MaintenanceWindow) -> None:
    before = shown()
    maintenance.move(pk=planned.pk, name="withdraw", by=OLGA)
    assert (shown(), differing()) == (before, [])
    run_jobs()
    assert (shown(), differing()) == (None, [])
    with tenancy.acting_in(tenancy.institution_ids()[0]):
        Entry.objects.create(
            owner_kind=announcing.OWNER, title="Maintenance is planned", audience=["institution"], **before
        )  # as what came late would leave it
    found = differing()
    assert found == [f"{announcing.OWNER}:{planned.pk}"]
    assert mended(found) == {"is_shown": [True, False]}
    assert shown() is None


def test_every_kind_of_owner_and_of_entry_is_known_to_the_checks() -> None:
    assert {*wired.SHOWN, announcing.OWNER} <= set(wired.OWNERS)
    assert {each.app for each in wired.CHECKS} == {
        "kernel", "agenda", "work", "timetable", "attendance", "assessment", "operations",
    }  # fmt: skip

"""A window stays cheap with years of entries behind it."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.db import transaction

from maristan.agenda import queries
from maristan.directory.tests import factories as make
from maristan.kernel import tenancy

MONDAY = datetime(2026, 3, 9, 3, tzinfo=UTC)
YEARS_OF_ENTRIES = """INSERT INTO agenda_entry (institution_id, owner_kind, owner_id, title, place, detail, starts_at,
    ends_at, is_all_day, audience, url, is_cancelled, cancel_reason, sequence, created_at, updated_at)
  SELECT (SELECT min(id) FROM directory_institution), 'timetable.session', n, 'x', '', '', moment,
    moment + CASE WHEN n % 500 = 0 THEN interval '90 days' ELSE interval '1 hour' END, false, '{institution}', '',
    false, '', 1, now(), now()
  FROM (SELECT n, timestamptz '2025-01-01' + n * interval '30 minutes' AS moment FROM generate_series(1, 40000) n) t"""


def test_a_window_reads_its_own_days_and_not_the_year_before(own_database: Callable[[str], None]) -> None:
    """The plan under forced row-level security: both indexes bounded by the start, and few rows read."""
    with transaction.atomic():
        make.institution()
    own_database(YEARS_OF_ENTRIES)
    own_database("ANALYZE agenda_entry")
    with transaction.atomic():
        tenancy.enter(tenancy.current())
        rows = queries.entries(audience=["institution"], starts_at=MONDAY, ends_at=MONDAY + timedelta(days=7))
        plan = rows.explain(analyze=True)
        found = rows.count()
    assert "agenda_entry_window" in plan
    assert "agenda_entry_long_window" in plan
    assert 336 <= found <= 360
    removed = sum(int(each) for each in re.findall(r"Rows Removed by Filter: (\d+)", plan))
    assert removed < 2 * found

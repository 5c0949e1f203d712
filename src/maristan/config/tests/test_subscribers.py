"""What follows a line of the journal: nothing, where what the line is about is gone by then."""

import pytest

from maristan.comms.models import Delivery, Notification
from maristan.config.subscribers import SUBSCRIBERS
from maristan.directory.tests import factories as directory
from maristan.kernel import journal, tenancy
from maristan.kernel.access import platform
from maristan.work.models import InboxItem

pytestmark = pytest.mark.django_db
GONE = 10**9
NOUNS = {"enrolment": "enrollment"}
# What they are about is never deleted, or their line holds all that is told.
LASTING = {
    "academics.obligations_waiting", "academics.tell_obligation", "assessment.corrected_documents",
    "assessment.corrections_waiting", "assessment.follow_lists", "assessment.follow_obligations",
    "assessment.tell_decided", "assessment.tell_proposed", "assessment.tell_results", "config.tell_import",
    "operations.tell_impersonation", "timetable.tell_holiday",
}  # fmt: skip
OTHERS = sorted((name, kinds[0]) for name, (_, kinds) in SUBSCRIBERS.items() if name not in LASTING)


@pytest.mark.parametrize(("name", "kind"), OTHERS)
def test_of_what_is_gone_nobody_is_told_and_nothing_waits(name: str, kind: str) -> None:
    directory.institution()
    directory.member("Ada", "admin")
    by, noun = platform(tenancy.current()), kind.partition(".")[0]
    line = journal.record(kind, (NOUNS.get(noun, noun), GONE), by=by)
    SUBSCRIBERS[name][0](line_id=line.pk, by=by)
    assert [model.objects.count() for model in (Notification, Delivery, InboxItem)] == [0, 0, 0]

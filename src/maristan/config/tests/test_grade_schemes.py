"""The grade schemes with which every institution starts."""

import pytest

from maristan.assessment.models import GradeScheme
from maristan.directory.actions import institutions
from maristan.directory.tests.test_institutions import ZUHR
from maristan.kernel import tenancy
from maristan.kernel.access import platform

pytestmark = pytest.mark.django_db
SHIPPED = {
    "Undergraduate": "90 A+, 85 A, 80 B+, 75 B, 70 C+, 65 C, 60 D, 0 F",
    "Postgraduate": "90 A+, 80 A, 70 B+, 60 B, 50 C+, 40 C, 0 F",
}


def test_a_new_institution_starts_with_the_shipped_grade_schemes_in_force() -> None:
    made = institutions.found_institution(**ZUHR, by=platform(None, "Omar"))
    tenancy.enter(made.institution_id)
    found = GradeScheme.objects.prefetch_related("bands")
    kept = {each.name: (each.number, each.status, each.scope_key) for each in found}
    assert kept == dict.fromkeys(SHIPPED, (1, "active", "institution"))
    for scheme in found:
        bands = list(scheme.bands.all())
        assert ", ".join(f"{each.min_percent:.0f} {each.letter}" for each in bands) == SHIPPED[scheme.name]
        assert [each.is_fail for each in bands] == [False] * (len(bands) - 1) + [True]

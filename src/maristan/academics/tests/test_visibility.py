"""Who sees what of academics: drafts, the lines of a person, and the students of a department."""

from dataclasses import replace

import pytest

from maristan.academics.queries import students as queries
from maristan.academics.tests import factories as make
from maristan.directory.queries import people
from maristan.directory.tests import factories as directory
from maristan.kernel.access import Reach
from maristan.kernel.tests.client import Client

pytestmark = pytest.mark.django_db
ACADEMICS = "/api/v1/academics/"
STUDENTS = f"{ACADEMICS}students/"


def test_a_student_meets_no_program_in_draft_by_any_way_but_the_own() -> None:
    directory.institution()
    sara = make.student_with_account("Sara", make.group(make.batch(make.program("Own", status="draft"))))
    draft = make.program("Secret", status="draft")
    batch = make.batch(draft)
    group, period, track = make.group(batch), make.period(batch=batch), make.track(draft)
    make.section(make.course("X1", draft), academic_period=period)
    hidden = {"programs": draft, "batches": batch, "groups": group, "academic-periods": period, "tracks": track}
    student, registrar = Client(sara.person), Client(directory.member("Rana", "registrar"))
    for noun, row in hidden.items():
        url = f"{ACADEMICS}{noun}/"
        assert student.get(f"{url}{row.pk}/").status == 404, noun
        assert row.pk not in [each["id"] for each in student.get(url).json["results"]], noun
        assert row.pk in [each["id"] for each in registrar.get(url).json["results"]], noun
    assert student.get(f"{ACADEMICS}sections/").json["count"] == 0
    assert student.get(f"{ACADEMICS}courses/").json["results"][0]["programs"] == []
    assert student.get(f"{ACADEMICS}batches/{sara.batch_id}/").status == 200


def test_the_lines_of_the_person_are_for_auditors_and_for_the_student() -> None:
    directory.institution()
    registrar, office = Client(directory.member("Rana", "registrar")), Client(directory.member("Omar", "finance"))
    sara = make.student_with_account("Sara")
    url = f"{STUDENTS}{sara.pk}/"
    changes = {"national_id": "35202-1234567-1", "date_of_birth": "2005-05-01"}
    assert registrar.patch(url, changes, version=1).status == 200

    def lines(of: Client) -> list[str]:
        return [each["kind"] for each in of.get(f"{url}timeline/").json["results"]]

    assert lines(office) == ["student.updated"]
    assert b"3520212345671" not in office.get(f"{url}timeline/").body
    assert lines(registrar) == lines(Client(sara.person)) == ["student.updated", "person.updated"]


def test_a_head_sees_the_students_enrolled_in_courses_of_the_department_or_rotating_there() -> None:
    directory.institution()
    surgery, ward = directory.department("Surgery"), directory.department("Ward")
    seated, rotating, stranger = make.student(), make.student(), make.student()
    make.enrollment(seated, make.section(make.course(department=surgery)))
    make.enrollment(stranger, make.section(make.course(department=surgery)), status="dropped")
    make.period(batch=rotating.batch, kind="rotation", primary_department=ward)
    reach = Reach(departments=frozenset({surgery.pk, ward.pk}))
    actor = replace(directory.actor(directory.member("Head")), reaches={"student.view": reach, "person.view": reach})
    found = list(queries.students(actor=actor))
    assert {each.pk for each in found} == {seated.pk, rotating.pk}
    assert {each.shows_contacts for each in found} == {True}
    assert {each.pk for each in people.visible_to(actor=actor)} == {
        actor.person_id, seated.person_id, rotating.person_id
    }  # fmt: skip

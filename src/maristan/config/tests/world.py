"""One of everything in an institution, for tests that walk over every route."""

import uuid
from dataclasses import dataclass
from typing import Any

from maristan.academics.tests import factories as academics
from maristan.assessment.models import (
    Candidate,
    Document,
    DocumentBatch,
    Exam,
    Examiner,
    GradebookItem,
    GradeScheme,
    Result,
    ResultCorrection,
)
from maristan.attendance.tests import factories as attendance
from maristan.comms.tests import factories as comms
from maristan.directory.models import Holiday, Invitation, Leave, Person, RoomFeature
from maristan.directory.tests import factories as directory
from maristan.kernel import clock, jobs, journal
from maristan.kernel.access import platform
from maristan.kernel.models import ImportRun, StoredFile
from maristan.operations.tests import factories as operations
from maristan.timetable.models import Session
from maristan.timetable.tests import factories as timetable


@dataclass(frozen=True)
class World:
    """Ids of one of everything, by the first words of the path that leads to it, or by the name of its place in one."""

    school: timetable.School
    ids: dict[str, int | str]

    def id_for(self, path: str, place: str = "") -> int | str:
        """The id that belongs into a place (`{pk}`) of a path; raises `KeyError` for a path that no test knows."""
        if place in self.ids:
            return self.ids[place]
        for start in sorted(self.ids, key=len, reverse=True):
            if path.startswith(f"/api/v1/{start}/"):
                return self.ids[start]
        raise KeyError(f"say in world.py which object stands in {path}")


def world(code: str) -> World:
    """An institution with one of everything; the rest of the test acts in it."""
    of = timetable.school(code)
    of_institution = of.batch.institution_id
    published = timetable.published(of)
    section = academics.section(of.course, academic_period=of.period)
    student = academics.student(of.groups[0])
    person = student.person
    ids: dict[str, int | str] = {
        "academics/students": student.pk,
        "academics/programs": of.batch.program_id,
        "academics/batches": of.batch.pk,
        "academics/groups": of.groups[0].pk,
        "academics/tracks": academics.track(of.batch.program).pk,
        "academics/academic-periods": of.period.pk,
        "academics/courses": of.course.pk,
        "academics/sections": section.pk,
        "academics/enrollments": academics.enrollment(student, section).pk,
        "academics/syllabus-items": academics.syllabus_item(of.course).pk,
        "academics/intakes": academics.intake(of.batch).pk,
        "academics/applications": academics.application(of.batch).pk,
        "academics/request-types": academics.request_type(code).pk,
        "academics/requests": academics.remark(academics.request(person)).request_id,
        "academics/students/imports": import_run("students"),
        "students": student.pk,
        "directory/institutions": of_institution,
        "directory/departments": of.department.pk,
        "directory/places": of.room.pk,
        "directory/room-features": RoomFeature.objects.create(code="projector", name="Projector").pk,
        "directory/persons": person.pk,
        "directory/contact-info": person.contacts.create(kind="phone", value="+923001234567").pk,
        "directory/addresses": directory.address(person).pk,
        "directory/identity-documents": directory.identity_document(person).pk,
        "directory/memberships": directory.membership(person, "student").pk,
        "directory/invitations": Invitation.objects.create(
            person=person, token_hash=f"hash-{code}", expires_at=clock.now()
        ).pk,
        "directory/leaves": leave(person),
        "directory/holidays": Holiday.objects.create(name="Eid", start_date="2026-06-01", end_date="2026-06-02").pk,
        "directory/faculty/imports": import_run("faculty"),
        "timetable/weeks": published,
        "timetable/sessions": Session.objects.get().pk,
        **of_comms(person.pk),
        **of_learners(person),
        "directory/settings": "ui_banner_message",
        "reports": "of.nothing",
        "jobs": jobs.start("test", by=platform(of_institution)).pk,
    }
    ids |= {**optional(of, code), **of_attendance(student), **of_assessment(of, student), **of_operations()}
    return World(of, ids)


def optional(of: timetable.School, code: str) -> dict[str, int]:
    """Objects of apps that not every installation of the routes has."""
    from maristan.timetable.models import Availability

    row = Availability.objects.create(
        subject_kind="person", subject_id=of.teacher.pk, day_of_week=0, start_time="08:00", end_time="09:00",
        level="avoid", from_date="2026-01-01",
    )  # fmt: skip
    return {"timetable/availabilities": row.pk, "timetable/print/jobs": 999_999}


def of_attendance(student: Any) -> dict[str, int]:
    """The session with its register, a correction of it, and a policy being drafted."""
    session = Session.objects.get()
    asked = attendance.condonation(student)
    return {
        "attendance/sessions": session.pk,
        "attendance/corrections": attendance.correction(session, student).pk,
        "attendance/imports": import_run("attendance"),
        "attendance/policies": attendance.policy(status="draft").pk,
        "attendance/eligibility-lists": attendance.eligibility_list(student, follows=asked.line.of_list).pk,
        "attendance/condonations": asked.pk,
    }


def of_assessment(of: timetable.School, student: Any) -> dict[str, int | str]:
    """An exam with a component, an examiner and a candidate, and a drafted grade scheme."""
    exam = Exam.objects.create(
        title="Final", scheduled_at="2026-04-01T09:00:00+05:00", duration_minutes=60, academic_period=of.period,
        course=of.course, department=of.department,
    )  # fmt: skip
    part = exam.components.create(name="Theory", sequence=1, max_marks=60)
    scheme = GradeScheme.objects.create(name="Letters")
    scheme.bands.create(min_percent=0, letter="F", is_fail=True)
    examiner = Examiner.objects.create(exam=exam, person=of.teacher)
    candidate = Candidate.objects.create(exam=exam, person=student.person, student=student)
    result = Result.objects.create(exam=exam, person=student.person)
    section = academics.section(of.course, academic_period=of.period)
    item = GradebookItem.objects.create(section=section, exam=exam, weight=40)
    correction = ResultCorrection.objects.create(result=result, reason="Added up wrongly.", requested_by=of.teacher)
    return {
        "assessment/results": result.pk,
        "assessment/corrections": correction.pk,
        "assessment/exams": exam.pk,
        "assessment/grade-schemes": scheme.pk,
        "{component}": part.pk,
        "{examiner}": examiner.pk,
        "{candidate}": candidate.pk,
        "assessment/sections": item.section_id,
        "{item}": item.pk,
        "{run}": import_run("marks", exam=exam.pk),
        **of_documents(student),
    }


def of_documents(student: Any) -> dict[str, int | str]:
    """A transcript that was issued, and a batch of one learner."""
    row = Document.objects.create(
        kind="transcript", number="TRN-2026-000001", person=student.person, student=student, snapshot={"name": "Sara"},
        content_hash="0" * 64, code=f"{student.person_id:026}", issued_at=clock.now(), issued_by="Alice",
    )  # fmt: skip
    batch = DocumentBatch.objects.create(audience=[["institution"]], asked_by_name="Alice")
    batch.lines.create(person=student.person, document=row, is_done=True)
    return {"transcripts": row.pk, "transcripts/batch": batch.pk, "transcripts/verify": row.code}


def of_learners(person: Person) -> dict[str, int]:
    """What a person owes, and learning material that everybody reads."""
    owed, shown = academics.obligation(person), academics.material(audience=[["role:admin"]]).pk
    return {
        "academics/requirements": owed.requirement_id,
        "academics/obligations": owed.pk,
        "academics/materials": shown,
        "academics/materials/feed": shown,
    }


def leave(person: Person) -> int:
    """Leave that was asked for, with its line."""
    made = Leave.objects.create(person=person, kind="medical", start_date="2026-05-01")
    journal.record("leave.requested", ("leave", made.pk), by=platform(person.institution_id))
    return int(made.pk)


def import_run(kind: str, **options: int) -> int:
    """A previewed file."""
    by: Any = platform(None)
    file = StoredFile.objects.create(
        key=f"{kind}-{clock.now().timestamp()}", name="x.csv", content_type="text/csv", size=1, sha256="0"
    )
    job = jobs.start("import", by=by)
    return int(
        ImportRun.objects.create(
            kind=kind, mode="create_only", file=file, filename="x.csv", sha256="0", status="previewed", job=job,
            user_id=0, user_name="Alice", summary={"error": 0, "total": 0}, options=options,
        ).pk
    )  # fmt: skip


def notification(person: int) -> int:
    """A message to a person."""
    from maristan.comms.models import Notification

    return int(Notification.objects.create(recipient=person, event="x.y", title="Hello", dedupe_key="x").pk)


def announcement(person: int) -> int:
    """A draft of a person."""
    from maristan.comms.models import Announcement

    audience = [["institution"]]
    made = Announcement.objects.create(
        title="Hall closed", body="Use Hall 2.", audience=audience, created_by=person, created_by_name="Alice"
    )
    return int(made.pk)


def posted(person: int) -> int:
    """An announcement that a person reads on the board."""
    from maristan.comms.models import Announcement

    pk = announcement(person)
    Announcement.objects.filter(pk=pk).update(status="sent", sent_at=clock.now(), recipients_count=1)
    return pk


def delivery(person: int) -> int:
    """A mail to a person that failed."""
    from maristan.comms.models import Delivery, Notification

    told = Notification.objects.create(recipient=person, event="x.y", title="Hello", dedupe_key="y")
    made = Delivery.objects.create(
        notification=told, recipient=person, channel="email", status="failed", due_at=clock.now(),
        settled_at=clock.now(),
    )  # fmt: skip
    return int(made.pk)


def of_comms(person: int) -> dict[str, int]:
    """What stands in the paths of announcements, of the board and of the outbox."""
    return {
        "comms/announcements": announcement(person),
        "comms/notifications": notification(person),
        "comms/board": posted(person),
        "comms/deliveries": delivery(person),
        **of_webhooks(),
    }


def of_operations() -> dict[str, int | str]:
    """What belongs to the platform, whichever institution asks."""
    operations.process()
    operations.release(uuid.uuid4().hex[:12])
    operations.verification()
    operations.deployment()
    operations.integrity_run()
    operations.drill()
    return {
        "operations/journal/files": jobs.start("operations.export_journal", by=platform(None)).pk,
        "operations/backups": operations.backup_set(f"fmu_{uuid.uuid4().hex}").name,
        "operations/maintenance": operations.window().pk,
        "operations/alerts": operations.alert(subject=uuid.uuid4().hex).pk,
        "operations/jobs": operations.failed_job(),
        "operations/progress": operations.failed_job("operations.check_integrity"),
        "operations/periodic": "kernel.purge",
    }


def of_webhooks() -> dict[str, int]:
    """An endpoint and what was sent to it, under both addresses."""
    endpoint = comms.endpoint()
    sent = comms.delivery(endpoint)
    return {
        f"{prefix}/webhooks{below}": pk
        for prefix in ("comms", "ptw")
        for below, pk in (("", endpoint.pk), ("/deliveries", sent.pk))
    }

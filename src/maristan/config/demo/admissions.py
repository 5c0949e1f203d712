"""An open intake of the demonstration: who applied, who resembles somebody, and what was decided."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from maristan.academics.actions import applications, applying, intakes
from maristan.academics.models import Application, Intake
from maristan.academics.queries import admissions as queries
from maristan.academics.queries import students as student_queries
from maristan.config.demo import papers
from maristan.config.demo.institution import Demo
from maristan.directory.actions import addresses, identity_documents
from maristan.kernel import clock
from maristan.kernel.access import Actor

OPEN_SINCE, OPEN_FOR = timedelta(days=20), timedelta(days=21)
TWIN_MOBILE = "0333 4410021"
WHY_NOT = "The merit of this year begins at 78 per cent."


@dataclass(frozen=True, slots=True)
class Applicant:
    """Somebody who applies: what differs between them; `days` is how long ago they handed in."""

    name: str
    father: str
    gender: str
    mobile: str
    merit: tuple[int, str]
    days: int
    language: str = "en"
    papers: tuple[str, ...] = ("photo", "cnic_front", "cnic_back", "domicile", "fsc_certificate")


APPLICANTS = (
    Applicant("Mahira Anwar", "Anwar Saeed", "female", "0301 5550101", (41, "88.4091"), 6),
    Applicant("Shayan Baloch", "Dostain Baloch", "male", "0302 5550102", (212, "71.0204"), 5),
    Applicant("Aiman Zubair", "Zubair Ahmad", "female", TWIN_MOBILE, (58, "87.1154"), 4),
    Applicant("Eman Zubair", "Zubair Ahmad", "female", TWIN_MOBILE, (63, "86.9932"), 4, papers=("photo", "cnic_front")),
    Applicant("Haroon Yousafzai", "Gul Rehman", "male", "0345 5550105", (87, "85.2260"), 3),
    Applicant("ثناء مجید", "عبدالمجید", "female", "0321 5550106", (95, "84.7019"), 2, language="ur"),
    Applicant("Rayyan Memon", "Iqbal Memon", "male", "0300 0000002", (104, "84.1187"), 1),
)
BEGUN = "nimra.draft@example.org"
STREETS = ("House 12, Street 4, Model Town", "Flat 7, Al-Noor Heights", "Village Kot Addu, Post Office Road")
CITIES = (("Lahore", "Punjab", "54700"), ("Karachi", "Sindh", "74600"), ("Muzaffargarh", "Punjab", "34050"))


def open_intakes(demo: Demo, *, by: Actor) -> Intake:
    """One intake that is open and one that is to come."""
    now = clock.now()
    first, second = demo.batches[:2]
    opened = intakes.create(
        values={"batch": first.pk, "opens_at": now - OPEN_SINCE, "closes_at": now + OPEN_FOR, "seats": 100}, by=by
    )
    later = {"batch": second.pk, "opens_at": now + OPEN_FOR, "closes_at": now + 2 * OPEN_FOR, "seats": 50}
    intakes.create(values=later, by=by)
    return opened


def admitted() -> int:
    """How many of the students came through an application."""
    return Application.objects.filter(student__isnull=False).count()


def receive(intake: Intake, *, has_decisions: bool, by: Actor) -> None:
    """Those who applied, oldest first, and one draft; two share a mobile, the last has a student's.

    With `has_decisions` the first is admitted and the second is not.
    """
    now = clock.now()
    for number, applicant in enumerate(APPLICANTS, 1):
        with clock.stopped_at(now - timedelta(days=applicant.days)):
            _hand_in(intake, applicant, number)
    applying.start(intake=intake.pk, email=BEGUN, language="en", by=queries.applicant())
    if has_decisions:
        _decide(intake, by)


def _hand_in(intake: Intake, applicant: Applicant, number: int) -> None:
    email = f"applicant{number}@example.org"
    applying.start(intake=intake.pk, email=email, language=applicant.language, by=queries.applicant())
    begun = Application.objects.get(intake=intake, email=email)
    token = applying.renew_link(pk=begun.pk, email=begun.email, by=queries.applicant()).link.rpartition("/")[2]
    saved = applying.save(token=token, version=begun.version, values=_filled(applicant, number), by=None)
    for kind in applicant.papers:
        applying.put_paper(token=token, kind=kind, content=_paper(kind, applicant, number), by=None)
    applying.submit(token=token, version=saved.version + len(applicant.papers), by=None)


def _filled(applicant: Applicant, number: int) -> dict[str, Any]:
    year = clock.now().year
    city, state, _ = CITIES[number % len(CITIES)]
    return {
        "full_name": applicant.name,
        "father_name": applicant.father,
        "gender": applicant.gender,
        "date_of_birth": date(year - 18, number % 12 + 1, number * 3 % 28 + 1),
        "cnic_or_bform": f"35202-{4100000 + number * 7919:07}-{number}",
        "mobile": applicant.mobile,
        "address": f"{STREETS[number % len(STREETS)]}, {city}, {state}",
        "guardian_name": applicant.father,
        "guardian_relation": "father",
        "guardian_phone_whatsapp": f"0311 55502{number:02}",
        "mdcat_roll_number": f"UHS-{year}-{10400 + number * 13}",
        "merit_number": applicant.merit[0],
        "merit_percentage": Decimal(applicant.merit[1]),
        "last_qualification": "fsc",
        "institute_name": "Government College University",
        "board_or_university": f"BISE {city}",
        "passing_year": year,
        "total_marks_or_grade": "1100",
        "obtained_marks_or_grade": str(1060 - applicant.merit[0]),
        "subjects": "Biology, Chemistry, Physics",
    }


def _paper(kind: str, applicant: Applicant, number: int) -> bytes:
    if kind == "photo":
        return papers.portrait(number)
    if kind.startswith("cnic"):
        return papers.card(number if kind == "cnic_front" else number + 3)
    title = kind.replace("_", " ").capitalize()
    return papers.certificate(title, f"This is to certify that {applicant.name}", "is known to this office.")


def _decide(intake: Intake, by: Actor) -> None:
    first, second = Application.objects.filter(intake=intake).order_by("pk")[:2]
    group = intake.batch.groups.order_by("position")[0]
    applications.approve(pk=first.pk, version=None, group=group.pk, person=None, override=False, reason=None, by=by)
    applications.move(pk=second.pk, name="reject", version=None, reason=WHY_NOT, by=by)


def describe(demo: Demo, *, by: Actor) -> None:
    """Identity documents and addresses of some of the staff and of the first students."""
    students = student_queries.students(actor=demo.by).filter(batch=demo.batches[0]).order_by("reg_no")[:3]
    people = [demo.office["registrar"].pk, *(each.person_id for each in students)]
    today = clock.today(demo.institution.time_zone)
    for number, person in enumerate(people, 1):
        document = identity_documents.create(
            values={
                "person": person, "kind": "cnic", "number": f"42101-{2300000 + number * 6151:07}-{number}",
                "issue_date": today - timedelta(days=700), "expiry_date": today + timedelta(days=2900),
                "issuing_authority": "NADRA",
            },
            by=by,
        )  # fmt: skip
        if number < len(people):
            identity_documents.put_file(pk=document.pk, content=papers.card(number), version=None, by=by)
            identity_documents.move(pk=document.pk, name="verify", reason=None, version=None, by=by)
        city, state, postal_code = CITIES[number % len(CITIES)]
        where = {"city": city, "state": state, "postal_code": postal_code, "country": "", "is_primary": True}
        street = STREETS[number % len(STREETS)]
        addresses.create(values={"person": person, "kind": "mailing", "street": street, **where}, by=by)

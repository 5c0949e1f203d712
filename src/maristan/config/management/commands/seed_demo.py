"""`maristan seed_demo --students=N`: the demonstration institution; a second run adds students alone, or nothing."""

import os
import secrets
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.db import transaction
from django.db.models.functions import Lower

from maristan.config.demo import (
    admissions,
    announcements,
    attending,
    examining,
    institution,
    owing,
    planning,
    requests,
    sharing,
    subscribing,
    weeks,
)
from maristan.config.demo.diary import Diary
from maristan.config.demo.institution import Demo
from maristan.config.roles import TABLE
from maristan.directory.actions import acceptance, invitations
from maristan.directory.models import Institution, Person
from maristan.directory.queries import identity
from maristan.directory.rules.states import InvitationPurpose
from maristan.kernel import clock, tenancy
from maristan.kernel.access import Actor, platform
from maristan.kernel.errors import Refusal
from maristan.kernel.models import User
from maristan.operations.management.answers import Exit, OperatorCommand

CODE = "farabi"
MOST_STUDENTS = 5000
OPEN_FOR = timedelta(days=28)  # the institution was founded, and its year began, four weeks ago


class Command(OperatorCommand):
    """Accounts with random passwords are printed once and kept in var/demo-accounts.txt, readable by the owner only."""

    help = "make the demonstration institution"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--students", type=int, default=20, choices=range(1, MOST_STUDENTS + 1), metavar="N")
        parser.add_argument("--date", type=date.fromisoformat, help="the day it is made for; today")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if settings.MARISTAN_ENV == "production":
            raise CommandError("seed_demo refuses to run in production", returncode=1)  # C4 says 1
        self.as_json = options["as_json"]
        day = options["date"]
        now = datetime.combine(day, time(12), UTC) if day else clock.now()
        try:
            with clock.stopped_at(now):
                self.seed(options["students"], now)
        except Refusal as refusal:
            raise CommandError(str(refusal), returncode=int(Exit.REFUSED)) from refusal

    def seed(self, students: int, now: datetime) -> None:
        """Make the institution, or add the students that it lacks."""
        there = self.already_there()
        if there is not None:
            tenancy.enter(there)
            added = institution.add_students(students - admissions.admitted(), by=platform(there))
            text = f"the demonstration institution is there already; {added} students were added"
            self.answer({"made": False, "students_added": added}, text, as_json=self.as_json)
            return
        has_decisions = students > 1  # one of the students is admitted through the intake
        with clock.stopped_at(now - OPEN_FOR):
            demo = institution.make(CODE, students - has_decisions)
            accounts = self.accounts(demo)
        users = {role: User.objects.get(username=username) for role, (username, _, _) in accounts.items()}
        by = {role: identity.actor_for(user, tenancy.current(), TABLE) for role, user in users.items()}
        self.live(demo, by, now)
        intake = admissions.open_intakes(demo, by=by["registrar"])
        admissions.receive(intake, has_decisions=has_decisions, by=by["registrar"])
        admissions.describe(demo, by=by["registrar"])
        requests.ask(student=by["student"], registrar=by["registrar"])
        announcements.announce(demo, by=by["registrar"])
        transaction.on_commit(lambda: self.write(accounts))

    @staticmethod
    def live(demo: Demo, by: dict[str, Actor], now: datetime) -> None:
        """The weeks since the institution was founded."""
        zone = demo.institution.time_zone
        diary = Diary(zone, clock.today(zone), now)
        classes = attending.Classes(demo, diary, by)
        weeks.note(
            demo, diary, planner=by["coordinator"], verifier=by["department_head"],
            then=partial(attending.follow, classes),
        )  # fmt: skip
        attending.note(classes)
        examining.note(demo, diary, by)
        owing.note(demo, diary, by)
        planning.note(demo, diary, by)
        sharing.note(demo, diary, by)
        diary.on(-3, 9, partial(subscribing.subscribe, by=by["admin"]))
        diary.live()

    @staticmethod
    def already_there() -> int | None:
        """The id of the demonstration institution, if it was made."""
        for pk in tenancy.institution_ids():
            with tenancy.acting_in(pk):
                if Institution.objects.filter(pk=pk, code=CODE).exists():
                    return pk
        return None

    def accounts(self, demo: Demo) -> dict[str, tuple[str, str, Person | None]]:
        """One account for each role, opened by its invitation; the operator belongs to no institution."""
        student = institution.first_student(demo)
        people = {**demo.office, "faculty": demo.teachers["Dr Shazia Iqbal"], "student": student}
        made: dict[str, tuple[str, str, Person | None]] = {}
        self.must_be_free([role.replace("_", "-") for role in (*people, "operator")])
        for role, person in people.items():
            link = demo.invitation if role == "admin" else self.invitation(demo, person)
            username, password = role.replace("_", "-"), self.password()
            acceptance.accept(token=link.rpartition("/")[2], username=username, password=password, by=None)
            made[role] = (username, password, person)
        made["operator"] = ("operator", self.password(), None)
        User.objects.create_user("operator", password=made["operator"][1], is_operator=True)
        return made

    @staticmethod
    def must_be_free(names: list[str]) -> None:
        """Accounts of the demonstration are called after their roles; nobody else's is taken over."""
        kept = User.objects.annotate(plain=Lower("username")).filter(plain__in=names).order_by("plain")
        taken = ", ".join(kept.values_list("username", flat=True))
        if taken:
            said = f"names of the demonstration are taken by other accounts: {taken}; nothing was made"
            raise CommandError(said, returncode=int(Exit.REFUSED))

    @staticmethod
    def invitation(demo: Demo, person: Person) -> str:
        """A one-time link that no mail carries."""
        prepared = invitations.prepare(person=person, purpose=InvitationPurpose.JOIN, email="", by=demo.by)
        return invitations.renew(pk=prepared.pk, by=demo.by).link

    @staticmethod
    def password() -> str:
        """DEMO_PASSWORD, else one that nobody chose."""
        return settings.DEMO_PASSWORD or secrets.token_urlsafe(9)

    def write(self, accounts: dict[str, tuple[str, str, Person | None]]) -> None:
        """Passwords are random for each installation; they are shown now, and stand only in this file."""
        file = settings.VAR / "demo-accounts.txt"
        listed = [
            "\t".join((role, username, password, person.name if person else ""))
            for role, (username, password, person) in accounts.items()
        ]
        file.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as handle:
            handle.write("\n".join(["role\tusername\tpassword\tperson", *listed]) + "\n")
        names = ("role", "username", "password", "person")
        said = {"made": True, "file": str(file),
                "accounts": [dict(zip(names, each.split("\t"), strict=True)) for each in listed]}  # fmt: skip
        self.answer(said, "\n".join(each.expandtabs(20) for each in listed), as_json=self.as_json)

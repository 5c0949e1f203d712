"""`maristan seed_demo --students=N`: the demonstration institution; a second run changes nothing."""

import json
import os
import secrets
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from maristan.config.demo import institution, weeks
from maristan.config.demo.institution import Demo
from maristan.config.roles import TABLE
from maristan.directory.models import Institution, Person
from maristan.directory.queries import identity
from maristan.kernel import journal, tenancy
from maristan.kernel.access import platform
from maristan.kernel.models import User

CODE = "farabi"


class Command(BaseCommand):
    """Accounts with random passwords are written to var/demo-accounts.json, readable by the owner only."""

    help = "make the demonstration institution"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--students", type=int, default=240)

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if Institution.objects.filter(code=CODE).exists():
            self.stdout.write("the demonstration institution is there already")
            return
        demo = institution.make(CODE, options["students"])
        accounts = self.accounts(demo)
        by = {role: identity.actor_for(user, tenancy.current(), TABLE) for role, (user, _, _) in accounts.items()}
        weeks.plan(demo, planner=by["coordinator"], verifier=by["department_head"])
        journal.record(
            "import.committed", ("institution", demo.institution.pk), by=platform(demo.institution.pk),
            changes={"kind": "demonstration", "students": options["students"]},
        )  # fmt: skip
        transaction.on_commit(lambda: self.write(accounts))

    def accounts(self, demo: Demo) -> dict[str, tuple[User, str, Person | None]]:
        """One account for each role, and the operator, who belongs to no institution."""
        people: dict[str, Person | None] = {
            **demo.office, "faculty": demo.teachers["Dr Shazia Iqbal"], "student": demo.first_student, "operator": None,
        }  # fmt: skip
        made: dict[str, tuple[User, str, Person | None]] = {}
        for role, person in people.items():
            password = settings.DEMO_PASSWORD or secrets.token_urlsafe(9)
            user = User.objects.create_user(role.replace("_", "-"), password=password, is_operator=role == "operator")
            if person is not None:
                person.user = user
                person.save(update_fields=["user"])
            made[role] = (user, password, person)
        return made

    @staticmethod
    def write(accounts: dict[str, tuple[User, str, Person | None]]) -> None:
        """Passwords are random for each installation and stand only in this file."""
        file = settings.VAR / "demo-accounts.json"
        listed = [
            {
                "username": user.username,
                "password": password,
                "roles": [role],
                "person": person.name if person else None,
            }
            for role, (user, password, person) in accounts.items()
        ]
        file.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as handle:
            json.dump(listed, handle, indent=2, ensure_ascii=False)

"""`maristan institutions create`: a new institution with its first administrator."""

from typing import Any

from django.core.management.base import CommandParser

from maristan.directory.actions import institutions as actions
from maristan.kernel.access import platform
from maristan.operations.management.answers import OperatorCommand


class Command(OperatorCommand):
    """Prints the one-time invitation link of the administrator."""

    help = "create CODE NAME --zone Asia/Karachi --admin NAME [--email ADDRESS]"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["create"])
        parser.add_argument("code")
        parser.add_argument("name")
        parser.add_argument("--zone", default="UTC")
        parser.add_argument("--country", default="PK")
        parser.add_argument("--admin", required=True)
        parser.add_argument("--email", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        with self.refusals():
            made = actions.found_institution(
                code=options["code"],
                name=options["name"],
                time_zone=options["zone"],
                country=options["country"],
                admin_name=options["admin"],
                admin_email=options["email"],
                by=platform(None),
            )
        said = {"institution": made.institution_id, "invitation": made.link}
        text = f"institution {made.institution_id}; invitation of the administrator: {made.link}"
        self.answer(said, text, as_json=options["as_json"])

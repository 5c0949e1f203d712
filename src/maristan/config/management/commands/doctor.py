"""`maristan doctor`: one page for a first call."""

from typing import Any

from maristan.config import doctor
from maristan.operations.management.answers import OperatorCommand


class Command(OperatorCommand):
    """Changes nothing; a part that cannot be looked at says so."""

    help = "what this installation is and stands on, without secrets"

    def handle(self, *args: Any, as_json: bool, **options: Any) -> None:
        said = doctor.page()
        self.answer(said, doctor.text(said), as_json=as_json)

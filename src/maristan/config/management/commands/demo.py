"""`maristan demo`: the product with a demonstration institution, on 127.0.0.1."""

import io
import os
import sys
from typing import Any

from django.conf import settings
from django.core.management import call_command

from maristan.kernel import tenancy
from maristan.operations.management.answers import OperatorCommand


class Command(OperatorCommand):
    """Prepares the database, seeds it when empty, then serves until Ctrl-C; `serve` tells the address."""

    help = "prepare, seed when empty, serve"

    def handle(self, *args: Any, as_json: bool, **options: Any) -> None:
        told = io.StringIO() if as_json else self.stdout
        call_command("prepare", stdout=told)
        if not tenancy.institution_ids():
            told.write("making the demonstration institution\n")
            call_command("seed_demo", students=240, stdout=told)
        accounts = settings.VAR / "demo-accounts.txt"
        address = f"http://{settings.WEB_BIND}/"
        text = f"\n  accounts   {accounts}\n  Ctrl-C stops it\n"
        self.answer({"address": address, "accounts": str(accounts)}, text, as_json=as_json)
        self.stdout.flush()
        os.environ["MARISTAN_DB_OWNER"] = "0"
        os.execv(sys.executable, [sys.executable, "-m", "maristan", "serve"])  # noqa: S606 - our own interpreter

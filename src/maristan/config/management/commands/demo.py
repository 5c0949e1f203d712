"""`maristan demo`: the product with a demonstration institution, on 127.0.0.1."""

import os
import sys
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from maristan.kernel import tenancy


class Command(BaseCommand):
    """Prepares the database, seeds it when empty, prints the address, then serves until Ctrl-C."""

    help = "prepare, seed when empty, serve"

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("prepare")
        if not tenancy.institution_ids():
            self.stdout.write("making the demonstration institution")
            call_command("seed_demo", students=240)
        accounts = settings.VAR / "demo-accounts.txt"
        self.stdout.write(f"\n  Maristan   http://{settings.WEB_BIND}/\n  accounts   {accounts}\n  Ctrl-C stops it\n")
        self.stdout.flush()
        os.environ["MARISTAN_DB_OWNER"] = "0"
        os.execv(sys.executable, [sys.executable, "-m", "maristan", "serve"])  # noqa: S606 - our own interpreter

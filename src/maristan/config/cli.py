"""The command line `maristan`: every command of every app, as the role that the command needs."""

import os
import sys

OWNER_COMMANDS = {
    "migrate",
    "makemigrations",
    "db",
    "journal",
    "tokens",
    "seed_demo",
    "demo",
    "prepare",
    "institutions",
}


def main() -> None:
    """Run one command; commands that migrate, repair or seed connect as the owner role."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "maristan.config.settings")
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    if command in OWNER_COMMANDS:
        os.environ["MARISTAN_DB_OWNER"] = "1"
    if command == "check":
        os.environ["MARISTAN_CHECK"] = "1"
    from django.core.management import execute_from_command_line

    execute_from_command_line(["maristan", *sys.argv[1:]])

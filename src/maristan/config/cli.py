"""The command line `maristan`: every command of every app, as the role that the command needs."""

import os
import sys
from pathlib import Path

from maristan.config import environment, groups

OWNER_COMMANDS = {
    "createsuperuser",
    "migrate",
    "makemigrations",
    "db",
    "journal",
    "tokens",
    "seed_demo",
    "demo",
    "prepare",
    "institutions",
    "maintenance",
    "backup",
    "restore",
    "operations",
    "worker-health",
    "jobs",
    "rqstats",
    "release",
    "deploy",
    "rollback",
}

WITHOUT_DATABASE = {"logs", "test", "watchdog"}
DATABASE_MAY_BE_AWAY = {"maintenance", "doctor"}


def begin_development(home: Path) -> None:
    """A home that says nothing of its environment becomes one for development: the demonstration is no production.

    Its terminal shows where it is and what goes wrong, not every request.
    """
    settings = home / ".env"
    if os.environ.get("MARISTAN_ENV", "").strip() or settings.exists():
        return
    home.mkdir(parents=True, exist_ok=True)
    settings.write_text("MARISTAN_ENV=development\nLOG_LEVEL=warning\n", encoding="utf-8")


def shown(words: list[str]) -> dict[str, str]:
    """How much of what is wrong with the environment a command shows instead of being stopped by it."""
    if words[:1] == ["check"]:
        return {"MARISTAN_CHECK": "all"}
    return {"MARISTAN_CHECK": "1"} if words == ["release", "verify"] else {}


def main() -> None:
    """Run one command; commands that migrate, repair or seed connect as the owner role."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "maristan.config.settings")
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    if sys.argv[1:2] in (["up"], ["down"]) and len(sys.argv) == 3 and sys.argv[2] in groups.GROUPS:
        groups.main(command, sys.argv[2])
    if command == "demo":
        begin_development(environment.home())
    if command in OWNER_COMMANDS:
        os.environ["MARISTAN_DB_OWNER"] = "1"
    if command in WITHOUT_DATABASE:
        os.environ["MARISTAN_NO_DATABASE"] = "1"
    if command in DATABASE_MAY_BE_AWAY:
        os.environ["MARISTAN_DB_MAY_BE_AWAY"] = "1"
    if command == "test":
        os.environ.setdefault("MARISTAN_ENV", "test")  # nothing of an installation has to be set up for it
    os.environ |= shown(sys.argv[1:3])
    from django.core.management import execute_from_command_line

    execute_from_command_line(["maristan", *sys.argv[1:]])

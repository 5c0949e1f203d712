"""`maristan watchdog --once`: asks from outside whether the platform is well, and says so when it is not."""

import json
import os
import smtplib
import time
import urllib.error
import urllib.request
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.management.base import CommandParser

from maristan.comms.actions import webhook_calls
from maristan.kernel import clock
from maristan.kernel.access import platform
from maristan.kernel.messages import compose
from maristan.operations.management.answers import Exit, OperatorCommand
from maristan.operations.rules.watchdog import DOWN, FAILURES, Watch, after, untold

PATIENCE, EVERY = 10.0, 30.0
NOTE_BYTES = 256


class Command(OperatorCommand):
    """Needs no database. Exit 0 when the platform is well, 1 when it is not; what was told is kept on this host.

    A disk that takes no note silences nobody: one run probes as often as it takes. Each of them tells anew.
    """

    help = "probe of the whole, with mail and a call when it fails twice and when it is back"
    unkept: Watch | None = None

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="one probe, for a timer; else one every 30 seconds")
        parser.add_argument("--base-url", default=f"http://{settings.WEB_BIND}")

    def handle(self, *args: Any, once: bool, base_url: str, as_json: bool, **options: Any) -> None:
        probes = 0
        while True:
            said, is_kept = self.look(base_url)
            probes += 1
            is_over = once and (said["well"] or is_kept or probes == FAILURES)
            if is_over or not once:
                self.say(said, as_json)
            if is_over:
                break
            time.sleep(EVERY)
        if not said["well"]:
            raise SystemExit(int(Exit.FINDINGS))

    def look(self, base_url: str) -> tuple[dict[str, Any], bool]:
        """One probe, with whatever follows from it; and whether the next run will know of it."""
        status = probe(f"{base_url.rstrip('/')}/health/")
        is_well, file = status == 200, settings.VAR / "watchdog.json"
        now = f"{clock.now():%Y-%m-%d %H:%M} UTC"
        before = self.unkept or remembered(file)
        seen, message = after(before, is_well=is_well, now=now)
        known = untold(before, seen) if message else seen
        is_kept = keep(file, known)
        given = {"since": before.since or now, "status": status or 0, "link": settings.SITE_URL}
        # That it is well again is told when the note can say so: else each run to come would tell it.
        told = message if message and (is_kept or message == DOWN) and tell(message, given) else ""
        if told:
            known, is_kept = seen, keep(file, seen)
        self.unkept = None if is_kept else known
        said = {"well": is_well, "status": status, "failures": seen.failures, "told": told, "due": message}
        return said, is_kept

    def say(self, said: dict[str, Any], as_json: bool) -> None:
        """What was found, and on the other stream what of it cannot be kept."""
        text = "well" if said["well"] else f"not well ({said['status'] or 'no answer'})"
        self.answer(said, text if said["told"] == said["due"] else f"{text}; nobody could be told", as_json=as_json)
        if self.unkept is not None:
            self.stderr.write(f"{settings.VAR / 'watchdog.json'} cannot be written")


def probe(url: str) -> int | None:
    """The status of an answer; none without one."""
    try:
        with urllib.request.urlopen(url, timeout=PATIENCE) as answer:  # noqa: S310 - the operator names it
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except (OSError, ValueError):
        return None


def remembered(file: Path) -> Watch:
    """What was seen before; nothing where that cannot be read."""
    try:
        return Watch(**json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return Watch()


def keep(file: Path, seen: Watch) -> bool:
    """What the next probe finds, also of one that is cut off while it tells; false where the disk does not take it.

    Written over the former note, always of one length, because a full disk takes that and nothing else.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT, 0o644), "wb", buffering=0) as note:
            written = note.write(json.dumps(asdict(seen)).encode().ljust(NOTE_BYTES))
    except OSError:
        return False
    return written == NOTE_BYTES


def tell(kind: str, params: dict[str, Any]) -> int:
    """Mail to the addresses that settings name, and a call of the machine; gives how many of them were reached."""
    reached = mailed(kind, params)
    if settings.ALERT_WEBHOOK_URL:
        body = json.dumps({"type": kind, **params}).encode()
        outcome = webhook_calls.post(url=settings.ALERT_WEBHOOK_URL, body=body, by=platform(None))
        reached += outcome.succeeded
    return reached


def mailed(kind: str, params: dict[str, Any]) -> int:
    """One connection for all: a server that is away takes its time once, and a refused address stops no other."""
    said, reached = compose(kind, params, settings.LANGUAGE_CODE), 0
    with suppress(smtplib.SMTPException, OSError), get_connection() as connection:
        for address in settings.ALERT_EMAILS:
            with suppress(smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError):
                reached += connection.send_messages([EmailMessage(said.title, said.body, to=[address])]) or 0
    return reached

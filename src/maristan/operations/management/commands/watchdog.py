"""`maristan watchdog --once`: asks from outside whether the platform is well, and says so when it is not."""

import json
import smtplib
import time
import urllib.error
import urllib.request
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.management.base import CommandParser

from maristan.comms.actions import webhook_calls
from maristan.kernel import clock
from maristan.kernel.access import platform
from maristan.kernel.messages import compose
from maristan.operations.management.answers import Exit, OperatorCommand
from maristan.operations.rules.watchdog import Watch, after

PATIENCE, EVERY = 10.0, 30.0


class Command(OperatorCommand):
    """Needs no database. Exit 0 when the platform is well, 1 when it is not; what was told is kept on this host."""

    help = "probe of the whole, with mail and a call when it fails twice and when it is back"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="one probe, for a timer; else one every 30 seconds")
        parser.add_argument("--base-url", default=f"http://{settings.WEB_BIND}")

    def handle(self, *args: Any, once: bool, base_url: str, as_json: bool, **options: Any) -> None:
        while True:
            is_well = self.look(base_url, as_json)
            if once:
                break
            time.sleep(EVERY)
        if not is_well:
            raise SystemExit(int(Exit.FINDINGS))

    def look(self, base_url: str, as_json: bool) -> bool:
        """One probe, with whatever follows from it."""
        status = probe(f"{base_url.rstrip('/')}/health/")
        is_well, file = status == 200, settings.VAR / "watchdog.json"
        now = f"{clock.now():%Y-%m-%d %H:%M} UTC"
        before = remembered(file)
        seen, message = after(before, is_well=is_well, now=now)
        if message:
            tell(message, {"since": before.since or now, "status": status or 0, "link": base_url})
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(asdict(seen)), encoding="utf-8")
        said = {"well": is_well, "status": status, "failures": seen.failures, "told": message}
        self.answer(said, "well" if is_well else f"not well ({status or 'no answer'})", as_json=as_json)
        return is_well


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


def tell(kind: str, params: dict[str, Any]) -> None:
    """Mail to the addresses that settings name, and a call of the machine."""
    said = compose(kind, params, settings.LANGUAGE_CODE)
    for address in settings.ALERT_EMAILS:
        try:
            EmailMessage(said.title, said.body, to=[address]).send()
        except (smtplib.SMTPException, OSError):
            continue
    if settings.ALERT_WEBHOOK_URL:
        body = json.dumps({"type": kind, **params}).encode()
        webhook_calls.post(url=settings.ALERT_WEBHOOK_URL, body=body, by=platform(None))

"""`maristan smoke [--base-url]`: every role does what it may in what is served, and is refused what it may not."""

from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from maristan.config import smoke
from maristan.config.verification import without_secret
from maristan.kernel.access import platform
from maristan.operations.management.answers import Exit, OperatorCommand
from maristan.operations.rules.sets import Busy


class Command(OperatorCommand):
    """Exit 0 when every step passed, 1 otherwise; 4 while another run goes on."""

    help = "smoke test of what is served"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--base-url", default="", help="where it is served; SITE_URL")
        parser.add_argument("--quick", action="store_true", help="sign every role in, and no more")

    def handle(self, *args: Any, base_url: str, quick: bool, as_json: bool, **options: Any) -> None:
        try:
            with self.refusals():
                steps = smoke.run(base_url, is_quick=quick, by=platform(None, "command line"))
        except Busy as other:
            self.stop(Exit.BUSY, f"busy: {other}")
        failed = [each for each in steps if not each["passed"]]
        said = {
            "base_url": without_secret(base_url or settings.SITE_URL), "passed": not failed, "steps": steps,
            "not_checked": smoke.unchecked(),
        }  # fmt: skip
        lines = [f"{'passed' if each['passed'] else 'FAILED'}  {each['name']}: {each['evidence']}" for each in steps]
        lines += [f"not checked: {each}" for each in smoke.unchecked()]
        lines.append(f"{len(steps)} steps, {len(failed) or 'none'} failed")
        self.answer(said, "\n".join(lines), as_json=as_json)
        if failed:
            raise SystemExit(int(Exit.FINDINGS))

"""A figure in a document follows from what decides it, or is a rule for people; any other is found."""

import re
from collections.abc import Mapping
from datetime import timedelta

import pytest
from allauth.mfa import app_settings

from maristan.academics.rules.options import OPTIONS
from maristan.attendance.queries import correction_files
from maristan.comms.rules import webhooks
from maristan.config import devices, passwords, variables, working
from maristan.config.documents import ROOT
from maristan.kernel import archives, files, journal, lockout, papers, pictures, proof
from maristan.kernel.tables import reading
from maristan.operations import jobs
from maristan.operations.actions import drills
from maristan.operations.actions import jobs as kept_jobs
from maristan.operations.queries import hooks
from maristan.operations.queries import journal as exported
from maristan.operations.rules import alerts, retention

GENERATED = {"env.md"}
WRITTEN = [each for each in sorted((ROOT / "docs" / "operations").glob("*.md")) if each.name not in GENERATED]
DOCUMENTS = ["README.md", "CHANGELOG.md", *(str(each.relative_to(ROOT)) for each in WRITTEN)]
WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
}  # fmt: skip
UNITS = (
    "ms|s|seconds?|minutes?|hours?|h|days?|weeks?|months?|years?|times|tests?|endpoints?|tables?|screens?|MB|GB|MiB|GiB"
    "|requirements?|(?:million )?points|rows|lines|characters|parts|percent|failures|statements|connections"
)
FIGURE = re.compile(rf"\b((?:\d[\d,.]*|{'|'.join(WORDS)})(?:\s?[%×]|[\s-](?:{UNITS})\b))", re.I)
FOR_PEOPLE = "what people agree upon, or a way of speaking"
OF_BEFORE = "what was before"


def setting(name: str) -> int:
    """The usual value of a variable."""
    (found,) = [each.default for each in variables.TABLE if each.name == name]
    return int(found)


def minutes(span: timedelta) -> float:
    return span.total_seconds() / 60


def megabytes(size: int) -> float:
    return size / 2**20


def through_proxies() -> int:
    """The megabytes of a body that both shipped proxies let through."""
    said = {"Caddyfile": r"max_size (\d+)MB", "nginx.conf": r"client_max_body_size (\d+)m;"}
    (found,) = {
        int(each)
        for name, pattern in said.items()
        for each in re.findall(pattern, (ROOT / "deploy" / name).read_text(encoding="utf-8"))
    }
    return found


# Document → figure → the number that decides it, or why no number does.
SOURCES: Mapping[str, Mapping[str, float | str]] = {
    "README.md": {"four weeks": FOR_PEOPLE},
    "CHANGELOG.md": {
        "seven days": files.OUTLIVES_ITS_ROW.days, "four weeks": FOR_PEOPLE, "100,000 lines": exported.MOST_AT_ONCE,
        "ten times": len(webhooks.SCHEDULE) + 1, "three days": int(sum(webhooks.SCHEDULE, timedelta()).days),
        "20 seconds": OF_BEFORE, "five minutes": minutes(proof.HOLDS),
    },
    "docs/operations/backup-restore.md": {
        "7 days": setting("BACKUP_KEEP_DAILY"), "4 weeks": setting("BACKUP_KEEP_WEEKLY"),
        "12 months": setting("BACKUP_KEEP_MONTHLY"), "26 h": setting("ALERT_OFFSITE_MISSING"),
        "12 h": drills.LASTS.total_seconds() / 3600, "14 days": retention.BESIDE_CHANGES.days,
        "six times": jobs.WHEN_BUSY.max_attempts - 1, "ten minutes": jobs.WHEN_BUSY.wait / 60,
    },
    "docs/operations/deployment.md": {"120 s": hooks.SECONDS},
    "docs/operations/journal.md": {"15 minutes": minutes(journal.SEALED_WITHIN)},
    "docs/operations/runbook.md": {
        "five minutes": FOR_PEOPLE, "15 minutes": FOR_PEOPLE, "1 hour": FOR_PEOPLE, "five days": FOR_PEOPLE,
        "four hours": minutes(alerts.TOLD_AGAIN_AFTER) / 60, "21 days": setting("ALERT_CERTIFICATE_EXPIRING"),
        "30 days": int(kept_jobs.FINISHED_KEPT.split()[0]),
    },
    "docs/operations/scaling.md": {
        "five seconds": working.POLL_EVERY, "ten rows": FOR_PEOPLE, "70 %": FOR_PEOPLE, "25 MB": through_proxies(),
    },
    "docs/operations/security.md": {
        "two years": FOR_PEOPLE, "90 days": FOR_PEOPLE, "thirty seconds": app_settings.TOTP_PERIOD,
        "five failures": setting("MAX_LOGIN_ATTEMPTS"), "thirty minutes": setting("LOCKOUT_MINUTES"),
        "five minutes": minutes(proof.HOLDS), "128 characters": passwords.LONGEST,
        "ten minutes": setting("IMPERSONATION_MINUTES"), "twenty failures": lockout.ANYWHERE,
        "400 days": devices.REMEMBERED.days, "1 MB": megabytes(papers.PICTURE_BYTES),
        "40 million points": pictures.PIXELS_AT_MOST / 10**6, "3 MB": megabytes(papers.DOCUMENT_BYTES),
        "50 MB": next(int(each.default) for each in OPTIONS if each.key == "academics.material_megabytes"),
        "10 MB": megabytes(reading.MAX_BYTES), "20,000 rows": reading.MAX_ROWS, "100 times": archives.MOST_TIMES,
        "200 MiB": megabytes(archives.MOST_UNPACKED), "10,000 parts": archives.MOST_PARTS, "25 MB": through_proxies(),
    },
}  # fmt: skip


def figures(text: str) -> set[str]:
    """The figures of a text, each as it is written but for line ends."""
    return {" ".join(each.split()).lower() for each in FIGURE.findall(text)}


def number(figure: str) -> float:
    """The number of a figure."""
    first = re.split(r"[\s%×-]", figure)[0]
    return WORDS[first] if first in WORDS else float(first.replace(",", ""))


def faults(text: str, sources: Mapping[str, float | str]) -> list[str]:
    """Figures without a source, with another than they say, and sources of figures that are gone."""
    known = {figure.lower(): source for figure, source in sources.items()}
    wrong = [f"{each}: from nowhere" for each in sorted(figures(text) - set(known))]
    wrong += [f"{each}: gone" for each in sorted(set(known) - figures(text))]
    decided = {each: source for each, source in known.items() if not isinstance(source, str)}
    return wrong + [f"{each}: {source:g} is what decides" for each, source in decided.items() if number(each) != source]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_figure_of_a_document_follows_from_what_decides_it(document: str) -> None:
    assert faults((ROOT / document).read_text(encoding="utf-8"), SOURCES.get(document, {})) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("All 4711 tests pass.", ["4711 tests: from nowhere"]),
        ("Coverage is 97.5 %.", ["97.5 %: from nowhere"]),
        ("A start takes 3 seconds.", ["3 seconds: from nowhere"]),
        ("It answers in forty\nms.", ["forty ms: from nowhere"]),
        ("Links hold for six minutes.", ["six minutes: from nowhere", "five minutes: gone"]),
        ("Links hold for five minutes.", []),
    ],
)
def test_a_figure_from_nowhere_is_found(text: str, found: list[str]) -> None:
    sources = {"five minutes": correction_files.LINK_SECONDS / 60} if "Links" in text else {}
    assert faults(text, sources) == found
    assert faults("Links hold for five minutes.", {"five minutes": 6}) == ["five minutes: 6 is what decides"]

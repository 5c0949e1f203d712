"""`make secrets`: what looks like a key or a password in a tracked file; exit 1 for any that nobody accounts for.

Known shapes are looked for (keys of clouds and services, private keys, tokens, passwords in addresses), not words of
high entropy: lock files and digests are full of those.
"""

import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

ROOT = Path(__file__).resolve().parents[4]
SHAPES = (
    "ArtifactoryDetector", "AWSKeyDetector", "AzureStorageKeyDetector", "BasicAuthDetector", "CloudantDetector",
    "DiscordBotTokenDetector", "GitHubTokenDetector", "GitLabTokenDetector", "IbmCloudIamDetector",
    "IbmCosHmacDetector", "JwtTokenDetector", "MailchimpDetector", "NpmDetector", "OpenAIDetector",
    "PrivateKeyDetector", "PypiTokenDetector", "SendGridDetector", "SlackDetector", "SoftlayerDetector",
    "SquareOAuthDetector", "StripeDetector", "TelegramBotTokenDetector", "TwilioKeyDetector",
)  # fmt: skip
# Files with an address that only looks like one with a password, and why it is there.
ACCOUNTED_FOR: Mapping[str, str] = MappingProxyType(
    {
        "src/maristan/config/readers.py": "says how an address is written",
        "src/maristan/comms/tests/test_rules_webhooks.py": "an address with a login is refused",
        "src/maristan/config/tests/test_commands.py": "a password must not be shown",
        "src/maristan/config/tests/test_doctor.py": "a password must not be shown",
        "src/maristan/config/tests/test_environment.py": "addresses are read",
        "src/maristan/config/tests/test_looking.py": "a password must not be shown",
        "src/maristan/config/tests/test_smoke.py": "a password must not be shown",
        "src/maristan/operations/tests/test_ciphering.py": "a header of an encrypted part, altered",
    }
)


def judged(found: Iterable[tuple[str, int, str]], accounted_for: Mapping[str, str] = ACCOUNTED_FOR) -> list[str]:
    """What is wrong with findings (path, line, kind): those of other files, and accounts of files that have none."""
    rows = sorted(found)
    wrong = [f"{path}:{line}: {kind}" for path, line, kind in rows if path not in accounted_for]
    return [
        *wrong,
        *(f"{path}: nothing is found there any more" for path in {*accounted_for} - {row[0] for row in rows}),
    ]


def findings() -> Iterator[tuple[str, int, str]]:
    """What the scanner sees in tracked files; nothing is asked of the services that a key may belong to."""
    from detect_secrets.core.scan import scan_file
    from detect_secrets.settings import transient_settings

    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    with transient_settings({"plugins_used": [{"name": each} for each in SHAPES]}):
        for path in listed.decode().split("\0"):
            if path and (ROOT / path).is_file():
                for each in scan_file(str(ROOT / path)):
                    yield path, each.line_number, each.type


def main() -> int:
    """Print what nobody accounts for."""
    wrong = judged(findings())
    print("\n".join([*wrong, f"{len(wrong)} findings"]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

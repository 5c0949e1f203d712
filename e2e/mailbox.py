"""The mail that a product of these tests has written, as its file backend keeps it."""

import email
import re
import time
from email import policy

from e2e.product import Product

RULE = b"-" * 79
WITHIN = 60.0


def letters(product: Product, to: str) -> list[str]:
    """The texts that went to an address, oldest first."""
    folder = product.home / "var" / "mail"
    found = []
    for file in sorted(folder.glob("*.log"), key=lambda each: each.stat().st_mtime) if folder.is_dir() else []:
        for part in file.read_bytes().split(RULE):
            letter = email.message_from_bytes(part.strip(), policy=policy.default)
            body = letter.get_body() if part.strip() and letter["To"] == to else None
            if body is not None:
                found.append(str(body.get_content()))
    return found


def mailed_link(product: Product, to: str, path: str) -> str:
    """The last link below a path that was mailed to an address; waits for it."""
    deadline = time.monotonic() + WITHIN
    while time.monotonic() < deadline:
        links = [found for each in letters(product, to) for found in re.findall(rf"https?://\S+{path}\S+", each)]
        if links:
            return str(links[-1])
        time.sleep(0.2)
    raise AssertionError(f"no link below {path} was mailed to {to}")

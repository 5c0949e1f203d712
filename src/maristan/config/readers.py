"""How the text of an environment variable becomes a value; each reader raises `ValueError` with what was expected."""

import re
import zoneinfo
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from ipaddress import IPv6Address, ip_network
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pyrage

TRUE = {"1", "true", "yes", "on"}
SOURCE = re.compile(r"(https|wss)://[\w.*-]+(:\d+)?[\w./~-]*|data:|blob:|'sha(256|384|512)-[\w+/=-]+'", re.ASCII)
FALSE = {"0", "false", "no", "off"}


SPANS = {"sec": 1, "min": 60, "minute": 60, "hour": 3600, "day": 86400}


@dataclass(frozen=True, slots=True)
class Rate:
    """So many within so many seconds."""

    limit: int
    seconds: int

    def __str__(self) -> str:
        spans = {seconds: name for name, seconds in SPANS.items() if name != "minute"}
        return f"{self.limit}/{spans[self.seconds]}"


def rate(value: str) -> Rate:
    """A rate such as `100/hour`."""
    found = re.fullmatch(r"(\d{1,7})/(sec|min|minute|hour|day)", value.lower(), re.ASCII)
    if found is None or int(found[1]) == 0:
        raise ValueError("a rate such as 5/min, with sec, min, minute, hour or day")
    return Rate(int(found[1]), SPANS[found[2]])


def text(value: str) -> str:
    """Any text."""
    return value


def schedule(value: str) -> str:
    """A time of day, every day or on one day of the week, or `off`."""
    if not re.fullmatch(r"off|((mon|tue|wed|thu|fri|sat|sun) )?([01]\d|2[0-3]):[0-5]\d", value.lower()):
        raise ValueError("HH:MM, a day before it such as sun 03:30, or off")
    return value.lower()


def file_word(value: str) -> str:
    """A word that can begin the name of a file."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,79}", value):
        raise ValueError("letters, digits, _ . and -, at most 80, beginning with a letter or digit")
    return value


def boolean(value: str) -> bool:
    """One of `1 true yes on 0 false no off`, in any case."""
    if value.lower() in TRUE:
        return True
    if value.lower() in FALSE:
        return False
    raise ValueError("one of 1 true yes on 0 false no off")


def strict_boolean(value: str) -> bool:
    """Exactly `true` or `false`."""
    if value not in {"true", "false"}:
        raise ValueError("true or false")
    return value == "true"


def integer(low: int, high: int) -> Callable[[str], int]:
    """A reader of whole numbers from `low` to `high`."""

    def read(value: str) -> int:
        if not re.fullmatch(r"-?\d+", value) or not low <= int(value) <= high:
            raise ValueError(f"a whole number from {low} to {high}")
        return int(value)

    return read


def percent(value: str) -> Decimal:
    """A percentage from 0 to 100 with at most two decimals."""
    if not re.fullmatch(r"\d{1,3}(\.\d{1,2})?", value, re.ASCII) or Decimal(value) > 100:
        raise ValueError("a percentage from 0 to 100")
    return Decimal(value)


def words(value: str) -> tuple[str, ...]:
    """Words between commas or blanks."""
    return tuple(word for word in re.split(r"[,\s]+", value) if word)


def addresses(value: str) -> tuple[str, ...]:
    """Addresses of mail between commas or blanks."""
    found = words(value)
    if not all(re.fullmatch(r"[^@\s]+@[^@\s]+", each) for each in found):
        raise ValueError("addresses of mail, such as night@example.org")
    return found


def sources(value: str) -> tuple[str, ...]:
    """Sources of a content security policy: https or wss hosts, data:, blob:, or hashes; nothing unsafe."""
    found = words(value)
    if not all(SOURCE.fullmatch(each) for each in found):
        raise ValueError("sources such as https://cdn.example.org, data:, blob: or 'sha256-…'")
    return found


def one_of(*choices: str) -> Callable[[str], str]:
    """A reader of one of the given words, in any case."""

    def read(value: str) -> str:
        if value.lower() not in choices:
            raise ValueError("one of " + " ".join(choices))
        return value.lower()

    return read


def some_of(*choices: str) -> Callable[[str], tuple[str, ...]]:
    """A reader of some of the given words between commas or blanks, in any case."""

    def read(value: str) -> tuple[str, ...]:
        found = words(value.lower())
        if not set(found) <= set(choices):
            raise ValueError("some of " + " ".join(choices))
        return found

    return read


def extensions(value: str) -> tuple[str, ...]:
    """Endings of file names between commas or blanks, with or without their point; in lower case and without it."""
    found = tuple(each.removeprefix(".").lower() for each in words(value))
    if not all(each.isalnum() and each.isascii() for each in found):
        raise ValueError("endings of file names, as .pdf .jpg")
    return found


def origins(value: str) -> tuple[str, ...]:
    """Origins between commas or blanks: scheme and host, with a port where there is one, and nothing after it."""
    found = words(value)
    for each in found:
        split = urlsplit(each)
        if split.scheme not in ("http", "https") or not split.hostname or each != f"{split.scheme}://{split.netloc}":
            raise ValueError("origins, as https://partner.example")
        if split.username or split.password:
            raise ValueError("origins, as https://partner.example")
    return found


def age_recipients(value: str) -> tuple[str, ...]:
    """Public keys of age between commas or blanks."""
    found = words(value)
    try:
        return tuple(str(pyrage.x25519.Recipient.from_str(each)) for each in found)
    except pyrage.RecipientError:
        raise ValueError("public keys of age, which begin with age1") from None


def age_identities(value: str) -> tuple[str, ...]:
    """Secret keys of age, one to a line; lines that begin with # are left out. No part of one is ever shown."""
    found = [line.strip() for line in value.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    try:
        return tuple(str(pyrage.x25519.Identity.from_str(each)) for each in found)
    except pyrage.IdentityError:
        raise ValueError("a secret key of age, which begins with AGE-SECRET-KEY-") from None


def far_side(value: str) -> str:
    """Where copies off this host go; it holds no password."""
    try:
        split = urlsplit(value)
        port, path_of = split.port, split.path.strip("/")
    except ValueError:
        split, port, path_of = urlsplit(""), None, ""
    fits = {
        "file": not split.netloc and bool(path_of),
        "rsync": bool(split.hostname) and bool(path_of) and port != 0 and not (split.username or "").startswith("-")
        and not (split.hostname or "").startswith("-"),
        "s3": bool(split.netloc) and split.netloc == split.hostname,
    }  # fmt: skip
    if not fits.get(split.scheme, False) or split.password or split.query or split.fragment:
        raise ValueError("file:///mount, rsync://user@host/path or s3://bucket/prefix, without a password")
    return value.rstrip("/")


def path(value: str) -> Path:
    """A folder or file; relative ones stand below MARISTAN_HOME."""
    try:
        return Path(value).expanduser()
    except RuntimeError:
        raise ValueError("a folder of a user that exists") from None


def zone(value: str) -> str:
    """An IANA time zone."""
    if value not in zoneinfo.available_timezones():
        raise ValueError("an IANA time zone, such as Asia/Karachi")
    return value


def networks(value: str) -> tuple[str, ...]:
    """IP networks between commas or blanks."""
    found = words(value)
    try:
        for each in found:
            ip_network(each)
    except ValueError:
        raise ValueError("IP networks, such as 10.0.0.0/8") from None
    return found


def database_url(value: str) -> str:
    """A postgresql:// address with a host; no part of it is ever shown, because it may hold a password."""
    try:
        split = urlsplit(value)
        fits = split.scheme in {"postgres", "postgresql"} and split.port != 0 and "@" not in split.path
        fits = fits and bool(split.hostname or parse_qs(split.query).get("host"))
    except ValueError:
        fits = False
    if not fits:
        raise ValueError(
            "PostgreSQL only, as postgresql://user:password@host:port/name; "
            "a password writes @ : / ? # % as %40 %3A %2F %3F %23 %25"
        )
    return value


def redis_url(value: str) -> str:
    """An address of Redis; no part of it is ever shown, because it may hold a password."""
    from redis import ConnectionPool, RedisError  # only where there is one

    try:
        split = urlsplit(value)
        if split.scheme != "unix":
            is_numbered = re.fullmatch(r"(/\d{0,4})?", split.path, re.ASCII) is not None
            fits = bool((split.hostname or "").encode("idna")) and split.port != 0 and is_numbered
        else:
            fits = bool(split.path)
        ConnectionPool.from_url(value).make_connection()  # connects to nothing yet, and refuses what it does not know
    except (ValueError, TypeError, RedisError):
        fits = False
    if not fits:
        raise ValueError("redis://user:password@host:port/number, rediss://… or unix:///path")
    return value


def listening(value: str) -> str:
    """Where a server listens: a host or an address, and a port."""
    host, _, port = value.rpartition(":")
    try:
        is_host = re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,252})", host, re.ASCII) is not None
        is_host = is_host or bool(re.fullmatch(r"\[.+\]", host) and IPv6Address(host[1:-1]))
    except ValueError:
        is_host = False
    if not is_host or not re.fullmatch(r"\d{1,5}", port, re.ASCII) or not 1 <= int(port) <= 65535:
        raise ValueError("host:port or [address]:port, such as 127.0.0.1:8010")
    return value

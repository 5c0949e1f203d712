"""Every environment variable in one typed table; all faults are reported at once, and never a secret's value."""

import difflib
import os
import re
import zoneinfo
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from maristan.config import deployment

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off"}
OWN_PREFIXES = ("MARISTAN_", "BACKUP_", "THROTTLE_", "ALERT_")
WITHOUT_EFFECT = re.compile(r"^(CELERY_.*|RQ_.*|CACHE_BACKEND|SESSION_ENGINE|DB_ENGINE)$")
WORDS_OF_PROCESSES = {"MARISTAN_DB_OWNER", "MARISTAN_DB_POOL", "MARISTAN_CHECK"}


class EnvironmentFault(Exception):
    """The environment cannot be used; `faults` has one line for each thing wrong."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__("\n".join(faults))


def text(value: str) -> str:
    """Any text."""
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


def one_of(*choices: str) -> Callable[[str], str]:
    """A reader of one of the given words, in any case."""

    def read(value: str) -> str:
        if value.lower() not in choices:
            raise ValueError("one of " + " ".join(choices))
        return value.lower()

    return read


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
            "postgresql://user:password@host:port/name; a password writes @ : / ? # % as %40 %3A %2F %3F %23 %25"
        )
    return value


@dataclass(frozen=True, slots=True)
class Variable:
    """One environment variable: how it is read, what it is without one, and what it is for."""

    name: str
    read: Callable[[str], Any]
    default: Any
    note: str
    group: str
    secret: bool = False


def _table() -> tuple[Variable, ...]:
    def v(group: str, name: str, read: Callable[[str], Any], default: Any, note: str, secret: bool = False) -> Variable:
        return Variable(name, read, default, note, group, secret)

    port = integer(1, 65535)
    return (
        v(
            "core",
            "MARISTAN_ENV",
            one_of("development", "test", "staging", "production"),
            None,
            "Kind of installation; development when DEBUG is true, else production.",
        ),
        v("core", "MARISTAN_HOME", path, None, "Folder of var/ and .env; the checkout, else the working folder."),
        v("core", "MARISTAN_PORT", port, 8010, "Port of `make demo` on 127.0.0.1."),
        v(
            "core",
            "SECRET_KEY",
            text,
            None,
            "Signs sessions and links, encrypts kept secrets; at least 50 characters.",
            True,
        ),
        v("core", "SECRET_KEY_FALLBACKS", words, (), "Former keys that still verify and decrypt.", True),
        v("core", "DEBUG", boolean, False, "Development pages; refused in staging and production."),
        v("core", "ALLOWED_HOSTS", words, (), "Host names served."),
        v("core", "CSRF_TRUSTED_ORIGINS", words, (), "Origins trusted for forms; https of each allowed host."),
        v(
            "core",
            "SITE_URL",
            text,
            None,
            "Address in links that leave the system; http://127.0.0.1:<port> when unset.",
        ),
        v("core", "TIME_ZONE", zone, "UTC", "Zone of platform schedules; institutions have their own."),
        v(
            "core",
            "LANGUAGE_CODE",
            one_of("en", "ur"),
            "en",
            "Language of mail to people who chose none, where the institution has none.",
        ),
        v("core", "APP_VERSION", text, None, "Version shown; else VERSION, else the package's."),
        v("core", "VERSION", text, None, "Second source of the version shown."),
        v(
            "database",
            "DATABASE_URL",
            database_url,
            None,
            "postgresql://…; the embedded server without it.",
            True,
        ),
        v(
            "database",
            "DATABASE_OWNER_URL",
            database_url,
            None,
            "Login of the owner role; DATABASE_URL is then the runtime login.",
            True,
        ),
        v("database", "POSTGRES_DB", text, None, "Database name when DATABASE_URL is unset (alias DB_NAME)."),
        v("database", "POSTGRES_USER", text, None, "User when DATABASE_URL is unset (alias DB_USER)."),
        v(
            "database",
            "POSTGRES_PASSWORD",
            text,
            None,
            "Password when DATABASE_URL is unset (alias DB_PASSWORD).",
            True,
        ),
        v("database", "POSTGRES_HOST", text, "127.0.0.1", "Host when DATABASE_URL is unset (alias DB_HOST)."),
        v("database", "POSTGRES_PORT", port, 5432, "Port when DATABASE_URL is unset (alias DB_PORT)."),
        v("database", "DB_POOL_MIN_SIZE", integer(0, 100), 2, "Connections kept open by a web process."),
        v("database", "DB_POOL_MAX_SIZE", integer(1, 200), 10, "Most connections of a web process."),
        v(
            "database",
            "DB_STATEMENT_TIMEOUT_MS",
            integer(0, 3_600_000),
            30_000,
            "Longest statement of a web request, in milliseconds.",
        ),
        v("database", "ALLOW_EMBEDDED_DATABASE", boolean, False, "Permits the embedded server in production."),
        v("processes", "REDIS_URL", text, None, "Cache and throttle counters; local memory when unset.", True),
        v("processes", "CACHE_TIMEOUT", integer(0, 86_400), 300, "Lifetime of cached values, in seconds."),
        v(
            "processes",
            "WEB_BIND",
            text,
            None,
            "Address and port of the web process; 127.0.0.1:MARISTAN_PORT when unset.",
        ),
        v("processes", "WEB_WORKERS", integer(1, 64), 1, "Web processes."),
        v("processes", "WEB_THREADS", integer(1, 256), 8, "Threads of a web process."),
        v("processes", "WORKER_CONCURRENCY", integer(1, 64), 4, "Jobs a worker runs side by side."),
        v("processes", "WORKER_QUEUES", words, (), "Queues a worker serves; all when empty."),
        v(
            "mail",
            "EMAIL_HOST",
            text,
            None,
            "SMTP server; without it mail is printed in development and off elsewhere.",
        ),
        v("mail", "EMAIL_PORT", port, 587, "SMTP port."),
        v("mail", "EMAIL_USE_TLS", boolean, True, "STARTTLS; off when EMAIL_USE_SSL is on."),
        v("mail", "EMAIL_USE_SSL", boolean, False, "TLS from the first byte."),
        v("mail", "EMAIL_HOST_USER", text, "", "SMTP user."),
        v("mail", "EMAIL_HOST_PASSWORD", text, "", "SMTP password.", True),
        v("mail", "DEFAULT_FROM_EMAIL", text, "maristan@localhost", "Sender of mail."),
        v("files", "MEDIA_ROOT", path, Path("var/media"), "Folder of stored files."),
        v("files", "MAX_UPLOAD_SIZE", integer(1024, 1_073_741_824), 10_485_760, "Largest upload, in bytes."),
        v("security", "SECURE_SSL_REDIRECT", boolean, None, "Redirect to https; true outside development and test."),
        v(
            "security",
            "SESSION_COOKIE_SECURE",
            boolean,
            None,
            "Cookie over https only; true outside development and test.",
        ),
        v(
            "security",
            "CSRF_COOKIE_SECURE",
            boolean,
            None,
            "Cookie over https only; true outside development and test.",
        ),
        v("security", "SECURE_HSTS_SECONDS", integer(0, 63_072_000), 31_536_000, "HSTS, in seconds."),
        v(
            "security",
            "TRUSTED_PROXIES",
            networks,
            ("127.0.0.1/32", "::1/128"),
            "Networks whose forwarding headers count.",
        ),
        v("security", "WEBHOOKS_ALLOW_HTTP", boolean, False, "Lets webhooks go to http addresses, at any port."),
        v(
            "security",
            "WEBHOOKS_ALLOWED_PRIVATE_CIDRS",
            networks,
            (),
            "Private networks to which webhooks may go all the same.",
        ),
        v("security", "SESSION_COOKIE_AGE", integer(300, 2_592_000), 28_800, "Idle sign-out, in seconds."),
        v("security", "PASSWORD_MIN_LENGTH", integer(8, 128), 10, "Shortest password."),
        v("security", "MAX_LOGIN_ATTEMPTS", integer(1, 100), 5, "Failed sign-ins before a pause."),
        v("security", "LOCKOUT_MINUTES", integer(1, 1440), 30, "Length of that pause, in minutes."),
        v("limits", "TIMETABLE_SLOT_COUNT", integer(1, 40), 8, "Rows of a new week where the institution sets none."),
        v(
            "limits",
            "ATTENDANCE_THRESHOLD",
            percent,
            Decimal("75.0"),
            "Percentage needed for exams where an institution has no policy of its own; a new one starts with it.",
        ),
        v("limits", "ENABLE_LEGACY_MODULES", strict_boolean, False, "Serves the paths under /api/legacy/."),
        v("limits", "ALLOW_LEGACY_WRITES", strict_boolean, False, "Lets those paths write."),
        v("watching", "LOG_LEVEL", one_of("debug", "info", "warning", "error"), "info", "Least severe line logged."),
        v("watching", "LOG_FORMAT", one_of("json", "console"), "json", "Shape of log lines."),
        v(
            "demo",
            "DEMO_PASSWORD",
            text,
            None,
            "One password for all demonstration accounts; random ones when unset.",
            True,
        ),
    )


TABLE = _table()
ALIASES = {
    "POSTGRES_DB": "DB_NAME",
    "POSTGRES_USER": "DB_USER",
    "POSTGRES_PASSWORD": "DB_PASSWORD",
    "POSTGRES_HOST": "DB_HOST",
    "POSTGRES_PORT": "DB_PORT",
}


@dataclass(slots=True)
class Environment:
    """The values read, by name; which names were given; warnings about what has no effect here."""

    values: dict[str, Any] = field(default_factory=dict)
    given: set[str] = field(default_factory=set)
    warnings: list[str] = field(default_factory=list)

    def __getitem__(self, name: str) -> Any:
        return self.values[name]


def dotenv(file: Path) -> dict[str, str]:
    """The assignments of a `.env` file; empty when there is none."""
    found: dict[str, str] = {}
    if not file.is_file():
        return found
    for line in file.read_text(encoding="utf-8").splitlines():
        name, sign, value = line.partition("=")
        if sign and not name.strip().startswith("#"):
            found[name.strip().removeprefix("export ")] = value.strip().strip("\"'")
    return found


def spellings(variable: Variable) -> list[str]:
    """The names under which a variable is given: its own, its alias, and either with `_FILE` for a secret."""
    names = [variable.name, *([ALIASES[variable.name]] if variable.name in ALIASES else [])]
    return names + [f"{name}_FILE" for name in names if variable.secret]


def _raw(variable: Variable, source: Mapping[str, str], faults: list[str]) -> str:
    given = [name for name in spellings(variable) if source.get(name, "").strip()]
    files = [name for name in given if variable.secret and name.endswith("_FILE")]
    if files and len(given) > 1:
        faults.append(f"{variable.name}: set either {' or '.join(given)}, not both")
        return ""
    if not files:
        return source[given[0]].strip() if given else ""
    try:
        return re.sub(r"\r?\n\Z", "", Path(source[files[0]].strip()).read_text(encoding="utf-8"))
    except OSError as error:
        faults.append(f"{files[0]}: expected a readable file ({error.strerror})")
    except UnicodeDecodeError:
        faults.append(f"{files[0]}: expected a file of UTF-8 text")
    return ""


def _known_names() -> set[str]:
    return {name for variable in TABLE for name in spellings(variable)} | WORDS_OF_PROCESSES


def _strange(source: Mapping[str, str], environment: Environment, faults: list[str]) -> None:
    known = _known_names()
    for name in sorted(source):
        if WITHOUT_EFFECT.match(name):
            environment.warnings.append(f"{name}: has no effect here")
        elif name.startswith(OWN_PREFIXES) and name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            faults.append(f"{name}: unknown name" + (f"; did you mean {near[0]}?" if near else ""))


def _contradictions(environment: Environment) -> list[str]:
    found, given = [], environment.given
    if "DATABASE_URL" not in given and len(given & {"POSTGRES_DB", "POSTGRES_USER"}) == 1:
        missing = "POSTGRES_USER" if "POSTGRES_DB" in given else "POSTGRES_DB"
        found.append(f"{missing}: expected together with the other POSTGRES_ variables")
    if environment["DB_POOL_MIN_SIZE"] > environment["DB_POOL_MAX_SIZE"]:
        found.append("DB_POOL_MIN_SIZE: expected at most DB_POOL_MAX_SIZE")
    if environment["EMAIL_USE_SSL"] and "EMAIL_USE_TLS" in given and environment["EMAIL_USE_TLS"]:
        found.append("EMAIL_USE_TLS: expected false together with EMAIL_USE_SSL")
    return found


def _disagreements(environment: Environment) -> list[str]:
    """DATABASE_URL wins over POSTGRES_*; say where they name something else."""
    if "DATABASE_URL" not in environment.given:
        return []
    split = urlsplit(environment["DATABASE_URL"])
    named = {
        "POSTGRES_HOST": parse_qs(split.query).get("host", [split.hostname])[-1],
        "POSTGRES_PORT": split.port or 5432,
        "POSTGRES_DB": unquote(split.path.lstrip("/")),
        "POSTGRES_USER": unquote(split.username or ""),
    }
    return [
        f"{name}: differs from DATABASE_URL, which is used"
        for name, value in named.items()
        if name in environment.given and environment[name] != value
    ]


def read(source: Mapping[str, str], faults: Iterable[str] = ()) -> Environment:
    """Read every variable of the table from `source`.

    Raises `EnvironmentFault` naming everything wrong at once, with `faults` found before; secrets' values are never
    part of it.
    """
    environment = Environment()
    found = list(faults)
    for variable in TABLE:
        environment.values[variable.name] = variable.default
        raw = _raw(variable, source, found)
        if raw:
            environment.given.add(variable.name)
            try:
                environment.values[variable.name] = variable.read(raw)
            except ValueError as error:
                found.append(f"{variable.name}: expected {error}")
    _strange(source, environment, found)
    found.extend(_contradictions(environment))
    if source.get("MARISTAN_CHECK") != "1":  # `maristan check` shows them with numbers and hints instead
        unread = {line.partition(":")[0] for line in found}
        weak = deployment.weaknesses(environment.values)
        found.extend(f"{each.name}: {each.fault}" for each in weak if each.name not in unread)
    if found:
        raise EnvironmentFault(found)
    environment.warnings.extend(_disagreements(environment))
    return environment


def home() -> Path:
    """MARISTAN_HOME, else the checkout this package stands in, else the working folder."""
    named = os.environ.get("MARISTAN_HOME", "").strip()
    if named:
        return Path(named).expanduser().resolve()
    checkout = Path(__file__).resolve().parents[3]
    return checkout if (checkout / "pyproject.toml").is_file() else Path.cwd()


def load() -> Environment:
    """The environment of this process; `.env` in MARISTAN_HOME never overrides the real one, empty counts as unset."""
    faults = []
    real = {name: value for name, value in os.environ.items() if value.strip()}
    try:
        written = dotenv(home() / ".env")
    except UnicodeDecodeError:
        written = {}
        faults.append(".env: expected UTF-8 text")
    for variable in TABLE:
        if any(name in real for name in spellings(variable)):
            written = {name: value for name, value in written.items() if name not in spellings(variable)}
    environment = read({**written, **real}, faults)
    environment.values["MARISTAN_HOME"] = home()
    return environment

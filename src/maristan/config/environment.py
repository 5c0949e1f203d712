"""Every environment variable in one typed table; all faults are reported at once, and never a secret's value."""

import difflib
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off"}
OWN_PREFIXES = ("MARISTAN_", "BACKUP_", "THROTTLE_", "ALERT_")
WITHOUT_EFFECT = re.compile(r"^(CELERY_.*|RQ_.*|CACHE_BACKEND|SESSION_ENGINE|DB_ENGINE)$")
RATE = re.compile(r"^\d+/(sec|min|minute|hour|day)$")
WORDS_OF_PROCESSES = {"MARISTAN_DB_OWNER", "MARISTAN_DB_POOL"}


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


def rate(value: str) -> str:
    """`<n>/sec|min|minute|hour|day`."""
    if not RATE.fullmatch(value):
        raise ValueError("<n>/sec, /min, /minute, /hour or /day")
    return value


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
    return Path(value).expanduser()


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
        v("core", "SECRET_KEY", text, None, "Signs sessions and links; at least 50 characters.", True),
        v("core", "SECRET_KEY_FALLBACKS", words, (), "Former keys that still verify.", True),
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
        v("core", "TIME_ZONE", text, "UTC", "Zone of platform schedules; institutions have their own."),
        v("core", "LANGUAGE_CODE", one_of("en", "ur"), "en", "Language of mail to people who chose none."),
        v("core", "APP_VERSION", text, None, "Version shown; else VERSION, else the package's."),
        v("core", "VERSION", text, None, "Second source of the version shown."),
        v("database", "DATABASE_URL", text, None, "postgresql://… ; without it the embedded server is used.", True),
        v(
            "database",
            "DATABASE_OWNER_URL",
            text,
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
        v("mail", "EMAIL_USE_TLS", boolean, True, "STARTTLS."),
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
            words,
            ("127.0.0.1/32", "::1/128"),
            "Networks whose forwarding headers count.",
        ),
        v("security", "SESSION_COOKIE_AGE", integer(300, 2_592_000), 28_800, "Idle sign-out, in seconds."),
        v("security", "PASSWORD_MIN_LENGTH", integer(8, 128), 10, "Shortest password."),
        v("security", "MAX_LOGIN_ATTEMPTS", integer(1, 100), 5, "Failed sign-ins before a pause."),
        v("security", "LOCKOUT_MINUTES", integer(1, 1440), 30, "Length of that pause, in minutes."),
        v("limits", "TIMETABLE_SLOT_COUNT", integer(1, 40), 8, "Rows of a new week where the institution sets none."),
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
    """The values read, by name, with warnings about names that have no effect here."""

    values: dict[str, Any] = field(default_factory=dict)
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


def _raw(variable: Variable, source: Mapping[str, str], faults: list[str]) -> str:
    value = source.get(variable.name, "").strip()
    if not value and variable.name in ALIASES:
        value = source.get(ALIASES[variable.name], "").strip()
    pointed = source.get(variable.name + "_FILE", "").strip() if variable.secret else ""
    if not pointed:
        return value
    if value:
        faults.append(f"{variable.name}: set either {variable.name} or {variable.name}_FILE, not both")
        return ""
    try:
        return re.sub(r"\r?\n\Z", "", Path(pointed).read_text(encoding="utf-8"))
    except OSError as error:
        faults.append(f"{variable.name}_FILE: expected a readable file ({error.strerror})")
        return ""


def _known_names() -> set[str]:
    names = {variable.name for variable in TABLE} | set(ALIASES.values()) | WORDS_OF_PROCESSES
    return names | {variable.name + "_FILE" for variable in TABLE if variable.secret}


def _strange(source: Mapping[str, str], environment: Environment, faults: list[str]) -> None:
    known = _known_names()
    for name in sorted(source):
        if WITHOUT_EFFECT.match(name):
            environment.warnings.append(f"{name}: has no effect here")
        elif name.startswith(OWN_PREFIXES) and name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            faults.append(f"{name}: unknown name" + (f"; did you mean {near[0]}?" if near else ""))


def read(source: Mapping[str, str]) -> Environment:
    """Read every variable of the table from `source`.

    Raises `EnvironmentFault` naming everything wrong at once; secrets' values are never part of it.
    """
    environment = Environment()
    faults: list[str] = []
    for variable in TABLE:
        raw = _raw(variable, source, faults)
        try:
            environment.values[variable.name] = variable.read(raw) if raw else variable.default
        except ValueError as error:
            faults.append(f"{variable.name}: expected {error}")
            environment.values[variable.name] = variable.default
    _strange(source, environment, faults)
    if faults:
        raise EnvironmentFault(faults)
    return environment


def home() -> Path:
    """MARISTAN_HOME, else the checkout this package stands in, else the working folder."""
    named = os.environ.get("MARISTAN_HOME", "").strip()
    if named:
        return Path(named).expanduser().resolve()
    checkout = Path(__file__).resolve().parents[3]
    return checkout if (checkout / "pyproject.toml").is_file() else Path.cwd()


def load() -> Environment:
    """The environment of this process; `.env` in MARISTAN_HOME never overrides the real one."""
    source = {**dotenv(home() / ".env"), **os.environ}
    environment = read(source)
    environment.values["MARISTAN_HOME"] = home()
    return environment

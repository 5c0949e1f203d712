"""Every environment variable: how it is read, what it is without one, and what it is for."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from maristan.config.readers import (
    boolean,
    database_url,
    file_word,
    integer,
    networks,
    one_of,
    path,
    percent,
    rate,
    sources,
    strict_boolean,
    text,
    words,
    zone,
)


@dataclass(frozen=True, slots=True)
class Variable:
    """One environment variable: how it is read, what it is without one, and what it is for."""

    name: str
    read: Callable[[str], Any]
    default: Any
    note: str
    group: str
    secret: bool = False


PORT = integer(1, 65535)
Row = tuple[str, Callable[[str], Any], Any, str]


def _group(name: str, *rows: Row, secrets: str = "") -> tuple[Variable, ...]:
    """The variables of a group; those named in `secrets` are never shown and may come from a file."""
    hidden = set(secrets.split())
    return tuple(Variable(each[0], each[1], each[2], each[3], name, each[0] in hidden) for each in rows)


CORE = _group(
    "core",
    (
        "MARISTAN_ENV",
        one_of("development", "test", "staging", "production"),
        None,
        "Kind of installation; development when DEBUG is true, else production.",
    ),
    ("MARISTAN_HOME", path, None, "Folder of var/ and .env; the checkout, else the working folder."),
    ("MARISTAN_PORT", PORT, 8010, "Port of `make demo` on 127.0.0.1."),
    ("SECRET_KEY", text, None, "Signs sessions and links, encrypts kept secrets; at least 50 characters."),
    ("SECRET_KEY_FALLBACKS", words, (), "Former keys that still verify and decrypt."),
    ("DEBUG", boolean, False, "Development pages; refused in staging and production."),
    ("ALLOWED_HOSTS", words, (), "Host names served."),
    ("CSRF_TRUSTED_ORIGINS", words, (), "Origins trusted for forms; https of each allowed host."),
    ("SITE_URL", text, None, "Address in links that leave the system; http://127.0.0.1:<port> when unset."),
    ("TIME_ZONE", zone, "UTC", "Zone of platform schedules; institutions have their own."),
    (
        "LANGUAGE_CODE",
        one_of("en", "ur"),
        "en",
        "Language of mail to people who chose none, where the institution has none.",
    ),
    ("APP_VERSION", text, None, "Version shown; else VERSION, else the package's."),
    ("VERSION", text, None, "Second source of the version shown."),
    secrets="SECRET_KEY SECRET_KEY_FALLBACKS",
)
DATABASE = _group(
    "database",
    ("DATABASE_URL", database_url, None, "postgresql://…; the embedded server without it."),
    ("DATABASE_OWNER_URL", database_url, None, "Login of the owner role; DATABASE_URL is then the runtime login."),
    ("POSTGRES_DB", text, None, "Database name when DATABASE_URL is unset (alias DB_NAME)."),
    ("POSTGRES_USER", text, None, "User when DATABASE_URL is unset (alias DB_USER)."),
    ("POSTGRES_PASSWORD", text, None, "Password when DATABASE_URL is unset (alias DB_PASSWORD)."),
    ("POSTGRES_HOST", text, "127.0.0.1", "Host when DATABASE_URL is unset (alias DB_HOST)."),
    ("POSTGRES_PORT", PORT, 5432, "Port when DATABASE_URL is unset (alias DB_PORT)."),
    ("DB_POOL_MIN_SIZE", integer(0, 100), 2, "Connections kept open by a web process."),
    ("DB_POOL_MAX_SIZE", integer(1, 200), 10, "Most connections of a web process."),
    ("DB_STATEMENT_TIMEOUT_MS", integer(0, 3600000), 30000, "Longest statement of a web request, in milliseconds."),
    ("ALLOW_EMBEDDED_DATABASE", boolean, False, "Permits the embedded server in production."),
    ("PG_BIN_DIR", path, None, "Folder of PostgreSQL's client programs; else those of the path or the wheel."),
    secrets="DATABASE_URL DATABASE_OWNER_URL POSTGRES_PASSWORD",
)
PROCESSES = _group(
    "processes",
    ("REDIS_URL", text, None, "Cache and throttle counters; local memory when unset."),
    ("CACHE_TIMEOUT", integer(0, 86400), 300, "Lifetime of cached values, in seconds."),
    ("WEB_BIND", text, None, "Address and port of the web process; 127.0.0.1:MARISTAN_PORT when unset."),
    ("WEB_WORKERS", integer(1, 64), 1, "Web processes."),
    ("WEB_THREADS", integer(1, 256), 8, "Threads of a web process."),
    ("WORKER_CONCURRENCY", integer(1, 64), 4, "Jobs a worker runs side by side."),
    ("WORKER_QUEUES", words, (), "Queues a worker serves; all when empty."),
    secrets="REDIS_URL",
)
MAIL = _group(
    "mail",
    ("EMAIL_HOST", text, None, "SMTP server; without it mail is printed in development and off elsewhere."),
    ("EMAIL_PORT", PORT, 587, "SMTP port."),
    ("EMAIL_USE_TLS", boolean, True, "STARTTLS; off when EMAIL_USE_SSL is on."),
    ("EMAIL_USE_SSL", boolean, False, "TLS from the first byte."),
    ("EMAIL_HOST_USER", text, "", "SMTP user."),
    ("EMAIL_HOST_PASSWORD", text, "", "SMTP password."),
    ("DEFAULT_FROM_EMAIL", text, "maristan@localhost", "Sender of mail."),
    secrets="EMAIL_HOST_PASSWORD",
)
FILES = _group(
    "files",
    ("MEDIA_ROOT", path, Path("var/media"), "Folder of stored files."),
    ("MAX_UPLOAD_SIZE", integer(1024, 1073741824), 10485760, "Largest upload, in bytes."),
)
SECURITY = _group(
    "security",
    ("SECURE_SSL_REDIRECT", boolean, None, "Redirect to https; true outside development and test."),
    ("SESSION_COOKIE_SECURE", boolean, None, "Cookie over https only; true outside development and test."),
    ("CSRF_COOKIE_SECURE", boolean, None, "Cookie over https only; true outside development and test."),
    ("SECURE_HSTS_SECONDS", integer(0, 63072000), 31536000, "HSTS, in seconds."),
    ("SECURE_HSTS_INCLUDE_SUBDOMAINS", boolean, True, "HSTS for every name below the host too."),
    ("SECURE_HSTS_PRELOAD", boolean, False, "Permits the host in the lists that browsers ship."),
    (
        "SECURE_REFERRER_POLICY",
        one_of("same-origin", "no-referrer", "strict-origin", "strict-origin-when-cross-origin"),
        "same-origin",
        "What other sites are told about the page that a link was on.",
    ),
    ("CSP_SCRIPT_SRC", sources, (), "Sources of scripts besides the server itself."),
    ("CSP_STYLE_SRC", sources, (), "Sources of styles besides the server itself."),
    ("CSP_IMG_SRC", sources, (), "Sources of pictures besides the server itself."),
    ("CSP_FONT_SRC", sources, (), "Sources of fonts besides the server itself."),
    ("CSP_CONNECT_SRC", sources, (), "Addresses that the client may call besides the server itself."),
    ("TRUSTED_PROXIES", networks, ("127.0.0.1/32", "::1/128"), "Networks whose forwarding headers count."),
    ("WEBHOOKS_ALLOW_HTTP", boolean, False, "Lets webhooks go to http addresses, at any port."),
    ("WEBHOOKS_ALLOWED_PRIVATE_CIDRS", networks, (), "Private networks to which webhooks may go all the same."),
    ("SESSION_COOKIE_AGE", integer(300, 2592000), 28800, "Idle sign-out, in seconds."),
    ("PASSWORD_MIN_LENGTH", integer(8, 128), 10, "Shortest password."),
    ("MAX_LOGIN_ATTEMPTS", integer(1, 100), 5, "Failed sign-ins before a pause."),
    ("LOCKOUT_MINUTES", integer(1, 1440), 30, "Length of that pause, in minutes."),
    ("IMPERSONATION_MINUTES", integer(1, 60), 10, "How long somebody may act as another person."),
    ("SESSION_ABSOLUTE_AGE", integer(300, 2592000), 86400, "Longest session however busy, in seconds."),
    ("LOGIN_RATE_LIMIT", rate, rate("5/min"), "Sign-ins of an account from one address."),
    ("LOGIN_ADDRESS_RATE", rate, rate("300/min"), "Sign-ins from one address, which a whole hospital may share."),
)
LIMITS = _group(
    "limits",
    ("THROTTLE_ANON_RATE", rate, rate("100/hour"), "API requests of an address that nobody is signed in at."),
    ("THROTTLE_USER_RATE", rate, rate("1000/hour"), "API requests of an account."),
    ("THROTTLE_SEARCH_RATE", rate, rate("30/min"), "Searches over everything of an account."),
    ("TIMETABLE_SLOT_COUNT", integer(1, 40), 8, "Rows of a new week where the institution sets none."),
    (
        "ATTENDANCE_THRESHOLD",
        percent,
        Decimal("75.0"),
        "Percentage needed for exams where an institution has no policy of its own; a new one starts with it.",
    ),
    ("ENABLE_LEGACY_MODULES", strict_boolean, False, "Serves the paths under /api/legacy/."),
    ("ALLOW_LEGACY_WRITES", strict_boolean, False, "Lets those paths write."),
)
WATCHING = _group(
    "watching",
    ("LOG_LEVEL", one_of("debug", "info", "warning", "error"), "info", "Least severe line logged."),
    ("LOG_FORMAT", one_of("json", "console"), "json", "Shape of log lines."),
)
DEMO = _group(
    "demo",
    ("DEMO_PASSWORD", text, None, "One password for all demonstration accounts; random ones when unset."),
    secrets="DEMO_PASSWORD",
)
MAINTENANCE = _group(
    "maintenance",
    ("MAINTENANCE_MODE", boolean, False, "Full maintenance from the start of the process until it ends."),
    ("MAINTENANCE_FILE", path, Path("MAINTENANCE_MODE"), "File whose presence means maintenance on this host."),
    ("MAINTENANCE_MESSAGE", text, "", "What people read during MAINTENANCE_MODE."),
    ("MAINTENANCE_RETRY_AFTER", integer(30, 86_400), 600, "Seconds to wait where no end is announced."),
)
BACKUP = _group(
    "backup",
    ("BACKUP_DIR", path, Path("backups/db"), "Folder of backup sets."),
    ("BACKUP_PREFIX", file_word, None, "What the names of sets begin with; the name of the database when unset."),
    ("BACKUP_MEDIA", one_of("copy", "none"), "copy", "Whether stored files are in a set; `none` is the database only."),
    ("BACKUP_KEEP_DAILY", integer(1, 3650), 7, "Days of which the newest proven set stays."),
    ("BACKUP_KEEP_WEEKLY", integer(0, 520), 4, "Weeks of which the newest proven set stays."),
    ("BACKUP_KEEP_MONTHLY", integer(0, 120), 12, "Months of which the newest proven set stays."),
    ("RETENTION_DAYS", integer(1, 3650), None, "Keeps what is younger than these days, instead of the daily rule."),
)

TABLE = (
    *CORE, *DATABASE, *PROCESSES, *MAIL, *FILES, *SECURITY, *LIMITS, *MAINTENANCE, *BACKUP, *WATCHING, *DEMO,
)  # fmt: skip
ALIASES = {
    "POSTGRES_DB": "DB_NAME",
    "POSTGRES_USER": "DB_USER",
    "POSTGRES_PASSWORD": "DB_PASSWORD",
    "POSTGRES_HOST": "DB_HOST",
    "POSTGRES_PORT": "DB_PORT",
}

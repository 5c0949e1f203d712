"""Every environment variable: how it is read, what it is without one, and what it is for."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from maristan.config.readers import (
    addresses,
    age_identities,
    age_recipients,
    boolean,
    database_url,
    extensions,
    far_side,
    file_word,
    integer,
    listening,
    networks,
    one_of,
    origins,
    path,
    percent,
    rate,
    redis_url,
    schedule,
    some_of,
    sources,
    strict_boolean,
    text,
    words,
    zone,
)
from maristan.kernel.access import Role


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
COUNT = integer(0, 1_000_000)
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
    ("MARISTAN_PORT", PORT, 8010, "Port of the product on 127.0.0.1 where WEB_BIND says nothing."),
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
    (
        "DATABASE_URL",
        database_url,
        None,
        "postgresql://…; the owner, or a login whose name ends with _app; the embedded server without it.",
    ),
    ("DATABASE_OWNER_URL", database_url, None, "Login of the owner role; DATABASE_URL is then the runtime login."),
    (
        "DATABASE_DIRECT_URL",
        database_url,
        None,
        "Runtime login past a pooler by transaction, for what belongs to a session.",
    ),
    (
        "DATABASE_POOL",
        one_of("off", "transaction"),
        "off",
        "`transaction` where DATABASE_URL leads to such a pooler; needs the two other addresses.",
    ),
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
    secrets="DATABASE_URL DATABASE_OWNER_URL DATABASE_DIRECT_URL POSTGRES_PASSWORD",
)
PROCESSES = _group(
    "processes",
    ("REDIS_URL", redis_url, None, "Cache and throttle counters; local memory when unset."),
    ("CACHE_TIMEOUT", integer(0, 86400), 300, "Lifetime of cached values, in seconds."),
    ("WEB_BIND", listening, None, "Address and port of the web process; 127.0.0.1:MARISTAN_PORT when unset."),
    ("WEB_WORKERS", integer(1, 64), 1, "Web processes."),
    ("WEB_THREADS", integer(1, 256), 8, "Threads of a web process."),
    ("WORKER_CONCURRENCY", integer(1, 64), 4, "Jobs a worker runs side by side."),
    ("WORKER_QUEUES", words, (), "Queues a worker serves; all when empty."),
    ("GRACEFUL_TIMEOUT_S", integer(1, 600), 30, "Seconds that requests and jobs in hand have when a process ends."),
    secrets="REDIS_URL",
)
MAIL = _group(
    "mail",
    (
        "EMAIL_BACKEND",
        one_of("smtp", "console", "file", "off"),
        None,
        "How mail leaves: smtp where EMAIL_HOST is set, file (var/mail) in development, else off.",
    ),
    ("EMAIL_HOST", text, None, "SMTP server."),
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
    ("STORAGE_BACKEND", one_of("local", "s3"), "local", "Where stored files lie: in MEDIA_ROOT, or in a bucket."),
    ("MEDIA_ROOT", path, Path("var/media"), "Folder of stored files; beside it files are unpacked by a restore."),
    (
        "STATIC_ROOT",
        path,
        None,
        "Folder into which a deployment copies the built client, for a proxy that serves it; none when unset.",
    ),
    ("AWS_STORAGE_BUCKET_NAME", text, None, "The private bucket of stored files."),
    ("AWS_ACCESS_KEY_ID", text, None, "Key of the bucket; without it what boto3 finds of the host."),
    ("AWS_SECRET_ACCESS_KEY", text, None, "Secret of that key."),
    ("AWS_S3_REGION_NAME", text, None, "Region of the bucket."),
    ("AWS_S3_ENDPOINT_URL", text, None, "Address of an object store that is not Amazon's."),
    ("MAX_UPLOAD_SIZE", integer(1024, 1073741824), 10485760, "Largest upload, in bytes."),
    (
        "ALLOWED_UPLOAD_EXTENSIONS",
        extensions,
        (),
        "Endings that a file may have at all, as .pdf .jpg; each purpose takes fewer. Every one that a purpose takes "
        "when unset.",
    ),
    secrets="AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY",
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
    ("CORS_ALLOWED_ORIGINS", origins, (), "Origins whose pages may call the API, without anybody's cookies."),
    ("TRUSTED_PROXIES", networks, ("127.0.0.1/32", "::1/128"), "Networks whose forwarding headers count."),
    ("WEBHOOKS_ALLOW_HTTP", boolean, False, "Lets webhooks go to http addresses, at any port."),
    ("WEBHOOKS_ALLOWED_PRIVATE_CIDRS", networks, (), "Private networks to which webhooks may go all the same."),
    ("SESSION_COOKIE_AGE", integer(300, 2592000), 28800, "Idle sign-out, in seconds."),
    ("PASSWORD_MIN_LENGTH", integer(8, 128), 10, "Shortest password."),
    ("MAX_LOGIN_ATTEMPTS", integer(1, 100), 5, "Failed sign-ins before a pause."),
    ("LOCKOUT_MINUTES", integer(1, 1440), 30, "Length of that pause, in minutes."),
    (
        "MFA_REQUIRED_ROLES",
        some_of(*Role),
        None,
        "Roles that need a second factor before anything else; operator,admin outside development and test.",
    ),
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
    ("LOG_FORMAT", one_of("json", "console"), "json", "Shape of log lines on standard output; files hold JSON."),
    ("LOG_DIR", path, Path("var/logs"), "Folder of log files; set but empty: standard output alone."),
    ("LOG_RETENTION_DAYS", integer(1, 3650), 14, "Days for which log files are kept."),
    ("SENTRY_DSN", text, None, "Where faults are sent, without anybody's data; needs the package sentry-sdk."),
    ("METRICS_TOKEN", text, None, "Bearer token of whoever reads /metrics; without it only this host may."),
    ("SLOW_REQUEST_MS", integer(1, 600_000), 2000, "A request that takes longer is slow, in milliseconds."),
    ("SLOW_QUERY_MS", integer(1, 600_000), 500, "A statement that takes longer is slow and logged, in milliseconds."),
    secrets="METRICS_TOKEN SENTRY_DSN",
)
ALERTS = _group(
    "alerts",
    ("ALERT_EMAILS", addresses, (), "Whom alerts are mailed to besides the operators (alias ADMIN_EMAIL)."),
    ("ALERT_WEBHOOK_URL", text, None, "Address to which alerts are posted as JSON, guarded as webhooks are."),
    ("ALERT_HTTP_5XX", COUNT, 10, "Answers of 5xx in a minute, all processes together."),
    ("ALERT_HTTP_404", COUNT, 100, "Answers of 404 in a minute, all processes together."),
    (
        "ALERT_RESPONSE_SLOW",
        percent,
        Decimal("5.0"),
        "Percent of requests of 5 minutes above SLOW_REQUEST_MS; 5 is p95.",
    ),
    ("ALERT_RESPONSE_LEAST", COUNT, 20, "Requests of 5 minutes without which that is not judged."),
    ("ALERT_QUERY_SLOW", COUNT, 5, "Statements of 5 minutes above SLOW_QUERY_MS, from which on they are too many."),
    ("ALERT_CPU", percent, Decimal("80.0"), "Percent of the processors, in each of 5 minutes."),
    ("ALERT_MEMORY", percent, Decimal("90.0"), "Percent of memory, in each of 2 minutes."),
    ("ALERT_DISK", percent, Decimal("85.0"), "Percent of a volume."),
    ("ALERT_DISK_FULL", percent, Decimal("95.0"), "Percent of a volume that is critical."),
    ("ALERT_QUEUE_DELAY", COUNT, 300, "Seconds that the oldest due job waits."),
    ("ALERT_JOBS_FAILED", COUNT, 5, "Jobs that failed within 15 minutes."),
    ("ALERT_PERIODIC_OVERDUE", COUNT, 5, "Minutes that a job by schedule is later than two of its intervals."),
    ("ALERT_BACKUP_MISSING", COUNT, 26, "Hours since the newest proven set was made."),
    ("ALERT_DRILL_MISSING", COUNT, 8, "Days since the newest drill that passed."),
    ("ALERT_OFFSITE_MISSING", COUNT, 26, "Hours since the newest copy off this host."),
    ("ALERT_MAINTENANCE_LONG", COUNT, 60, "Minutes of maintenance."),
    ("ALERT_CERTIFICATE_EXPIRING", COUNT, 21, "Days that the certificate has to hold."),
    ("ALERT_DB_CONNECTIONS", percent, Decimal("80.0"), "Percent of the connections that the database takes."),
    ("ALERT_LOCKOUTS", COUNT, 20, "Accounts locked out within an hour."),
    secrets="ALERT_WEBHOOK_URL",
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
    (
        "BACKUP_MEDIA",
        one_of("copy", "reference", "none"),
        "copy",
        "How stored files are in a set: in it, by their versions in a bucket that keeps them, or not at all.",
    ),
    ("BACKUP_SCHEDULE", schedule, "02:00", "When a backup is made, wall time of TIME_ZONE; or off."),
    ("DRILL_SCHEDULE", schedule, "sun 03:30", "When a set is restored for practice, wall time of TIME_ZONE; or off."),
    ("BACKUP_KEEP_DAILY", integer(1, 3650), 7, "Days of which the newest proven set stays."),
    ("BACKUP_KEEP_WEEKLY", integer(0, 520), 4, "Weeks of which the newest proven set stays."),
    ("BACKUP_KEEP_MONTHLY", integer(0, 120), 12, "Months of which the newest proven set stays."),
    ("RESTORE_KEEP_OLD_DAYS", integer(1, 3650), 7, "Days for which a restore's former database and files stay."),
    ("RETENTION_DAYS", integer(1, 3650), None, "Keeps what is younger than these days, instead of the daily rule."),
    (
        "BACKUP_AGE_RECIPIENTS",
        age_recipients,
        (),
        "Public keys (age1…) for which sets are encrypted; not without one.",
    ),
    ("BACKUP_AGE_IDENTITY", age_identities, (), "Secret key that opens encrypted sets, as age-keygen writes it."),
    (
        "BACKUP_OFFSITE_URL",
        far_side,
        None,
        "Where proven sets are copied to: file:///mount, rsync://user@host/path or s3://bucket/prefix.",
    ),
    secrets="BACKUP_AGE_IDENTITY",
)
DEPLOY = _group(
    "deploy",
    (
        "DEPLOY_TARGET",
        one_of("process", "systemd", "compose", "kubernetes"),
        "process",
        "What starts and stops processes.",
    ),
    (
        "MARISTAN_CONTAINER",
        boolean,
        None,
        "Whether this is a container, which may listen on all its interfaces; looked for when unset.",
    ),
    ("DEPLOY_HOOKS_DIR", path, Path("deploy/hooks"), "Folder of the hooks of each target."),
    ("MIGRATE_LOCK_TIMEOUT_MS", integer(100, 600_000), 5000, "How long a migration waits for a lock, in milliseconds."),
    ("MIGRATE_STATEMENT_TIMEOUT_S", integer(1, 86_400), 900, "Longest statement of a migration, in seconds."),
)

TABLE = (
    *CORE, *DATABASE, *PROCESSES, *MAIL, *FILES, *SECURITY, *LIMITS, *MAINTENANCE, *BACKUP, *DEPLOY, *WATCHING,
    *ALERTS, *DEMO,
)  # fmt: skip
ALIASES = {
    "POSTGRES_DB": "DB_NAME",
    "POSTGRES_USER": "DB_USER",
    "POSTGRES_PASSWORD": "DB_PASSWORD",
    "POSTGRES_HOST": "DB_HOST",
    "POSTGRES_PORT": "DB_PORT",
    "ALERT_EMAILS": "ADMIN_EMAIL",
    "MFA_REQUIRED_ROLES": "TWO_FACTOR_REQUIRED_ROLES",
}

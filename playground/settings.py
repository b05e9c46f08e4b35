"""Every environment variable is read here, and nowhere else.

A wrong value stops the start with one sentence that names the variable. The README and
`.env.example` list them all; a test compares the three.
"""

from __future__ import annotations

import re
import secrets
import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
if (BASE_DIR / ".env").is_file():
    env.read_env(BASE_DIR / ".env")


def _choice(name: str, default: str, choices: tuple[str, ...]) -> str:
    value: str = env.str(name, default).strip()
    if value not in choices:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(choices)}, not {value!r}.")
    return value


def _whole_number(name: str, default: int, *, least: int, most: int) -> int:
    text = env.str(name, str(default)).strip()
    if not re.fullmatch(r"[0-9]{1,9}", text) or not least <= int(text) <= most:
        raise ImproperlyConfigured(
            f"{name} must be a whole number from {least} to {most}, not {text!r}."
        )
    return int(text)


def _decimal(name: str, default: float, *, least: float, most: float) -> float:
    text = env.str(name, str(default)).strip()
    if not re.fullmatch(r"[0-9]+(\.[0-9]+)?", text) or not least <= float(text) <= most:
        raise ImproperlyConfigured(f"{name} must be a number from {least} to {most}, not {text!r}.")
    return float(text)


def _web_address(name: str) -> str:
    """An http or https address without user, query or fragment; empty when unset."""
    text: str = env.str(name, "").strip().rstrip("/")
    if not text:
        return ""
    try:
        parts = urlsplit(text)
        is_plain = bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_plain = False
    if not is_plain or parts.scheme not in ("http", "https") or "@" in parts.netloc:
        raise ImproperlyConfigured(
            f"{name} must be a web address such as https://api.example.com/v3, not {text!r}."
        )
    if parts.query or parts.fragment:
        raise ImproperlyConfigured(f"{name} must not carry a query or a fragment: {text!r}.")
    return text


def _secret(name: str, default: str = "") -> str:
    """A value that goes into an HTTP header. The message never repeats it."""
    value: str = env.str(name, default).strip()
    if not re.fullmatch(r"[\x21-\x7e]{0,512}", value):
        raise ImproperlyConfigured(
            f"{name} must be at most 512 printable ASCII characters without spaces."
        )
    return value


def _names(name: str, default: list[str]) -> list[str]:
    return [item for item in env.str(name, ",".join(default)).replace(",", " ").split() if item]


def _secret_key(data_dir: Path) -> str:
    """`SECRET_KEY`, or one that is made once and kept beside the data."""
    value: str = env.str("SECRET_KEY", "")
    if value:
        if len(value) < 50:
            raise ImproperlyConfigured("SECRET_KEY must have at least 50 characters.")
        return value
    path = data_dir / "secret_key"
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        try:
            with path.open("x", encoding="ascii") as file:
                path.chmod(0o600)
                file.write(secrets.token_urlsafe(64))
        except FileExistsError:
            pass  # Another process made it between the two lines.
    return path.read_text(encoding="ascii")


def _database(data_dir: Path) -> dict[str, Any]:
    try:
        config: dict[str, Any] = env.db_url(
            "DATABASE_URL", f"sqlite:///{data_dir}/playground.sqlite3"
        )
    except (ValueError, ImproperlyConfigured) as error:
        raise ImproperlyConfigured("DATABASE_URL cannot be read as a database address.") from error
    engine = config.get("ENGINE", "")
    if engine.endswith("sqlite3"):
        # Reasons and figures: WAL lets pages read while a launch is written; FULL because a
        # launch's row must be on disk before its call leaves; IMMEDIATE because deferred
        # transactions fail when two of them turn from reading to writing.
        config["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
            ),
        }
        Path(config["NAME"]).parent.mkdir(parents=True, exist_ok=True)
    elif not engine.endswith("postgresql"):
        raise ImproperlyConfigured("DATABASE_URL must begin with sqlite:/// or postgres://.")
    # Opening a connection for each request costs more than the preview itself.
    config["CONN_MAX_AGE"] = None
    config["CONN_HEALTH_CHECKS"] = engine.endswith("postgresql")
    return config


# Where the data lives
DATA_DIR = Path(env.str("DATA_DIR", str(BASE_DIR / ".data"))).resolve()
DATABASES = {"default": _database(DATA_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SQLITE_HAS_WAL_FIX = sqlite3.sqlite_version_info >= (3, 51, 3)

# Who may come, and how
SECRET_KEY = _secret_key(DATA_DIR)
DEBUG = False
SIGN_IN = _choice("PLAYGROUND_SIGN_IN", "password", ("local", "password"))
ALLOWED_HOSTS = _names("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = _names("CSRF_TRUSTED_ORIGINS", [])
if any(not origin.startswith(("http://", "https://")) for origin in CSRF_TRUSTED_ORIGINS):
    raise ImproperlyConfigured(
        "CSRF_TRUSTED_ORIGINS must be addresses such as https://playground.example.com."
    )
BEHIND_TLS = _choice("PLAYGROUND_TLS", "off", ("on", "off")) == "on"

# The upstream: the hosted API, or the sandbox that ships inside
SANDBOX_API_KEY = _secret("SANDBOX_API_KEY", "5a9d" * 16)
SANDBOX_PROJECT_ID = _secret("SANDBOX_PROJECT_ID", "5a9db0c0-0000-4000-8000-000000000001")
SANDBOX_SPEED = _decimal("SANDBOX_SPEED", 1, least=0.01, most=100_000)
SANDBOX_PLAN_LIMIT = _whole_number("SANDBOX_PLAN_LIMIT", 100, least=0, most=100_000_000)
UPSTREAM_URL = _web_address("UPSTREAM_URL")
UPSTREAM_IS_SANDBOX = not UPSTREAM_URL
if UPSTREAM_IS_SANDBOX:
    # The host is never looked up: the transport answers in process.
    UPSTREAM_URL = "http://sandbox.invalid/sandbox/v3"
    UPSTREAM_API_KEY = SANDBOX_API_KEY
    UPSTREAM_PROJECT_ID = SANDBOX_PROJECT_ID
    UPSTREAM_TRANSPORT = "playground.sandbox.transport.make_transport"
else:
    UPSTREAM_API_KEY = _secret("UPSTREAM_API_KEY")
    UPSTREAM_PROJECT_ID = _secret("UPSTREAM_PROJECT_ID")
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
    # First, so that refusals of all that follows carry their headers too.
    "playground.web.middleware.SecurityHeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "playground.web.middleware.LocalSignInMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "playground.web.middleware.RefusalMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "playground.web.contexts.page_context",
            ],
        },
    }
]
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
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
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{kind}"}
    for kind in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
# A page with 500 rows of ten keys, and their kinds, is a form of about 10,000 fields.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 12_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600

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
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
if BEHIND_TLS:
    SECURE_SSL_REDIRECT = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

# httpx writes whole addresses into its INFO lines.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "httpx": {"level": "WARNING"},
        "httpcore": {"level": "WARNING"},
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
    },
}

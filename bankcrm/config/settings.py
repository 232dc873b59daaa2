"""Django's settings. They can be imported without a database and without a home: both may be made later.

What differs between banks comes from the environment (BANKCRM_…, see docs/operations.md) and from the home's secrets.
"""

import os
import secrets
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from bankcrm.core.home import AUDIT_KEY, DJANGO_KEY, Home, default_root, read_secrets
from bankcrm.core.logs import formatter as log_formatter
from bankcrm.core.postgres import PostgresError, connection_info
from bankcrm.core.postgres.roles import database_name, password_key

PACKAGE = Path(__file__).resolve().parent.parent
BASE_DIR = PACKAGE.parent


def flag(name: str) -> bool:
    """An on/off setting of the environment; off unless said."""
    return os.environ.get(name, "").strip().lower() in {"1", "true", "yes", "on"}


# The home ------------------------------------------------------------------------------------------------------------

BANKCRM_HOME = default_root()
_home = Home(BANKCRM_HOME)
_secrets = read_secrets(_home)
LAKE_ROOT = _home.lake
INBOX_ROOT = _home.inbox
FILES_ROOT = _home.files
# "process": heavy queries go to the query process that `bankcrm serve` runs; "inline": they run where they are asked.
LAKE_QUERY = os.environ.get("BANKCRM_LAKE_QUERY", "inline")
LAKE_SOCKET = _home.run / "lake.sock"
# A home that is not made yet has no keys; whatever is signed with these lasts as long as this process.
SECRET_KEY = _secrets.get(DJANGO_KEY) or secrets.token_urlsafe(48)
AUDIT_SIGNING_KEY = _secrets.get(AUDIT_KEY) or secrets.token_urlsafe(32)

# What runs -----------------------------------------------------------------------------------------------------------

DEBUG = flag("BANKCRM_DEBUG")
HTTPS = flag("BANKCRM_HTTPS")
# A proxy in front names the browser's address in X-Forwarded-For; without one that header is anybody's word.
BANKCRM_BEHIND_PROXY = HTTPS or flag("BANKCRM_BEHIND_PROXY")
ALLOWED_HOSTS = os.environ.get("BANKCRM_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [value for value in os.environ.get("BANKCRM_TRUSTED_ORIGINS", "").split(",") if value]

INSTALLED_APPS = [
    "bankcrm.demo",
    "bankcrm.workbench",
    "bankcrm.insights",
    "bankcrm.alerts",
    "bankcrm.webhooks",
    "bankcrm.privacy",
    "bankcrm.segments",
    "bankcrm.valuation",
    "bankcrm.identity",
    "bankcrm.feeds",
    "bankcrm.witness",
    "bankcrm.customers",
    "bankcrm.products",
    "bankcrm.system",
    "bankcrm.org",
    "bankcrm.core",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",  # its widgets' templates, which apps may put their own beside
    "procrastinate.contrib.django",
    "pgtrigger",
    "pghistory",
    "axes",
]

MIDDLEWARE = [
    "bankcrm.core.middleware.RequestContextMiddleware",
    "bankcrm.core.middleware.SecurityHeadersMiddleware",
    "bankcrm.system.operations.probes.ProbesMiddleware",
    "bankcrm.system.usage.counting.UsageMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "bankcrm.config.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "bankcrm.org.middleware.TokenMiddleware",
    "bankcrm.org.middleware.SessionPolicyMiddleware",
    "bankcrm.org.middleware.ScopeMiddleware",
    "axes.middleware.AxesMiddleware",
    "bankcrm.customers.views.verification.VerificationMiddleware",
]

ROOT_URLCONF = "bankcrm.config.urls"
WSGI_APPLICATION = "bankcrm.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "bankcrm.workbench.context_processors.frame",
            ],
        },
    },
]

# The database --------------------------------------------------------------------------------------------------------

DATABASE_ROLE = os.environ.get("BANKCRM_DB_ROLE", "web")


def database(role: str) -> dict[str, Any]:
    """Django's entry for the home's database, seen as `role`; without addresses when the home is not made yet."""
    entry: dict[str, Any] = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": database_name(),
        "ATOMIC_REQUESTS": False,  # ScopeMiddleware opens the transaction, since the scope lives in it
        "CONN_MAX_AGE": 300,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"application_name": f"bankcrm {role}"},
    }
    if password_key(role) not in _secrets:
        return entry
    try:
        info = connection_info(BANKCRM_HOME, role)
    except PostgresError:  # no PostgreSQL on this machine: `bankcrm doctor` says what to do
        return entry
    entry |= {"NAME": info.dbname, "USER": info.user, "PASSWORD": info.password, "HOST": info.host, "PORT": info.port}
    entry["OPTIONS"] |= dict(info.options)
    return entry


DATABASES = {"default": database(DATABASE_ROLE)}

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

# Language and time ---------------------------------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LANGUAGE_COOKIE_NAME = "bankcrm_language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = HTTPS
TIME_ZONE = os.environ.get("BANKCRM_TIME_ZONE", "Asia/Shanghai")
USE_TZ = True
USE_I18N = True
USE_THOUSAND_SEPARATOR = False  # amounts are formatted by bankcrm.core; ids must stay plain

# Login and sessions --------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "org.User"
LOGIN_URL = "org:login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "org:login"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "bankcrm.org.outer.directory.DirectoryBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["username", "name", "name_en", "email", "mobile"]},
    },
    {"NAME": "bankcrm.org.passwords.LengthValidator"},
    {"NAME": "bankcrm.org.passwords.OtherThanBeforeValidator"},
    {"NAME": "bankcrm.org.passwords.GuessableValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
AXES_FAILURE_LIMIT = "bankcrm.org.lockout.failure_limit"  # parameters of the bank
AXES_COOLOFF_TIME = "bankcrm.org.lockout.cooloff"
AXES_LOCKOUT_CALLABLE = "bankcrm.org.lockout.locked"
AXES_ENABLE_ADMIN = False
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False

# With TLS the browser itself sees to it that no other host of the bank sets these (the prefix __Host-).
_ONLY_THIS_HOST = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = f"{_ONLY_THIS_HOST}bankcrm_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_NAME = f"{_ONLY_THIS_HOST}bankcrm_csrf"
CSRF_COOKIE_HTTPONLY = True  # pages hand the token to htmx in a header of their own
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_SECURE = HTTPS
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Security headers ----------------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "default-src": ["'self'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "object-src": ["'none'"],
    "base-uri": ["'none'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None

# Files and logs ------------------------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = BANKCRM_HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(FILES_ROOT)}},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000  # bulk work sends an id for each selected row
FILE_UPLOAD_PERMISSIONS = 0o600
UPLOAD_CAP = 64 << 20  # above the highest value of `customers.files.max_mb`: so much of a file reaches the disk at most
FILE_UPLOAD_HANDLERS = ["bankcrm.core.uploads.CappedUploadHandler"]

# Who may read /metrics and the details of /readyz: networks with commas, or whoever shows the token.
METRICS_NETWORKS = [one for one in os.environ.get("BANKCRM_METRICS_NETWORKS", "127.0.0.0/8,::1/128").split(",") if one]
METRICS_FOLDER = os.environ.get("PROMETHEUS_MULTIPROC_DIR", "")  # where the processes of `serve` count together
METRICS_TOKEN = os.environ.get("BANKCRM_METRICS_TOKEN", "")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": log_formatter()}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("BANKCRM_LOG_LEVEL", "INFO")},
    "loggers": {
        "django.server": {"level": "WARNING"},
        "axes": {"level": "WARNING"},
        "procrastinate": {"level": "WARNING"},
    },
}

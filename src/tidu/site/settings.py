"""Django settings. Every choice of a deployment comes from the environment; ``docs/settings.md`` lists them.

The safe side is the default: without ``TIDU_HTTPS=false`` the site expects TLS, whoever starts it. ``tidu serve`` sets
that for the machine it runs on.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF

from tidu.accounts.session_limits import Limits
from tidu.policy.data_folder import data_folder, incoming_folder
from tidu.site.field_keys import field_keys
from tidu.site.secret_key import stored_secret_key

env = environ.Env()
DATA = data_folder()

# ── Mode ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
DEBUG: bool = env.bool("TIDU_DEBUG", default=False)
HTTPS: bool = env.bool("TIDU_HTTPS", default=not DEBUG)
STYLEGUIDE: bool = DEBUG  # /styleguide/ shows every component
SECRET_KEY: str = env.str("TIDU_SECRET_KEY", default="") or stored_secret_key(DATA)
SECRET_KEY_FALLBACKS: list[str] = env.list("TIDU_OLD_SECRET_KEYS", default=[])
# Keys of encrypted fields, the newest first, as pairs of name and hexadecimal key. Never kept in the database.
FIELD_KEYS: list[tuple[str, str]] = field_keys(env.str("TIDU_FIELD_KEYS", default=""), DATA)
FIELD_KEY_FILE: Path | None = None if env.str("TIDU_FIELD_KEYS", default="") else DATA / "field_keys"
ALLOWED_HOSTS: list[str] = env.list("TIDU_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("TIDU_ORIGINS", default=[])

# ── Applications ─────────────────────────────────────────────────────────────────────────────────────────────────────
INSTALLED_APPS = [
    "tidu.accounts",  # before allauth, whose templates it replaces
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    # The plain configurations: in automatic mode each of these two rewrites the loaders of the other, and components
    # then render as nothing. TEMPLATES below sets both by hand.
    "django_cotton.apps.SimpleAppConfig",
    "template_partials.apps.SimpleAppConfig",
    "django_htmx",
    "csp",
    "ninja",  # its documentation page uses local files only while it is an installed app
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
    "django_tasks_db",
    "tidu.core",
    "tidu.desk",
    "tidu.registry",
    "tidu.recognition",
    "tidu.demo",
    "tidu.portal",
    "tidu.api",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "tidu.core.middleware.ResponseHeaders",
    "tidu.api.middleware.JsonErrors",
    "tidu.core.middleware.RequestSize",
    "tidu.core.middleware.WithoutNul",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "tidu.accounts.middleware.ChosenIdentity",
    "tidu.core.audit.refusals.RecordRefusals",
    "tidu.core.middleware.PrivateByDefault",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "tidu.core.middleware.PapersNotMade",
    "axes.middleware.AxesMiddleware",  # last: it answers for a sign-in that the others let through
]

ROOT_URLCONF = "tidu.site.urls"
WSGI_APPLICATION = "tidu.site.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CSRF_FAILURE_VIEW = "tidu.core.views.errors.csrf_failure"

_FILE_LOADERS = [
    "django_cotton.cotton_loader.Loader",
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [("django.template.loaders.cached.Loader", _FILE_LOADERS)],
                )
            ],
            "builtins": [
                "django_cotton.templatetags.cotton",
                "template_partials.templatetags.partials",
                "django.templatetags.static",
                "tidu.core.templatetags.figures",
                "tidu.core.templatetags.design",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "tidu.core.context.page",
                "tidu.portal.context.navigation",
                "tidu.desk.context.shell",
            ],
        },
    }
]
# A component sees its attributes and the context processors, never the variables of the page around it.
COTTON_ISOLATE_BY_DEFAULT = True

# ── Data ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
DATABASES: dict[str, Any] = {
    "default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA / 'tidu.sqlite3'}")
}
_database: dict[str, Any] = DATABASES["default"]
if _database["ENGINE"].endswith("sqlite3"):
    # Write-ahead log for readers beside a writer; IMMEDIATE because a transaction that reads first and writes later
    # would otherwise die of "database is locked" instead of waiting.
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;",
    }
else:
    _database["CONN_MAX_AGE"] = env.int("TIDU_CONNECTION_SECONDS", default=60)
    _database["CONN_HEALTH_CHECKS"] = True

# In the database and not in memory, which every process has for itself. Rates are counted in a table of their own:
# nothing that is kept in the other pushes a count out, and clearing that one lets nobody begin anew.
CACHES: dict[str, Any] = {
    name: {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": table,
        "OPTIONS": {"MAX_ENTRIES": most},
    }
    for name, table, most in (("default", "core_cache", 20_000), ("rates", "core_rates", 50_000))
}

# ── People ───────────────────────────────────────────────────────────────────────────────────────────────────────────
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",  # first: nobody else is asked while a name is locked
    "tidu.accounts.backends.PersonBackend",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk:home"
LOGOUT_REDIRECT_URL = "portal:home"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
PASSWORD_RESET_TIMEOUT = 60 * 60
# dengbao: complexity, and change every 90 days, for staff; asvs: length and a list of common ones alone.
PASSWORD_PROFILE: str = env.str("TIDU_PASSWORD_PROFILE", default="dengbao")
AUTH_PASSWORD_VALIDATORS = [{"NAME": "tidu.accounts.password_rules.ProfileValidator"}]
# Without use, and altogether.
STAFF_SESSION = Limits(
    idle=60 * env.int("TIDU_STAFF_IDLE_MINUTES", default=30),
    whole=3600 * env.int("TIDU_STAFF_SESSION_HOURS", default=12),
)
ENTERPRISE_SESSION = Limits(
    idle=60 * env.int("TIDU_ENTERPRISE_IDLE_MINUTES", default=120),
    whole=3600 * env.int("TIDU_ENTERPRISE_SESSION_HOURS", default=24),
)
# Made-up people may sign in, without a second factor on this machine. Never where real data is kept.
# Made-up people sign in with a password that everybody knows: never where others reach the site.
DEMONSTRATION_WANTED: bool = env.bool("TIDU_DEMONSTRATION", default=False)
DEMONSTRATION: bool = DEMONSTRATION_WANTED and not HTTPS

ACCOUNT_ADAPTER = "tidu.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = False  # the cookie goes with the browser
ACCOUNT_REAUTHENTICATION_TIMEOUT = 10 * 60
# Failures on one name are counted by axes; those of one address, and wrong codes of one person, here.
ACCOUNT_RATE_LIMITS = {"password_failed": "50/10m/ip", "login_failed": "5/5m/key"}
ACCOUNT_FORMS = {
    "login": "tidu.accounts.forms.signing_in.LoginForm",
    "reauthenticate": "tidu.accounts.forms.signing_in.ReauthenticateForm",
    "change_password": "tidu.accounts.forms.signing_in.ChangePasswordForm",
    "reset_password": "tidu.accounts.forms.signing_in.ResetPasswordForm",
    "reset_password_from_key": "tidu.accounts.forms.signing_in.ResetPasswordKeyForm",
}
MFA_ADAPTER = "tidu.accounts.adapters.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "tidu.accounts.forms.signing_in.AuthenticateForm",
    "reauthenticate": "tidu.accounts.forms.signing_in.ReauthenticateCodeForm",
}
OIDC_ISSUER: str = env.str("TIDU_OIDC_ISSUER", default="")
OIDC_NAME: str = env.str("TIDU_OIDC_NAME", default="单点登录")
OIDC_PROVIDER = "city"  # part of the address that the provider sends people back to
# The claim that names a person, and what it is here: their login name, or their employee number.
OIDC_CLAIM: str = env.str("TIDU_OIDC_CLAIM", default="preferred_username")
OIDC_FIELD: str = env.str("TIDU_OIDC_FIELD", default="username")
SOCIALACCOUNT_ADAPTER = "tidu.accounts.single_sign_on.SingleSignOnAdapter"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
_OIDC_ORIGIN = "/".join(OIDC_ISSUER.split("/")[:3])
_OIDC_APP = {
    "provider_id": OIDC_PROVIDER,
    "name": OIDC_NAME,
    "client_id": env.str("TIDU_OIDC_CLIENT_ID", default=""),
    "secret": env.str("TIDU_OIDC_SECRET", default=""),
    "settings": {"server_url": OIDC_ISSUER},
}
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {"APPS": [_OIDC_APP] if OIDC_ISSUER else [], "OAUTH_PKCE_ENABLED": True}
}
AXES_VERBOSE = False
AXES_DISABLE_ACCESS_LOG = True  # the record has every sign-in
AXES_FAILURE_LIMIT = env.int("TIDU_LOCK_FAILURES", default=5)
AXES_COOLOFF_TIME = timedelta(minutes=env.int("TIDU_LOCK_MINUTES", default=30))
AXES_LOCKOUT_PARAMETERS = ["username"]  # an office shares one address, which ACCOUNT_RATE_LIMITS bounds
SILENCED_SYSTEM_CHECKS = ["axes.W006"]  # which asks for the address beside the name
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_USERNAME_CALLABLE = "tidu.accounts.lockout.name_of"
AXES_CLIENT_IP_CALLABLE = "tidu.accounts.lockout.address_of"
AXES_LOCKOUT_CALLABLE = "tidu.accounts.views.signing_in.locked"

# ── Background work: one queue in the database, on SQLite as on PostgreSQL ───────────────────────────────────────────
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

# ── Mail ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
# One address, smtp+tls://name:password@host:587; without it letters are written to standard output.
_mail: dict[str, Any] = env.email_url("TIDU_EMAIL_URL", default="consolemail://")
EMAIL_BACKEND: str = _mail["EMAIL_BACKEND"]
EMAIL_HOST: str = _mail["EMAIL_HOST"] or "localhost"
EMAIL_PORT: int = _mail["EMAIL_PORT"] or 25
EMAIL_HOST_USER: str = _mail["EMAIL_HOST_USER"] or ""
EMAIL_HOST_PASSWORD: str = _mail["EMAIL_HOST_PASSWORD"] or ""
EMAIL_USE_TLS: bool = _mail.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL: bool = _mail.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("TIDU_EMAIL_FROM", default="noreply@localhost")

# ── Language and time ────────────────────────────────────────────────────────────────────────────────────────────────
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

# ── Static files ─────────────────────────────────────────────────────────────────────────────────────────────────────
STATIC_URL = "static/"
STATIC_ROOT: Path = DATA / "static"
WHITENOISE_ALLOW_ALL_ORIGINS = False  # our files serve our pages
STORAGES: dict[str, Any] = {
    "default": {
        "BACKEND": "tidu.core.files.storage.DurableStorage",
        "OPTIONS": {"location": DATA / "files"},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# ── Fonts of documents: a city's own faces first, then those that set-up copies into the project. ────────────────────
FONT_FOLDERS: list[Path] = [
    *(Path(folder) for folder in env.list("TIDU_FONTS", default=[])),
    Path(__file__).resolve().parents[3] / "fonts",
]

# ── Templates of official documents: a city's file stands in for ours of the same name. ──────────────────────────────
DOCUMENT_TEMPLATES: Path | None = (
    Path(_templates) if (_templates := env.str("TIDU_DOCUMENTS", default="")) else None
)

# ── Map files that imports know: a deployment's own, then those of the project ───────────────────────────────────────
IMPORT_MAPS: list[Path] = [DATA / "maps", Path(__file__).resolve().parents[3] / "examples/maps"]

# ── Sessions and cookies ─────────────────────────────────────────────────────────────────────────────────────────────
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 14 * 24 * 60 * 60  # answers of a self-check live this long; the privacy page says so
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "__Host-tidu-session" if HTTPS else "tidu-session"
CSRF_COOKIE_NAME = "__Host-tidu-csrf" if HTTPS else "tidu-csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# ── Transport and browser ────────────────────────────────────────────────────────────────────────────────────────────
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # a load balancer asks over plain HTTP
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
BEHIND_PROXY: bool = env.bool("TIDU_BEHIND_PROXY", default=False)
if BEHIND_PROXY:  # only where the proxy itself sets this header on every request
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "style-src": [SELF],
        "script-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        # A browser applies this to where a form is redirected too.
        "form-action": [SELF, *([_OIDC_ORIGIN] if OIDC_ISSUER else [])],
        "frame-ancestors": [NONE],
    }
}

# ── Limits ───────────────────────────────────────────────────────────────────────────────────────────────────────────
REQUEST_BYTES: int = env.int("TIDU_REQUEST_BYTES", default=2 * 1024 * 1024)  # whole request, files included
VISITOR_BYTES: int = env.int("TIDU_VISITOR_BYTES", default=512 * 1024)  # the same, of who has not signed in
VISITOR_RATE: str = env.str("TIDU_VISITOR_RATE", default="300/min")  # forms sent from one address by such
SIGN_UP_RATE: str = env.str(
    "TIDU_SIGN_UP_RATE", default="30/h/ip"
)  # companies that register from one address
OBJECTION_RATE: str = env.str("TIDU_OBJECTION_RATE", default="10/h")  # objections sent from one address
CHECK_RATE: str = env.str("TIDU_CHECK_RATE", default="60/min")  # certificates and receipts looked up by one
API_RATE: str = env.str("TIDU_API_RATE", default="60/min")  # calls per address, counted over all processes
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 600
DATA_UPLOAD_MAX_NUMBER_FILES = 10  # more than any form asks for, so that the form itself can say how many
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_TEMP_DIR: Path = incoming_folder(DATA)  # on the same disk, and swept
FILE_BYTES: int = env.int("TIDU_FILE_BYTES", default=20 * 1024 * 1024)  # one file of evidence
OBJECTION_BYTES: int = env.int("TIDU_OBJECTION_BYTES", default=20 * 1024 * 1024)  # all files of an objection
IMPORT_BYTES: int = env.int("TIDU_IMPORT_BYTES", default=60 * 1024 * 1024)  # one table to import
CLAMAV: str = env.str(
    "TIDU_CLAMAV", default=""
)  # path of a socket, or host:port; empty: files stay unscanned
CLAMAV_SECONDS: int = env.int("TIDU_CLAMAV_SECONDS", default=60)

# ── What a government site says about itself. Empty until a deployment sets it; nothing is made up. ──────────────────
SITE: dict[str, str] = {
    "home": "portal:home",  # name of the address that the emblem leads to
    "name": env.str("TIDU_SITE_NAME", default="专精特新企业服务平台"),
    "places": env.str("TIDU_SITE_PLACES", default="呼和浩特市 · 包头市"),
    "domain": env.str("TIDU_SITE_DOMAIN", default=""),
    "sponsor": env.str("TIDU_SPONSOR", default=""),
    "identifier": env.str("TIDU_SITE_CODE", default=""),
    "icp": env.str("TIDU_ICP", default=""),
    "security_record": env.str("TIDU_SECURITY_RECORD", default=""),
    "contact": env.str("TIDU_CONTACT", default=""),
    "report_errors": env.str("TIDU_REPORT_ERRORS_URL", default=""),
}
# Where the public reaches the site: printed into the codes of certificates and written into feeds.
PUBLIC_URL: str = env.str(
    "TIDU_PUBLIC_URL",
    default=f"https://{SITE['domain']}" if SITE["domain"] else "http://127.0.0.1:8000",
).rstrip("/")

# ── Log: to standard error, one line each ────────────────────────────────────────────────────────────────────────────
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.str("TIDU_LOG_LEVEL", default="INFO")},
    "loggers": {
        "axes": {"level": "WARNING"},  # each sign-in stands in the record
        "django_tasks": {"level": "WARNING"},  # each job stands in the list of jobs
        "django_tasks_db": {"level": "WARNING"},
        "django": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
    },
}

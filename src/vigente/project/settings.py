"""Django settings, read from the environment; every name has a working default for one machine."""

from pathlib import Path

import environ
import structlog
from csp.constants import SELF

env = environ.Env()

ROOT = Path(__file__).resolve().parents[3]
HOME = Path(env.str("VIGENTE_HOME", default=str(ROOT / "var")))

DEBUG = env.bool("VIGENTE_DEBUG", default=False)
SECRET_KEY = env.str("VIGENTE_SECRET_KEY", default="only-for-one-machine-behind-loopback")
ALLOWED_HOSTS = env.list("VIGENTE_HOSTS", default=["127.0.0.1", "localhost", "testserver"])
CSRF_TRUSTED_ORIGINS = env.list("VIGENTE_ORIGINS", default=[])

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "procrastinate.contrib.django",
    "vigente.staff",
    "vigente.audit",
    "vigente.outbox",
    "vigente.parameters",
    "vigente.customers",
    "vigente.documents",
    "vigente.catalog",
    "vigente.contracts",
    "vigente.billing",
    "vigente.access",
    "vigente.payments",
    "vigente.alterations",
    "vigente.daily",
    "vigente.imports",
    "vigente.backoffice",
    "vigente.portal",
    "vigente.worker",
    # after our own, whose templates stand in for theirs
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "vigente.backoffice.keeping.kept_by_nobody",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "vigente.backoffice.sign_in.seen.session_seen",
]

ROOT_URLCONF = "vigente.project.urls"
WSGI_APPLICATION = "vigente.project.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "staff.User"
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "contracts"
CSRF_FAILURE_VIEW = "vigente.backoffice.errors.csrf_failed"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "vigente.backoffice.menu.menu",
            ],
        },
    },
]


def _database_url() -> str:
    """Return DATABASE_URL, or the address that the local server left in its data folder."""
    url: str = env.str("DATABASE_URL", default="")
    if url:
        return url
    left_by_local_server = HOME / "postgres" / "url"
    return left_by_local_server.read_text().strip() if left_by_local_server.exists() else ""


DATABASES = {"default": env.db_url_config(_database_url() or "postgres:///vigente")}
DATABASES["default"]["CONN_MAX_AGE"] = env.int("VIGENTE_CONNECTION_AGE", default=60)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# A server that is silent, or whose cable is cut, is given up in seconds; libpq waits for minutes.
DATABASES["default"]["OPTIONS"] = {
    "connect_timeout": 5,
    "tcp_user_timeout": 10_000,
    **DATABASES["default"].get("OPTIONS", {}),
}

# Limits of attempts hold across all web processes: they are counted in the database.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    },
}

LANGUAGE_CODE = "pt-br"
TIME_ZONE = "America/Sao_Paulo"
USE_TZ = True
USE_I18N = True
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "static/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
MEDIA_ROOT = HOME / "media"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "frame-ancestors": ["'none'"],
        "base-uri": [SELF],
        "form-action": [SELF],
        "object-src": ["'none'"],
    },
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env.bool("VIGENTE_HTTPS", default=False)
if env.bool("VIGENTE_HTTPS", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ACCOUNT_ADAPTER = "vigente.backoffice.sign_in.adapters.Accounts"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]  # none signs up; the library asks to be told
ACCOUNT_EMAIL_VERIFICATION = "none"  # whoever keeps people gives them their e-mail
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_REDIRECT_URL = "sign-in"
# The library's own generator would copy e-mails into a table of its own, where old ones stay.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
    "reset_password": "20/m/ip,5/h/key",
    "reset_password_from_key": "20/m/ip",
    # of the subscribers' pages, by network address and by link
    "sign": "30/m/ip,30/5m/key",
    "sign_code": "10/m/ip,20/h/key",
}
MFA_ADAPTER = "vigente.backoffice.sign_in.adapters.SecondStep"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Vigente"
MFA_TOTP_TOLERANCE = 1  # a phone's clock may be half a minute off
# How many reverse proxies add to X-Forwarded-For: limits and sessions then see the real address.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("VIGENTE_PROXIES", default=0)
PASSWORD_RESET_TIMEOUT = 60 * 60

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

MESSAGES_FOLDER = HOME / "messages"
PIX_FOLDER = HOME / "pix"

# What seals signed documents: a certificate of the provider, or a key made at its first use.
SEAL_FOLDER = HOME / "seal"
SEAL_P12 = env.str("VIGENTE_SEAL_P12", default="")
SEAL_PASSWORD = env.str("VIGENTE_SEAL_PASSWORD", default="")

PROCRASTINATE_IMPORT_PATHS = ["vigente.worker.tasks"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": structlog.stdlib.ProcessorFormatter,
            # plain: the values of local variables would put passwords and CPFs into the log
            "processor": structlog.dev.ConsoleRenderer(
                colors=False, exception_formatter=structlog.dev.plain_traceback
            ),
        },
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.str("VIGENTE_LOG", default="WARNING")},
}

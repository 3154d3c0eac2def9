"""Django's settings, all that varies from the environment (see environment.py)."""

from __future__ import annotations

import secrets
from typing import Any
from urllib.parse import urlsplit

import environ as django_environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from imagepig_site import environment, logs
from imagepig_site.queue import make_bell, make_queue, queue_errors

try:
    ENVIRONMENT = environment.read()
except environment.InvalidEnvironment as error:
    raise ImproperlyConfigured(str(error)) from None

BASE_DIR = environment.ROOT
DATA_DIR = ENVIRONMENT["DATA_DIR"]
# Passwords, sessions and pictures are nobody else's business on this machine.
DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)

# The site

SITE_URL: str = ENVIRONMENT["SITE_URL"]
SITE_NAME = "Image Pig Playground"
SITE_HOST = urlsplit(SITE_URL).hostname or "localhost"
SECURE = SITE_URL.startswith("https://")
DEBUG: bool = ENVIRONMENT["DEBUG"]
SECRET_KEY: str = ENVIRONMENT["SECRET_KEY"] or environment.kept_secret(
    DATA_DIR / "secret_key", lambda: secrets.token_urlsafe(64)
)
ALLOWED_HOSTS: list[str] = [SITE_HOST, *ENVIRONMENT["ALLOWED_HOSTS"]]
if not SECURE:
    ALLOWED_HOSTS += ["localhost", "127.0.0.1", "[::1]"]

ROOT_URLCONF = "imagepig_site.urls"
WSGI_APPLICATION = "imagepig_site.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "accounts",
    "playground",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    # WhiteNoise serves the static files in development too.
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "huey.contrib.djhuey",
    "template_partials",
]

MIDDLEWARE = [
    "imagepig_site.middleware.RequestIdMiddleware",
    "imagepig_site.middleware.ForMachinesMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "imagepig_site.middleware.TextGZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.SessionActivityMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
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
                "accounts.context.team",
            ],
        },
    }
]

# Database

if ENVIRONMENT["DATABASE_URL"]:
    database: dict[str, Any] = django_environ.Env.db_url_config(ENVIRONMENT["DATABASE_URL"])
else:
    database = {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(DATA_DIR / "playground.sqlite3"),
    }

if database["ENGINE"] == "django.db.backends.sqlite3":
    # Kept open: SQLite tidies its files up whenever the last connection is closed, which takes
    # longer than all the rest of a short request.
    database["CONN_MAX_AGE"] = None
    database["OPTIONS"] = database.get("OPTIONS", {}) | {
        # A transaction that begins by reading cannot be upgraded while another writes: it fails at
        # once, whatever the time-out. So each one takes the write lock as it begins.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # FULL, because the step to `sending` must survive a power cut.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }
else:
    # The number of connections is bounded by the pool, not by the number of threads.
    pool = {"pool": {"min_size": 1, "max_size": 8, "timeout": 20}}
    database["OPTIONS"] = database.get("OPTIONS", {}) | pool

DATABASES = {"default": database}

# Queue and cache

HUEY = make_queue(ENVIRONMENT["REDIS_URL"], DATA_DIR)
QUEUE_ERRORS = queue_errors(ENVIRONMENT["REDIS_URL"])
QUEUE_BELL = None if ENVIRONMENT["REDIS_URL"] else make_bell(DATA_DIR)
if ENVIRONMENT["REDIS_URL"]:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": ENVIRONMENT["REDIS_URL"],
        }
    }
else:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "cache",
            # Of more than 300 entries Django would throw the first third away, by name: the counts
            # of wrong passwords come first, and anybody makes entries by asking the sandbox. Each
            # entry that is set counts them all, which these many allow in less than a millisecond.
            "OPTIONS": {"MAX_ENTRIES": 10_000, "CULL_FREQUENCY": 10},
        }
    }

# Image Pig and the sandbox

IMAGEPIG_API_URL: str = ENVIRONMENT["IMAGEPIG_API_URL"]
CALL_SECONDS: int = ENVIRONMENT["CALL_SECONDS"]
CONNECT_SECONDS = min(10, CALL_SECONDS)
WORKER_THREADS: int = ENVIRONMENT["WORKER_THREADS"]
WEB_THREADS: int = ENVIRONMENT["WEB_THREADS"]
TEAM_CALLS_AT_ONCE: int = ENVIRONMENT["TEAM_CALLS_AT_ONCE"]
TEAM_CALLS_WAITING: int = ENVIRONMENT["TEAM_CALLS_WAITING"]
ASK_ABOVE_CALLS: int = ENVIRONMENT["ASK_ABOVE_CALLS"]
SANDBOX_LATENCY: bool = ENVIRONMENT["SANDBOX_LATENCY"]
SANDBOX_RATE: int = ENVIRONMENT["SANDBOX_RATE"]
METRICS_TOKEN: str = ENVIRONMENT["METRICS_TOKEN"]
SANDBOX_DIR = DATA_DIR / "sandbox"
SPOOL_DIR = DATA_DIR / "spool"

# Files

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_DIR / "files"},
    },
    # Pictures have no address of their own: a view serves them to those who may see them.
    "pictures": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_DIR / "pictures", "base_url": None},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# What is sent here is looked at in memory and forgotten: no upload ever reaches the disk, and one
# beyond this is thrown away while it arrives.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 32 * 1024 * 1024 + 64 * 1024
# Ten thousand chosen pictures may come one by one, and a few other fields with them.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_100

# Who you are

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
API_KEY_ENCRYPTION_KEYS: list[str] = ENVIRONMENT["API_KEY_ENCRYPTION_KEYS"]
API_KEY_ENCRYPTION_KEYS_FILE = DATA_DIR / "api_key_encryption_keys"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "playground"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
SIGN_UP: str = ENVIRONMENT["SIGN_UP"]
ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if ENVIRONMENT["EMAIL_URL"] else "none"
ACCOUNT_EMAIL_NOTIFICATIONS = bool(ENVIRONMENT["EMAIL_URL"])
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_FORMS = {
    "add_email": "accounts.forms.AddEmailForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "login": "accounts.forms.LoginForm",
    "reauthenticate": "accounts.forms.ReauthenticateForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.ResetPasswordKeyForm",
    "set_password": "accounts.forms.SetPasswordForm",
    "signup": "accounts.forms.SignupForm",
}
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SECURE else "http"
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_SESSION_REMEMBER = True
ALLAUTH_TRUSTED_PROXY_COUNT: int = ENVIRONMENT["TRUSTED_PROXIES"]
MFA_ADAPTER = "accounts.adapters.MfaAdapter"
# Without a mail server no address is ever verified, and second factors should not wait for it.
MFA_ALLOW_UNVERIFIED_EMAIL = not ENVIRONMENT["EMAIL_URL"]
MFA_FORMS = {
    "activate_totp": "accounts.forms.ActivateTOTPForm",
    "add_webauthn": "accounts.passkeys.AddPasskeyForm",
    "authenticate": "accounts.forms.CodeForm",
    "authenticate_webauthn": "accounts.passkeys.SecondStepForm",
    "edit_webauthn": "accounts.passkeys.RenamePasskeyForm",
    "login_webauthn": "accounts.passkeys.LoginForm",
    "reauthenticate": "accounts.forms.ReauthenticateCodeForm",
    "reauthenticate_webauthn": "accounts.passkeys.ReauthenticateForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
# A passkey stands for a password and a second step, so it asks for a finger, a face or a PIN. Where
# it is good follows from SITE_URL, in MFA_ADAPTER. Without https that is localhost alone, and needs
# no setting: MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN would let any other origin pass.
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_TOTP_ISSUER = SITE_NAME
# A time of last use would cost a write for every page that anybody looks at.
USERSESSIONS_TRACK_ACTIVITY = False

# Mail

if ENVIRONMENT["EMAIL_URL"]:
    mail = django_environ.Env.email_url_config(ENVIRONMENT["EMAIL_URL"])
    EMAIL_BACKEND: str = mail["EMAIL_BACKEND"]
    EMAIL_HOST: str = mail["EMAIL_HOST"]
    EMAIL_PORT: int = mail["EMAIL_PORT"] or 25
    EMAIL_HOST_USER: str = mail["EMAIL_HOST_USER"] or ""
    EMAIL_HOST_PASSWORD: str = mail["EMAIL_HOST_PASSWORD"] or ""
    EMAIL_USE_TLS: bool = mail.get("EMAIL_USE_TLS", False)
    EMAIL_USE_SSL: bool = mail.get("EMAIL_USE_SSL", False)
    EMAIL_FILE_PATH: str = mail.get("EMAIL_FILE_PATH", "")
    EMAIL_TIMEOUT = 20
else:
    EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
DEFAULT_FROM_EMAIL: str = ENVIRONMENT["EMAIL_FROM"] or f"playground@{SITE_HOST}"
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# Language and time

LANGUAGE_CODE = "en"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# What a browser may do

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "img-src": [SELF, "data:"],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
if ENVIRONMENT["REDIS_URL"]:
    # Without Redis the cache is a table too, and a second copy there would only cost.
    SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
CSRF_COOKIE_HTTPONLY = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
if SECURE:
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    CSRF_TRUSTED_ORIGINS = [SITE_URL]
TRUSTED_PROXIES: int = ENVIRONMENT["TRUSTED_PROXIES"]
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Logs: one line an event on standard error, never a prompt at INFO, never a key at all.

LOGGING = logs.configuration(ENVIRONMENT["LOG_FORMAT"])

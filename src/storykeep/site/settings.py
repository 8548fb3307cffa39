"""How the house is set up: read once from the environment, and loud when something can't work.

Every setting is documented in ``docs/reference/settings.md``. Nothing else in the house reads the environment.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONE, SELF

from storykeep.model.errors import SettingsError

LOCAL_HOSTS = ("localhost", "127.0.0.1", "[::1]")
YES = {"1", "true", "yes", "on"}
NO = {"", "0", "false", "no", "off"}

STEMMED = frozenset("ar da de el en es fi fr hu it nl no pt ro ru sv ta tr".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """The settings of one installation.

    ``data`` is the one folder for everything; ``bind`` the network address to listen at;
    ``database`` a ``postgresql://`` URL, empty for SQLite in ``data``;
    ``hosts`` the exact host names that are answered; ``origin`` the public address (``https://archive.example``),
    empty at home; ``proxies`` how many reverse proxies stand in front and may be believed; ``mail`` the server that
    takes letters (``smtp://user:password@host:587``, or ``file:///folder`` to see them), empty when there is none;
    ``sender`` whom they are from; ``staff_second_factor`` whether every role asks for a second step at signing in;
    ``stemming`` the languages whose inflected forms are found.
    """

    data: Path
    bind: str
    port: int
    database: str
    hosts: tuple[str, ...]
    origin: str
    debug: bool
    proxies: int
    mail: str
    sender: str
    staff_second_factor: bool = False
    stemming: tuple[str, ...] = ()

    @property
    def secure(self) -> bool:
        """Whether readers come by https, so that cookies and HSTS may insist on it."""
        return self.origin.startswith("https://")


def read(environment: Mapping[str, str]) -> House:
    """Return the settings in ``environment``. Raises SettingsError that says what to change."""
    origin = _origin(environment.get("STORYKEEP_ORIGIN", ""))
    return House(
        data=Path(environment.get("STORYKEEP_DATA") or "storykeep-data").expanduser().absolute(),
        bind=environment.get("STORYKEEP_BIND") or "127.0.0.1",
        port=_number(environment, "STORYKEEP_PORT", 8000, least=1, most=65535),
        database=_database_url(environment.get("STORYKEEP_DATABASE", "")),
        hosts=_hosts(environment.get("STORYKEEP_HOSTS", ""), origin),
        origin=origin,
        debug=_yes(environment, "STORYKEEP_DEBUG"),
        proxies=_number(environment, "STORYKEEP_PROXIES", 0, least=0, most=9),
        mail=_mail(environment.get("STORYKEEP_MAIL", "")),
        sender=environment.get("STORYKEEP_MAIL_FROM") or "archive@localhost",
        staff_second_factor=_yes(environment, "STORYKEEP_STAFF_SECOND_FACTOR"),
        stemming=_stemming(environment.get("STORYKEEP_STEMMING", "")),
    )


def _number(environment: Mapping[str, str], name: str, default: int, *, least: int, most: int) -> int:
    given = environment.get(name) or str(default)
    if not given.isascii() or not given.isdigit() or not least <= int(given) <= most:
        raise SettingsError(f"{name} is {given!r}; it should be a whole number from {least} to {most}.")
    return int(given)


def _yes(environment: Mapping[str, str], name: str) -> bool:
    given = environment.get(name, "").strip().lower()
    if given not in YES | NO:
        raise SettingsError(f"{name} is {given!r}; it should be yes or no.")
    return given in YES


def _origin(given: str) -> str:
    if not given:
        return ""
    parts = urlsplit(given)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/") or parts.query:
        raise SettingsError(f"STORYKEEP_ORIGIN is {given!r}; it should look like https://archive.example")
    return f"{parts.scheme}://{parts.netloc}"


def _hosts(given: str, origin: str) -> tuple[str, ...]:
    named = [host for host in given.replace(",", " ").split() if host]
    for host in named:
        if "*" in host or "/" in host:
            raise SettingsError(f"STORYKEEP_HOSTS names {host!r}; it takes exact host names, such as archive.example")
    public = urlsplit(origin).hostname if origin else None
    return tuple(dict.fromkeys([*named, *([public] if public else []), *LOCAL_HOSTS]))


def _stemming(given: str) -> tuple[str, ...]:
    languages = tuple(sorted(set(given.replace(",", " ").casefold().split())))
    if unknown := set(languages) - STEMMED:
        raise SettingsError(
            f"STORYKEEP_STEMMING knows no {', '.join(sorted(unknown))}; it knows {' '.join(sorted(STEMMED))}."
        )
    return languages


def _mail(given: str) -> str:
    if given.startswith("file:///"):
        return given
    if given and (urlsplit(given).scheme not in {"smtp", "smtps"} or not urlsplit(given).hostname):
        raise SettingsError(
            "STORYKEEP_MAIL should be a URL such as smtp://user:password@mail.example:587, or smtps:// for TLS at once."
        )
    return given


def mail_server(house: House) -> dict[str, object]:
    """Return Django's settings for the mail server of ``house``; letters are only printed when there is none."""
    if not house.mail:
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    parts = urlsplit(house.mail)
    if parts.scheme == "file":
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": unquote(parts.path),
        }
    secure = parts.scheme == "smtps"
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if secure else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": secure,
        "EMAIL_USE_TLS": not secure and parts.port != 25,  # noqa: PLR2004 — a server on the same machine
        "EMAIL_TIMEOUT": 20,
    }


def _database_url(given: str) -> str:
    if given and urlsplit(given).scheme not in {"postgres", "postgresql"}:
        raise SettingsError(
            "STORYKEEP_DATABASE should be a URL such as postgresql://user@host/name, "
            "or empty for SQLite in the data folder."
        )
    return given


def database(house: House) -> dict[str, object]:
    """Return Django's description of the database of ``house``."""
    if not house.database:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": house.data / "storykeep.sqlite3",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,  # seconds; a rescue and the site may write at the same time
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA mmap_size=134217728;",
            },
        }
    parts = urlsplit(house.database)
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "storykeep",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or options.pop("port", "")),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def secret_key(data: Path) -> str:
    """Return the key that signs cookies, made at the first start and readable by its owner only."""
    path = data / "secret-key"
    try:
        data.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        if not data.is_dir():
            raise SettingsError(f"The data folder {data} is a file. Let STORYKEEP_DATA name a folder.") from None
    except OSError as error:
        raise SettingsError(
            f"The data folder {data} can't be written ({error.strerror}). "
            "Make it writable, or let STORYKEEP_DATA name another."
        ) from error
    key = path.read_text("utf-8").strip()
    if len(key) < 32:  # noqa: PLR2004 — half written in a crash, or emptied by hand
        raise SettingsError(f"{path} is damaged. Delete it; a new one is made, and everybody signs in once more.")
    return key


def rooms(*names: str) -> list[str]:
    """Return the dotted names of those rooms of the site that exist in this installation."""
    return [f"storykeep.site.{name}" for name in names if find_spec(f"storykeep.site.{name}")]


HOUSE = read(os.environ)

SECRET_KEY = secret_key(HOUSE.data)
DEBUG = HOUSE.debug
ALLOWED_HOSTS = list(HOUSE.hosts)
CSRF_TRUSTED_ORIGINS = [HOUSE.origin] if HOUSE.origin else []
ROOT_URLCONF = "storykeep.site.urls"
WSGI_APPLICATION = "storykeep.site.wsgi.application"
DATABASES = {"default": database(HOUSE)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SILENCED_SYSTEM_CHECKS = [
    "security.W008",  # the proxy in front leads http to https; behind it, everything is http
    "security.W021",  # nobody can take a name off the browsers' own lists soon: that is for its owner to decide
]

INSTALLED_APPS = [
    # first, so that our templates win
    *rooms(
        *(
            "base",
            "accounts",
            "tags",
            "works",
            "search",
            "readership",
            "talk",
            "reading",
            "submissions",
            "desk",
            "claims",
            "interviews",
            "archive",
            "wrangling",
            "writing",
            "statistics",
            "curating",
        ),
        "feeds",
    ),
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "storykeep.site.accounts.database.DatabaseConfig",
    "csp",
]

MIDDLEWARE = [
    "storykeep.site.base.headers.HeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "storykeep.site.base.hosts.PortMiddleware",
    "storykeep.site.base.typed.TypedMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "storykeep.site.accounts.sessions.SessionsMiddleware",
    "storykeep.site.search.old_links.OldLinksMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "storykeep.site.base.context.archive",
            ],
        },
    },
]

# ── files
STATIC_URL = "/static/"
STATIC_ROOT = HOUSE.data / "static"
MEDIA_ROOT = HOUSE.data / "media"
MEDIA_URL = "/media/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "storykeep.site.base.static_files.HashedFiles"},
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 3600
ORIGINALS = HOUSE.data / "originals"
INDEX = HOUSE.data / "index"
STEMMING = HOUSE.stemming

# ── people
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "storykeep.site.accounts.hashers.ModestArgon2",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "storykeep.site.accounts.passwords.ArchiveWordsValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "storykeep.site.accounts.adapter.Adapter"
ACCOUNT_FORMS = {
    "login": "storykeep.site.accounts.forms.LoginForm",
    "signup": "storykeep.site.accounts.forms.SignupForm",
    "add_email": "storykeep.site.accounts.plain_forms.AddEmailForm",
    "change_password": "storykeep.site.accounts.plain_forms.ChangePasswordForm",
    "set_password": "storykeep.site.accounts.plain_forms.SetPasswordForm",
    "reset_password": "storykeep.site.accounts.plain_forms.ResetPasswordForm",
    "reset_password_from_key": "storykeep.site.accounts.plain_forms.ResetPasswordKeyForm",
    "reauthenticate": "storykeep.site.accounts.plain_forms.ReauthenticateForm",
    "confirm_email_verification_code": "storykeep.site.accounts.plain_forms.ConfirmEmailVerificationCodeForm",
}
MFA_FORMS = {
    "authenticate": "storykeep.site.accounts.plain_forms.AuthenticateForm",
    "reauthenticate": "storykeep.site.accounts.plain_forms.ReauthenticateByCodeForm",
    "activate_totp": "storykeep.site.accounts.plain_forms.ActivateTOTPForm",
    "add_webauthn": "storykeep.site.accounts.plain_forms.AddWebAuthnForm",
    "authenticate_webauthn": "storykeep.site.accounts.plain_forms.AuthenticateWebAuthnForm",
    "login_webauthn": "storykeep.site.accounts.plain_forms.LoginWebAuthnForm",
    "reauthenticate_webauthn": "storykeep.site.accounts.plain_forms.ReauthenticateWebAuthnForm",
}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if HOUSE.mail else "none"  # archives without outgoing mail work too
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = bool(HOUSE.mail)  # so that opening a letter never acts
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 600
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = {"login_failed": "20/m/ip,5/5m/key"}
PASSWORD_RESET_TIMEOUT = 3600  # seconds; the link in a letter, and the one that `storykeep admin` prints
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_PRESERVE_USERNAME_CASING = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HOUSE.secure else "http"
ALLAUTH_TRUSTED_PROXY_COUNT = HOUSE.proxies
ALLAUTH_RATE_LIMIT_IPV6_PREFIX = 48
MFA_ADAPTER = "storykeep.site.accounts.second_factor.Adapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1  # steps of 30 seconds: a clock that is a little wrong must not lock anybody out
CACHES = {"default": {"BACKEND": "storykeep.site.base.shared_memory.SharedMemory"}}
globals().update(mail_server(HOUSE))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = HOUSE.sender

# ── what a browser is told
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
        "require-trusted-types-for": ["'script'"],
        "trusted-types": [NONE],
    },
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if HOUSE.secure else 0  # never on a plain http install
SECURE_HSTS_INCLUDE_SUBDOMAINS = HOUSE.secure
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HOUSE.secure and HOUSE.proxies else None
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_NAME = "__Host-session" if HOUSE.secure else "session"
SESSION_COOKIE_SECURE = HOUSE.secure
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 30 * 24 * 3600
SESSION_IDLE_DAYS, SESSION_LONGEST_DAYS = 14, 90  # signed in without a visit; signed in at all
SESSION_SERIALIZER = "django.contrib.sessions.serializers.JSONSerializer"
CSRF_COOKIE_NAME = "__Host-csrf" if HOUSE.secure else "csrf"
CSRF_COOKIE_SECURE = HOUSE.secure
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "storykeep.site.base.errors.forbidden"
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024

# ── words and times
LANGUAGE_CODE = "en"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django.request": {"level": "ERROR"},  # a page that is not there is nobody's fault
        "django.security.DisallowedHost": {"level": "CRITICAL"},  # scanners ask for any host all day
    },
}

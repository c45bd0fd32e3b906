"""Django settings of every Nearcast process. What an operator may change comes from the environment."""

import sys
from pathlib import Path

from csp.constants import NONE, SELF

from dispatch.config import environment as env

BASE_DIR = Path(__file__).resolve().parents[2]
VAR_DIR = Path(env.text("NEARCAST_VAR", str(BASE_DIR / "var")))
SECRETS = env.instance_secrets(VAR_DIR)

DEBUG = False
DEMO = env.flag("NEARCAST_DEMO")
CLOCK = env.clock("NEARCAST_CLOCK", demo=DEMO)
TLS = env.flag("TLS")
SECRET_KEY = SECRETS["secret_key"]
CAMERA_KEY = SECRETS["camera_key"]
HEAD_KEY = SECRETS["head_key"]
OUTLET_SECRETS = env.outlet_secrets(VAR_DIR)
OUTLET_KEY, VAPID_KEY = OUTLET_SECRETS["outlet_key"], OUTLET_SECRETS["vapid_key"]
PUBLIC_ORIGIN = env.text("PUBLIC_ORIGIN", "http://127.0.0.1:8000")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "127.0.0.1,localhost")
CSRF_TRUSTED_ORIGINS = [PUBLIC_ORIGIN, *env.words("EXTRA_ORIGINS")]

INSTALLED_APPS = [
    "daphne",
    # Before the apps whose pages it words and draws anew.
    "frontend",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.gis",
    "django.contrib.postgres",
    "csp",
    "axes",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "channels",
    "geo",
    "dispatch",
    "realtime",
    "fixtures",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "dispatch.config.urls"
ASGI_APPLICATION = "dispatch.config.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
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

DATABASES = {"default": env.database(sys.argv)}
DATABASE_ROLE = env.text("NEARCAST_DB_USER", "nearcast_app")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "dispatch.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
# Wrong passwords of one account are axes' business (a lasting lock, told in words); here only floods from one address.
ACCOUNT_RATE_LIMITS = {"login_failed": "30/m/ip"}
ACCOUNT_ADAPTER = "frontend.accounts.ClosedAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Nearcast"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_CALLABLE = "frontend.accounts.tried_name"
AXES_CLIENT_IP_CALLABLE = "frontend.accounts.client_ip"
AXES_LOCKOUT_CALLABLE = "frontend.accounts.locked_out"

SESSION_COOKIE_AGE = 14 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = TLS
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = TLS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = TLS
SECURE_HSTS_SECONDS = 3600 * 24 * 30 if TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = TLS
SECURE_HSTS_PRELOAD = TLS
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_000_000

# Nothing is ever loaded from another host. MapLibre builds its worker from our own file; images may be blobs we made.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF, "'unsafe-inline'"],
        "img-src": [SELF, "data:", "blob:"],
        "media-src": [SELF, "blob:"],
        "connect-src": [SELF],
        "worker-src": [SELF, "blob:"],
        "manifest-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

LANGUAGE_CODE = "zh-hans"
LANGUAGE_COOKIE_AGE = 365 * 86400
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "dispatch" / "locale", BASE_DIR / "frontend" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "frontend" / "dist"] if (BASE_DIR / "frontend" / "dist").is_dir() else []
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["dispatch.api.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "dispatch.api.errors.answer",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Nearcast",
    "DESCRIPTION": "Calls, incidents, the packet of cameras and units, orders with receipts, and the journal behind them.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
}

# Only these resolved addresses may ever be asked for a camera picture, each `address[/prefix]:port`. Empty: no pictures.
CAMERA_NETWORKS = env.words("CAMERA_NETWORKS")
# Pictures of the ground from the deployer's own network: a file of layers, and the only addresses they may be fetched from.
MAP_LAYERS_FILE = Path(env.text("MAP_LAYERS_FILE", str(VAR_DIR / "map_layers.json")))
MAP_NETWORKS = env.words("MAP_NETWORKS")
MAP_FETCH_TIMEOUT_S = 4
CAMERA_FETCH_TIMEOUT_S = 4
# Push services that a phone may name (`host[:port]`, `*.name` for all below). They are on the internet: an address that is
# not is asked only when PUSH_NETWORKS lists it, for a push service of the deployer's own.
PUSH_HOSTS = env.words(
    "PUSH_HOSTS",
    "fcm.googleapis.com,*.push.services.mozilla.com,*.notify.windows.com,web.push.apple.com,*.push.apple.com",
)
PUSH_NETWORKS = env.words("PUSH_NETWORKS")
PUSH_CONTACT = env.text(
    "PUSH_CONTACT", PUBLIC_ORIGIN if PUBLIC_ORIGIN.startswith("https://") else "mailto:admin@localhost"
)
# Only these resolved addresses may ever be asked to send an SMS, each `address[/prefix]:port`. Empty: no SMS.
SMS_NETWORKS = env.words("SMS_NETWORKS")
OUTLET_TIMEOUT_S = 5
# Who signs the certificates of one's own push service or gateway, beside the usual authorities.
OUTLET_CA_FILE = env.text("OUTLET_CA_FILE")
STILL_GRANT_LIFE_S = 90
GROUND_BAND_M = env.number("GROUND_BAND_M", 1000)
THRESHOLD_PROFILE = env.text("THRESHOLD_PROFILE", "CN")
# Days until a retention class is erased (the digest stays); glossary.md has the sources. What is not here is kept.
RETENTION_DAYS = {
    "caller": env.number("RETAIN_CALLER_DAYS", 90),
    "track": env.number("RETAIN_TRACK_DAYS", 90),
    "photo": env.number("RETAIN_PHOTO_DAYS", 3 * 365),
    "message": env.number("RETAIN_MESSAGE_DAYS", 365),
    "view": env.number("RETAIN_VIEW_DAYS", 3 * 365),
}
# As long as it is kept what went to closed phones, and what came of it.
OUTBOX_DAYS = env.number("OUTBOX_DAYS", 30)
# As long as an import can be undone; what it changed is kept so long.
IMPORT_UNDO_DAYS = env.number("IMPORT_UNDO_DAYS", 30)
# Files that administrators send: where they lie until they are imported or discarded, and what one may cost.
IMPORT_FOLDER = VAR_DIR / "imports"
IMPORT_MAX_MB = env.number("IMPORT_MAX_MB", 512)
IMPORT_MEMORY_MB = env.number("IMPORT_MEMORY_MB", 8000)
IMPORT_CPU_S = env.number("IMPORT_CPU_S", 3600)
# Photos of crews: where originals and copies lie, and what one may be. The phone is told the same limits with each refusal.
EVIDENCE_FOLDER = VAR_DIR / "evidence"
EVIDENCE_KEEP_FREE_MB = env.number("EVIDENCE_KEEP_FREE_MB", 500)
PHOTO_MAX_MB = env.number("PHOTO_MAX_MB", 12)
PHOTO_MAX_PIXELS = env.number("PHOTO_MAX_MEGAPIXELS", 50) * 1_000_000
PHOTO_PART_BYTES = 256 * 1024
PHOTO_SHARED_SIDE = env.number("PHOTO_SHARED_SIDE", 2048)
PHOTO_THUMB_SIDE = 320
PHOTO_PHONE_SIDE = env.number("PHOTO_PHONE_SIDE", 2560)
PHOTO_PHONE_QUALITY = env.number("PHOTO_PHONE_QUALITY", 85)
PHOTO_LATE_HOURS = env.number("PHOTO_LATE_HOURS", 24)
ORIGINAL_GRANT_LIFE_S = 90
FILE_UPLOAD_HANDLERS = ["dispatch.uploads.LimitedUpload"]
HEAD_FOLDER = VAR_DIR / "heads"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(levelname).1s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "INFO")},
    "loggers": {
        "axes": {"level": "WARNING"},
        "httpx": {"level": "WARNING"},
        "daphne": {"level": "WARNING"},
        "django.channels": {"level": "WARNING"},
        # A refusal is an answer with a code, not a fault of ours; nginx notes its status.
        "django.request": {"level": "ERROR"},
    },
}

# Debian 12 has GDAL 3.6; files are opened only when an administrator names them, so its 3.9 network block is no loss.
SILENCED_SYSTEM_CHECKS = ["gis.W001"]

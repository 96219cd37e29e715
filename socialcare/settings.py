"""Settings of one installation. Every value comes from a typed reader in `env.py`; no `if DEBUG` here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF

from socialcare import env
from socialcare.log import configure as configure_logging

BASE_DIR = Path(__file__).resolve().parent.parent
env.load_run_file()

# --- identity and addresses
SECRET_KEY = env.text("SECRET_KEY", None, "signs sessions and links; 50 random characters; `make run` makes one")
DEBUG = env.flag("DEBUG", False, "tracebacks in the browser; never in production")
PUBLIC_URL = env.text("PUBLIC_URL", "http://127.0.0.1:8000", "the address people use, without a slash at the end")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]", "host names that are answered")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
SECURE = PUBLIC_URL.startswith("https://")

# --- what is installed
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.forms",
    "csp",
    "django_htmx",
    "django_prometheus",
    "django_structlog",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "drf_spectacular",
    "core",
    "accounts",
    "channels",
    "inbox",
    "routing",
    "web",
    "api",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "web.middleware.WhoMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "web.middleware.StaffMiddleware",
]
ROOT_URLCONF = "socialcare.urls"
WSGI_APPLICATION = "socialcare.asgi.pages"
ASGI_APPLICATION = "socialcare.asgi.application"
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
                "django.template.context_processors.i18n",
                "web.context.shell",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- database: one transaction per service, so ATOMIC_REQUESTS stays off (house.md §3)
DATABASES: dict[str, dict[str, Any]] = {
    "default": env.database("DATABASE_URL", "PostgreSQL, e.g. postgresql://user:password@host/name")
}
DATABASES["default"].update(
    ENGINE="django.db.backends.postgresql",
    ATOMIC_REQUESTS=False,
    CONN_MAX_AGE=env.number("DATABASE_KEEP_S", 600, "seconds that a thread keeps its database connection"),
    CONN_HEALTH_CHECKS=True,
    OPTIONS={
        **DATABASES["default"].get("OPTIONS", {}),
        # A stuck statement, lock or transaction must end by itself (reliability.md §2.3 row 14).
        "options": "-c statement_timeout=10000 -c lock_timeout=3000 -c idle_in_transaction_session_timeout=15000",
        "connect_timeout": 5,
    },
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Redis: hints, presence, throttles. Nothing is lost when it is emptied (house.md sentence 5).
REDIS_URL = env.text("REDIS_URL", None, "Redis or Valkey, e.g. redis://:password@host:6379/0")
CACHES = {
    "default": {
        "BACKEND": "core.cache.ForgivingRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "sc",
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
    }
}

# --- people
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.Backend"]
PASSWORD_HASHERS = [
    env.text("PASSWORD_HASHER", "django.contrib.auth.hashers.Argon2PasswordHasher", "how passwords are stored"),
    "django.contrib.auth.hashers.Argon2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "accounts.allauth_adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
# Kept in Redis, so off while it is away. What makes guessing dear is accounts/services/throttle.py, in PostgreSQL.
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "30/m/ip"}
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXIES", 0, "proxies in front that set X-Forwarded-For and -Proto")
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
# Nobody signs up with somebody else's address: people are invited. Else who once forgot a password could never add one.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_ADAPTER = "accounts.allauth_adapter.MfaAdapter"
ACCOUNT_FORMS = {
    "change_password": "accounts.forms.ChangePasswordForm",
    "reset_password_from_key": "accounts.forms.ResetPasswordKeyForm",
}
MFA_FORMS = {
    "authenticate": "accounts.forms.AuthenticateForm",
    "reauthenticate": "accounts.forms.ReauthenticateForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Socialcare"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE
SESSION_COOKIE_AGE = env.number("SESSION_HOURS", 12, "hours after which people sign in again") * 3600
SESSION_IDLE_S = env.number("SESSION_IDLE_MINUTES", 30, "minutes without any open page before one signs in again") * 60
SESSION_ENGINE = "accounts.session_store"
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "session"
SESSION_COOKIE_SECURE = SECURE
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
CSRF_COOKIE_SECURE = SECURE
CSRF_COOKIE_HTTPONLY = True
CSRF_USE_SESSIONS = False
CSRF_FAILURE_VIEW = "web.views.errors.csrf_failure"

# --- e-mail: used for invitations and resets when a server is named
EMAIL_HOST = env.text("SMTP_HOST", "", "mail server; empty = links are shown to be copied")
EMAIL_PORT = env.number("SMTP_PORT", 587, "port of the mail server")
EMAIL_HOST_USER = env.text("SMTP_USER", "", "mail server sign-in")
EMAIL_HOST_PASSWORD = env.text("SMTP_PASSWORD", "", "mail server password")
EMAIL_USE_TLS = env.flag("SMTP_TLS", True, "STARTTLS with the mail server")
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("MAIL_FROM", "Socialcare <socialcare@localhost>", "sender of our e-mails")
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend" if EMAIL_HOST else "django.core.mail.backends.dummy.EmailBackend"
)

# --- transport and content security
SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_HSTS_PRELOAD = SECURE
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
# Without a proxy anybody could send the header.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ALLAUTH_TRUSTED_PROXY_COUNT else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
        "manifest-src": [SELF],
        "worker-src": [SELF],
    }
}

# --- static files and media cache
STATIC_URL = "/static/"
STATIC_ROOT = env.text("STATIC_ROOT", str(BASE_DIR / "staticfiles"), "where collected static files lie")
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_BACKEND = env.text(
    "STATICFILES_BACKEND",
    "whitenoise.storage.CompressedManifestStaticFilesStorage",
    "static files storage; the plain one of Django needs no collectstatic",
)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": STATICFILES_BACKEND},
}
WHITENOISE_USE_FINDERS = env.flag("STATIC_FROM_SOURCE", False, "serve static files without collecting them")
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS
MEDIA_ROOT = env.text("MEDIA_CACHE", str(env.HOME / "media"), "where fetched avatars and attachments are cached")
DATA_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "core.uploads.SizeLimit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_NUMBER_FILES = 10
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# --- language and time
LANGUAGE_CODE = env.text("LANGUAGE_CODE", "en", "language where neither a person nor a browser says one: en or de")
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"  # Django's own default would be exported to child processes

# --- networks
X_API_URL = env.text("X_API_URL", "https://api.x.com", "X API; the sandbox in the demo")
X_AUTH_URL = env.text("X_AUTH_URL", "https://x.com", "where X asks people to connect an account")
FACEBOOK_GRAPH_URL = env.text("FACEBOOK_GRAPH_URL", "https://graph.facebook.com", "Graph API; the sandbox in the demo")
FACEBOOK_DIALOG_URL = env.text(
    "FACEBOOK_DIALOG_URL", "https://www.facebook.com", "where Facebook asks people to connect a page"
)
X_CLIENT_ID = env.text("X_CLIENT_ID", "", "OAuth 2 client of your X app; empty = connect by keys")
X_CLIENT_SECRET = env.text("X_CLIENT_SECRET", "", "its secret, for a confidential client")
FACEBOOK_APP_ID = env.text("FACEBOOK_APP_ID", "", "your Facebook app; empty = connect by keys")
FACEBOOK_APP_SECRET = env.text("FACEBOOK_APP_SECRET", "", "its secret, also used for appsecret_proof")
CREDENTIAL_KEYS = env.words(
    "CREDENTIAL_KEYS",
    "",
    "key ring for stored tokens: id:base64 of 32 bytes, newest first, separated by commas",
)
MEDIA_EXTRA_HOSTS = env.words(
    "MEDIA_EXTRA_HOSTS", "", "further hosts (host or host:port) that the media proxy may read"
)

# --- demo: only `manage.py demo` reads these
SANDBOX_URL = env.text("SANDBOX_URL", "", "the pretend network of the demo; `make run` sets it")
SANDBOX_CONTROL_TOKEN = env.text("SANDBOX_CONTROL_TOKEN", "", "what opens its control; `make run` makes one")

# --- pipeline
POLL_SECONDS = env.number("POLL_SECONDS", 10, "shortest interval between two polls of a busy stream")
POLL_SECONDS_QUIET = env.number("POLL_SECONDS_QUIET", 60, "longest interval between two polls of a quiet stream")
SEND_HOLD_S = env.number("SEND_HOLD_SECONDS", 5, "seconds in which a public answer can be taken back")
SEND_SETTLE_S = env.number("SEND_SETTLE_SECONDS", 90, "seconds before an unknown send is looked up at the network")
SEND_READ_GAP_S = env.number("SEND_READ_GAP_SECONDS", 30, "seconds between the two look-ups of an unknown send")
PR_REACH = env.number("PR_REACH", 50_000, "followers from which on PR goes first, in the rules one begins with")
CONTACT_LOOKUP_URL = env.text(
    "CONTACT_LOOKUP_URL", "", "your customer system, asked about the person beside a conversation; empty = none"
)
CONTACT_LOOKUP_TOKEN = env.text("CONTACT_LOOKUP_TOKEN", "", "bearer token that it is asked with")
TRANSLATE_URL = env.text("TRANSLATE_URL", "", "a service that translates, as LibreTranslate does; empty = none")
TRANSLATE_TOKEN = env.text("TRANSLATE_TOKEN", "", "bearer token and api_key that it is asked with")
TRANSLATE_PRIVATE = env.flag("TRANSLATE_PRIVATE", False, "let it have the text of private messages, too")
WEBHOOK_HOSTS = env.words(
    "WEBHOOK_HOSTS", "", "hosts (host or host:port) that webhooks of rules may call; empty = none"
)
WEBHOOKS_TO_PRIVATE_ADDRESSES = env.flag(
    "WEBHOOKS_TO_PRIVATE_ADDRESSES", False, "let webhooks call this machine and private networks; for trying out only"
)

PUSH_KEY = env.text(
    "PUSH_KEY", "", "signs notices to people's devices; `python manage.py push_key` makes one; empty = none are pushed"
)
PUSH_CONTACT = env.text(
    "PUSH_CONTACT", "", "mailto: or https:// address that push services write to; needed with PUSH_KEY"
)
PUSH_TO_PRIVATE_ADDRESSES = env.flag(
    "PUSH_TO_PRIVATE_ADDRESSES", False, "let notices go to this machine and private networks; for trying out only"
)

# --- Celery: tasks are hints, PostgreSQL is the queue (reliability.md §2.1)
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 60
CELERY_TASK_SOFT_TIME_LIMIT = 45
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_CREATE_MISSING_QUEUES = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 30
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 150,
    "socket_timeout": 10,
    "socket_connect_timeout": 5,
    "socket_keepalive": True,
    "unacked_restore_limit": 100,
}
CELERY_REDIS_SOCKET_TIMEOUT = 10
CELERY_TIMEZONE = "UTC"
TASKS_INLINE = env.flag("TASKS_INLINE", False, "run hints in the process that gives them; for tests")
CELERY_TASK_ALWAYS_EAGER = TASKS_INLINE

# --- API
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["api.authentication.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["api.parsers.JsonParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": ["api.throttles.TokenThrottle"],
    "DEFAULT_THROTTLE_RATES": {"token": env.text("API_RATE", "600/min", "API calls per token")},
    "EXCEPTION_HANDLER": "api.errors.handle",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Socialcare API",
    "VERSION": "1",
    "DESCRIPTION": "The one inbox that Care, PR and Marketing share, for machines.",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_NAME_OVERRIDES": {
        "ConversationStatusEnum": "inbox.models.conversation.Conversation.Status",
        "ChannelStatusEnum": "channels.models.Channel.Status",
        "DeliveryStateEnum": "inbox.models.work.Delivery.State",
        "HandoffStateEnum": "routing.models.handoff.Handoff.State",
        "NetworkEnum": "channels.models.Channel.Kind",
        "PromiseKindEnum": "routing.models.sla.ClockKind",
        "VoiceRuleKindEnum": "inbox.models.voice.VoiceRule.Kind",
        "CauseEnum": "routing.notice_kinds.Cause",
        "RuleModeEnum": "routing.models.rule.RuleSet.Mode",
        "AssignmentModeEnum": "routing.models.staffing.QueueStaffing.Mode",
    },
}

# --- logs and metrics
LOG_FORMAT = env.text("LOG_FORMAT", "json", "json or console")
LOG_LEVEL = env.text("LOG_LEVEL", "INFO", "least level that is written")
LOGGING_CONFIG = None
configure_logging(LOG_FORMAT, LOG_LEVEL)
METRICS_TOKEN = env.text("METRICS_TOKEN", "", "bearer token for /metrics; empty = loopback only")
DJANGO_STRUCTLOG_CELERY_ENABLED = False
PROMETHEUS_EXPORT_MIGRATIONS = False
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # e-mail is unique, by a constraint on its lower case

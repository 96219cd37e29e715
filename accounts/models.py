"""People: who signs in, in which teams, with which role, and what administrators changed."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What somebody may do, in a team or (administrator) in the whole installation."""

    AGENT = "agent", _("Agent")
    COMMUNITY_MANAGER = "community_manager", _("Community manager")
    SUPERVISOR = "supervisor", _("Supervisor")
    ADMINISTRATOR = "administrator", _("Administrator")


class UserManager(BaseUserManager["User"]):
    """Creates people; e-mail addresses are kept in lower case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A person with a usable or (None) unusable password."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A signed-in colleague, whatever the role. Never deleted, only disabled: events name them."""

    class Theme(models.TextChoices):
        SYSTEM = "system", _("As the system")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=120)
    role = models.CharField(
        max_length=20,
        choices=[(Role.AGENT, Role.AGENT.label), (Role.ADMINISTRATOR, Role.ADMINISTRATOR.label)],
        default=Role.AGENT,
        help_text="In the whole installation; roles in teams are memberships.",
    )
    is_active = models.BooleanField(default=True)
    is_integration = models.BooleanField(default=False, help_text="A machine: cannot sign in to the web interface.")
    time_zone = models.CharField(max_length=64, default="UTC")
    language = models.CharField(max_length=12, blank=True, default="", help_text="Empty: as the browser asks for.")
    theme = models.CharField(max_length=8, choices=Theme.choices, default=Theme.SYSTEM)
    single_keys = models.BooleanField(default=True, help_text="Single-key shortcuts.")
    created_at = models.DateTimeField(auto_now_add=True)
    password_link_asked_at = models.DateTimeField(null=True, help_text="A worker is to send a link by e-mail.")

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_unique")]
        indexes = [
            # Who waits for a link to choose a new password.
            models.Index(
                fields=["password_link_asked_at"],
                condition=Q(password_link_asked_at__isnull=False),
                name="user_waits_for_link",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_administrator(self) -> bool:
        return self.role == Role.ADMINISTRATOR

    @property
    def mail_language(self) -> str:
        """The language of what is sent to them while no browser says one."""
        return self.language or settings.LANGUAGE_CODE

    @property
    def short_name(self) -> str:
        """First name, for rows and timelines."""
        return self.name.split(" ")[0]


class Team(models.Model):
    """People who staff queues together."""

    name = models.CharField(max_length=80, unique=True)
    slug = models.SlugField(max_length=80, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    members = models.ManyToManyField(User, through="Membership", related_name="teams")

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """One person in one team; a supervisor supervises the desks whose queues the team staffs."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(
        max_length=20,
        choices=[c for c in Role.choices if c[0] != Role.ADMINISTRATOR],
        default=Role.AGENT,
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "team"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.team_id}"


class Presence(models.Model):
    """Whether somebody takes work now; said by the person, not guessed."""

    class Status(models.TextChoices):
        AVAILABLE = "available", _("Available")
        BUSY = "busy", _("Busy")
        AWAY = "away", _("Away")
        OFFLINE = "offline", _("Offline")

    user = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True, related_name="presence")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OFFLINE)
    reason = models.CharField(max_length=80, blank=True, help_text="Why they are away, in their own words.")
    capacity = models.PositiveSmallIntegerField(default=12, help_text="Open conversations at a time.")
    changed_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.user_id}: {self.status}"


class Invitation(models.Model):
    """A link by which one person joins, once, within its time. Only a hash of the secret is kept."""

    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=120, blank=True)
    role = models.CharField(max_length=20, choices=Role.choices, default=Role.AGENT)
    teams = models.ManyToManyField(Team, related_name="+", blank=True)
    brand_ids = models.JSONField(default=list, help_text="Brands that the person will see.")
    secret_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(revoked_at=None), name="invitation_accepted_or_revoked"
            ),
            # A newer invitation replaces the open one, so that an address has one working link at most.
            models.UniqueConstraint(
                Lower("email"), condition=Q(accepted_at=None, revoked_at=None), name="invitation_one_open"
            ),
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk}"


class ApiToken(models.Model):
    """A machine's key; shown once, kept as a hash. Acts with the rights of its user."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12, help_text="First characters, to recognise it by.")
    secret_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"


class Session(AbstractBaseSession):
    """One browser that is signed in (or about to be), with whom and since when, so that it can be listed and ended."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="sessions")
    agent = models.CharField(max_length=200, blank=True, help_text="What the browser says it is.")
    signed_in_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(db_default=Now(), help_text="Last use, exact to a minute.")

    def __str__(self) -> str:
        return f"session of {self.user_id}"


class Device(models.Model):
    """A browser on which its person asked to be told outside the page, as long as they are signed in there.

    Where it is reached stays sealed here: only who pushes opens it. Without a session or a token it sleeps until they
    sign in there again.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="devices")
    session = models.ForeignKey(Session, on_delete=models.CASCADE, null=True, related_name="devices")
    token = models.ForeignKey(
        ApiToken, on_delete=models.CASCADE, null=True, related_name="devices", help_text="The machine that asked."
    )
    sealed = models.BinaryField()
    fingerprint = models.CharField(max_length=64, unique=True, help_text="Hash of the address: one row per browser.")
    agent = models.CharField(max_length=200, blank=True, help_text="What the browser says it is.")
    made_at = models.DateTimeField(db_default=Now())
    pushed_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=20, blank=True, help_text="Why the last push failed, in a word.")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(session=None) | Q(token=None), name="device_one_sign_in"),
        ]

    def __str__(self) -> str:
        return f"device {self.pk} of {self.user_id}"


class SignInFailures(models.Model):
    """How often signing in failed lately for one address or from one network address; a hash tells which.

    Kept in PostgreSQL and not in Redis: guessing must not become free when Redis is away.
    """

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField()
    until = models.DateTimeField(help_text="When the window ends and counting starts again.")

    class Meta:
        indexes = [
            # Windows that are over, to be removed.
            models.Index(fields=["until"], name="signinfailures_over"),
        ]

    def __str__(self) -> str:
        return f"{self.count} until {self.until:%T}"


class Installation(models.Model):
    """The one row of what holds for the whole organisation."""

    class MfaPolicy(models.TextChoices):
        OPTIONAL = "optional", _("Optional")
        ADMINISTRATORS = "administrators", _("Required for administrators")
        EVERYBODY = "everybody", _("Required for everybody")

    id = models.SmallIntegerField(primary_key=True, default=1)
    company = models.CharField(max_length=120, blank=True)
    mfa_policy = models.CharField(max_length=16, choices=MfaPolicy.choices, default=MfaPolicy.OPTIONAL)
    set_up_at = models.DateTimeField(null=True)
    setup_secret_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="installation_single")]

    def __str__(self) -> str:
        return self.company or "Socialcare"


class AccountEvent(models.Model):
    """What administrators changed and who signed in: append-only, defended by the database."""

    kind = models.CharField(max_length=60)
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    subject = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="account_events")
    occurred_at = models.DateTimeField(db_default=Now())
    data = models.JSONField(default=dict)
    request_id = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = [
            # The audit page: newest first.
            models.Index(F("id").desc(), name="accountevent_newest"),
            # What happened to one person.
            models.Index(fields=["subject", "-id"], name="accountevent_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} at {self.occurred_at:%F %T}"

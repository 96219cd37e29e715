"""`shell`: what the frame of every page shows. Lazy: a fragment that does not ask for it pays nothing."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Presence, User
from accounts.selectors import installation, supervises
from accounts.services.sessions import reference_of
from channels.models import Brand
from inbox.selectors import counts
from inbox.selectors.items import brands_of
from inbox.services.events import user_topic
from routing.selectors.devices import public_key
from web.access import access, known
from web.bell import Bell, bell

THEMES = (User.Theme.LIGHT, User.Theme.DARK)
# Longer than it takes to draw a page, from its first question on.
DRAWN_AT_MOST_S = 3.0
HOME = "/"
CHANNELS = "/channels/"
SIGN_IN = "/account/"
DOTS = {"available": "on", "busy": "busy", "away": "away", "offline": "off"}
# In the order of the menu; with whether one may say why.
STATUSES = (
    (Presence.Status.AVAILABLE, False),
    (Presence.Status.AWAY, True),
    (Presence.Status.BUSY, True),
    (Presence.Status.OFFLINE, False),
)
TONES = {"available": "good", "busy": "accent", "away": "warn", "offline": ""}


@dataclass(frozen=True, slots=True)
class Area:
    """One place in the rail, or one page of the settings."""

    key: str
    url: str
    label: str
    icon: str
    keys: str = ""
    count: int = 0
    hot: bool = False
    phone: bool = True


@dataclass(frozen=True, slots=True)
class Me:
    name: str
    presence: str
    presence_label: str


@dataclass(frozen=True, slots=True)
class Status:
    value: str
    label: str
    tone: str
    current: bool
    asks_why: bool = False


def shell(request: HttpRequest) -> dict[str, Any]:
    """The context processor. allauth's pages cannot say where they stand, so their address does."""
    place = {"rail_active": "settings", "settings_active": "security"} if request.path.startswith(SIGN_IN) else {}
    return {"shell": Shell(request), **place}


class Shell:
    """See templates/base.html for what each name means."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def _person(self) -> User | None:
        person = getattr(self._request, "user", None)  # an error page may come before the session
        try:
            return person if person is not None and person.is_authenticated else None
        except DatabaseError:  # the page that says so must still come
            return None

    @property
    def theme(self) -> str:
        choice = self._person.theme if self._person else self._request.COOKIES.get("theme", "")
        return choice if choice in THEMES else ""

    @property
    def density(self) -> str:
        return ""

    @property
    def zone(self) -> str:
        return self._person.time_zone if self._person else ""

    @property
    def single_keys(self) -> bool:
        return self._person is None or self._person.single_keys

    @cached_property
    def installation(self) -> str:
        """The company's name; it came along with the person, a stranger's page asks for it."""
        if self._person is None:
            return installation().company
        return getattr(self._person, "company", None) or ""

    @cached_property
    def brands(self) -> list[Brand]:
        """The brands that this person sees."""
        if self._person is None:
            return []
        return brands_of(access(self._request))

    @cached_property
    def counters(self) -> list[counts.Kept]:
        """The kept counters; views that show more of them use these."""
        return known(self._request).counts

    @cached_property
    def areas(self) -> list[Area]:
        if self._person is None:
            return []
        waiting = counts.waiting_for(access(self._request), self.counters)
        first_page = self.settings[0].url
        rules = Area("rules", reverse("rules"), _("Rules"), "split", "g r", phone=False)
        return [
            Area("inbox", HOME, _("Inbox"), "inbox", "g i", waiting, hot=True),
            Area("notices", reverse("notices"), _("Notices"), "bell", "g n"),
            *([rules] if self._looks_after_others else []),
            Area("settings", first_page, _("Settings"), "settings-2", "g s"),
        ]

    @cached_property
    def settings(self) -> list[Area]:
        """The settings pages that this person may open."""
        if self._person is None:
            return []
        pages = [
            Area("account", reverse("you"), _("Your account"), "circle-user-round"),
            Area("attention", reverse("your-attention"), _("Notices and quiet hours"), "bell"),
            Area("security", reverse("mfa_index"), _("Sign-in and passkeys"), "fingerprint"),
        ]
        pages.append(Area("saved-replies", reverse("saved-replies"), _("Saved replies"), "text-quote"))
        pages.append(Area("macros", reverse("macros"), _("Macros"), "zap"))
        if access(self._request).brand_ids:
            pages.append(Area("brand-voice", reverse("brand-voice"), _("Brand voice"), "audio-lines"))
        pages.append(Area("sample", reverse("sample"), _("Daily sample"), "flask-conical"))
        if not self._looks_after_others:
            return pages
        leading = [
            Area("channels", CHANNELS, _("Channels"), "plug"),
            Area("people", reverse("people"), _("People and roles"), "user-cog"),
            Area("assignment", reverse("assignment"), _("Assignment"), "split"),
        ]
        leading += [
            Area("targets", reverse("targets"), _("Promises"), "timer"),
            Area("hours", reverse("hours"), _("Business hours"), "calendar-clock"),
        ]
        if self._person.is_administrator:
            leading += [
                Area("issues", reverse("issues"), _("Issues"), "tags"),
                Area("learnt", reverse("learnt"), _("What triage learnt"), "lightbulb"),
                Area("audit", reverse("audit"), _("Audit list"), "scroll-text"),
            ]
        return leading + pages

    @cached_property
    def bell(self) -> Bell | None:
        """Drawn in place of the area “notices”."""
        return bell(self._request, here=self._request.path == reverse("notices")) if self._person else None

    @property
    def drawn(self) -> str:
        """A moment before the page was asked for, seconds: from then on its stream tells what it cannot show."""
        return f"{time.time() - DRAWN_AT_MOST_S:.3f}"

    @property
    def topic(self) -> str:
        """What every page listens to."""
        return user_topic(self._person.pk) if self._person else ""

    @property
    def push(self) -> dict[str, str]:
        """The key with which browsers are reached, and the sign-in that a device hangs on; empty where none is."""
        key, session = public_key(), getattr(self._request, "session", None)
        if not key or session is None or not session.session_key:
            return {}
        return {"key": key, "session": reference_of(session.session_key), "renewal": reverse("device-renewal")}

    @cached_property
    def _looks_after_others(self) -> bool:
        rights = access(self._request)
        return rights.is_administrator or bool(rights.supervised_queue_ids) or supervises(self._person)  # type: ignore[arg-type]

    @property
    def me(self) -> Me:
        current = self._presence
        name = self._person.name if self._person else ""
        return Me(name, DOTS[current], str(Presence.Status(current).label))

    @property
    def statuses(self) -> list[Status]:
        if self._person is None:
            return []
        return [
            Status(one.value, str(one.label), TONES[one.value], one.value == self._presence, asks_why)
            for one, asks_why in STATUSES
        ]

    @property
    def _presence(self) -> str:
        return getattr(self._person, "presence_status", None) or Presence.Status.OFFLINE.value

    @cached_property
    def urls(self) -> dict[str, str]:
        return {
            "home": HOME,
            "theme": reverse("your-theme"),
            "presence": reverse("your-presence"),
            "account": reverse("you"),
            "security": reverse("mfa_index"),
            "sign_out": reverse("account_logout"),
            "search": HOME,
        }

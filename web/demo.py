"""The demo: two brands on the sandbox, three desks, six people. Laying it down again changes nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import requests
from django.conf import settings

from accounts.models import Installation, Membership, Role, User
from accounts.services import presence
from channels.models import Brand, BrandAccess, Channel, Stream
from channels.services import attempts, connection
from channels.services.connection import Wishes
from core.clock import database_now
from core.errors import Invalid
from inbox.models.queue import Queue
from inbox.models.voice import VoiceRule
from inbox.services import voice_rules
from inbox.services.desks import create_first_desks
from inbox.services.voice_rules import Wanted
from inbox.voice.rules import Terms as VoiceTerms
from routing.calendar import Period
from routing.models.sla import SlaPolicy
from routing.services import hours, targets
from routing.services.hours import Week
from routing.services.targets import Scope, Terms

PASSWORD = "one inbox for all"  # noqa: S105 - it opens a sandbox on this machine only, see `_only_here`
LOOPBACK = ("127.0.0.1", "localhost", "::1")
# The sandbox begins with a morning of posts; they count as having come in while we were connected.
CONNECTED_BEFORE = timedelta(hours=12)
DAYS = 7


@dataclass(frozen=True, slots=True)
class Persona:
    """Somebody of the demo, the same as in the tests and on the screenshots."""

    name: str
    email: str
    what: str
    queue: str = ""
    team_role: str = Role.AGENT
    role: str = Role.AGENT


PEOPLE = (
    Persona("Ana Sandoval", "ana@northwind.example", "care agent", "care"),
    Persona("Ben Achterberg", "ben@northwind.example", "community manager", "pr", Role.COMMUNITY_MANAGER),
    Persona("Mia Castell", "mia@northwind.example", "marketing", "marketing"),
    Persona("Omar Haddad", "omar@northwind.example", "supervisor of Care", "care", Role.SUPERVISOR),
    Persona("Ada Nwosu", "ada@northwind.example", "administrator", role=Role.ADMINISTRATOR),
    Persona("Zoe Lindqvist", "zoe@northwind.example", "no access"),
)


def lay_down() -> list[str]:
    """Make what is missing; returns the lines that tell people how to sign in.

    Raises: Invalid where this is not a demo on this machine; TransientChannelError where the sandbox is silent.
    """
    _only_here()
    queues = {queue.desk.slug: queue for desk in create_first_desks() for queue in desk.queues.all()}
    installation, _ = Installation.objects.get_or_create(pk=1)
    if installation.set_up_at is None:
        installation.company, installation.set_up_at = "Northwind", database_now()
        installation.save(update_fields=["company", "set_up_at"])
    people = {one.email: _person(one, queues) for one in PEOPLE}
    brands = {name: _brand(name, slug, people) for name, slug in BRANDS}
    _promise(people)
    _speak(brands, people["ada@northwind.example"])
    _connect_all(brands, people["ada@northwind.example"])
    return [f"{one.email:<24} {one.what}" for one in PEOPLE] + [f"password: {PASSWORD}"]


WEEK = (*(Period(day, 8 * 60, 20 * 60) for day in range(5)), Period(5, 9 * 60, 17 * 60))
# Airlines answer half of what they are asked within a quarter of an hour, and three in four within an hour: what is
# promised to the urgent and the high. For the rest long enough that a morning without answers is not all late.
STANDARD: dict[tuple[str, int | None], int] = {
    ("first", None): 4 * 60,
    ("first", 1): 15,
    ("first", 2): 60,
    ("next", None): 2 * 60,
    ("next", 1): 15,
    ("resolution", None): 24 * 60,
}
FAST: dict[tuple[str, int | None], int] = {("first", None): 60, ("first", 1): 10, ("next", None): 30}
IN_HOURS: dict[tuple[str, int | None], int] = {("first", None): 4 * 60, ("next", None): 4 * 60}


def _promise(people: dict[str, User]) -> None:
    """Office hours of Marketing, and what is promised: day and night, and by those hours."""
    if SlaPolicy.objects.exists():
        return
    ada, told = people["ada@northwind.example"], frozenset({people["omar@northwind.example"].pk})
    pr, marketing = (Queue.objects.get(desk__slug=slug, first_of_desk=True) for slug in ("pr", "marketing"))
    office = hours.create("Office hours", Week("Europe/Oslo", WEEK), actor=ada)
    hours.set_queue_hours(marketing.pk, hours_id=office.pk, actor=ada)
    targets.create("Standard", Scope(), Terms(STANDARD, told_ids=told), actor=ada)
    targets.create("PR, fast", Scope(queue_id=pr.pk), Terms(FAST, told_ids=told), actor=ada)
    targets.create(
        "Marketing in office hours", Scope(queue_id=marketing.pk), Terms(IN_HOURS, hours_id=office.pk), actor=ada
    )


# Invented, as the brands are.
REGRET = (("inconvenience", "what went wrong"), ("calm down", ""), ("as per our policy", "the reason"))
VOICE: dict[str, tuple[Wanted, ...]] = {
    "Northwind Air": (
        Wanted("Say what happened", "words", VoiceTerms(REGRET), "A reason calms more than regret does.", asks=True),
        Wanted("One exclamation mark is plenty", "exclamations", VoiceTerms(most=1), "We are glad without shouting."),
    ),
    "Lumo Mobile": (
        Wanted("Sign in public", "signature", VoiceTerms(form="^{initials}"), "People know who talks to them."),
    ),
}


def _speak(brands: dict[str, Brand], ada: User) -> None:
    """How the brands talk."""
    if VoiceRule.objects.exists():
        return
    for name, rules in VOICE.items():
        for rule in rules:
            voice_rules.create(replace(rule, brand_id=brands[name].pk, networks=["x"]), actor=ada)


BRANDS = (("Northwind Air", "northwind-air"), ("Lumo Mobile", "lumo-mobile"))


def _only_here() -> None:
    """The demo's password is known to everybody."""
    if urlsplit(settings.PUBLIC_URL).hostname not in LOOPBACK:
        raise Invalid("The demo is laid down only where PUBLIC_URL is this machine itself.")
    if not settings.SANDBOX_URL or not settings.SANDBOX_CONTROL_TOKEN:
        raise Invalid("The demo needs a sandbox: set SANDBOX_URL and SANDBOX_CONTROL_TOKEN, or use `make run`.")


def _person(one: Persona, queues: dict[str, Queue]) -> User:
    known = User.objects.filter(email=one.email).first()
    if known is not None:
        return known
    person = User.objects.create_user(one.email, PASSWORD, name=one.name, role=one.role)
    if one.queue:
        Membership.objects.create(user=person, team=queues[one.queue].team, role=one.team_role)
        presence.set_status(person, "available")
    return person


def _brand(name: str, slug: str, people: dict[str, User]) -> Brand:
    brand, _ = Brand.objects.get_or_create(slug=slug, defaults={"name": name})
    for one in PEOPLE:
        if one.queue:
            BrandAccess.objects.get_or_create(user=people[one.email], brand=brand)
    return brand


# --- the accounts


def _connect_all(brands: dict[str, Brand], ada: User) -> None:
    for account in _accounts():
        brand = brands.get(account["name"])
        if brand is not None:
            _connect(brand, account, ada)


def _accounts() -> list[dict[str, Any]]:
    """The brands' accounts on the sandbox, with working keys."""
    answer = requests.get(
        f"{settings.SANDBOX_URL}/control/accounts",
        params={"brand": "1"},
        headers={"Authorization": f"Bearer {settings.SANDBOX_CONTROL_TOKEN}"},
        timeout=10,
        allow_redirects=False,
    )
    answer.raise_for_status()
    return list(answer.json()["accounts"])


def _connect(brand: Brand, account: dict[str, Any], ada: User) -> None:
    """Connect an account as a person would with typed keys; one whose keys are dead by now is connected again."""
    kind, external_id = account["network"], str(account["id"])
    channel = Channel.objects.filter(kind=kind, external_id=external_id).first()
    if channel is not None and channel.status == Channel.Status.ACTIVE:
        return
    attempt = attempts.by_keys(actor=ada, brand_id=brand.pk, kind=kind, values=account["credentials"], channel=channel)
    if channel is not None:
        connection.reconnect(attempt.pk, account=external_id, actor=ada)
        return
    terms = (brand.name,) if kind == Channel.Kind.X else ()
    made = connection.connect(attempt.pk, account=external_id, actor=ada, days=DAYS, wishes=Wishes(terms=terms))
    since = database_now() - CONNECTED_BEFORE
    Channel.objects.filter(pk=made.pk).update(connected_at=since)
    Stream.objects.filter(channel=made).update(next_poll_at=since)

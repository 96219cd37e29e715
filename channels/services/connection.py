"""Connecting an account, connecting it again, and what is set for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from accounts.models import User
from channels import registry, vault
from channels.contracts import Found, StreamKind
from channels.models import Channel, ConnectAttempt, Stream
from channels.policies import require_administrator
from channels.services import attempts, identity, streams, switches
from channels.services.credentials import expiry_of
from core.clock import database_now
from core.errors import Conflict, Invalid, NotFound, PermanentChannelError

DAYS_MAX = 30
TERMS_MAX = 20
TERM_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is set for a channel.

    Args:
        terms: brand words to search for, where the network can.
        budget: US dollars a month for reading, None = no end.
        on: names of the network's switches that are on.
    """

    terms: tuple[str, ...] = ()
    budget: Decimal | None = None
    on: frozenset[str] = frozenset()


def connect(attempt_id: int, *, account: str, actor: User, days: int, wishes: Wishes) -> Channel:
    """Connect the chosen account: streams are made, reading begins now or `days` days ago.

    A channel that was disconnected comes back with its streams and marks.

    Args:
        account: the network's id of one of the accounts that were found.
        days: 0 = from now on; at most 30.

    Records: channel.connected. Raises: Forbidden, NotFound, Invalid with the field, Conflict where the account is
    connected already.
    """
    require_administrator(actor)
    if not 0 <= days <= DAYS_MAX:
        raise Invalid("Please choose 0 to 30 days.", fields={"days": "0 to 30 days."})
    with transaction.atomic(durable=True):
        attempt, chosen = _chosen(attempt_id, account, actor)
        wishes = _checked(attempt.kind, wishes)
        channel = _row_for(attempt, chosen, actor, days)
        _put_in(channel, chosen)
        _apply(channel, wishes)
        _make_streams(channel)
        _finish(attempt)
        switches.tell("channel.connected", channel, actor=actor)
    return channel


def reconnect(attempt_id: int, *, account: str, actor: User) -> Channel:
    """Give a channel working credentials again; marks were kept, so that the gap is read.

    Records: channel.reconnected. Raises: Forbidden, NotFound, Invalid where it is another account.
    """
    require_administrator(actor)
    with transaction.atomic(durable=True):
        attempt, chosen = _chosen(attempt_id, account, actor)
        if attempt.channel_id is None:
            raise NotFound(attempts.GONE)
        channel = switches.locked(attempt.channel_id)
        try:
            identity.require_same(channel, chosen.identity)
        except PermanentChannelError as error:
            raise Invalid(error.message, fields={"account": error.message}) from None
        _put_in(channel, chosen)
        _make_streams(channel)
        streams.poll_now(channel.pk)
        _finish(attempt)
        switches.tell("channel.reconnected", channel, actor=actor)
    return channel


def change(channel_id: int, *, actor: User, wishes: Wishes) -> Channel:
    """Set search words, budget and switches; streams that waited for the budget look again at once.

    Records: channel.changed. Raises: Forbidden, NotFound, Invalid with the field.
    """
    require_administrator(actor)
    with transaction.atomic(durable=True):
        channel = switches.locked(channel_id)
        _apply(channel, _checked(channel.kind, wishes))
        _make_streams(channel)
        streams.poll_now(channel.pk)
        switches.tell("channel.changed", channel, actor=actor, what="the settings")
    return channel


def taken(kind: str, account: str) -> Channel | None:
    """The channel by which this account is connected, if any."""
    connected = Channel.objects.filter(kind=kind, external_id=account).exclude(status=Channel.Status.DISCONNECTED)
    return connected.select_related("brand").first()


def wanted_streams(kind: str, terms: tuple[str, ...] | list[str]) -> tuple[StreamKind, ...]:
    """The streams of a channel: all of the network's, the search only where there are words to search for."""
    return tuple(s for s in registry.capabilities(kind).streams if s is not StreamKind.SEARCH or terms)


def _chosen(attempt_id: int, account: str, actor: User) -> tuple[ConnectAttempt, Found]:
    attempt = attempts.current(attempt_id, actor=actor)
    ConnectAttempt.objects.select_for_update(no_key=True).get(pk=attempt.pk)
    attempt = attempts.current(attempt_id, actor=actor)
    for one in attempts.found(attempt):
        if one.identity.external_id == account:
            return attempt, one
    raise Invalid("Please choose one of the accounts.", fields={"account": "Choose one of the accounts."})


def _row_for(attempt: ConnectAttempt, chosen: Found, actor: User, days: int) -> Channel:
    """A new row, or the one of an account that was disconnected."""
    external_id = chosen.identity.external_id
    known = Channel.objects.select_for_update(no_key=True, of=("self",)).select_related("brand")
    channel = known.filter(kind=attempt.kind, external_id=external_id).first()
    if channel is not None:
        _require_free(channel, attempt)
        return channel
    now = database_now()
    try:
        with transaction.atomic():
            return Channel.objects.create(
                brand=attempt.brand,
                kind=attempt.kind,
                external_id=external_id,
                handle=chosen.identity.handle[:120],
                sealed_credentials=b"",
                import_since=now - timedelta(days=days),
                connected_at=now,
                connected_by=actor,
            )
    except IntegrityError:
        raise Conflict("This account was connected just now by somebody else.", code="already_connected") from None


def _require_free(channel: Channel, attempt: ConnectAttempt) -> None:
    if channel.status != Channel.Status.DISCONNECTED:
        raise Conflict(
            f"{channel} is connected already, to {channel.brand.name}.",
            code="already_connected",
            current={"channel": channel.pk},
        )
    if channel.brand_id != attempt.brand_id:
        raise Conflict(
            f"{channel} was connected to {channel.brand.name}, and its conversations are there: connect it to that "
            "brand again.",
            code="other_brand",
            current={"channel": channel.pk},
        )


def _put_in(channel: Channel, chosen: Found) -> None:
    """Sealed credentials, the account as the network calls it now, and everything that stood in the way gone."""
    channel.sealed_credentials = vault.seal(chosen.credentials, channel)
    channel.credentials_expire_at = expiry_of(chosen.credentials)
    channel.status, channel.status_reason = Channel.Status.ACTIVE, ""
    channel.failures_in_row, channel.breaker_until = 0, None
    channel.save(
        update_fields=[
            "sealed_credentials",
            "credentials_expire_at",
            "status",
            "status_reason",
            "failures_in_row",
            "breaker_until",
        ]
    )
    Channel.objects.filter(pk=channel.pk).update(status_changed_at=Now())
    identity.take_over(channel.pk, chosen.identity)
    channel.refresh_from_db()


def _apply(channel: Channel, wishes: Wishes) -> None:
    options = dict.fromkeys(sorted(wishes.on), True)
    channel.options = {**options, "terms": list(wishes.terms)} if wishes.terms else options
    channel.budget_usd = wishes.budget
    channel.save(update_fields=["options", "budget_usd"])


def _make_streams(channel: Channel) -> None:
    """The streams that the channel should have: what is new begins where the channel's first reading began, or now."""
    wanted = set(wanted_streams(channel.kind, channel.options.get("terms", ())))
    have = dict(Stream.objects.filter(channel=channel).values_list("kind", "pk"))
    Stream.objects.filter(pk__in=[pk for kind, pk in have.items() if kind not in wanted]).delete()
    since = database_now() if have else channel.import_since
    missing = [kind for kind in wanted if kind not in have]
    Stream.objects.bulk_create(Stream(channel=channel, kind=kind, read_since=since) for kind in sorted(missing))


def _finish(attempt: ConnectAttempt) -> None:
    ConnectAttempt.objects.filter(pk=attempt.pk).update(finished_at=Now(), sealed=b"")


def _checked(kind: str, wishes: Wishes) -> Wishes:
    """Raises: Invalid with the field."""
    fields: dict[str, str] = {}
    terms = tuple(dict.fromkeys(" ".join(term.split()) for term in wishes.terms if term.strip()))
    if terms and StreamKind.SEARCH not in registry.capabilities(kind).streams:
        fields["terms"] = "This network has no search."
    if len(terms) > TERMS_MAX or any(len(term) > TERM_LENGTH for term in terms):
        fields["terms"] = f"At most {TERMS_MAX} words or phrases of at most {TERM_LENGTH} characters."
    if wishes.budget is not None and wishes.budget < 0:
        fields["budget"] = "A budget is not negative."
    known = {switch.name for switch in registry.connecting(kind).switches}
    if fields:
        raise Invalid("Please correct what is marked.", fields=fields)
    return Wishes(terms, wishes.budget, wishes.on & known)


def facts(channel: Channel) -> dict[str, Any]:
    """What is set for a channel, as a form shows it."""
    terms = channel.options.get("terms", [])
    on = [name for name, value in channel.options.items() if value is True]
    return {"terms": "\n".join(terms), "budget": channel.budget_usd, "switches": on}

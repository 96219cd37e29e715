"""Channels as the templates of `channels/` want them: words, tones and addresses for stored facts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from channels.health import State, is_behind
from channels.models import Channel, Stream
from channels.selectors import Account, BrandAccounts
from core.wording import said

HEALTH = {
    State.LOST: gettext_lazy("Access lost"),
    State.SICK: gettext_lazy("Not answering"),
    State.BEHIND: gettext_lazy("Behind"),
    State.SPENT: gettext_lazy("Budget spent"),
    State.GAP: gettext_lazy("A gap"),
    State.QUIET: gettext_lazy("Unusually quiet"),
    State.HALTED: gettext_lazy("Sending halted"),
    State.PAUSED: gettext_lazy("Paused"),
    State.STARTING: gettext_lazy("Starting"),
    State.HEALTHY: gettext_lazy("Healthy"),
    State.DISCONNECTED: gettext_lazy("Disconnected"),
}
STREAMS = {
    "mentions": gettext_lazy("Mentions"),
    "search": gettext_lazy("Brand words"),
    "direct_messages": gettext_lazy("Direct messages"),
    "own_posts": gettext_lazy("Own posts"),
    "page_feed": gettext_lazy("Posts and comments"),
    "page_messages": gettext_lazy("Private messages"),
}
# What stands above the list, worst first.
PROBLEMS = (State.LOST, State.SICK, State.BEHIND, State.SPENT, State.GAP, State.QUIET)


@dataclass(frozen=True, slots=True)
class Problem:
    tone: str
    title: str
    text: str
    url: str
    action: str


def stream_label(kind: str) -> str:
    return str(STREAMS.get(kind, kind))


def brand_rows(brands: Iterable[BrandAccounts], *, may_change: bool) -> list[dict[str, Any]]:
    return [
        {
            "pk": one.brand.pk,
            "name": one.brand.name,
            "halted": one.brand.sending_halted_at is not None,
            "channels": [row(account, may_change=may_change) for account in one.accounts],
        }
        for one in brands
    ]


def row(account: Account, *, may_change: bool) -> dict[str, Any]:
    """One account; see templates/channels/_row.html."""
    channel = account.channel
    return {
        "pk": channel.pk,
        "url": reverse("channel", args=[channel.pk]),
        "name": name_of(channel),
        "network": channel.kind,
        "network_name": channel.get_kind_display(),
        "health": {"tone": account.health.tone, "label": HEALTH[account.health.state]},
        "month_usd": account.month_usd,
        "share": share(account.month_usd, channel.budget_usd),
        "calls_today": account.calls_today,
        "unreadable_today": account.unreadable_today,
        "read_at": max((s.last_ok_at for s in account.streams if s.last_ok_at), default=None),
        "late": account.health.state in (State.LOST, State.SICK, State.BEHIND),
        "sign_in": _sign_in(channel),
        "action": _action(channel) if may_change else None,
    }


def name_of(channel: Channel) -> str:
    """What people call the account."""
    return f"@{channel.handle}" if channel.kind == "x" else (channel.name or channel.handle)


def problems(brands: Iterable[BrandAccounts], *, may_change: bool) -> list[Problem]:
    """What needs a person, worst first."""
    found = [account for one in brands for account in one.accounts if account.health.state in PROBLEMS]
    found.sort(key=lambda account: PROBLEMS.index(account.health.state))
    return [_problem(account, may_change) for account in found]


def spend(brands: Iterable[BrandAccounts]) -> dict[str, Any] | None:
    """The sums over all accounts; None before anything was read."""
    accounts = [account for one in brands for account in one.accounts]
    month = sum((account.month_usd for account in accounts), Decimal(0))
    calls = sum(account.calls_today for account in accounts)
    if not month and not calls:
        return None
    budgets = [account.channel.budget_usd for account in accounts if account.channel.budget_usd is not None]
    budget = sum(budgets, Decimal(0)) if budgets else None
    return {
        "month_usd": month,
        "budget_usd": budget,
        "share": share(month, budget),
        "month_share": _month_share(timezone.now()),
        "today_usd": sum((account.usd_today for account in accounts), Decimal(0)),
        "calls_today": calls,
        "items_today": sum(account.items_today for account in accounts),
    }


def stream_row(stream: Stream, now: datetime) -> dict[str, Any]:
    """One stream of the detail page."""
    return {
        "pk": stream.pk,
        "label": stream_label(stream.kind),
        "last_ok_at": stream.last_ok_at,
        "last_item_at": stream.last_item_at,
        "lag": stream.lag_s,
        "behind": is_behind(stream, now),
        "next_poll_at": stream.next_poll_at,
        "interval": stream.interval_s,
        "waits_because": said(stream.waits_because),
        "error": said(stream.last_error),
        "error_at": stream.last_error_at,
        "errors_in_row": stream.errors_in_row,
        "gap": stream.gap,
        "gap_url": reverse("stream-gap", args=[stream.pk]),
    }


def detail(account: Account) -> dict[str, Any]:
    """The head of the detail page: what a row says, and the channel's story."""
    channel = account.channel
    halted = channel.sending_halted_at is not None
    label = channel.get_status_display() if channel.status != "active" else _("Sending halted") if halted else ""
    reason = channel.status_reason if channel.status != "active" else channel.sending_halted_because
    return {
        **row(account, may_change=False),
        "brand_name": channel.brand.name,
        "status": "halted" if channel.status == "active" and halted else channel.status,
        "status_label": label,
        "status_reason": said(reason),
        "followers": channel.followers,
        "connected_at": channel.connected_at,
        "connected_by": channel.connected_by.name if channel.connected_by else "",
        "health_reason": said(account.health.reason),
    }


def switches(channel: Channel) -> dict[str, str]:
    """Addresses of what can be done now; empty where it does not apply."""
    status, halted = channel.status, channel.sending_halted_at is not None
    connected = status in ("active", "paused")
    names = {
        "reconnect": ("channel-reconnect", not connected),
        "renew": ("channel-reconnect", connected),
        "pause": ("channel-pause", status == "active"),
        "resume": ("channel-resumption", status == "paused"),
        "halt": ("channel-halt", not halted and status != "disconnected"),
        "release": ("channel-release", halted),
        "disconnect": ("channel-disconnection", status != "disconnected"),
    }
    return {key: reverse(name, args=[channel.pk]) if applies else "" for key, (name, applies) in names.items()}


def share(part: Decimal, whole: Decimal | None) -> int | None:
    """Per cent from 0 to 100, None without a whole."""
    if whole is None:
        return None
    return min(100, int(100 * part / whole)) if whole else 100


def _problem(account: Account, may_change: bool) -> Problem:
    channel = account.channel
    title = _("%(name)s on %(network)s: %(state)s.") % {
        "name": name_of(channel),
        "network": channel.get_kind_display(),
        "state": HEALTH[account.health.state],
    }
    action = _action(channel) if may_change else None
    place = action or {"url": reverse("channel", args=[channel.pk]), "label": _("Look")}
    return Problem(account.health.tone, title, said(account.health.reason), place["url"], place["label"])


def _action(channel: Channel) -> dict[str, str] | None:
    if channel.status not in (Channel.Status.NEEDS_RECONNECT, Channel.Status.DISCONNECTED):
        return None
    return {"url": reverse("channel-reconnect", args=[channel.pk]), "label": _("Reconnect")}


def _sign_in(channel: Channel) -> dict[str, str]:
    if channel.status == Channel.Status.NEEDS_RECONNECT:
        return {"label": _("Refused"), "tone": "bad"}
    if channel.status == Channel.Status.DISCONNECTED:
        return {"label": _("None"), "tone": ""}
    return {"label": _("Renews itself") if channel.credentials_expire_at else _("No expiry"), "tone": ""}


def _month_share(now: datetime) -> int:
    following = (now.replace(day=28) + timedelta(days=4)).replace(day=1)
    length = (following - timedelta(days=1)).day
    return int(100 * (now.day - 1 + now.hour / 24) / length)

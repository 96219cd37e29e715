"""Whose account is it? Asked at the connection, daily, and after each renewal of a token."""

from __future__ import annotations

from django.db import transaction
from django.db.models.functions import Now

from channels import registry
from channels.contracts import Identity
from channels.models import Channel
from channels.services import switches
from core.errors import PermanentChannelError, TokenDead

OTHER = "These credentials now belong to another account ({handle}): sending is halted. Connect it again."


def check(channel: Channel) -> bool:
    """Ask the network whose credentials these are; another account halts sending and needs reconnecting.

    A network that does not answer proves nothing and changes nothing.

    Returns: whether it is still the same account. Raises: TransientChannelError.
    Records: channel.halted, channel.needs_reconnect where it is not.
    """
    try:
        found = registry.adapter_for(channel).identify()
    except TokenDead as error:
        switches.token_died(channel, error.message)
        return False
    if found.external_id != channel.external_id:
        reason = OTHER.format(handle=found.handle or found.external_id)
        switches.halt_sending(channel.pk, actor=None, reason=reason)
        switches.token_died(channel, reason)
        return False
    take_over(channel.pk, found)
    return True


def require_same(channel: Channel, found: Identity) -> None:
    """Raises: PermanentChannelError where a reconnection brought another account."""
    if found.external_id != channel.external_id:
        raise PermanentChannelError(
            f"These keys belong to @{found.handle}, this channel is @{channel.handle}. Connect it with its own keys.",
            code="other_account",
        )


def take_over(channel_id: int, found: Identity) -> None:
    """Store what the network calls the account now. Handles change, ids do not."""
    with transaction.atomic():
        Channel.objects.filter(pk=channel_id).update(
            handle=found.handle[:120],
            name=found.name[:200],
            followers=found.followers,
            avatar_url=found.avatar_url,
            identified_at=Now(),
        )

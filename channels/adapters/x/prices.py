"""What X charges, in US dollars per resource (reads) or request (writes).

Source: docs.x.com/x-api/getting-started/pricing, read 2026-08. The same resource is charged once per UTC day
(a soft guarantee). `own_mention` holds only where the app belongs to the very account that is read;
`summoned_reply` is an answer to an author who mentioned or quoted us; the second post of a thread answers our own.
"""

from __future__ import annotations

from decimal import Decimal

from twitter_text import extract_urls

from channels.contracts import OutboundMessage, Visibility

USD = {
    "post_read": Decimal("0.005"),
    "own_mention": Decimal("0.001"),
    "user_read": Decimal("0.010"),
    "dm_event": Decimal("0.010"),
    "post": Decimal("0.015"),
    "summoned_reply": Decimal("0.010"),
    "post_with_url": Decimal("0.200"),
    "dm": Decimal("0.015"),
    "interaction": Decimal("0.015"),
    "delete": Decimal("0.010"),
    "manage": Decimal("0.005"),
}


def resource(message: OutboundMessage) -> str:
    """The name under which X charges for sending this."""
    if message.visibility is Visibility.PRIVATE:
        return "dm"
    if extract_urls(message.text):
        return "post_with_url"
    return "summoned_reply" if message.in_reply_to and not message.follows else "post"

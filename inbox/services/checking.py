"""What the composer says of a text while it is written; `replies.submit` asks the same again."""

from __future__ import annotations

from dataclasses import dataclass

from channels import registry
from channels.contracts import Visibility
from inbox import text_checks
from inbox.models.conversation import Conversation
from inbox.text_checks import Finding


@dataclass(frozen=True, slots=True)
class Checked:
    """A text as it would leave.

    Args:
        length, limit: in characters as the network counts them.
        findings: what to look at again.
    """

    length: int
    limit: int
    findings: list[Finding]


def check(conversation: Conversation, text: str, visibility: str) -> Checked:
    """Needs `channel` and `profile` loaded; asks nothing."""
    rules = registry.rules_for(conversation.channel)
    public = visibility == Visibility.PUBLIC
    return Checked(
        length=rules.count(text, visibility=Visibility(visibility)),
        limit=rules.capabilities.text_limit if public else rules.capabilities.private_limit,
        findings=findings(conversation, text, visibility),
    )


def findings(conversation: Conversation, text: str, visibility: str) -> list[Finding]:
    """What of the text should be looked at again before the person of this conversation gets it."""
    profile = conversation.profile
    called = f"{profile.name} {profile.handle}" if profile.is_known else ""
    return text_checks.findings(text, public=visibility == Visibility.PUBLIC, called=called)

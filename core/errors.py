"""The named errors of the product. The domain raises them; web, api and tasks each translate them once."""

from __future__ import annotations

from datetime import datetime
from typing import Any


class SocialCareError(Exception):
    """An expected refusal, with a stable code for machines and a sentence for people.

    Args:
        message: one sentence that says what is wrong and what to do; shown to people.
        code: stable identifier in snake_case.
        fields: field name → sentence, for input that names what is wrong with it.
        current: facts that help the caller on, such as who won; JSON-serialisable.
    """

    code = "error"
    http_status = 400

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        fields: dict[str, str] | None = None,
        current: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.code
        self.fields = fields or {}
        self.current = current or {}


class Invalid(SocialCareError):
    """The input is wrong; `fields` names what."""

    code = "invalid"
    http_status = 422


class NotFound(SocialCareError):
    """Absent, or not yours: both look alike."""

    code = "not_found"
    http_status = 404


class Forbidden(SocialCareError):
    """Visible to this person, but the act is not theirs to do."""

    code = "forbidden"
    http_status = 403


class Conflict(SocialCareError):
    """The state has moved on; `current` says to what and by whom."""

    code = "conflict"
    http_status = 409


class ChannelError(SocialCareError):
    """A network said no or did not answer."""

    code = "channel_error"
    http_status = 502


class TransientChannelError(ChannelError):
    """It may work later. `retry_after` is when (aware UTC) or None where the network did not say."""

    code = "channel_transient"

    def __init__(self, message: str, *, retry_after: datetime | None = None, **kwargs: Any) -> None:
        super().__init__(message, **kwargs)
        self.retry_after = retry_after


class RateLimited(TransientChannelError):
    """The network's budget for this window is used up."""

    code = "rate_limited"


class PermanentChannelError(ChannelError):
    """Trying again will not help; somebody must change something."""

    code = "channel_permanent"


class TokenDead(PermanentChannelError):
    """The account must be connected again (X 401, Graph code 190)."""

    code = "token_dead"


class PermissionMissing(PermanentChannelError):
    """The token lacks a right that this call needs."""

    code = "permission_missing"


class Refused(PermanentChannelError):
    """The network understood and refused: provably nothing was posted."""

    code = "refused"


class OutcomeUnknown(ChannelError):
    """A write whose effect cannot be told from the answer: read before doing anything again."""

    code = "outcome_unknown"

"""What can be set while the sandbox runs."""

from dataclasses import asdict, dataclass, field, fields


@dataclass
class Settings:
    """Switches of the pretend networks, changed by `POST /control/settings`."""

    # Seconds until what a client wrote is seen in its own timeline (X) or feed (Facebook).
    timeline_lag: float = 0.0
    # X, since 23 February 2026: answer by API only those who mentioned or quoted you.
    reply_rule: bool = True
    # X refuses the same text from the same account a second time within a day.
    duplicate_rule: bool = True
    # False: headers are sent, nobody is refused. A mapping "METHOD /route" → calls per window overrides one limit.
    rate_limits: bool = True
    limits: dict[str, int] = field(default_factory=dict)
    # How fast the demo lives; 0 stops it.
    speed: float = 1.0
    # X: false leaves out conversation_id, so that threads can be found by parents alone.
    conversation_ids: bool = True
    # Facebook: a page's token sees who commented (people may still be set to stay nameless).
    comment_names: bool = True
    # Facebook: refuse calls without appsecret_proof.
    require_proof: bool = False
    # Per cent that the usage headers report; None = counted.
    usage_percent: int | None = None
    # Seconds that new OAuth 2.0 access tokens of X live. Source: docs.x.com oauth-2-0 authorization-code (2 hours).
    token_seconds: int = 7200

    def change(self, changes: dict) -> None:
        """Take over new values, all or none. Raises: ValueError naming the field that is unknown or of another type."""
        known = {item.name: item for item in fields(self)}
        for name, value in changes.items():
            if name not in known:
                raise ValueError(f"{name}: unknown setting")
            if not _fits(getattr(Settings(), name), value, name):
                raise ValueError(f"{name}: wrong kind of value")
        for name, value in changes.items():
            setattr(self, name, value)

    def as_dict(self) -> dict:
        return asdict(self)


def _fits(default: object, value: object, name: str) -> bool:
    if name == "usage_percent":
        return value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 0)
    if isinstance(default, bool):
        return isinstance(value, bool)
    if isinstance(default, int | float):
        return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0
    return isinstance(value, dict) and all(isinstance(v, int) for v in value.values())

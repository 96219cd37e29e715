"""What rules are told and what they say: frozen values, no Django, no database, no network."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

SKILL_LEVEL = 3
"""The proficiency that a rule asks for: it names none."""


@dataclass(frozen=True, slots=True)
class Facts:
    """One message, its author and its conversation as seen at the moment of routing.

    Args:
        network: code of the network, such as "x".
        new: the first message of its conversation.
        queue_id: where the conversation stands; `status` and `priority` likewise. They are live state.
        followers: None where the network does not say.
        lists: ids of the author lists on which the author stands.
        previous: the author's earlier conversations with the brand.
        weekday: 0 = Monday, and `minute` of the day, both in the organisation's time zone, when it was posted.
        open_hours: whether it was posted in business hours; None where nobody has set hours.
        waiting: minutes for which the conversation has waited; None = it does not wait, or has just begun to.
        language ... answerable: what triage said; empty = not assessed. `sure`: how sure it was, by label, 0 to 1.
        text: as stored; kept with the message, never with the decision.
    """

    message_id: int
    conversation_id: int
    channel_id: int
    network: str
    brand_id: int
    queue_id: int
    private: bool = False
    new: bool = True
    status: str = "open"
    priority: int = 3
    owned: bool = False
    followers: int | None = None
    verified: bool = False
    lists: tuple[int, ...] = ()
    previous: int = 0
    weekday: int = 0
    minute: int = 0
    open_hours: bool | None = None
    waiting: int | None = None
    language: str = ""
    noise: str = ""
    sentiment: str = ""
    kind: str = ""
    issue: str = ""
    urgency: str = ""
    reach: str = ""
    personal_data: str = ""
    answerable: str = ""
    sure: Mapping[str, float] = field(default_factory=dict)
    text: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the rules want done. None and empty = nothing said about it.

    Args:
        priority: 1 urgent to 4 low.
        skills: names of the skills that whoever takes it needs.
        issue: code of an issue of the organisation's list.
        snooze: minutes.
        reasons: (number of the rule, its sentence), in the order in which they matched.
        rest: "Everything else" decided the queue.
    """

    queue_id: int | None = None
    priority: int | None = None
    assign_to: int | None = None
    skills: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    issue: str = ""
    sla_policy_id: int | None = None
    snooze: int | None = None
    mute: bool = False
    notify: tuple[int, ...] = ()
    webhooks: tuple[int, ...] = ()
    reasons: tuple[tuple[int, str], ...] = ()
    rest: bool = False

    @property
    def rules(self) -> tuple[int, ...]:
        """The numbers of the rules that matched."""
        return tuple(number for number, _ in self.reasons)


@dataclass(frozen=True, slots=True)
class Names:
    """What the things that rules name are called, and thereby which of them exist.

    Args:
        channel_brand: brand of each channel; `channel_network` likewise.
        staff: by queue, the skills at the level of a rule that its people have; who is not there has no people. None =
            not looked at.
        opens: queues with business hours in which they are open at some time; None = not looked at.
        say: puts our own words into the reader's language; what is stored is English.
    """

    networks: Mapping[str, str] = field(default_factory=dict)
    channels: Mapping[int, str] = field(default_factory=dict)
    brands: Mapping[int, str] = field(default_factory=dict)
    queues: Mapping[int, str] = field(default_factory=dict)
    people: Mapping[int, str] = field(default_factory=dict)
    lists: Mapping[int, str] = field(default_factory=dict)
    webhooks: Mapping[int, str] = field(default_factory=dict)
    policies: Mapping[int, str] = field(default_factory=dict)
    issues: Mapping[str, str] = field(default_factory=dict)
    skills: Mapping[str, str] = field(default_factory=dict)
    channel_brand: Mapping[int, int] = field(default_factory=dict)
    channel_network: Mapping[int, str] = field(default_factory=dict)
    staff: Mapping[int, frozenset[str]] | None = None
    opens: frozenset[int] | None = None
    say: Callable[[str], str] = str

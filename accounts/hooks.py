"""Upward talk: higher layers register in `AppConfig.ready`; accounts calls them and never imports them.

A subscriber runs inside the transaction of the change, so that both happen or neither does. It must not call a
network. Registering a second time under the same name replaces the first.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # this module is imported by app configs, before there are models
    from accounts.models import Invitation, User

_disabled: dict[str, Callable[[User, User | None], None]] = {}
_joined: dict[str, Callable[[User, Invitation], None]] = {}
_present: dict[str, Callable[[User, str], None]] = {}


def on_disabled(name: str, subscriber: Callable[[User, User | None], None]) -> None:
    """Call `subscriber(person, actor)` when somebody is disabled: who owns something must let go of it."""
    _disabled[name] = subscriber


def on_joined(name: str, subscriber: Callable[[User, Invitation], None]) -> None:
    """Call `subscriber(person, invitation)` when somebody has accepted an invitation."""
    _joined[name] = subscriber


def on_presence(name: str, subscriber: Callable[[User, str], None]) -> None:
    """Call `subscriber(person, status)` when somebody says whether they take work."""
    _present[name] = subscriber


def disabled(person: User, actor: User | None) -> None:
    """Tell all subscribers, in the order in which they registered."""
    _tell(_disabled, person, actor)


def joined(person: User, invitation: Invitation) -> None:
    """Tell all subscribers, in the order in which they registered."""
    _tell(_joined, person, invitation)


def present(person: User, status: str) -> None:
    """Tell all subscribers, in the order in which they registered."""
    _tell(_present, person, status)


def _tell(subscribers: dict[str, Callable[..., None]], *facts: Any) -> None:
    for subscriber in subscribers.values():
        subscriber(*facts)

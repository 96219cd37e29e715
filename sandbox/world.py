"""One running pretend network: its things, its clock, its switches."""

import random
import secrets
from pathlib import Path

from sandbox.calls import Calls
from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.journal import Journal
from sandbox.limits import Limits
from sandbox.settings import Settings
from sandbox.store import Store


class World:
    """Everything that one sandbox process holds."""

    def __init__(self, data: Path | None = None, *, control_token: str = "") -> None:
        self.control_token = control_token or secrets.token_urlsafe(24)
        self.store = Store(Journal(data))
        self.clock = Clock()
        self.settings = Settings()
        self.faults = Faults()
        self.calls = Calls()
        self.limits = Limits()
        self.chance = random.Random(20261121)
        self._recall()

    def _recall(self) -> None:
        self.settings.change(self.store.facts.get("settings", {}))
        clock = self.store.facts.get("clock", {})
        if clock.get("now_ms") is not None:
            self.clock.set(clock["now_ms"], running=clock["running"])

    def set_clock(self, now_ms: int | None, *, running: bool = False) -> None:
        self.clock.set(now_ms, running=running)
        self.store.remember("clock", {"now_ms": now_ms, "running": running})

    def change_settings(self, changes: dict) -> None:
        """Raises: ValueError naming the field that is wrong."""
        self.settings.change(changes)
        self.store.remember("settings", self.settings.as_dict())

    def reset(self) -> None:
        """Forget posts, people, credentials, faults, counts and switches."""
        self.store.reset()
        self.clock.set(None)
        self.settings = Settings()
        self.faults.clear()
        self.calls.clear()
        self.limits.clear()

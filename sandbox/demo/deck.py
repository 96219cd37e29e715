"""Chance that does not repeat itself: every text of a list is dealt once before any comes again."""

import random
import re

from sandbox.demo.lines import SLOTS

SLOT = re.compile(r"\{(\w+)\}")


class Deck:
    """Deals texts; the same seed gives the same order."""

    def __init__(self, seed: str) -> None:
        self.chance = random.Random(seed)
        self._left: dict[tuple[str, ...], list[str]] = {}

    def draw(self, texts: list[str]) -> str:
        """The next text of a list."""
        name = tuple(texts)
        if not self._left.get(name):
            self._left[name] = self.chance.sample(texts, len(texts))
        return self._left[name].pop()

    def say(self, texts: list[str], **more: str) -> str:
        """The next text with something in every brace."""
        return self.fill(self.draw(texts), **more)

    def fill(self, text: str, **more: str) -> str:
        return SLOT.sub(lambda match: more.get(match.group(1)) or self.chance.choice(SLOTS[match.group(1)]), text)

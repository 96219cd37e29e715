"""Lets the demo live: says the lines when their time has come, and lets people react to answers."""

import asyncio
import random
import time
from dataclasses import asdict, dataclass, field
from itertools import takewhile

from sandbox.demo import lines, script
from sandbox.demo.cast import PEOPLE
from sandbox.demo.history import own_page_posts, write_history
from sandbox.demo.stage import Line, lay_down, perform, person_of
from sandbox.model import NETWORKS, Account, Post
from sandbox.world import World

TICK_SECONDS = 0.5
FACT = "demo"
# Of a hundred answers: so many get thanks, a further question, anger; the rest stay as they are.
THANKED, ASKED, ANGRY = 50, 70, 85
REACTIONS_PER_THREAD = 2
# Seconds of the demo's time between an answer and the reaction.
SOONEST, LATEST = 15, 75
# A stopped demo does not catch up with what it missed.
LONGEST_STEP = 5.0


@dataclass
class State:
    """How far the demo is; kept, so that it goes on where it was stopped."""

    cycle: int = 0
    at: float = 0.0
    said: int = 0
    keys: dict[str, str] = field(default_factory=dict)
    seen: int = 0
    waiting: list[dict] = field(default_factory=list)
    reactions: dict[str, int] = field(default_factory=dict)


class Director:
    """Runs the demo of one world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._chance = random.Random()
        self._lines: list[Line] = []
        self._cycle_of_lines = -1
        self._state: State | None = None
        self.on = False

    def begin(self) -> None:
        """Lay down brands, cast and history, unless they are there, and let it live."""
        self.on = True
        self._state = None
        lay_down(self._world)
        if FACT not in self._world.store.facts:
            write_history(self._world)
            self._save(State(seen=max(self._world.store.by_key, default=0)))
        self._world.store.flush()

    async def live(self) -> None:
        """Until it is cancelled."""
        last = time.monotonic()
        while True:
            await asyncio.sleep(TICK_SECONDS)
            now = time.monotonic()
            if self.on:
                self.step(min(now - last, LONGEST_STEP) * self._world.settings.speed)
            last = now

    def step(self, seconds: float) -> None:
        """Go on by so many seconds of the demo's time; nothing happens after a reset."""
        fact = self._world.store.facts.get(FACT)
        if fact is None or seconds <= 0:
            self._state = None
            return
        state = self._state = self._state or State(**fact)
        before = _progress(state)
        state.at += seconds
        self._notice_answers(state)
        self._react(state)
        self._say_due(state)
        if state.at >= script.CYCLE and state.said >= len(self._script(state)):
            self._begin_cycle(state)
        if _progress(state) != before:
            self._save(state)
        self._world.store.flush()

    def _begin_cycle(self, state: State) -> None:
        """The same again with other people and words; what waits keeps waiting."""
        state.cycle += 1
        state.at, state.said = 0.0, 0
        state.keys.clear()
        state.reactions.clear()
        for item in state.waiting:
            item["due"] -= script.CYCLE

    def _save(self, state: State) -> None:
        self._world.store.remember(FACT, asdict(state))

    def _script(self, state: State) -> list[Line]:
        if self._cycle_of_lines != state.cycle:
            self._lines = script.cycle(state.cycle, own_page_posts(self._world))
            self._cycle_of_lines = state.cycle
        return self._lines

    def _say_due(self, state: State) -> None:
        script_lines = self._script(state)
        while state.said < len(script_lines) and script_lines[state.said].at <= state.at:
            line = script_lines[state.said]
            state.said += 1
            post = perform(self._world, line, self._answered(state, line))
            if post is not None and line.key:
                state.keys[line.key] = post.id

    def _answered(self, state: State, line: Line) -> Post | None:
        return self._world.store.find_post(state.keys.get(line.answers, line.answers)) if line.answers else None

    # Reactions

    def _notice_answers(self, state: State) -> None:
        """Find what brands have written since the last look, and plan who reacts and when."""
        store = self._world.store
        lists = [store.public.newest(network) for network in NETWORKS]
        lists += [store.inbox.newest((brand.network, brand.id)) for brand in store.brands()]
        fresh = {key for keys in lists for key in takewhile(lambda key: key > state.seen, keys)}
        for key in sorted(fresh):
            if store.by_key[key].written_s:
                self._plan(state, store.by_key[key])
        state.seen = max([state.seen, *fresh])

    def _plan(self, state: State, answer: Post) -> None:
        person = person_of(self._partner(answer))
        if person is None or person.role in ("spam", "journalist"):
            return
        name = f"{answer.conversation_id}:{person.handle}"
        done = state.reactions.get(name, 0)
        text = self._reaction(person.lang)
        if text and done < REACTIONS_PER_THREAD:
            state.reactions[name] = done + 1
            due = state.at + self._chance.uniform(SOONEST, LATEST)
            state.waiting.append({"due": due, "who": person.handle, "answers": answer.id, "text": text})

    def _partner(self, answer: Post) -> Account | None:
        """Whom an answer was written to."""
        if answer.private:
            return self._world.store.account(answer.network, answer.to_id)
        parent = self._world.store.post(answer.network, answer.parent_id)
        return self._world.store.account(answer.network, parent.author_id) if parent else None

    def _reaction(self, lang: str) -> str:
        draw = self._chance.randrange(100)
        for limit, texts in ((THANKED, lines.THANKS), (ASKED, lines.FOLLOW_UPS), (ANGRY, lines.STILL_ANGRY)):
            if draw < limit:
                return self._chance.choice(texts[lang])
        return ""

    def _react(self, state: State) -> None:
        due = [item for item in state.waiting if item["due"] <= state.at]
        state.waiting = [item for item in state.waiting if item["due"] > state.at]
        for item in due:
            answer = self._world.store.find_post(item["answers"])
            if answer is None or answer.deleted:
                continue
            brand = "air" if self._is_air(answer) else "mobile"
            person = PEOPLE[item["who"]]
            line = Line(0, person.handle, brand, item["text"], answer.network, answers=answer.id, lang=person.lang)
            line.private = answer.private
            perform(self._world, line, answer)

    def _is_air(self, answer: Post) -> bool:
        author = self._world.store.account(answer.network, answer.author_id)
        return author is not None and author.handle.startswith("northwind")


def _progress(state: State) -> tuple:
    """What is worth keeping: all but the running seconds."""
    return state.cycle, state.said, state.seen, len(state.waiting), sum(state.reactions.values())

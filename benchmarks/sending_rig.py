"""The chaos run of `benchmarks.sending`: what is seeded, who is killed, who answers, and what then stands there."""

import argparse
import multiprocessing
import os
import random
import re
import signal
import threading
import time
from collections import Counter
from contextlib import suppress
from multiprocessing.process import BaseProcess
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from channels.models import Channel  # noqa: E402
from core.errors import Conflict  # noqa: E402
from inbox.models.conversation import Case, Conversation, Thread  # noqa: E402
from inbox.models.message import Message  # noqa: E402
from inbox.models.people import Contact, Profile  # noqa: E402
from inbox.models.work import ConversationEvent, Delivery  # noqa: E402
from inbox.services import replies  # noqa: E402
from tests import personas  # noqa: E402
from tests.domain.channels import kit  # noqa: E402
from tests.factories import people  # noqa: E402
from tests.sandbox.running import Sandbox  # noqa: E402

EXTRA_CHANNELS = 4
SEED_BATCH = 500
NAP_S = 0.05
PARTS = 3  # posts of an answer that is a thread
WRITTEN = re.compile(r"Answer (\d+)\b.*?(?: (\d)/\d)?$", re.DOTALL)
AIM = 0.8  # share of blows that wait for a sender in the middle of a call
AIM_FOR_S = 2.0
STAB_S = 0.1  # at most so long after waking half of the paused are killed


class Senders:
    """Processes that send; one that is killed is replaced at once."""

    def __init__(self, count: int, broken: str) -> None:
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["benchmarks.sending_worker"])
        self._broken = broken
        self.paused: dict[str, float] = {}
        self.all: dict[str, BaseProcess] = {}
        self.calling: dict[str, Any] = {}
        for number in range(count):
            self.start(f"sender-{number}")

    def start(self, name: str) -> None:
        from benchmarks.sending_worker import work

        self.calling[name] = self._context.Value("b", 0, lock=False)
        self.all[name] = self._context.Process(target=work, args=(self.calling[name], self._broken), daemon=True)
        self.all[name].start()

    def kill(self, name: str) -> None:
        self._signal(name, signal.SIGKILL)
        self.all[name].join()
        self.paused.pop(name, None)
        self.start(name)

    def pause(self, name: str, until: float) -> None:
        self._signal(name, signal.SIGSTOP)
        self.paused[name] = until

    def wake(self, now: float) -> list[str]:
        woken = [name for name, until in self.paused.items() if until <= now]
        for name in woken:
            del self.paused[name]
            self._signal(name, signal.SIGCONT)
        return woken

    def in_call(self) -> list[str]:
        return [name for name in self.running() if self.calling[name].value]

    def require_alive(self) -> None:
        """Raises: RuntimeError when a sender ended by itself: that is a defect and no blow."""
        for name, process in self.all.items():
            if not process.is_alive():
                raise RuntimeError(f"{name} ended by itself with code {process.exitcode}")

    def running(self) -> list[str]:
        return [name for name in self.all if name not in self.paused]

    def stop(self) -> None:
        for process in self.all.values():
            process.kill()
            process.join()

    def _signal(self, name: str, what: signal.Signals) -> None:
        os.kill(self.all[name].pid or 0, what)


class Rig:
    def __init__(self, sandbox: Sandbox, chosen: argparse.Namespace) -> None:
        self.sandbox, self.chosen = sandbox, chosen
        self.chance = random.Random(chosen.seed)
        self.hits: Counter[str] = Counter()
        among = random.Random(f"threads {chosen.seed}")
        self.long = {number for number in range(chosen.replies) if among.random() < chosen.threads}
        self.posts = chosen.replies + (PARTS - 1) * len(self.long)
        self.done = threading.Event()
        call_command("migrate", verbosity=0)
        self.world = personas.world()
        self.channels = self._channels()
        self.conversations = self._conversations()

    def run(self) -> dict[str, object]:
        settings = {
            "timeline_lag": self.chosen.lag,
            "duplicate_rule": False,  # it would hide doubles
            "rate_limits": False,
            "limits": {"POST /2/tweets": 1_000_000},  # what the headers tell, which the senders obey
        }
        self.sandbox.control("POST", "settings", settings)
        self.sandbox.fault("POST /2/tweets", "after_effect", rate=self.chosen.ambiguous, seed=self.chosen.seed)
        began = time.monotonic()
        agents = [threading.Thread(target=self._answer, args=(half,)) for half in range(2)]
        agents.append(threading.Thread(target=self._resend))
        senders = Senders(self.chosen.workers, self.chosen.broken)
        for agent in agents:
            agent.start()
        try:
            self._torment(senders, began)
        finally:
            self.done.set()
            senders.wake(float("inf"))
            time.sleep(3)  # a sender that wakes late may still post: that is what is looked for
            senders.stop()
            for agent in agents:
                agent.join()
        return self._truth(time.monotonic() - began)

    def _torment(self, senders: Senders, began: float) -> None:
        """Kill and pause in proportion to what was sent, until all is sent."""
        blows = self._schedule()
        while time.monotonic() - began < self.chosen.deadline:
            sent = Delivery.objects.filter(state="sent").count()
            while blows and sent >= blows[0][0] and len(senders.paused) < self.chosen.workers - 1:
                self._strike(senders, blows.pop(0)[1])
            for name in senders.wake(time.monotonic()):
                self._stab(senders, name)
            senders.require_alive()
            if sent == self.posts and not blows and not senders.paused:
                return
            time.sleep(NAP_S)

    def _schedule(self) -> list[tuple[int, str]]:
        spread = self.posts * 0.95
        blows = [(int(self.chance.random() * spread), "kill") for _ in range(self.chosen.kills)]
        blows += [(int(self.chance.random() * spread), "pause") for _ in range(self.chosen.pauses)]
        return sorted(blows)

    def _strike(self, senders: Senders, blow: str) -> None:
        name = self._aim(senders)
        self.hits[f"{blow}s_mid_call"] += name in senders.in_call()
        self.hits[f"{blow}s"] += 1
        if blow == "kill":
            senders.kill(name)
        else:
            senders.pause(name, time.monotonic() + self.chosen.pause_seconds)

    def _aim(self, senders: Senders) -> str:
        until = time.monotonic() + (AIM_FOR_S if self.chance.random() < AIM else 0)
        while time.monotonic() < until:
            if hit := senders.in_call():
                return self.chance.choice(hit)
            time.sleep(0.001)
        return self.chance.choice(senders.running())

    def _stab(self, senders: Senders, name: str) -> None:
        """One that wakes late posts late: half of them die just then, before they can say so."""
        if self.chance.random() < 0.5:
            time.sleep(self.chance.random() * STAB_S)
            senders.kill(name)
            self.hits["killed_after_waking"] += 1

    def _answer(self, half: int) -> None:
        for number, conversation in enumerate(self.conversations):
            if number % 2 == half:
                key, parts = f"answer-{number}", PARTS if number in self.long else 1
                more = " It flies tonight" * 14 if parts > 1 else ""
                text = " ".join([f"Answer {number}{more}."] * parts)
                replies.submit(conversation.pk, actor=self.world.ana, text=text, client_token=key, parts=parts)
        connection.close()

    def _resend(self) -> None:
        """What a person does who sees "it did not arrive": one click."""
        while not self.done.wait(0.3):
            for row in Delivery.objects.filter(state__in=("needs_human", "failed")):
                with suppress(Conflict):  # the row was read before it went on by itself
                    replies.resend(row.pk, actor=self.world.ana)
        connection.close()

    def _channels(self) -> list[Channel]:
        brand = self.world.brands.northwind
        extra = [
            people.channel(brand, "x", str(1_460_000_000_000_000_100 + number), f"northwind{number}")
            for number in range(EXTRA_CHANNELS)
        ]
        channels = [self.world.channels.northwind_x, self.world.channels.lumo_x, *extra]
        for channel in channels:
            account = self.sandbox.brand(channel.handle, "x", id=channel.external_id)
            kit.give_keys(channel, kit.oauth1(account["credentials"]))
        return channels

    def _conversations(self) -> list[Conversation]:
        """One question per answer, in the sandbox and stored."""
        made: list[Conversation] = []
        for start in range(0, self.chosen.replies, SEED_BATCH):
            made += self._batch(range(start, min(start + SEED_BATCH, self.chosen.replies)))
        return made

    def _batch(self, numbers: range) -> list[Conversation]:
        channels = [self.channels[number % len(self.channels)] for number in numbers]
        posts = [
            {
                "network": "x",
                "author": {"id": str(700_000_000 + number), "handle": f"person{number}"},
                "text": f"@{channel.handle} question {number}",
            }
            for number, channel in zip(numbers, channels, strict=True)
        ]
        ids = [post["id"] for post in self.sandbox.control("POST", "posts", posts)["posts"]]
        contacts = Contact.objects.bulk_create(Contact() for _ in numbers)
        profiles = Profile.objects.bulk_create(
            Profile(contact=contact, network="x", external_id=post["author"]["id"], handle=post["author"]["handle"])
            for contact, post in zip(contacts, posts, strict=True)
        )
        threads = Thread.objects.bulk_create(
            Thread(channel=channel, root_external_id=root) for channel, root in zip(channels, ids, strict=True)
        )
        now = django.utils.timezone.now()
        conversations = Conversation.objects.bulk_create(
            Conversation(
                channel=thread.channel,
                brand=thread.channel.brand,
                thread=thread,
                thread_key=f"post:{thread.root_external_id}",
                profile=profile,
                queue=self.world.queues.care,
                waiting_since=now,
                last_message_at=now,
            )
            for thread, profile in zip(threads, profiles, strict=True)
        )
        Case.objects.bulk_create(Case(conversation=row, number=1, first_inbound_at=now) for row in conversations)
        Message.objects.bulk_create(
            Message(
                channel=row.channel,
                conversation=row,
                thread=row.thread,
                profile=row.profile,
                direction="in",
                visibility="public",
                external_id=row.thread.root_external_id,
                text=post["text"],
                names_us=True,
                posted_at=now,
            )
            for row, post in zip(conversations, posts, strict=True)
        )
        return conversations

    def _truth(self, seconds: float) -> dict[str, object]:
        """What stands in the sandbox, compared with what was asked for."""
        wanted = {
            (row.thread.root_external_id, number, part): row.channel.external_id
            for number, row in enumerate(self.conversations)
            for part in range(1, (PARTS if number in self.long else 1) + 1)
        }
        stands: Counter[tuple[str, int, int]] = Counter()
        wrong = 0
        for channel in self.channels:
            listed = self.sandbox.control("GET", "posts", network="x", author=channel.external_id)["posts"]
            ours = {post["id"]: post for post in listed}
            for post in listed:
                key = (_question(post, ours), *_written(post))
                stands[key] += 1
                wrong += wanted.get(key) != post["author"]["id"]
        states = Counter(Delivery.objects.values_list("state", flat=True))
        kinds = Counter(ConversationEvent.objects.values_list("kind", flat=True))
        died = ConversationEvent.objects.filter(kind="delivery.unknown", data__code="sender_died").count()
        fired = self.sandbox.control("GET", "faults")["fired"]
        return {
            "replies": self.chosen.replies,
            "threads": len(self.long),
            "posts": len(wanted),
            "doubled": sum(n - 1 for n in stands.values() if n > 1),
            "lost": sum(1 for key in wanted if not stands[key]),
            "wrong_account": wrong,
            "left_unknown": sum(n for state, n in states.items() if state != "sent"),
            "messages_linked": Message.objects.filter(direction="out", delivery__isnull=False).count(),
            "kills": self.hits["kills"],
            "pauses": self.hits["pauses"],
            "kills_mid_call": self.hits["kills_mid_call"],
            "pauses_mid_call": self.hits["pauses_mid_call"],
            "killed_after_waking": self.hits["killed_after_waking"],
            "broke_off_after_posting": fired.get("after_effect", 0),
            "senders_found_dead": died,
            "outcomes_unknown": kinds["delivery.unknown"],
            "asked_a_person": kinds["delivery.needs_human"],
            "resent": kinds["delivery.resent"],
            "seconds": round(seconds, 1),
            "per_second": round(len(wanted) / seconds, 1),
            "seed": self.chosen.seed,
            "broken": self.chosen.broken or "nothing",
        }


def _written(post: dict[str, Any]) -> tuple[int, int]:
    """Number of the answer and of its part."""
    found = WRITTEN.search(post["text"])
    if found is None:
        raise RuntimeError(f"Nobody wrote this: {post['text']}")
    return int(found[1]), int(found[2] or 1)


def _question(post: dict[str, Any], ours: dict[str, dict[str, Any]]) -> str:
    """What is answered: a part stands below the part before it of the same answer, and the first below the question."""
    number, part = _written(post)
    above = ours.get(post["in_reply_to"] or "")
    if part == 1 or above is None:
        return post["in_reply_to"] or ""
    return _question(above, ours) if _written(above) == (number, part - 1) else "another answer"

"""The run of `benchmarks.collision`: who asks, who answers, and what then stands there."""

import argparse
import http.client
import random
import re
import threading
import time
import uuid
from collections import Counter
from html import unescape

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from playwright.sync_api import Page, sync_playwright  # noqa: E402

from accounts.models import User  # noqa: E402
from benchmarks.inbox_rig.served import PRODUCT, Answer, Browser, Web, cookies, serving, session_of  # noqa: E402
from benchmarks.sending_rig import Senders  # noqa: E402
from channels.contracts import Author  # noqa: E402
from inbox.models.conversation import Conversation  # noqa: E402
from inbox.models.work import Delivery, Draft  # noqa: E402
from socialcare.bootstrap import find_browser  # noqa: E402
from tests import personas  # noqa: E402
from tests.domain.channels import kit  # noqa: E402
from tests.factories import people  # noqa: E402
from tests.factories.pages import connected, post, store  # noqa: E402
from tests.sandbox.running import Sandbox  # noqa: E402

UNGUARDED = "benchmarks.inbox_rig.unguarded:application"
HOT = 8
NEW_EVERY_S = 0.5
TOGETHER_S = 0.5
CLAIMS = 0.3
SENDERS = 2
SETTLES_S = 90
LIST = "/inbox/care/"


class Hot:
    """The conversations in which everybody meets: the newest questions."""

    def __init__(self, rig: "Rig") -> None:
        self.rig, self.lock, self.ids, self.asked = rig, threading.Lock(), [], 0

    def ask(self, n: int = 1) -> None:
        """Somebody new asks something; the oldest question cools down."""
        for _ in range(n):
            self.asked += 1
            row = self.rig.question(self.asked)
            with self.lock:
                self.ids = [*self.ids, row][-HOT:]

    def one(self, chance: random.Random) -> int:
        with self.lock:
            return chance.choice(self.ids)


class Rig:
    def __init__(self, sandbox: Sandbox, chosen: argparse.Namespace) -> None:
        self.sandbox, self.chosen = sandbox, chosen
        self.hits: Counter[str] = Counter()
        self.lock, self.over = threading.Lock(), threading.Event()
        self.accepted: list[str] = []
        call_command("migrate", verbosity=0)
        self.world = personas.world()
        self.channel = connected(self.world.channels.northwind_x)
        account = sandbox.brand(self.channel.handle, "x", id=self.channel.external_id)
        kit.give_keys(self.channel, kit.oauth1(account["credentials"]))
        limits = {"POST /2/tweets": 1_000_000}  # what the headers tell, which the senders obey
        sandbox.control("POST", "settings", {"duplicate_rule": False, "rate_limits": False, "limits": limits})
        names = [f"Agent{number:02} Smith" for number in range(chosen.agents + 2)]
        teams, brands = [self.world.teams.care], [self.world.brands.northwind]
        self.agents = [people.person(name, teams=teams, brands=brands) for name in names]
        self.hot = Hot(self)

    def run(self) -> dict[str, object]:
        self.hot.ask(HOT)
        sessions = [session_of(agent) for agent in self.agents]
        if self.chosen.broken:
            with connection.cursor() as cursor:
                cursor.execute("DROP INDEX delivery_one_open_answer")
        senders = Senders(SENDERS, "no-check" if self.chosen.broken else "")
        with serving(UNGUARDED if self.chosen.broken else PRODUCT) as web:
            threads = [threading.Thread(target=self._feed)]
            threads += [threading.Thread(target=self._listen, args=(web, one)) for one in sessions[:-2]]
            threads += [
                threading.Thread(target=self._work, args=(web, number, sessions[number]))
                for number in range(self.chosen.agents)
            ]
            for thread in threads:
                thread.start()
            try:
                self._in_two_pages(web, sessions[-2:])
            finally:
                self.over.set()
                for thread in threads:
                    thread.join()
        # A thread of its own: Playwright has left an event loop in this one.
        found: dict[str, object] = {}
        asking = threading.Thread(target=lambda: found.update(self._truth(senders)))
        asking.start()
        asking.join()
        return found

    # --- who asks

    def question(self, number: int) -> int:
        author = {"id": str(800_000_000 + number), "handle": f"asker{number}"}
        given = {"network": "x", "author": author, "text": f"@{self.channel.handle} question {number}"}
        (made,) = self.sandbox.control("POST", "posts", [given])["posts"]
        by = Author(author["id"], handle=author["handle"], name=f"Asker {number}", followers=10)
        store(self.channel, post(made["id"], by=by, text=given["text"], mentions=(self.channel.external_id,)))
        return Conversation.objects.get(profile__external_id=author["id"]).pk

    def _feed(self) -> None:
        while not self.over.wait(NEW_EVERY_S):
            self.hot.ask()
        connection.close()

    # --- who answers

    def _listen(self, web: Web, session: str) -> None:
        """A live stream, as each open page has one."""
        call = http.client.HTTPConnection("127.0.0.1", web.port, timeout=60)
        call.request("GET", "/live/?topics=lane:1:1", headers={"Cookie": cookies(session)})
        answer = call.getresponse()
        call.sock.settimeout(2)
        while not self.over.is_set():
            try:
                if answer.fp.readline().startswith(b"data:"):
                    self._count("pings_heard")
            except TimeoutError:
                continue
            except OSError:
                break
        call.close()

    def _work(self, web: Web, number: int, session: str) -> None:
        chance, me = random.Random(self.chosen.seed * 1000 + number), self.agents[number]
        browser = Browser(web.port, session)
        while not self.over.is_set():
            pk = self.hot.one(chance)
            began = hidden_fields(browser.get(f"{LIST}{pk}/").body)
            if not began:
                self._count("nothing_to_answer")
                continue
            text = f"{me.short_name} answers {uuid.uuid4().hex[:10]}"
            browser.post(f"/conversations/{pk}/presence/", doing="replying")
            browser.post(f"/conversations/{pk}/drafts/", text=text, visibility="public", seen=began["seen"])
            if chance.random() < CLAIMS:
                self._count("claims")
                self._count(f"claim_{browser.post(f'/conversations/{pk}/assignment/', agent='me').status}")
            time.sleep(TOGETHER_S - time.monotonic() % TOGETHER_S)  # whoever is ready sends at the same instant
            sent = browser.post(f"/conversations/{pk}/replies/", **{**began, "text": text, "visibility": "public"})
            self._judge(me, pk, text, sent)
        browser.close()
        connection.close()

    def _judge(self, me: User, pk: int, text: str, answer: Answer) -> None:
        """What came of a send: accepted, or refused with who won and with the words still there."""
        self._count("sends")
        if answer.status == 200:
            with self.lock:
                self.accepted.append(text)
            return
        if answer.status not in (403, 409, 422):
            self._count("failures")
            return
        self._count(f"refused_{answer.status}")
        page = unescape(answer.body.decode())
        kept = text in page or Draft.objects.filter(conversation=pk, user=me, text=text).exists()
        self._count("lost_words", not kept)
        self._count("not_told", not says_who(page))

    def _in_two_pages(self, web: Web, sessions: list[str]) -> None:
        """Two people open the same one and press send at the same moment, again and again."""
        chance = random.Random(self.chosen.seed)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=find_browser(), args=["--no-sandbox"])
            pages = [self._page(browser.new_context(), web, session) for session in sessions]
            until = time.monotonic() + self.chosen.seconds
            while time.monotonic() < until:
                pk = self.hot.one(chance)
                texts = [f"Page{number} answers {uuid.uuid4().hex[:10]}" for number in range(2)]
                ready = [self._type(page, pk, text) for page, text in zip(pages, texts, strict=True)]
                for page, there in zip(pages, ready, strict=True):
                    if there:
                        page.keyboard.press("Control+Enter")
                for page, text, there in zip(pages, texts, ready, strict=True):
                    if there:
                        self._seen(page, pk, text)
            browser.close()

    def _page(self, context, web: Web, session: str) -> Page:
        name, _, value = cookies(session).partition(";")[0].partition("=")
        context.add_cookies([{"name": name, "value": value, "url": f"http://127.0.0.1:{web.port}"}])
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.goto(f"http://127.0.0.1:{web.port}{LIST}")
        return page

    def _type(self, page: Page, pk: int, text: str) -> bool:
        page.goto(page.url.partition("/inbox/")[0] + f"{LIST}{pk}/")
        box = page.locator(f"#reply-{pk}")
        if not box.is_enabled():
            return False
        box.fill(text)
        return True

    def _seen(self, page: Page, pk: int, text: str) -> None:
        """Either it goes out, or the page says why not and the words stand in the box."""
        self._count("sends_in_pages")
        told = page.locator(".c-error, .c-changed")
        mine = page.locator(".msg", has_text=text)  # a colleague's may be held in the same conversation
        until = time.monotonic() + 60
        while time.monotonic() < until:
            if mine.get_by_text("Goes out in a moment").count():
                with self.lock:
                    self.accepted.append(text)
                return
            if told.count():
                self._count("refused_in_pages")
                self._count("lost_words", page.locator(f"#reply-{pk}").input_value() != text)
                return
            page.wait_for_timeout(50)
        self._count("not_told")

    # --- what stands there

    def _truth(self, senders: Senders) -> dict[str, object]:
        until = time.monotonic() + SETTLES_S
        while Delivery.objects.filter(state__in=Delivery.UNSETTLED).exists() and time.monotonic() < until:
            time.sleep(0.2)
        senders.stop()
        listed = self.sandbox.control("GET", "posts", network="x", author=self.channel.external_id)["posts"]
        below = Counter(post["in_reply_to"] for post in listed)
        stand = [post["text"] for post in listed]
        return {
            "agents": len(self.agents),
            "questions": self.hot.asked,
            "sends": self.hits["sends"],
            "sends_in_pages": self.hits["sends_in_pages"],
            "accepted": len(self.accepted),
            "stand_on_the_network": len(listed),
            "doubled": sum(n - 1 for n in below.values()),
            "lost_answers": sum(1 for text in self.accepted if not any(text in one for one in stand)),
            "still_on_the_way": Delivery.objects.filter(state__in=Delivery.UNSETTLED).count(),
            "lost_words": self.hits["lost_words"],
            "not_told": self.hits["not_told"],
            "failures": self.hits["failures"],
            "refused": self.hits["refused_409"] + self.hits["refused_403"] + self.hits["refused_422"],
            "refused_in_pages": self.hits["refused_in_pages"],
            "claims": self.hits["claims"],
            "claims_lost": self.hits["claim_409"],
            "pings_heard": self.hits["pings_heard"],
            "seed": self.chosen.seed,
            "broken": self.chosen.broken or "nothing",
        }

    def _count(self, name: str, n: bool | int = 1) -> None:
        with self.lock:
            self.hits[name] += int(n)


def hidden_fields(page: bytes) -> dict[str, str]:
    """What the form of an answer sends besides the text, as a browser would; {} where nothing can be sent."""
    inputs = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"([^>]*)>', page.decode())
    form = page.decode().partition('id="reply-form-')[2].partition("</form>")[0]
    inside = {name: value for name, value, _ in inputs if f'name="{name}" value="{value}"' in form}
    beside = {name: value for name, value, rest in inputs if 'form="reply-form-' in rest}
    return {**inside, **beside} if "client_token" in inside else {}


def says_who(page: str) -> bool:
    """Whether the reason for a refusal, and not only the page around it, names who won."""
    reasons = re.findall(r'class="c-error".*?</p>|class="banner c-changed".*?</button>', page, re.DOTALL)
    return any(re.search(r"Agent\d\d", reason) for reason in reasons)

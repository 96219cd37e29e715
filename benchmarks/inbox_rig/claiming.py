"""Claiming over HTTP beside a bare UPDATE view, and two agents at the same instant."""

import itertools
import random
import threading
from typing import Any

from django.db import connection

from benchmarks.inbox_rig.cast import Cast
from benchmarks.inbox_rig.served import Answer, Browser, Taken, Web, against, load, session_of
from inbox.models.conversation import Conversation
from inbox.models.work import ConversationEvent

CLIENTS = {1: 20, 8: 40}


def free_conversations(cast: Cast, n: int, seed: int = 1) -> list[int]:
    """Ids of so many open conversations of Care that nobody owns, spread over the store."""
    free = Conversation.objects.filter(queue=cast.care, status="open", owner=None)
    found = list(free.order_by("-id").values_list("pk", flat=True)[: n * 50])
    return random.Random(seed).sample(found, n)


def free_mentions(n: int, seed: int = 1) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM yard.mention WHERE status = 'open' AND assignee IS NULL ORDER BY id DESC LIMIT %s", [n * 50]
        )
        return random.Random(seed).sample([row[0] for row in cursor.fetchall()], n)


def claim(browser: Browser, pk: int) -> Answer:
    return browser.post(f"/conversations/{pk}/assignment/", agent="me")


def run(cast: Cast, web: Web, bare: Web, server: int, rounds: int) -> dict[str, Any]:
    """Claims of different conversations."""
    session = session_of(cast.ana)
    result: dict[str, Any] = {}
    wanted = rounds * sum(CLIENTS.values())
    ids, others = iter(free_conversations(cast, wanted)), iter(free_mentions(wanted))
    for clients, n in CLIENTS.items():
        ours, theirs = Taken(), Taken()
        for number in range(rounds):
            mine, bares = itertools.islice(ids, n), itertools.islice(others, n)
            sides = [
                (web, session, ours, lambda browser, chosen=mine: claim(browser, next(chosen))),
                (bare, "", theirs, lambda browser, chosen=bares: browser.post(f"/claim/{next(chosen)}/")),
            ]
            for side, who, taken, act in sides if number % 2 == 0 else sides[::-1]:
                load(side, server, who, clients, n, act, taken)
        result[f"{clients}_clients"] = {**ours.line("ours"), **theirs.line("bare"), **against(ours, theirs)}
    return result


def contest(cast: Cast, web: Web, n: int, seed: int) -> dict[str, Any]:
    """Ana and Omar click Claim at the same instant, n times."""
    people = {cast.ana.pk: cast.ana.name, cast.omar.pk: cast.omar.name}
    browsers = {cast.ana.pk: Browser(web.port, session_of(cast.ana))}
    browsers[cast.omar.pk] = Browser(web.port, session_of(cast.omar))
    result = {"contests": n, "winners": 0, "told_who_won": 0, "two_winners": 0, "no_winner": 0, "not_told": 0}
    for pk in free_conversations(cast, n, seed):
        answers = _at_once(browsers, pk)
        winners = [user for user, answer in answers.items() if answer.status == 200]
        losers = [answer for answer in answers.values() if answer.status == 409]
        result["two_winners"] += len(winners) > 1
        result["no_winner"] += not winners
        if len(winners) == 1 and _owner(pk) == winners[0] and _claims(pk) == 1:
            result["winners"] += 1
        told = len(winners) == 1 and any(people[winners[0]].encode() in answer.body for answer in losers)
        result["told_who_won"] += told
        result["not_told"] += not told
    return result


def _at_once(browsers: dict[int, Browser], pk: int) -> dict[int, Answer]:
    barrier = threading.Barrier(len(browsers))
    answers: dict[int, Answer] = {}

    def click(user: int, browser: Browser) -> None:
        barrier.wait()
        answers[user] = claim(browser, pk)

    threads = [threading.Thread(target=click, args=pair) for pair in browsers.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def _owner(pk: int) -> int | None:
    return Conversation.objects.values_list("owner_id", flat=True).get(pk=pk)


def _claims(pk: int) -> int:
    return ConversationEvent.objects.filter(conversation_id=pk, kind="conversation.claimed").count()

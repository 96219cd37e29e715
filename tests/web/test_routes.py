"""All pages at once: what strangers and people without rights get, what headers say, that reading changes nothing."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver

from channels.models import Stream
from inbox.models.bulk import Bulk
from inbox.models.conversation import Conversation
from inbox.models.issue import Issue
from inbox.models.message import Attachment, Message
from inbox.models.reply import SavedReply
from inbox.models.view import SavedView
from inbox.models.voice import VoiceRule
from inbox.services import bulk, notes, replies, saved_replies, views, voice_rules
from inbox.services.saved_replies import Wording
from inbox.services.sharing import Sharing
from inbox.services.voice_rules import Wanted
from inbox.voice.rules import Terms as VoiceTerms
from routing.models.hours import BusinessHours
from routing.models.macro import Macro, MacroRun
from routing.models.sla import SlaPolicy
from routing.services import handoff, macro_runs, macros
from tests import personas
from tests.domain.targets.stage import office, policy
from tests.factories.pages import connected, person, post, store

pytestmark = pytest.mark.django_db(transaction=True)
FOR_EVERYBODY = (
    "/account/login/", "/account/logout/", "/account/password/", "/account/2fa/", "/account/reauthenticate/",
    "/healthz", "/readyz", "/metrics", "/join/", "/setup/", "/static/", "/service-worker.js",
)  # fmt: skip
# What a GET may write: that one was here, and that one took data out of the house.
MAY_BE_WRITTEN = ("accounts_session", "accounts_accountevent")
WRITES = re.compile(r"^\s*(?:INSERT INTO|UPDATE|DELETE FROM|WITH .*(?:INSERT|UPDATE|DELETE)) \"?(\w+)", re.IGNORECASE)
INLINE = re.compile(
    rb"<script(?![^>]*\bsrc=)(?![^>]*application/json)(?![^>]*importmap)|\sstyle=|\son[a-z]+=\"|javascript:"
)
CARE_ONLY = {"ana": 200, "omar": 200, "ada": 200, "ben": 404, "mia": 404, "zoe": 404}


@pytest.fixture
def world() -> personas.World:
    world = personas.world()
    channel = connected(world.channels.northwind_x)
    store(channel, post("n0", by=person("n0"), text="bag", mentions=(channel.external_id,)))
    talk = Conversation.objects.get()
    Attachment.objects.create(message=Message.objects.get(), position=0, kind="image", url="https://elsewhere.example/")
    notes.write(talk.pk, actor=world.ana, text="call her", client_token=str(uuid.uuid4()))
    replies.submit(talk.pk, actor=world.ana, text="soon", client_token=str(uuid.uuid4()))
    handoff.ask(talk.pk, to=world.queues.pr, actor=world.ana, reason="press")
    handoff.withdraw(talk.handoffs.get().pk, actor=world.ana)
    Issue.objects.create(slug="late", name="Late")
    saved_replies.create(Wording("Sorry", "Sorry"), Sharing("everybody"), actor=world.omar)
    voice_rules.create(Wanted("Few", "emoji", VoiceTerms(most=1), "Few."), actor=world.omar)
    macro = macros.create("Tag", [{"do": "tag", "tags": ["late"]}], Sharing("everybody"), actor=world.omar)
    macro_runs.run(talk.pk, macro.pk, actor=world.ana, client_token="key")
    bulk.prepare("claim", actor=world.ana, conversation_ids=[talk.pk], values={})
    views.create("Late", actor=world.ana, text="is:late")
    policy(world, hours_id=office(world).pk)
    return world


def _client(user: object | None) -> Client:
    client = Client(raise_request_exception=False)
    if user is not None:
        client.force_login(user)
    return client


def _patterns(resolver: URLResolver, before: str = "") -> Iterator[str]:
    for one in resolver.url_patterns:
        route = before + str(one.pattern).removeprefix("^").removesuffix("$")
        if isinstance(one, URLResolver):
            yield from _patterns(one, route)
        elif isinstance(one, URLPattern):
            yield route


def _fill(route: str, world: personas.World) -> str:
    """The address with ids that exist."""
    talk = Conversation.objects.get()
    ids = {
        "people/<int:pk>": world.ana.pk,
        "issues/<int:pk>": Issue.objects.get().pk,
        "teams/": world.teams.care.pk,
        "queues/": world.queues.care.pk,
        "brands/": world.brands.northwind.pk,
        "streams/": (Stream.objects.first() or talk).pk,
        "channels/": world.channels.northwind_x.pk,
        "bulks/<int:pk>": Bulk.objects.get().pk,
        "views/": SavedView.objects.get().pk,
        "targets/": SlaPolicy.objects.get().pk,
        "hours/<int:pk>": BusinessHours.objects.get().pk,
        "saved-replies/<int:pk>": SavedReply.objects.get().pk,
        "brand-voice/<int:pk>": VoiceRule.objects.get().pk,
        "macros/<int:pk>": Macro.objects.get().pk,
        "macro-runs/": MacroRun.objects.get().pk,
        "handoffs/": talk.handoffs.get().pk,
        "messages/": Message.objects.get().pk,
        "deliveries/": talk.deliveries.get().pk,
        "avatar/": talk.profile_id,
        "attachment/": Attachment.objects.get().pk,
    }
    pk = next((value for part, value in ids.items() if part in route), talk.pk)
    for part, value in (("<int:pk>", pk), ("<slug:key>", "care"), ("<slug:kind>", "x")):
        route = route.replace(part, str(value))
    return "/" + route


@pytest.fixture
def routes(world: personas.World) -> list[str]:
    """All addresses but those of machines and of the live stream, which tests/live listens to."""
    every = {_fill(route, world) for route in _patterns(get_resolver()) if not route.startswith(("api/", "live/"))}
    return sorted(route for route in every if "(?P" not in route and "<" not in route)


def _opens_for_everybody(route: str) -> bool:
    return route.startswith(FOR_EVERYBODY)


def _check_headers(route: str, answer: HttpResponse) -> None:
    policy = answer.headers.get("Content-Security-Policy", "")
    assert "default-src 'none'" in policy, route
    assert "unsafe" not in policy, route
    assert answer.headers["X-Content-Type-Options"] == "nosniff", route
    assert answer.headers["Referrer-Policy"] == "same-origin", route
    assert answer.headers["X-Frame-Options"] == "DENY", route


def test_there_are_all_the_routes(routes: list[str]) -> None:
    assert len(routes) > 90
    assert {"/inbox/care/", "/people/", "/channels/", "/audit/"} <= set(routes)


@pytest.mark.parametrize("who", ["", "zoe", "ana", "ben", "mia", "omar", "ada"])
def test_reading_breaks_nothing_writes_nothing_and_says_nothing_inline(
    routes: list[str], world: personas.World, who: str
) -> None:
    client = _client(getattr(world, who) if who else None)
    for route in routes:
        if "logout" in route:
            continue
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(route)
            body = b"" if answer.streaming else answer.content
        assert answer.status_code in (200, 204, 286, 302, 403, 404, 405), (route, answer.status_code)
        _check_headers(route, answer)
        assert not (found := INLINE.search(body)), (route, found)
        written = {match[1] for query in queries if (match := WRITES.match(query["sql"]))}
        assert written <= set(MAY_BE_WRITTEN), (route, written)
        if not who and not _opens_for_everybody(route):
            assert answer.status_code in (302, 404, 405), (route, answer.status_code)
            assert b"bag" not in body


@pytest.mark.parametrize("who", ["", "zoe"])
def test_who_has_no_rights_changes_nothing(routes: list[str], world: personas.World, who: str) -> None:
    client = _client(getattr(world, who) if who else None)
    for route in routes:
        if _opens_for_everybody(route) or route.startswith(("/you/", "/account/", "/notices/", "/views/")):
            continue
        with CaptureQueriesContext(connection) as queries:
            answer = client.post(route, {"agent": "me", "text": "x", "client_token": "t", "doing": "looking"})
        assert answer.status_code in (302, 403, 404, 405), (route, answer.status_code)
        if answer.status_code == 302:
            assert answer["Location"].startswith("/account/login/"), route
        _check_headers(route, answer)
        written = {match[1] for query in queries if (match := WRITES.match(query["sql"]))}
        assert written <= {"accounts_session"}, (route, written)


@pytest.mark.parametrize("who", sorted(CARE_ONLY))
def test_a_conversation_of_care_opens_for_care(world: personas.World, who: str) -> None:
    client, pk = _client(getattr(world, who)), Conversation.objects.get().pk
    for path in ("", "head/", "stream/", "asks/", "presence/"):
        assert client.get(f"/inbox/all/{pk}/{path}").status_code == CARE_ONLY[who], path
    assert client.get(f"/inbox/all/rows/{pk}/").status_code == CARE_ONLY[who]
    assert client.get("/inbox/care/").status_code == CARE_ONLY[who]


@pytest.mark.parametrize("who", ["ben", "mia", "zoe"])
def test_acts_on_a_conversation_of_care_are_absent_for_others(world: personas.World, who: str) -> None:
    client, talk = _client(getattr(world, who)), Conversation.objects.get()
    before = talk.revision
    acts = [
        "assignment/", "resolution/", "reopening/", "snooze/", "priority/", "tags/", "mute/", "answers/", "handoffs/",
        "replies/", "notes/", "drafts/", "presence/",
    ]  # fmt: skip
    body = {"agent": "me", "text": "x", "client_token": str(uuid.uuid4()), "priority": "1", "disposition": "answered"}
    for path in acts:
        answer = client.post(f"/conversations/{talk.pk}/{path}", {**body, "until": "2027-01-01T10:00", "add": "x"})
        assert answer.status_code == 404, path
    talk.refresh_from_db()
    assert talk.revision == before


def test_a_form_of_another_site_is_refused(world: personas.World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.ana)
    answer = client.post(f"/conversations/{Conversation.objects.get().pk}/assignment/", {"agent": "me"})
    assert answer.status_code == 403
    _check_headers("csrf", answer)

"""Without script the way back leads over pages that show no list: each of them carries the list to the next one."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlencode

import pytest
from django.http import HttpResponse
from django.test import Client

from inbox.models.conversation import Conversation
from inbox.services import saved_replies
from inbox.services.saved_replies import Wording
from inbox.services.sharing import Sharing
from routing.models.decision import Decision
from routing.models.macro import Macro
from routing.services import macros, pipeline, taking_in
from tests import personas
from tests.domain.triage.stored import messages
from tests.factories import talk

pytestmark = pytest.mark.django_db(transaction=True)
HOST = "http://testserver"
FILTERS = "status=needs_reply&q=lost+bag"


class Reader:
    """A browser without script: with each thing that it asks for it says on which page it stands."""

    def __init__(self, client: Client, at: str) -> None:
        self._client, self.at = client, ""
        self.read(at)

    def read(self, address: str, **given: object) -> None:
        self._stand_on(self._client.get(address, given or None, headers=self._from()))

    def follow(self, start: str) -> None:
        """The link that begins so."""
        self.read(self._found("href", start))

    def press(self, start: str, **given: object) -> None:
        """The form whose address begins so, filled in."""
        self._stand_on(self._client.post(self._found("action", start), given, headers=self._from()))

    @property
    def shown(self) -> str:
        return self._page.content.decode()

    def _from(self) -> dict[str, str]:
        return {"Referer": HOST + self.at} if self.at else {}

    def _found(self, kind: str, start: str) -> str:
        found = re.search(rf' {kind}="({re.escape(start)}[^"]*)"', self.shown)
        assert found, f"{start} is not on {self.at}"
        return unescape(found[1])

    def _stand_on(self, answer: HttpResponse) -> None:
        self.at = answer.wsgi_request.get_full_path()
        if answer.status_code == 302:  # a browser that is led on keeps saying where it came from
            return self._stand_on(self._client.get(answer["Location"], headers=self._from()))
        self._page = answer


@pytest.fixture
def row(world: personas.World) -> Conversation:
    return talk.conversation(world.channels.northwind_x, world.queues.care)


@pytest.fixture
def macro(world: personas.World) -> Macro:
    return macros.create("Late", [{"do": "tag", "tags": ["late"]}], Sharing(), actor=world.ana)


def _opened(ana: Client, pk: int) -> tuple[Reader, str, str]:
    """Somebody on a conversation in a filtered list; the address of that, and how those of its acts begin."""
    address = f"/inbox/all/{pk}/?{FILTERS}"
    return Reader(ana, address), address, f"/conversations/{pk}/"


@pytest.mark.parametrize("form", ["replies/", "notes/"])
def test_what_was_refused(ana: Client, row: Conversation, form: str) -> None:
    reader, address, acts = _opened(ana, row.pk)
    reader.press(acts + form, text="")
    assert reader.at.startswith(f"{acts}{form}?list=")
    assert f'href="/inbox/all/?{FILTERS.replace("&", "&amp;")}"' in reader.shown
    reader.press(f"{acts}following/", following="1")
    assert reader.at == address


def test_a_saved_reply(world: personas.World, ana: Client, row: Conversation) -> None:
    reply = saved_replies.create(Wording("Sorry", "Sorry, {first name}"), Sharing(), actor=world.ana)
    reader, address, acts = _opened(ana, row.pk)
    reader.follow(f"{acts}saved-replies/")
    (listed,) = re.findall(r'name="list" value="([^"]*)"', reader.shown)
    reader.read(f"{acts}saved-replies/", text="sorry", list=unescape(listed))
    reader.press(f"{acts}insertions/", reply=reply.pk)
    assert (reader.at, "Sorry, Tess" in reader.shown) == (address, True)


def test_a_macro(ana: Client, row: Conversation, macro: Macro) -> None:
    reader, address, acts = _opened(ana, row.pk)
    reader.follow(f"{acts}macros/")
    reader.press(f"{acts}macro-preview/", macro=macro.pk)
    reader.press(f"{acts}macro-runs/", macro=macro.pk, seen=row.revision, client_token="k")
    assert (reader.at, "late" in reader.shown) == (address, True)


def test_a_rule_that_is_doubted_and_a_verdict_that_is_put_right(world: personas.World, ana: Client) -> None:
    (message,) = messages(world.channels.northwind_x, "what a wonderful way to lose my bag")
    pipeline.take_in(taking_in.route)
    (rule,) = Decision.objects.get(message=message).rules
    reader, address, acts = _opened(ana, message.conversation_id or 0)
    reader.follow(f"{acts}reasons/")
    reader.press(f"{acts}doubts/", rule=rule, reason="It is a lead")
    reader.press(f"/messages/{message.pk}/corrections/", label="urgency", value="now")
    assert reader.at.startswith(f"{acts}reasons/")
    reader.read(f"/messages/{message.pk}/triage/")
    said = {"sentiment": "negative", "language": "en", "urgency": "none", "kind": "abuse"}
    reader.press(f"/messages/{message.pk}/triage/", **said)
    reader.follow("/inbox/all/")
    assert reader.at == address


def test_who_is_the_same_person(world: personas.World, ana: Client, row: Conversation) -> None:
    other = talk.profile("facebook", handle="tess_moran")
    talk.conversation(world.channels.northwind_facebook, world.queues.care, profile=other)
    reader, address, acts = _opened(ana, row.pk)
    reader.follow(f"{acts}customer/more/")
    reader.press(f"{acts}customer/strangers/", profile=other.pk)
    assert reader.at == address


@pytest.mark.parametrize(
    "carried",
    [
        "//evil.example/inbox/all/?q=lost",
        "http://evil.example/inbox/all/?q=lost",
        "http://[/inbox/all/",
        "/notices/?list=/inbox/all/?q=lost",
        "/account/logout/",
        pytest.param(f"/inbox/all/?{'a&' * 2000}q=lost", id="many"),
    ],
)
def test_only_one_of_our_lists_is_carried(ana: Client, row: Conversation, carried: str) -> None:
    act = f"/conversations/{row.pk}/assignment/?{urlencode({'list': carried})}"
    assert ana.post(act, {"agent": "me"})["Location"] == f"/inbox/care/{row.pk}/"

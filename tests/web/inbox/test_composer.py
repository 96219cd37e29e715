"""The composer in the browser: whatever goes wrong the text is kept, the reason said, and the way on offered."""

import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models.functions import Now
from django.test import Client

from inbox.models.message import Message
from inbox.models.work import Delivery, Draft
from inbox.services import ownership
from tests import personas
from tests.factories import talk
from tests.factories.pages import first_arrival, person, post, store
from tests.web.inbox.pictures import png

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("arrived")]
HTMX = {"HX-Request": "true"}


def _hidden(page: str, name: str) -> str:
    """What a hidden field of the answer's form holds."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    return found[1] if found else ""


def _form(client: Client, text: str) -> dict[str, str]:
    """What the page would post."""
    page = client.get(f"/inbox/care/{first_arrival().pk}/").content.decode()
    names = ("seen_event", "account", "in_reply_to", "client_token")
    return {"text": text, "visibility": "public", **{name: _hidden(page, name) for name in names}}


def _again(world: personas.World) -> None:
    """The contact writes once more."""
    store(world.channels.northwind_x, post("n0b", by=person("n0"), in_reply_to="n0", minute=9, root="n0"))


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_what_changed_is_shown_once_and_the_text_kept(
    ana: Client, world: personas.World, headers: dict[str, str]
) -> None:
    body = _form(ana, "Old news")
    _again(world)
    url = f"/conversations/{first_arrival().pk}/replies/"
    answer = ana.post(url, body, headers=headers)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Old news</textarea>" in page
    assert "text of n0b" in page[page.index("c-changed") :]
    assert not Delivery.objects.exists()
    body["seen_event"] = _hidden(page, "seen_event")
    assert ana.post(url, body, headers=HTMX).status_code == 200


def test_without_script_the_text_is_a_draft_too(ana: Client, world: personas.World) -> None:
    body = _form(ana, "Old news")
    _again(world)
    ana.post(f"/conversations/{first_arrival().pk}/replies/", body)
    assert Draft.objects.get().text == "Old news"


def test_a_second_answer_says_that_it_is_one(ana: Client) -> None:
    url = f"/conversations/{first_arrival().pk}/replies/"
    assert ana.post(url, _form(ana, "First"), headers=HTMX).status_code == 200
    again = {**_form(ana, "Second"), "client_token": uuid.uuid4().hex}
    refused = ana.post(url, again, headers=HTMX)
    assert refused.status_code == 409
    assert "Second</textarea>" in refused.content.decode()
    told = ana.get(f"/inbox/care/{first_arrival().pk}/").content.decode()
    assert "You answered this." in told
    assert _hidden(told, "second").split() == ["public", "private"]
    assert ana.post(url, {**again, "second": "private"}, headers=HTMX).status_code == 409
    assert ana.post(url, {**again, "second": "public"}, headers=HTMX).status_code == 200


def test_taken_by_somebody_else_while_typing(ana: Client, world: personas.World) -> None:
    body = _form(ana, "Mine")
    ownership.claim(first_arrival().pk, actor=world.omar)
    refused = ana.post(f"/conversations/{first_arrival().pk}/replies/", body, headers=HTMX)
    page = refused.content.decode()
    assert refused.status_code == 409
    assert "Omar claimed it" in page
    assert "Mine</textarea>" in page
    on = {**body, "take_over": _hidden(page, "take_over"), "seen_event": _hidden(page, "seen_event")}
    assert ana.post(f"/conversations/{first_arrival().pk}/replies/", on, headers=HTMX).status_code == 200
    assert first_arrival().owner == world.ana


def test_another_account_than_the_one_shown_sends_nothing(ana: Client) -> None:
    refused = ana.post(
        f"/conversations/{first_arrival().pk}/replies/", {**_form(ana, "Hi"), "account": "1"}, headers=HTMX
    )
    assert refused.status_code == 409
    assert "It would go out as @northwindair now." in refused.content.decode()
    assert not Delivery.objects.exists()


def _held(client: Client, text: str) -> Delivery:
    client.post(f"/conversations/{first_arrival().pk}/replies/", _form(client, text), headers=HTMX)
    return Delivery.objects.latest("id")


def test_undo_puts_the_text_back_above_what_was_typed_since(ana: Client) -> None:
    held = _held(ana, "Oops")
    undone = ana.post(f"/deliveries/{held.pk}/cancel/", {"text": "And"}, headers=HTMX).content.decode()
    held.refresh_from_db()
    assert held.state == "cancelled"
    assert "Oops\nAnd</textarea>" in undone
    assert f'id="composer-{first_arrival().pk}" hx-swap-oob="true"' in undone
    assert Draft.objects.get().text == "Oops\nAnd"


def test_too_late_to_undo_says_what_is_true_and_keeps_what_was_typed(ana: Client) -> None:
    held = _held(ana, "Gone")
    Delivery.objects.filter(pk=held.pk).update(state="sending")
    refused = ana.post(f"/deliveries/{held.pk}/cancel/", {"text": "Next"}, headers=HTMX)
    assert refused.status_code == 409
    assert "It is too late: sending." in refused.content.decode()
    assert Draft.objects.get().text == "Next"


def test_pictures_go_out_with_their_descriptions(ana: Client) -> None:
    files = [SimpleUploadedFile(f"{name}.png", png(), "image/png") for name in ("a", "b")]
    body = {**_form(ana, "See"), "media": files, "alt": ["A bag", ""]}
    assert ana.post(f"/conversations/{first_arrival().pk}/replies/", body, headers=HTMX).status_code == 200
    assert list(Delivery.objects.get().files.order_by("position").values_list("alt", flat=True)) == ["A bag", ""]


def test_a_file_that_x_does_not_take_is_named_and_the_text_kept(ana: Client) -> None:
    body = {**_form(ana, "See"), "media": [SimpleUploadedFile("a.pdf", b"%PDF-1.7", "application/pdf")]}
    refused = ana.post(f"/conversations/{first_arrival().pk}/replies/", body, headers=HTMX)
    page = refused.content.decode()
    assert refused.status_code == 422
    assert "Attach a picture that can be opened" in page
    assert "Attach the pictures again." in page
    assert "See</textarea>" in page


def test_the_price_of_a_link_is_at_hand(ana: Client) -> None:
    page = ana.get(f"/inbox/care/{first_arrival().pk}/").content.decode()
    assert "With a link this answer costs $0.20 on X, without one $0.01." in page


def test_an_over_long_text_and_a_closed_account_keep_the_text(ana: Client, world: personas.World) -> None:
    url, long = f"/conversations/{first_arrival().pk}/replies/", "x" * 300
    refused = ana.post(url, _form(ana, long), headers=HTMX)
    assert refused.status_code == 422
    assert "20 characters too long: X takes 280." in refused.content.decode()
    assert f"{long}</textarea>" in refused.content.decode()
    body, channel = _form(ana, "Hello"), world.channels.northwind_x
    channel.status, channel.status_reason = "needs_reconnect", "X took our access away."
    channel.save(update_fields=["status", "status_reason"])
    refused = ana.post(url, body, headers=HTMX)
    assert refused.status_code == 422
    assert "X took our access away." in refused.content.decode()
    assert ">Hello</textarea>" in refused.content.decode()


def test_a_window_that_closed_while_typing_keeps_the_text(ana: Client) -> None:
    body = {**_form(ana, "Hello"), "visibility": "private"}
    refused = ana.post(f"/conversations/{first_arrival().pk}/replies/", body, headers=HTMX)
    assert refused.status_code == 422
    assert "X opens direct messages only to people who wrote to us first." in refused.content.decode()
    assert ">Hello</textarea>" in refused.content.decode()


def test_personal_data_in_public_is_asked_about_once(ana: Client) -> None:
    url, text = f"/conversations/{first_arrival().pk}/", "Call +47 912 34 567"
    told = ana.post(f"{url}checks/", {"text": text, "visibility": "public"}, headers=HTMX).content.decode()
    assert "A telephone number would stand in public." in told
    assert "+47 912 34 567" in told
    refused = ana.post(f"{url}replies/", _form(ana, text), headers=HTMX)
    page = refused.content.decode()
    assert refused.status_code == 409
    assert f"{text}</textarea>" in page
    assert not Delivery.objects.exists()
    on = {**_form(ana, text), "accepted": _hidden(page, "accepted")}
    assert ana.post(f"{url}replies/", on, headers=HTMX).status_code == 200


def test_a_note_is_not_checked(ana: Client) -> None:
    told = ana.post(f"/conversations/{first_arrival().pk}/checks/", {"text": "+47 912 34 567", "visibility": "note"})
    assert "telephone" not in told.content.decode()


def test_the_networks_window_for_a_private_answer_counts_down(ana: Client, world: personas.World) -> None:
    comment = talk.conversation(world.channels.northwind_facebook, world.queues.care)
    Message.objects.filter(conversation=comment).update(in_reply_to="1")
    page = ana.get(f"/inbox/care/{comment.pk}/").content.decode()
    assert "Private answers are possible until" in page
    assert 'data-total="604800"' in page


def test_a_click_in_the_list_brings_the_composer_within_the_thread(ana: Client) -> None:
    """Out of band stands only the person beside it: any other such part would be taken out of the thread."""
    page = ana.get(f"/inbox/care/{first_arrival().pk}/", headers=HTMX).content.decode()
    assert re.findall(r'id="([\w-]+)"[^>]*hx-swap-oob', page) == ["customer"]
    assert f'id="composer-{first_arrival().pk}"' in page


SENTENCE = "We are sorry that your bag did not come with you to Oslo; it flies tonight, and lands at 22:40 local time. "
LONG = (SENTENCE * 5).strip()


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_too_long_for_one_post_is_offered_as_a_thread(ana: Client, headers: dict[str, str]) -> None:
    url = f"/conversations/{first_arrival().pk}/replies/"
    refused = ana.post(url, _form(ana, LONG), headers=headers)
    page = refused.content.decode()
    assert refused.status_code == 422
    assert "It can go as a thread of 3." in page
    assert re.search(r'<input class="check" type="checkbox" name="parts" value="3">', page)
    assert [post[-3:] for post in re.findall(r'<li dir="auto">([^<]*)</li>', page)] == ["1/3", "2/3", "3/3"]
    assert "$0.04 on X" in page
    assert not Delivery.objects.exists()
    assert ana.post(url, {**_form(ana, LONG), "parts": "3"}, headers=HTMX).status_code == 200
    assert list(Delivery.objects.order_by("id").values_list("part", "parts")) == [(1, 3), (2, 3), (3, 3)]


def test_what_no_thread_holds_is_told_with_what_to_do(ana: Client) -> None:
    url, text = f"/conversations/{first_arrival().pk}/", SENTENCE * 40
    told = "and a thread of 9 does not hold it either. Shorten it, or send the rest in a second answer."
    page = ana.post(f"{url}checks/", {"text": text, "visibility": "public"}, headers=HTMX).content.decode()
    assert page.count(told) == 1
    assert 'class="only-public"' in page
    assert 'name="parts"' not in page
    refused = ana.post(f"{url}replies/", _form(ana, text))  # without script
    assert (refused.status_code, refused.content.decode().count(told)) == (422, 1)
    assert ana.get(f"/inbox/care/{first_arrival().pk}/").content.decode().count(told) == 1  # the draft
    fits = ana.post(f"{url}checks/", {"text": LONG, "visibility": "public"}, headers=HTMX).content.decode()
    assert "too long" not in fits


def test_a_private_text_is_measured_as_one(ana: Client) -> None:
    body = {"text": "x" * 10_001, "visibility": "private"}
    page = ana.post(f"/conversations/{first_arrival().pk}/checks/", body, headers=HTMX).content.decode()
    assert re.search(r'class="only-private">.*1 characters too long: X takes 10000\.', page)


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_what_is_longer_than_any_answer_is_kept_whole(ana: Client, headers: dict[str, str]) -> None:
    url, text, told = f"/conversations/{first_arrival().pk}/", "y" * 20_001, "at most 20,000 characters. Shorten it."
    refused = ana.post(f"{url}replies/", _form(ana, text), headers=headers)
    assert refused.status_code == 422
    assert f"{text}</textarea>" in refused.content.decode()
    assert told in refused.content.decode()
    assert told in ana.post(f"{url}checks/", {"text": text, "visibility": "public"}, headers=HTMX).content.decode()


def test_the_choice_stays_while_the_number_of_posts_does(ana: Client) -> None:
    url = f"/conversations/{first_arrival().pk}/"

    def choice(path: str, text: str) -> bool:
        body = {**_form(ana, text), "parts": "3"}
        return 'value="3" checked' in ana.post(f"{url}{path}/", body, headers=HTMX).content.decode()

    assert choice("checks", LONG)
    assert not choice("checks", LONG + SENTENCE * 2)
    assert choice("replies", f"{LONG} +47 912 34 567")  # asked about once
    changed = ana.post(f"{url}replies/", {**_form(ana, LONG + SENTENCE * 2), "parts": "3"}, headers=HTMX)
    assert changed.status_code == 422
    assert "It takes 4 posts now, not 3." in changed.content.decode()
    assert not choice("checks", "Short.")


def test_undo_of_a_thread_puts_the_whole_text_back(ana: Client) -> None:
    ana.post(f"/conversations/{first_arrival().pk}/replies/", {**_form(ana, LONG), "parts": "3"}, headers=HTMX)
    page = ana.get(f"/inbox/care/{first_arrival().pk}/stream/").content.decode()
    assert page.count('data-key="u"') == 1
    assert page.count("Waits for the part before it") == 2
    undone = ana.post(f"/deliveries/{Delivery.objects.get(part=1).pk}/cancel/", headers=HTMX).content.decode()
    assert f"{LONG}</textarea>" in undone
    assert 'name="parts" value="3"' in undone
    assert set(Delivery.objects.values_list("state", flat=True)) == {"cancelled"}


def test_a_part_that_did_not_arrive_says_what_stands_and_sends_the_rest(ana: Client) -> None:
    ana.post(f"/conversations/{first_arrival().pk}/replies/", {**_form(ana, LONG), "parts": "3"}, headers=HTMX)
    Delivery.objects.filter(part=1).update(state="sent", settled_at=Now())
    Delivery.objects.filter(part=2).update(state="failed", error="X said no.")
    Delivery.objects.filter(part=3).update(state="failed", error_code="part_before")
    page = ana.get(f"/inbox/care/{first_arrival().pk}/stream/").content.decode()
    assert "1 of 3 stands on X, this part was not sent." in page
    assert "X said no." in page
    assert page.count("Send the rest") == 1
    assert page.count("Waits for the part before it") == 1


def test_a_private_answer_names_how_many_pictures_it_takes(ana: Client) -> None:
    page = ana.get(f"/inbox/care/{first_arrival().pk}/").content.decode()
    assert 'data-private-max="1" data-private-many="X takes one picture with a private answer."' in page

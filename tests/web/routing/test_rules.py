"""The rule builder without script: every step is a form, and a refusal says which sentence is at fault."""

import re
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from inbox.models.conversation import Conversation
from routing.models.author_list import ListedAuthor
from routing.models.decision import Backtest
from routing.models.rule import RuleDraft, RuleSet
from routing.models.webhook import Webhook
from routing.services import author_lists, backtest, rules
from tests.clients import signed_in
from tests.domain.routing.rules.kit import NEGATIVE, Doing, ask, route
from tests.factories import talk
from tests.personas import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ada(world: World) -> Client:
    return signed_in(world.ada)


def post(client: Client, address: str, **data: Any) -> HttpResponse:
    return client.post(address, data)


def started(ada: Client) -> int:
    answer = post(ada, "/rules/new/")
    return int(answer["Location"].strip("/").rsplit("/", 1)[1])


def test_a_rule_is_written_word_by_word_and_turned_on(world: World, ada: Client) -> None:
    number = started(ada)
    at = f"/rules/{number}"
    post(ada, f"{at}/name/", name="Angry about refunds")
    post(ada, f"{at}/conditions/", field="sentiment")
    post(ada, f"{at}/conditions/0/", value="negative")
    post(ada, f"{at}/conditions/", field="followers")
    post(ada, f"{at}/conditions/1/", op="at_least", value="5,000")
    post(ada, f"{at}/conditions/", field="words")
    post(ada, f"{at}/conditions/2/", op="any", value="refund, money back")
    post(ada, f"{at}/conditions/2/", act="deny")
    post(ada, f"{at}/conditions/", field="verified", at="1")
    post(ada, f"{at}/actions/", do="queue")
    post(ada, f"{at}/actions/0/", value=world.queues.pr.pk)
    post(ada, f"{at}/actions/", do="priority")
    page = ada.get(f"{at}/").content.decode()

    answer = post(ada, f"{at}/publication/")

    assert answer.status_code == 302
    sentence = next(one.sentence for one in rules.in_force().rules if one.number == number)
    assert sentence == (
        "When a message is negative, either is from someone with at least 5,000 followers or is from a verified "
        "account and does not mention “refund” or “money back”, put it into PR and set priority high."
    )
    assert "but not" in page
    assert "Angry about refunds" in page


def test_groups_within_groups_are_written_without_script(world: World, ada: Client) -> None:
    """Negative, or (without reach and (verified or new)): as deep as the engine goes, and no deeper."""
    number = started(ada)
    at = f"/rules/{number}/conditions/"
    post(ada, at, field="sentiment")
    post(ada, at, field="followers", at="0", how="or")
    post(ada, at, field="verified", at="0.1", how="and")
    post(ada, at, field="new", at="0.1.1", how="or")
    post(ada, f"{at}0.1.0/", op="at_least", value="5000")
    post(ada, f"{at}0.1.0/", act="deny")

    page = ada.get(f"/rules/{number}/").content.decode()

    reach = ask("followers", 5000, "at_least")
    inner = {"any": [ask("verified", True), ask("new", True)]}
    either = {"any": [ask("sentiment", ["negative"]), {"all": [{"not": reach}, inner]}]}
    assert RuleDraft.objects.get().when == {"all": [either]}
    assert page.count('class="cgroup"') == 3
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    too_deep = post(ada, at, field="words", at="0.1.1.0", how="and")
    assert too_deep.status_code == 422
    assert "at most 4 deep" in too_deep.content.decode()
    assert post(ada, f"{at}0.1.7/", act="remove").status_code == 404
    assert post(ada, f"{at}0.x/", act="remove").status_code == 404
    post(ada, f"{at}0.1/", act="remove")
    assert RuleDraft.objects.get().when == {"all": [ask("sentiment", ["negative"])]}


def test_what_is_wrong_with_a_rule_stands_beside_it_in_the_list(world: World, ada: Client) -> None:
    doing = Doing(world.ada)
    doing.rule(NEGATIVE, name="Angry to PR", queue=world.queues.pr.pk)
    post(ada, "/rules/mode/", mode="every")
    doing.rule(ask("words", ["bag"], "any"), name="Bags to Care", queue=world.queues.care.pk)

    page = ada.get("/rules/").content.decode()

    sentence = "“Angry to PR” and “Bags to Care” can both fit and say different things: the higher one wins."
    assert page.count(f"<span>{sentence}") == 1
    assert "“Bags to Care” and “Large accounts to PR” can both fit" in page
    assert "and 1 more" in page


def test_lines_and_actions_are_removed(world: World, ada: Client) -> None:
    number = Doing(world.ada).rule(NEGATIVE, ask("verified", True), queue=world.queues.pr.pk, priority=1)

    post(ada, f"/rules/{number}/conditions/0/", act="remove")
    post(ada, f"/rules/{number}/actions/1/", act="remove")

    draft = RuleDraft.objects.get(number=number)
    assert draft.when == {"all": [ask("verified", True)]}
    assert [one["do"] for one in draft.do] == ["queue"]
    post(ada, f"/rules/{number}/discard/")
    assert not RuleDraft.objects.exists()


@pytest.mark.parametrize(
    ("field", "posted", "sentence"),
    [
        ("followers", {"op": "at_least", "value": "many"}, "a whole number from 1"),
        ("words", {"op": "any", "value": " , "}, "Write 1 to 200 words."),
        ("words", {"op": "pattern", "value": "(a"}, "cannot be used"),
        ("sentiment", {}, "Choose at least one value for the mood."),
        ("sentiment", {"value": "furious"}, "The mood is never “furious”."),
        ("hours", {"days": "1", "from": "09:00", "to": "09:00"}, "a beginning and another end"),
    ],
)
def test_a_bad_word_is_refused_with_a_sentence_and_the_rule_stays(
    ada: Client, field: str, posted: dict[str, str], sentence: str
) -> None:
    number = started(ada)
    post(ada, f"/rules/{number}/conditions/", field=field)
    before = RuleDraft.objects.get(number=number).when

    answer = ada.post(f"/rules/{number}/conditions/0/", posted)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert RuleDraft.objects.get(number=number).when == before


def test_a_rule_that_fits_everything_is_not_turned_on(world: World, ada: Client) -> None:
    number = started(ada)
    post(ada, f"/rules/{number}/actions/", do="queue")

    answer = post(ada, f"/rules/{number}/publication/")

    assert answer.status_code == 422
    assert "“New rule” fits everything" in answer.content.decode()


def test_who_was_slower_is_told_what_is_true_now(world: World, ada: Client) -> None:
    number = Doing(world.ada).rule(NEGATIVE, queue=world.queues.pr.pk)

    answer = post(ada, f"/rules/{number}/switch/", on="0", seen="1")

    assert answer.status_code == 409
    assert "Ada Nwosu has changed the rules since you read them." in answer.content.decode()


def test_rules_are_moved_switched_copied_removed_and_brought_back(world: World, ada: Client) -> None:
    number = Doing(world.ada).rule(NEGATIVE, name="Angry", queue=world.queues.pr.pk)

    post(ada, f"/rules/{number}/place/", to="up")
    post(ada, f"/rules/{number}/switch/", on="0")
    post(ada, f"/rules/{number}/copy/")
    post(ada, f"/rules/{number}/removal/")
    assert [one.name for one in rules.in_force().rules] == ["Large accounts to PR", "Everything else"]
    post(ada, "/rules/versions/3/restoration/")
    post(ada, "/rules/mode/", mode="every")

    assert [one.name for one in rules.in_force().rules] == ["Angry", "Large accounts to PR", "Everything else"]
    assert RuleSet.objects.order_by("-number")[0].mode == "every"


def test_the_back_test_is_asked_for_shown_and_ended(world: World, ada: Client) -> None:
    row = talk.conversation(world.channels.northwind_x, world.queues.care, text="Where is <b>my</b> bag?")
    route(row, sentiment="negative")
    number = started(ada)
    post(ada, f"/rules/{number}/conditions/", field="sentiment")
    post(ada, f"/rules/{number}/actions/", do="queue")
    post(ada, f"/rules/{number}/actions/0/", value=world.queues.pr.pk)
    answer = post(ada, f"/rules/{number}/backtest/", days="7")
    assert answer["Location"] == f"/rules/{number}/#test"
    assert "0 of 0 messages" in ada.get(f"/rules/{number}/?panel=1").content.decode()

    backtest.run_due()

    page = ada.get(f"/rules/{number}/").content.decode()
    assert 'would have moved <b class="num">1</b>' in page
    assert "Where is &lt;b&gt;my&lt;/b&gt; bag?" in page
    opinions = f"/rules/backtests/{Backtest.objects.get().pk}/opinions/"
    message = Backtest.objects.get().result["examples"][0]
    assert post(ada, opinions, message=message, right="0")["Location"] == f"/rules/{number}/#test"
    assert "0 right, 1 wrong" in ada.get(f"/rules/{number}/").content.decode()
    post(ada, opinions, message=message, right="")
    assert "do these look right?" in ada.get(f"/rules/{number}/").content.decode()
    assert post(ada, opinions, message="x", right="1").status_code == 404
    post(ada, f"/rules/{number}/backtest/", days="7")
    post(ada, f"/rules/backtests/{Backtest.objects.latest('pk').pk}/end/")
    assert Backtest.objects.latest("pk").state == "cancelled"
    assert post(ada, f"/rules/{number}/backtest/", days="9999").status_code == 422


def test_supervisors_read_and_others_see_nothing(world: World) -> None:
    number = Doing(world.ada).rule(NEGATIVE, queue=world.queues.pr.pk)
    omar, ana = Client(), Client()
    omar.force_login(world.omar)
    ana.force_login(world.ana)

    page = omar.get(f"/rules/{number}/")
    assert page.status_code == 200
    assert b"Turn off" not in page.content
    assert omar.post(f"/rules/{number}/switch/", {"on": "0"}).status_code == 404
    assert ana.get("/rules/").status_code == 404
    assert ana.get(f"/rules/{number}/").status_code == 404


def test_the_page_asks_as_much_of_many_rules_as_of_few(world: World, ada: Client) -> None:
    doing = Doing(world.ada)
    doing.rule(NEGATIVE, ask("previous", 1, "at_least"), queue=world.queues.pr.pk)
    ada.get("/rules/")

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            ada.get("/rules/")
        return len(queries)

    few = count()
    for n in range(4):
        doing.rule(ask("words", [f"word{n}"], "any"), queue=world.queues.pr.pk)
    assert count() == few


def test_lists_of_authors(world: World, ada: Client, settings: Any) -> None:
    row: Conversation = talk.conversation(world.channels.northwind_x, world.queues.care)
    made = post(ada, "/rules/lists/", name="VIP")
    at = made["Location"]

    assert post(ada, at, network="x", handle="@nobody").status_code == 422
    assert post(ada, at, network="x", handle="@Tess_Moran").status_code == 302
    assert ListedAuthor.objects.get().profile_id == row.profile_id
    assert b"Tess Moran" in ada.get(at).content
    post(ada, at, take_off=row.profile_id)
    assert not ListedAuthor.objects.exists()
    assert post(ada, "/rules/lists/", name="VIP").status_code == 409
    assert author_lists.FIRST[0] == "VIP"


def test_webhooks_are_set_up_and_their_secret_is_shown_once(world: World, ada: Client, settings: Any) -> None:
    settings.WEBHOOK_HOSTS = ["hooks.example.com"]

    assert post(ada, "/rules/webhooks/", name="Pager", url="https://evil.example/").status_code == 422
    page = post(ada, "/rules/webhooks/", name="Pager", url="https://hooks.example.com/x").content.decode()

    assert "The secret is shown this once." in page
    assert "The secret is shown this once." not in ada.get("/rules/webhooks/").content.decode()
    webhook = Webhook.objects.get()
    post(ada, f"/rules/webhooks/{webhook.pk}/switch/", on="0")
    assert Webhook.objects.get().is_on is False


def test_whoever_reads_a_conversation_reads_why_it_is_there(world: World) -> None:
    Doing(world.ada).rule(NEGATIVE, name="Angry to PR", queue=world.queues.pr.pk)
    row: Conversation = talk.conversation(world.channels.northwind_x, world.queues.care)
    route(row, sentiment="negative")
    clients = {}
    for name in ("ben", "ana", "ada"):
        clients[name] = Client()
        clients[name].force_login(getattr(world, name))

    page = clients["ben"].get(f"/conversations/{row.pk}/reasons/")

    assert "Angry to PR" in page.content.decode()
    assert "Mood: negative" in page.content.decode()
    message = row.messages.get()
    assert page.content.decode().count(f'href="/messages/{message.pk}/triage/') == 1
    assert clients["ben"].get(f"/messages/{message.pk}/triage/").status_code == 200
    assert "Look at the rule" not in page.content.decode()
    assert "Look at the rule" in clients["ada"].get(f"/conversations/{row.pk}/reasons/").content.decode()
    assert clients["ana"].get(f"/conversations/{row.pk}/reasons/").status_code == 404

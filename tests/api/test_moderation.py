"""Acts on single messages, which really reach the network: the sandbox."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from inbox.services import delivery
from tests.api.client import Machine
from tests.sandbox.running import Sandbox, running

if TYPE_CHECKING:
    from tests.domain.delivery.stage import Stage
    from tests.personas import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def sandbox_process() -> Iterator[Sandbox]:
    with running() as sandbox:
        yield sandbox


@pytest.fixture
def stage(sandbox_process: Sandbox, world: "World", settings) -> "Stage":
    from tests.domain.delivery.stage import Stage

    sandbox_process.control("POST", "reset")
    settings.X_API_URL = settings.X_AUTH_URL = sandbox_process.base_url
    settings.SEND_HOLD_S = settings.SEND_SETTLE_S = settings.SEND_READ_GAP_S = 0
    return Stage(sandbox_process, world)


def test_an_answer_by_the_api_stands_on_the_network_once_and_can_be_deleted(stage: "Stage", ana: Machine) -> None:
    conversation = stage.asked()
    path = f"conversations/{conversation.pk}"
    made = ana.post(f"{path}/replies", {"text": "It is on its way."}, key="k").json
    delivery.send_due()
    assert ana.post(f"{path}/replies", {"text": "It is on its way."}, key="k").json["id"] == made["id"]
    delivery.send_due()
    (standing,) = stage.answers(conversation)
    sent = ana.get(f"deliveries/{made['id']}").json
    assert (sent["state"], sent["external_id"]) == ("sent", standing["id"])
    ours = ana.get(f"{path}/messages").json["results"][-1]
    assert (ours["id"], ours["delivery"]) == (sent["message"], {"id": made["id"], "state": "sent"})
    assert (ours["direction"], ours["author"]["name"], ours["profile"]) == ("out", "Ana Sandoval", None)
    assert ours["answers"] == sent["answers"]
    gone = ana.post(f"messages/{ours['id']}/deletion", {"reason": "Wrong gate"}).json
    assert gone["deleted_at"]
    assert gone["text"] == ""
    assert stage.answers(conversation) == []


def test_a_like_is_given_and_taken_back(stage: "Stage", ana: Machine) -> None:
    question = stage.question(stage.asked())
    assert ana.post(f"messages/{question.pk}/like", {"liked": True}).json["liked_at"]
    assert ana.post(f"messages/{question.pk}/like", {"liked": False}).json["liked_at"] is None


def test_only_our_own_answers_are_deleted(stage: "Stage", ana: Machine) -> None:
    question = stage.question(stage.asked())
    assert ana.post(f"messages/{question.pk}/deletion", {"reason": "Rude"}).status == 422


def test_a_network_that_does_not_answer_is_502(stage: "Stage", ana: Machine, settings) -> None:
    question = stage.question(stage.asked())
    settings.X_API_URL = "http://127.0.0.1:9"
    answer = ana.post(f"messages/{question.pk}/like", {"liked": True})
    assert (answer.status, answer.json["code"]) == (502, "channel_transient")

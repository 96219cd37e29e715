"""Devices over the API: not there without a key; with one, a list that says nothing of where they are reached."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import Device
from api.serializers import devices as shapes
from routing.models.push import Push
from tests.api.client import Machine
from tests.api.shapes import check
from tests.pushed import PretendBrowser, pushing_to

pytestmark = pytest.mark.django_db(transaction=True)
Machines = Callable[[str], Machine]


def body(pager: PretendBrowser) -> dict[str, str]:
    given = pager.subscription
    return {"endpoint": given.endpoint, "p256dh": given.p256dh, "auth": given.auth, "agent": "Pager 1.0"}


@pytest.fixture
def pager() -> PretendBrowser:
    return PretendBrowser("push.example")


def test_one_is_added_listed_tried_and_removed(machine: Machines, settings: Any, pager: PretendBrowser) -> None:
    key, ana = pushing_to(settings), machine("ana")
    made = ana.post("attention/devices", body(pager))
    assert (made.status, made.json["key"]) == (200, key)
    check(made.json, shapes.DevicesShape())
    [row] = made.json["results"]
    assert (row["agent"], row["awake"], row["pushed_at"], row["failure"]) == ("Pager 1.0", True, None, "")
    assert ana.post("attention/devices", body(pager)).json["results"] == [row], "the same pager is one device"
    assert pager.path not in str(ana.get("attention/devices").json)
    assert ana.post(f"attention/devices/{row['id']}/trial").status == 200
    assert Push.objects.get().notice is None
    again = ana.post(f"attention/devices/{row['id']}/trial")
    assert (again.status, again.json["code"]) == (409, "trial_on_its_way")
    for other in ("omar", "ada"):
        assert machine(other).get("attention/devices").json["results"] == []
        assert machine(other).post(f"attention/devices/{row['id']}/trial").status == 404
        assert machine(other).post(f"attention/devices/{row['id']}/removal").status == 404
    assert ana.post(f"attention/devices/{row['id']}/removal").json["results"] == []
    assert not Device.objects.exists()


def test_a_wrong_address_is_named(machine: Machines, settings: Any, pager: PretendBrowser) -> None:
    pushing_to(settings)
    settings.PUSH_TO_PRIVATE_ADDRESSES = False
    refused = machine("ana").post("attention/devices", {**body(pager), "endpoint": "https://127.0.0.1/x"})
    assert (refused.status, set(refused.json["fields"])) == (422, {"endpoint"})
    assert machine("ana").post("attention/devices", {"endpoint": "x"}).status == 422


def test_without_a_key_it_says_so(machine: Machines, pager: PretendBrowser) -> None:
    ana = machine("ana")
    assert ana.get("attention/devices").json == {"key": "", "results": []}
    for path, given in (("", body(pager)), ("/1/trial", None), ("/1/removal", None)):
        answer = ana.post(f"attention/devices{path}", given)
        assert (answer.status, answer.json["code"]) == (409, "push_off")
        assert "PUSH_KEY" in answer.json["message"]


def test_causes_of_devices_are_a_choice_beside_the_others(machine: Machines) -> None:
    ana = machine("ana")
    habits = {**ana.get("attention").json, "pushed": ["mention"]}
    for read_only in ("zone", "next_digest_at"):
        del habits[read_only]
    assert ana.post("attention", habits).json["pushed"] == ["mention"]
    del habits["pushed"]
    assert ana.post("attention", habits).json["pushed"] == ["mention"], "left out = as it is"
    assert ana.post("attention", {**habits, "pushed": ["weather"]}).status == 422

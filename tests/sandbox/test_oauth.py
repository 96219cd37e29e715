"""Connecting an account, as a browser and a client walk it."""

import base64
import hashlib
import secrets
from urllib.parse import parse_qs, urlsplit

import facebook
import pytest
import requests

from tests.sandbox.clients import PageGraph
from tests.sandbox.running import Sandbox

BACK = "http://127.0.0.1:9/connected?kept=1"
VERIFIER = secrets.token_urlsafe(48)
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


@pytest.fixture
def brand(sandbox: Sandbox) -> dict:
    return sandbox.brand()


@pytest.fixture
def lumo(sandbox: Sandbox) -> dict:
    return sandbox.brand("lumomobile", "facebook")


def asked(brand: dict, **changes: str) -> dict:
    return {
        "response_type": "code",
        "client_id": brand["credentials"]["client_id"],
        "redirect_uri": BACK,
        "scope": "tweet.read users.read offline.access",
        "state": "s1",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    } | changes


def decided(sandbox: Sandbox, path: str, form: dict) -> dict[str, str]:
    """What comes back to the client."""
    answer = requests.post(f"{sandbox.base_url}{path}", data=form, allow_redirects=False, timeout=5)
    assert answer.status_code == 303
    address = urlsplit(answer.headers["location"])
    assert address.netloc == "127.0.0.1:9"
    return {name: values[0] for name, values in parse_qs(address.query).items()}


def token(sandbox: Sandbox, brand: dict, **form: str) -> requests.Response:
    keys = (brand["credentials"]["client_id"], brand["credentials"]["client_secret"])
    return requests.post(f"{sandbox.base_url}/2/oauth2/token", auth=keys, data=form, timeout=5)


def code_for(sandbox: Sandbox, brand: dict) -> str:
    back = decided(sandbox, "/i/oauth2/authorize", {**asked(brand), "account": brand["id"], "decision": "allow"})
    assert (back["state"], back["kept"]) == ("s1", "1")
    return back["code"]


def test_the_page_of_x_shows_the_accounts(sandbox: Sandbox, brand: dict) -> None:
    answer = requests.get(f"{sandbox.base_url}/i/oauth2/authorize", params=asked(brand), timeout=5)
    assert "@northwindair" in answer.text
    assert "'unsafe-inline'" not in answer.headers["content-security-policy"]
    for changes in (
        {"client_id": "nobody"},
        {"code_challenge_method": "plain"},
        {"code_challenge": ""},
        {"state": ""},
        {"redirect_uri": "javascript:alert(1)"},
    ):
        refused = requests.get(f"{sandbox.base_url}/i/oauth2/authorize", params=asked(brand, **changes), timeout=5)
        assert refused.status_code == 400


def test_a_registered_app_is_only_led_back_to_its_own_address(sandbox: Sandbox) -> None:
    brand = sandbox.brand("strict", redirect_uris=["https://care.example/back"])
    foreign = requests.get(f"{sandbox.base_url}/i/oauth2/authorize", params=asked(brand), timeout=5)
    assert foreign.status_code == 400


def test_saying_no_leads_back_with_an_error(sandbox: Sandbox, brand: dict) -> None:
    back = decided(sandbox, "/i/oauth2/authorize", {**asked(brand), "account": brand["id"], "decision": "deny"})
    assert (back["error"], back["state"]) == ("access_denied", "s1")


def test_code_token_refresh_and_rotation(sandbox: Sandbox, brand: dict) -> None:
    code = code_for(sandbox, brand)
    grant = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK}
    first = token(sandbox, brand, **grant, code_verifier=VERIFIER).json()
    assert (first["token_type"], first["expires_in"]) == ("bearer", 7200)
    assert token(sandbox, brand, **grant, code_verifier=VERIFIER).status_code == 400
    headers = {"Authorization": f"Bearer {first['access_token']}"}
    me = requests.get(f"{sandbox.base_url}/2/users/me", headers=headers, timeout=5).json()
    assert me["data"]["id"] == brand["id"]
    renewal = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    second = token(sandbox, brand, **renewal).json()
    assert second["refresh_token"] != first["refresh_token"]
    dead = token(sandbox, brand, **renewal)
    assert (dead.status_code, dead.json()["error"]) == (400, "invalid_request")


@pytest.mark.parametrize("wrong", [{"code_verifier": "x" * 50}, {"redirect_uri": "http://127.0.0.1:9/else"}])
def test_a_code_needs_its_verifier_and_its_address(sandbox: Sandbox, brand: dict, wrong: dict) -> None:
    good = {
        "grant_type": "authorization_code",
        "code": code_for(sandbox, brand),
        "redirect_uri": BACK,
        "code_verifier": VERIFIER,
    }
    assert token(sandbox, brand, **(good | wrong)).status_code == 400


def test_a_wrong_client_secret_is_refused(sandbox: Sandbox, brand: dict) -> None:
    brand["credentials"]["client_secret"] = "wrong"
    assert token(sandbox, brand, grant_type="refresh_token", refresh_token="x").status_code == 401


def test_revoking_and_expiring(sandbox: Sandbox, brand: dict) -> None:
    credentials = brand["credentials"]
    headers = {"Authorization": f"Bearer {credentials['oauth2_access_token']}"}
    sandbox.control("POST", "expire", {"account": "northwindair"})
    assert requests.get(f"{sandbox.base_url}/2/users/me", headers=headers, timeout=5).status_code == 401
    renewal = {"grant_type": "refresh_token", "refresh_token": credentials["oauth2_refresh_token"]}
    fresh = token(sandbox, brand, **renewal).json()["access_token"]
    keys = (credentials["client_id"], credentials["client_secret"])
    requests.post(f"{sandbox.base_url}/2/oauth2/revoke", auth=keys, data={"token": fresh}, timeout=5)
    gone = requests.get(f"{sandbox.base_url}/2/users/me", headers={"Authorization": f"Bearer {fresh}"}, timeout=5)
    assert gone.status_code == 401


def test_facebook_from_the_dialog_to_a_page_token(sandbox: Sandbox, lumo: dict) -> None:
    app_id, app_secret = lumo["credentials"]["app_id"], lumo["credentials"]["app_secret"]
    form = {"client_id": app_id, "redirect_uri": BACK, "scope": "pages_show_list,pages_messaging", "state": "s2"}
    shown = requests.get(f"{sandbox.base_url}/v26.0/dialog/oauth", params=form, timeout=5)
    assert "lumomobile" in shown.text
    denied = decided(sandbox, "/dialog/oauth", {**form, "decision": "deny"})
    assert denied["error_reason"] == "user_denied"
    back = decided(sandbox, "/dialog/oauth", {**form, "page": lumo["id"], "decision": "allow"})
    sdk = PageGraph(sandbox, "")
    short = sdk.get_access_token_from_code(back["code"], BACK, app_id, app_secret)["access_token"]
    with pytest.raises(facebook.GraphAPIError, match="has been used"):
        sdk.get_access_token_from_code(back["code"], BACK, app_id, app_secret)
    long = PageGraph(sandbox, short).extend_access_token(app_id, app_secret)
    assert long["expires_in"] > 50 * 86_400
    person = PageGraph(sandbox, long["access_token"])
    managed = person.get_connections("me", "accounts")["data"]
    assert [(p["id"], p["name"]) for p in managed] == [(lumo["id"], "lumomobile")]
    assert PageGraph(sandbox, managed[0]["access_token"]).get_object("me")["id"] == lumo["id"]
    facts = sdk.debug_access_token(managed[0]["access_token"], app_id, app_secret)["data"]
    assert (facts["type"], facts["is_valid"], facts["expires_at"], facts["profile_id"]) == (
        "PAGE",
        True,
        0,
        lumo["id"],
    )
    assert facts["scopes"] == ["pages_show_list", "pages_messaging"]
    sandbox.control("POST", "revoke", {"account": "lumomobile"})
    after = sdk.debug_access_token(managed[0]["access_token"], app_id, app_secret)["data"]
    assert (after["is_valid"], after["error"]["subcode"]) == (False, 460)


def test_a_wrong_app_secret_gets_no_token(sandbox: Sandbox, lumo: dict) -> None:
    with pytest.raises(facebook.GraphAPIError, match="client secret"):
        PageGraph(sandbox, "").get_access_token_from_code("x", BACK, lumo["credentials"]["app_id"], "wrong")

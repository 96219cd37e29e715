"""The page for people in a real browser: answers arrive by themselves."""

from urllib.parse import parse_qs, urlencode, urlsplit

from playwright.sync_api import Page, expect

from tests.sandbox.clients import x_client
from tests.sandbox.running import Sandbox


def test_a_brands_answer_arrives_without_a_reload(sandbox: Sandbox, page: Page) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    brand = sandbox.brand()
    page.goto(sandbox.base_url)
    page.get_by_label("Name").fill("Jane Doe")
    page.get_by_label("Handle").fill("jane_doe")
    page.get_by_label("Followers").fill("12000")
    page.get_by_label("What you say").fill("Where is my bag?")
    page.get_by_role("button", name="Post").click()
    question = page.locator(".thread .post").first
    expect(question).to_contain_text("Where is my bag?")
    expect(question).to_contain_text("12k followers")
    client = x_client(sandbox, brand["credentials"])
    asked = client.get_users_mentions(brand["id"]).data[0].id
    client.create_tweet(text="In Oslo, on its way", in_reply_to_tweet_id=asked)
    expect(page.locator(".answers .post.brand")).to_contain_text("In Oslo, on its way")
    expect(page.get_by_role("status")).to_have_text("A brand has answered.")
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert complaints == []


def test_the_authorize_page_leads_back_to_another_origin(sandbox: Sandbox, page: Page) -> None:
    brand = sandbox.brand()
    back = sandbox.base_url.replace("127.0.0.1", "localhost") + "/healthz"
    query = {
        "response_type": "code",
        "client_id": brand["credentials"]["client_id"],
        "redirect_uri": back,
        "scope": "tweet.read offline.access",
        "state": "s1",
        "code_challenge": "x" * 43,
        "code_challenge_method": "S256",
    }
    page.goto(f"{sandbox.base_url}/i/oauth2/authorize?{urlencode(query)}")
    expect(page.get_by_role("radio")).to_be_checked()
    page.get_by_role("button", name="Authorize app").click()
    page.wait_for_url(f"{back}?**")
    assert parse_qs(urlsplit(page.url).query)["state"] == ["s1"]
    lumo = sandbox.brand("lumomobile", "facebook")
    query = {"client_id": lumo["credentials"]["app_id"], "redirect_uri": back, "state": "s2"}
    page.goto(f"{sandbox.base_url}/v26.0/dialog/oauth?{urlencode(query)}")
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url(f"{back}?code=**")

"""Signing in: who gets in, who is put out, what nobody learns, where nobody is led."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret, hotp_value, yield_hotp_counters_from_time
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.allauth_adapter import MfaAdapter
from accounts.models import AccountEvent, Session, User
from accounts.services import installation, passwords, people, sessions
from tests.clients import signed_in
from tests.factories.people import PASSWORD
from tests.web.accounts.hashers import CountingHasher
from tests.web.accounts.payloads import ELSEWHERE

pytestmark = pytest.mark.django_db(transaction=True)
NEW_PASSWORD = "another-long-password"


def attempt(client, email="ana@socialcare.example", password=PASSWORD, **more):
    return client.post("/account/login/", {"login": email, "password": password}, **more)


def is_in(client):
    return client.get("/you/").status_code == 200


def test_the_session_gets_a_new_key_and_knows_whose_it_is(world, client):
    client.get("/account/login/")
    before = client.session.session_key
    attempt(client, headers={"User-Agent": "Firefox on Linux"})
    row = Session.objects.get(user=world.ana)
    assert row.pk not in (None, before)
    assert row.agent == "Firefox on Linux"
    assert "This browser" in client.get("/you/").content.decode()
    assert AccountEvent.objects.get().data == {"method": "password"}


def test_other_browsers_are_listed_by_name(world, client):
    attempt(client)
    chrome = (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36"
    )
    attempt(Client(), headers={"User-Agent": chrome})
    attempt(Client(), headers={"User-Agent": "<script>alert(1)</script>"})
    page = client.get("/you/").content.decode()
    assert "Chrome on Windows" in page
    assert "Unknown browser" in page
    assert "alert(1)" not in page


def test_a_database_that_does_not_answer_is_said_and_not_a_crash(world, client):
    attempt(client)

    def too_slow(*_args):
        raise OperationalError("canceling statement due to statement timeout")

    with connection.execute_wrapper(too_slow):
        answer = client.get("/you/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert is_in(client)


def test_the_last_second_factor_stays_where_the_policy_asks_for_it(world, client):
    TOTP.activate(world.ana, generate_totp_secret())
    factor = Authenticator.objects.get()
    assert MfaAdapter().can_delete_authenticator(factor)
    installation.set_mfa_policy("everybody", actor=world.ada)
    assert not MfaAdapter().can_delete_authenticator(factor)
    Authenticator.objects.create(user=world.ana, type=Authenticator.Type.WEBAUTHN, data={})
    assert MfaAdapter().can_delete_authenticator(factor)


def test_a_disabled_person_is_out_with_the_next_request(world, client):
    attempt(client)
    assert is_in(client)
    key = client.session.session_key
    assert sessions.alive([key]) == {key}
    people.disable(world.ana.pk, actor=world.ada)
    assert sessions.alive([key]) == set()
    assert client.get("/you/").status_code == 302
    assert not Session.objects.filter(user=world.ana).exists()
    assert attempt(client).status_code == 200
    assert not is_in(client)


def test_a_disabled_person_looks_like_a_wrong_password(world):
    people.disable(world.ana.pk, actor=world.ada)
    answers = [
        attempt(Client(), "ana@socialcare.example", PASSWORD).content.decode(),
        attempt(Client(), "ana@socialcare.example", "wrong-password-1").content.decode(),
        attempt(Client(), "nobody@socialcare.example", "wrong-password-1").content.decode(),
        attempt(Client(), "ben@socialcare.example", "wrong-password-1").content.decode(),
    ]
    words = "The email address and/or password you specified are not correct."
    assert all(words in answer for answer in answers)
    assert len({len(answer) for answer in answers[1:]}) <= 2  # the address typed is shown again


def test_known_unknown_and_disabled_addresses_cost_the_same_work(world, settings):
    settings.PASSWORD_HASHERS = ["tests.web.accounts.hashers.CountingHasher"]
    for person in (world.ben, world.zoe):
        person.set_password(PASSWORD)
        person.save(update_fields=["password"])
    people.disable(world.zoe.pk, actor=world.ada)

    def work(email):
        CountingHasher.work = 0
        with CaptureQueriesContext(connection) as queries:
            attempt(Client(), email, "wrong-password-1")
        return CountingHasher.work, len(queries)

    work("warm@socialcare.example")
    assert work("ben@socialcare.example") == work("nobody@socialcare.example") == work("zoe@socialcare.example")
    assert CountingHasher.work == 1


def test_a_machine_cannot_sign_in(world, client):
    User.objects.filter(pk=world.ana.pk).update(is_integration=True)
    attempt(client)
    assert not is_in(client)
    client.force_login(world.ana)
    assert not is_in(client)


def test_guessing_ends_and_a_known_browser_goes_on(world, client):
    attempt(client)
    client.post("/account/logout/")
    strangers = Client()
    for number in range(25):
        attempt(strangers, password=f"guess-number-{number}", REMOTE_ADDR=f"10.0.{number}.1")
    refused = attempt(strangers, REMOTE_ADDR="10.7.7.7")
    assert "Too many failed login attempts" in refused.content.decode()
    assert AccountEvent.objects.filter(kind="sign_in.failed").count() == 10
    assert AccountEvent.objects.filter(kind="sign_in.throttled").count() == 1
    attempt(client)
    assert is_in(client)


@pytest.mark.parametrize("target", ELSEWHERE)
def test_nobody_is_led_elsewhere_after_signing_in(world, client, target):
    answer = client.post("/account/login/", {"login": "ana@socialcare.example", "password": PASSWORD, "next": target})
    assert (answer.status_code, answer["Location"]) == (302, "/")


def test_a_page_of_ours_is_where_one_wanted_to_go(world, client):
    answer = client.post("/account/login/", {"login": "ana@socialcare.example", "password": PASSWORD, "next": "/you/"})
    assert answer["Location"] == "/you/"


def test_forms_lead_back_to_our_pages_only(world, client):
    client.force_login(world.ana)
    for referrer, expected in (
        ("http://testserver/you/?a=1", "/you/?a=1"),
        ("http://testserver//evil.example/", "/"),
        ("http://testserver.evil.example/you/", "/"),
        ("https://evil.example/", "/"),
        ("", "/"),
    ):
        answer = client.post("/you/presence/", {"presence": "busy"}, headers={"Referer": referrer})
        assert answer["Location"] == expected


def test_idle_and_old_sessions_end(world, client):
    attempt(client)
    Session.objects.update(seen_at=timezone.now() - timedelta(minutes=31))
    assert not is_in(client)
    attempt(client)
    Session.objects.update(signed_in_at=timezone.now() - timedelta(hours=12, seconds=1))
    assert not is_in(client)
    assert sessions.clear_over() >= 1


def test_use_is_noted_at_most_once_a_minute(world, client):
    attempt(client)
    Session.objects.update(seen_at=timezone.now() - timedelta(minutes=5))
    is_in(client)
    noted = Session.objects.get(user=world.ana).seen_at
    assert timezone.now() - noted < timedelta(seconds=30)
    is_in(client)
    assert Session.objects.get(user=world.ana).seen_at == noted


def test_ending_sessions(world):
    here, there = Client(), Client()
    attempt(here)
    attempt(there)
    reference = sessions.reference_of(there.session.session_key)
    here.post("/you/sessions/end/", {"session": reference})
    assert is_in(here)
    assert not is_in(there)
    attempt(there)
    here.post("/you/sessions/end/")
    assert is_in(here)
    assert not is_in(there)
    ada = signed_in(world.ada)
    ada.post(f"/people/{world.ana.pk}/sessions/end/")
    assert not is_in(here)


def test_nobody_ends_sessions_of_others(world):
    ana, omar = Client(), Client()
    attempt(ana)
    omar.force_login(world.omar)
    assert omar.post(f"/people/{world.ana.pk}/sessions/end/").status_code == 403
    omar.post("/you/sessions/end/", {"session": sessions.reference_of(ana.session.session_key)})
    assert is_in(ana)


def test_a_new_password_ends_the_other_sessions(world):
    here, there = Client(), Client()
    attempt(here)
    attempt(there)
    answer = here.post(
        "/account/password/change/",
        {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD},
    )
    assert answer.status_code == 302
    assert is_in(here)
    assert not is_in(there)
    assert Session.objects.filter(user=world.ana).count() == 1
    assert AccountEvent.objects.filter(kind="password.changed").count() == 1


def test_an_administrators_link_lets_choose_a_new_password(world):
    link = passwords.make_link(world.ana.pk, actor=world.ada).removeprefix("http://127.0.0.1:8000")
    ana = Client()
    form = ana.get(link, follow=True)
    assert form.status_code == 200
    address = form.redirect_chain[-1][0]
    assert ana.post(address, {"password1": "short", "password2": "short"}).status_code == 200
    ana.post(address, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    attempt(ana, password=NEW_PASSWORD)
    assert is_in(ana)
    assert "does not work any more" in Client().get(link, follow=True).content.decode()


def test_forgetting_tells_nothing_and_writes_to_known_people_only(world, settings, mailoutbox):
    settings.EMAIL_HOST = "smtp.example"
    answers = [
        Client().post("/account/password/reset/", {"email": email})
        for email in ("ana@socialcare.example", "nobody@socialcare.example")
    ]
    assert {(answer.status_code, answer["Location"]) for answer in answers} == {(302, "/account/password/reset/done/")}
    assert passwords.send_links() == 1
    assert [mail.to for mail in mailoutbox] == [["ana@socialcare.example"]]
    assert "/account/password/reset/key/" in mailoutbox[0].body
    assert passwords.send_links() == 0


def test_without_a_mail_server_nobody_is_told_to_look_in_the_mail(world, client):
    assert "Ask an administrator" in client.get("/account/password/reset/").content.decode()
    client.post("/account/password/reset/", {"email": "ana@socialcare.example"})
    assert passwords.send_links() == 0


def test_the_policy_leads_to_a_second_factor(world, client):
    attempt(client)
    installation.set_mfa_policy("everybody", actor=world.ada)
    assert client.get("/you/")["Location"] == "/account/2fa/"
    assert client.get("/account/2fa/").status_code == 200
    partial = client.get("/you/", headers={"HX-Request": "true"})
    assert (partial.status_code, partial["HX-Redirect"]) == (403, "/account/2fa/")
    assert client.post("/account/logout/").status_code == 302


@pytest.mark.parametrize(("who", "status"), [("ana", 200), ("ada", 302)])
def test_the_policy_for_administrators_is_theirs(world, who, status):
    installation.set_mfa_policy("administrators", actor=world.ada)
    client = signed_in(getattr(world, who))
    assert client.get("/you/").status_code == status


@pytest.mark.parametrize("path", ["/account/2fa/totp/activate/", "/account/2fa/webauthn/add/"])
def test_who_once_got_a_link_for_a_new_password_may_add_a_second_factor(world, client, path):
    passwords.make_link(world.ana.pk, actor=world.ada)
    attempt(client)
    answer = client.get(path)
    assert answer.status_code == 200, answer.headers.get("Location")


def code_for(secret):
    return f"{hotp_value(secret, next(yield_hotp_counters_from_time())):06d}"


def test_signing_in_with_a_code(world, client):
    secret = generate_totp_secret()
    TOTP.activate(world.ana, secret)
    installation.set_mfa_policy("everybody", actor=world.ada)
    answer = attempt(client)
    assert answer["Location"].startswith("/account/2fa/authenticate/")
    assert not is_in(client)
    assert client.post("/account/2fa/authenticate/", {"code": "000000"}).status_code == 200
    client.post("/account/2fa/authenticate/", {"code": code_for(secret)})
    assert is_in(client)


def test_guessing_codes_ends(world, client):
    secret = generate_totp_secret()
    TOTP.activate(world.ana, secret)
    attempt(client)
    for _ in range(12):
        client.post("/account/2fa/authenticate/", {"code": "000000"})
    refused = client.post("/account/2fa/authenticate/", {"code": code_for(secret)})
    assert "Too many failed login attempts" in refused.content.decode()
    assert not is_in(client)


def test_a_stranger_fragment_is_led_to_the_sign_in_page(client):
    answer = client.get("/you/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/you/"})
    assert (answer.status_code, answer["HX-Redirect"]) == (401, "/account/login/?next=/you/")


def test_unsafe_methods_need_the_token(world):
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.ada)
    for page in ("/you/", "/you/presence/", "/you/theme/", f"/people/{world.ana.pk}/suspension/", "/people/policy/"):
        assert client.post(page).status_code == 403
    assert User.objects.get(pk=world.ana.pk).is_active


def test_reading_changes_nothing(world, client):
    client.force_login(world.ada)
    for page in (f"/people/{world.ana.pk}/suspension/", "/people/policy/", "/you/theme/", "/you/presence/"):
        assert client.get(page).status_code == 405

"""The set-up link, API tokens, the audit list and its guard, throttling."""

from datetime import timedelta
from io import StringIO
from threading import Barrier, Thread

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts import selectors
from accounts.models import AccountEvent, ApiToken, Installation, Role, SignInFailures, User
from accounts.services import audit, people, setup, throttle, tokens
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.events import UnknownKind
from tests import personas

pytestmark = pytest.mark.django_db(transaction=True)
FIRST = {"name": "Ada Nwosu", "email": "Ada@x.example", "password": "a-good-long-password"}


def secret_of(link):
    return link.partition("?token=")[2]


def printed(*command):
    out = StringIO()
    call_command(*command, stdout=out)
    return out.getvalue().strip()


def test_set_up_makes_the_first_administrator_once():
    link = printed("setup_link")
    assert link.startswith("http://127.0.0.1:8000/setup/?token=")
    person = setup.create_first_administrator(secret_of(link), **FIRST)
    assert person.is_administrator
    assert person.email == "ada@x.example"
    with pytest.raises(Conflict):
        setup.create_first_administrator(secret_of(link), **FIRST)
    with pytest.raises(CommandError, match="set up already"):
        call_command("setup_link")


def test_a_new_link_replaces_the_old_one_and_the_secret_is_not_kept():
    old, new = setup.make_link(), setup.make_link()
    assert not setup.is_open(secret_of(old))
    assert setup.is_open(secret_of(new))
    assert not setup.is_open("")
    assert secret_of(new) not in str(Installation.objects.values().get())
    with pytest.raises(NotFound):
        setup.create_first_administrator(secret_of(old), **FIRST)


def test_a_weak_first_password_leaves_the_link_alive():
    secret = secret_of(setup.make_link())
    with pytest.raises(Invalid):
        setup.create_first_administrator(secret, **{**FIRST, "password": "short"})
    assert setup.is_open(secret)
    assert not User.objects.exists()


def test_two_who_set_up_at_the_same_instant_are_one_administrator():
    secret = secret_of(setup.make_link())
    together, outcomes = Barrier(2), []

    def first(number):
        try:
            together.wait()
            setup.create_first_administrator(secret, **{**FIRST, "email": f"a{number}@x.example"})
            outcomes.append("done")
        except (Conflict, NotFound):
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [Thread(target=first, args=(number,)) for number in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", "refused"]
    assert User.objects.filter(role=Role.ADMINISTRATOR).count() == 1


def test_a_token_is_shown_once_and_works_until_revoked():
    world = personas.world()
    token = printed("api_token", "ANA@socialcare.example", "--name", "CRM")
    assert token.startswith("sc_")
    assert len(token) >= 46
    assert token not in str(list(ApiToken.objects.values()))
    row = tokens.find(token)
    assert (row.user, row.name) == (world.ana, "CRM")
    tokens.revoke(row.pk, actor=world.ana)
    assert tokens.find(token) is None
    assert list(AccountEvent.objects.order_by("id").values_list("kind", flat=True)) == [
        "token.created",
        "token.revoked",
    ]


def test_use_of_a_token_is_noted_at_most_once_a_minute(django_assert_num_queries):
    world = personas.world()
    row, token = tokens.create(world.ana.pk, name="x", actor=world.ana)
    with django_assert_num_queries(2):
        tokens.find(token)
    noted = ApiToken.objects.get(pk=row.pk).last_used_at
    with django_assert_num_queries(1):
        tokens.find(token)
    assert ApiToken.objects.get(pk=row.pk).last_used_at == noted
    ApiToken.objects.update(last_used_at=timezone.now() - timedelta(minutes=2))
    with django_assert_num_queries(2):
        tokens.find(token)


def test_a_disabled_persons_token_is_dead():
    world = personas.world()
    _, token = tokens.create(world.ana.pk, name="x", actor=world.ada)
    people.disable(world.ana.pk, actor=world.ada)
    assert tokens.find(token) is None


def test_tokens_of_others_are_not_ours():
    world = personas.world()
    row, _ = tokens.create(world.ana.pk, name="x", actor=world.ana)
    with pytest.raises(Forbidden):
        tokens.create(world.ana.pk, name="y", actor=world.ben)
    with pytest.raises(NotFound):
        tokens.revoke(row.pk, actor=world.omar)
    with pytest.raises(Invalid):
        tokens.create(world.ana.pk, name="  ", actor=world.ana)
    assert tokens.revoke(row.pk, actor=world.ada).revoked_at


def test_a_token_for_nobody_and_for_a_machine():
    with pytest.raises(CommandError, match="nobody"):
        call_command("api_token", "crm@x.example")
    token = printed("api_token", "crm@x.example", "--integration", "CRM")
    assert tokens.find(token).user.is_integration


def test_the_audit_list_is_only_added_to():
    audit.record("installation.link_made")
    with pytest.raises(IntegrityError), transaction.atomic():
        AccountEvent.objects.update(kind="team.created")
    with pytest.raises(IntegrityError), transaction.atomic():
        AccountEvent.objects.all().delete()
    with pytest.raises(UnknownKind):
        audit.record("person.befriended")
    with pytest.raises(UnknownKind):
        audit.record("installation.link_made", data={"secret": "x"})


def test_sentences_and_pages_of_the_audit_list(django_assert_num_queries):
    world = personas.world()
    for number in range(120):
        audit.record("team.created", actor=world.ada, data={"team": f"Team {number}"})
    audit.record("sign_in.failed", subject=world.ana, data={"method": "password"})
    with django_assert_num_queries(1):
        first = selectors.audit_page(selectors.AuditFilter())
    assert selectors.sentence(first.rows[0]) == "Somebody failed to sign in as Ana Sandoval"
    assert selectors.sentence(first.rows[1]) == "Ada Nwosu created the team Team 119"
    seen, before = [], None
    while True:
        page = selectors.audit_page(selectors.AuditFilter(before=before))
        seen += [row.pk for row in page.rows]
        before = page.next
        if before is None:
            break
    assert len(seen) == len(set(seen)) == 121
    assert len(selectors.audit_page(selectors.AuditFilter(person=world.ana.pk)).rows) == 1
    assert len(selectors.audit_page(selectors.AuditFilter(kind="sign_in.failed")).rows) == 1


def test_guessing_is_counted_before_it_is_tried():
    allowed = [throttle.count("ana@x.example", address=f"10.0.0.{n}").allowed for n in range(14)]
    assert allowed == [True] * 10 + [False] * 4
    assert throttle.count("ana@x.example", address="10.9.9.9", known_device="hers").allowed
    assert throttle.count("ben@x.example", address="10.0.0.1").allowed


def test_one_address_cannot_try_everybody():
    tries = [throttle.count(f"p{n}@x.example", address="10.0.0.1") for n in range(103)]
    assert [attempt.allowed for attempt in tries].count(True) == throttle.PER_ADDRESS
    assert [attempt.first_refusal for attempt in tries].count(True) == 1


def test_success_and_time_give_the_attempts_back():
    for _ in range(30):
        throttle.take_back(throttle.count("ana@x.example", address="10.0.0.1"))
    assert throttle.count("ana@x.example", address="10.0.0.1").allowed
    SignInFailures.objects.update(count=500)
    assert not throttle.count("ana@x.example", address="10.0.0.1").allowed
    SignInFailures.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert throttle.count("ana@x.example", address="10.0.0.1").allowed


def test_many_guesses_at_once_are_counted_one_by_one():
    together, allowed = Barrier(8), []

    def guess():
        together.wait()
        allowed.extend(throttle.count("ana@x.example", address="10.0.0.1").allowed for _ in range(5))
        connection.close()

    threads = [Thread(target=guess) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert allowed.count(True) == throttle.PER_PERSON

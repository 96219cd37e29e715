"""The letter: what was told and not read, once a period, never in quiet hours, without a word of what was written."""

from datetime import time, timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from channels.models import BrandAccess
from core.clock import database_now
from core.errors import Invalid
from inbox.models.conversation import Conversation
from routing.models.attention import Attention
from routing.models.notice import Notice
from routing.services import attention, digest, notices
from routing.services.attention import Wishes
from tests.factories import people, talk
from tests.personas import World
from tests.racing import race, split

pytestmark = pytest.mark.django_db(transaction=True)
EVERYTHING = ("mention", "assignment", "promise", "rule")
WORDS = {"person": "Tess Moran", "by": "Ben Achterberg"}


@pytest.fixture(autouse=True)
def server(settings) -> None:
    settings.EMAIL_HOST = "mail.example"
    settings.PUBLIC_URL = "https://care.example"


def wants(person: User, **wishes: object) -> None:
    """Somebody whose digest is due now."""
    attention.save(Wishes(EVERYTHING, EVERYTHING, **{"digest": "hourly", **wishes}), actor=person)
    Attention.objects.filter(user=person).update(next_digest_at=database_now() - timedelta(seconds=1))


def tell(person: User, conversation: Conversation, kind: str = "note.mentioned") -> None:
    notices.tell([person.pk], kind, conversation.pk, WORDS if kind == "note.mentioned" else {"person": "Tess Moran"})


def test_it_says_who_and_where_and_nothing_of_the_contact(world: World, waiting: Conversation) -> None:
    wants(world.ana)
    tell(world.ana, waiting)
    assert digest.send_due() == 1
    [letter] = mail.outbox
    assert letter.to == ["ana@socialcare.example"]
    assert letter.subject == "Socialcare: 1 thing for you"
    assert "Ben Achterberg named you in a note. Care, Northwind Air.\n" in letter.body
    assert f"https://care.example/inbox/all/{waiting.pk}/" in letter.body
    assert "Tess" not in letter.body + letter.subject
    assert "bag" not in letter.body


def test_two_workers_send_it_once_and_the_next_one_holds_only_what_is_new(world: World, waiting: Conversation) -> None:
    wants(world.ana)
    tell(world.ana, waiting)
    won, lost = split(race(*[digest.send_due] * 4))
    assert lost == []
    assert sum(won) == len(mail.outbox) == 1
    wants(world.ana)
    assert digest.send_due() == 0, "nothing new"
    tell(world.ana, waiting, "conversation.came")
    wants(world.ana)
    assert digest.send_due() == 1
    assert "named you" not in mail.outbox[1].body
    assert Attention.objects.get(user=world.ana).next_digest_at > database_now()


def test_in_quiet_hours_it_waits_and_comes_after_them(world: World, waiting: Conversation) -> None:
    now = database_now()
    around = ((now - timedelta(hours=2)).time(), (now + timedelta(hours=2)).time())
    wants(world.ana, quiet_from=around[0], quiet_until=around[1])
    tell(world.ana, waiting)
    assert digest.send_due() == 0
    assert mail.outbox == []
    due = Attention.objects.get(user=world.ana).next_digest_at
    assert timedelta(minutes=119) < due - now <= timedelta(hours=2)
    wants(world.ana)
    assert digest.send_due() == 1


def test_what_is_read_unwanted_or_out_of_sight_is_not_in_it(world: World, waiting: Conversation) -> None:
    wants(world.ana, quiet_from=None)
    attention.save(Wishes(EVERYTHING, ["mention"], digest="hourly"), actor=world.ana)
    tell(world.ana, waiting)
    notices.read(world.ana)
    tell(world.ana, waiting, "conversation.came")
    other = talk.conversation(world.channels.lumo_x, world.queues.care)
    tell(world.ana, other)
    BrandAccess.objects.filter(user=world.ana, brand=world.brands.lumo).delete()
    Attention.objects.update(next_digest_at=database_now())
    assert digest.send_due() == 0
    assert mail.outbox == []


def test_without_a_mail_server_nothing_is_sent_or_marked(world: World, waiting: Conversation, settings) -> None:
    settings.EMAIL_HOST = ""
    wants(world.ana)
    tell(world.ana, waiting)
    assert digest.send_due() == 0
    assert Notice.objects.get().mailed_at is None


def test_what_the_mail_server_did_not_take_is_in_the_next_one(world: World, waiting: Conversation, settings) -> None:
    wants(world.ana)
    tell(world.ana, waiting)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nobody listens there
    assert digest.send_due() == 0
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    wants(world.ana)
    assert digest.send_due() == 1


def test_the_disabled_get_none(world: World, waiting: Conversation) -> None:
    wants(world.ana)
    tell(world.ana, waiting)
    User.objects.filter(pk=world.ana.pk).update(is_active=False)
    assert digest.send_due() == 0
    assert digest.send_due() == 0
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("wishes", "field"),
    [
        (Wishes(["guesses"], []), "told"),
        (Wishes([], ["guesses"]), "mailed"),
        (Wishes([], [], digest="monthly"), "digest"),
        (Wishes([], [], digest_hour=24), "digest_hour"),
        (Wishes([], [], quiet_from=time(22)), "quiet_until"),
        (Wishes([], [], quiet_until=time(7)), "quiet_from"),
        (Wishes([], [], quiet_from=time(7), quiet_until=time(7)), "quiet_until"),
    ],
)
def test_a_wrong_wish_is_named(world: World, wishes: Wishes, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        attention.save(wishes, actor=world.ana)
    assert set(refused.value.fields) == {field}
    assert not Attention.objects.exists()


def test_two_who_save_at_once_leave_one_row(world: World) -> None:
    _, lost = split(race(*[lambda: attention.save(Wishes([], []), actor=world.ana).pk] * 2))
    assert lost == []
    assert Attention.objects.count() == 1


def test_ten_notices_cost_what_one_does(world: World, waiting: Conversation) -> None:
    def cost(n: int) -> int:
        for _ in range(n):
            tell(world.ana, talk.conversation(world.channels.northwind_x, world.queues.care))
        wants(world.ana)
        with CaptureQueriesContext(connection) as queries:
            assert digest.send_due() == 1
        return len(queries)

    people.brand("Third", "third")
    assert cost(1) == cost(10)

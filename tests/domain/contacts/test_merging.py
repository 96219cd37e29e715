"""Two contacts that are one person, joined and parted by people."""

import pytest

from core.errors import Conflict, Forbidden, Invalid, NotFound
from inbox import likeness
from inbox.models.conversation import Conversation
from inbox.models.customer import ContactMerge
from inbox.models.people import Profile
from inbox.policies import access_of
from inbox.selectors import alike
from inbox.selectors.contacts import customer_of
from inbox.services import contacts
from tests.factories import talk
from tests.personas import World
from tests.racing import race, split


@pytest.fixture
def pair(world: World) -> tuple[Conversation, Conversation]:
    """One handle on X and on Facebook, each with a conversation in Care."""
    return (
        talk.conversation(world.channels.northwind_x, world.queues.care),
        talk.conversation(world.channels.northwind_facebook, world.queues.care),
    )


def contact_of(of: Conversation) -> int:
    return Profile.objects.get(pk=of.profile_id).contact_id


def test_they_are_proposed_joined_and_parted_again(world: World, pair: tuple[Conversation, Conversation]) -> None:
    one, other = pair
    (found,) = alike.proposals(one.profile, access_of(world.ana))
    assert (found.profile, found.conversation_id) == (other.profile, other.pk)
    assert found.evidence == (likeness.HANDLE, likeness.NAME)

    before = contact_of(other)
    row = contacts.merge(one.pk, other.profile_id, actor=world.ana)
    assert contact_of(other) == contact_of(one) == row.kept_id
    assert (row.gone_id, row.profile_ids, row.evidence) == (before, [other.profile_id], ["handle", "name"])
    assert contacts.merge(one.pk, other.profile_id, actor=world.ana) == row
    fresh = Conversation.objects.get(pk=one.pk)
    beside = customer_of(fresh, access_of(world.ana))
    assert [card.pk for card in beside.others] == [other.pk]
    assert beside.joined == [row]
    assert alike.proposals(fresh.profile, access_of(world.ana)) == []

    contacts.unmerge(one.pk, row.pk, actor=world.ana)
    assert contacts.unmerge(one.pk, row.pk, actor=world.ana).undone_at is not None
    assert contact_of(other) == before != contact_of(one)
    kinds = list(one.events.order_by("id").values_list("kind", flat=True))
    assert kinds == ["contact.merged", "contact.unmerged"]


def test_keys_and_queues_of_conversations_stay(world: World, pair: tuple[Conversation, Conversation]) -> None:
    one, other = pair
    before = list(Conversation.objects.order_by("id").values_list("thread_key", "profile_id", "queue_id"))
    contacts.merge(one.pk, other.profile_id, actor=world.ana)
    assert list(Conversation.objects.order_by("id").values_list("thread_key", "profile_id", "queue_id")) == before


def test_a_contact_that_was_joined_further_is_parted_from_the_end(world: World, pair) -> None:
    one, other = pair
    third = talk.conversation(world.channels.lumo_x, world.queues.care)
    first = contacts.merge(one.pk, other.profile_id, actor=world.ana)
    second = contacts.merge(third.pk, one.profile_id, actor=world.ana)
    assert set(second.profile_ids) == {one.profile_id, other.profile_id}
    with pytest.raises(Conflict) as caught:
        contacts.unmerge(one.pk, first.pk, actor=world.ana)
    assert caught.value.code == "merged_on"
    contacts.unmerge(third.pk, second.pk, actor=world.ana)
    contacts.unmerge(one.pk, first.pk, actor=world.ana)
    assert len({contact_of(each) for each in (one, other, third)}) == 3


def test_who_says_two_people_is_not_asked_again(world: World, pair: tuple[Conversation, Conversation]) -> None:
    one, other = pair
    contacts.tell_apart(one.pk, other.profile_id, actor=world.ana)
    contacts.tell_apart(one.pk, other.profile_id, actor=world.ana)
    assert alike.proposals(one.profile, access_of(world.ana)) == []
    assert alike.proposals(other.profile, access_of(world.ana)) == []
    assert one.events.count() == 1
    contacts.merge(one.pk, other.profile_id, actor=world.ana)
    with pytest.raises(Conflict):
        contacts.tell_apart(one.pk, other.profile_id, actor=world.ana)


def test_people_whom_one_does_not_see_do_not_exist(world: World) -> None:
    one = talk.conversation(world.channels.northwind_x, world.queues.care)
    hidden = talk.conversation(world.channels.northwind_facebook, world.queues.pr)
    assert alike.proposals(one.profile, access_of(world.ana)) == []
    for act in (contacts.merge, contacts.tell_apart):
        with pytest.raises(NotFound):
            act(one.pk, hidden.profile_id, actor=world.ana)
        with pytest.raises(NotFound):
            act(one.pk, 10**9, actor=world.ana)
    with pytest.raises(NotFound):
        contacts.merge(hidden.pk, one.profile_id, actor=world.ana)
    with pytest.raises(NotFound):
        contacts.unmerge(one.pk, 10**9, actor=world.ana)


def test_who_only_reads_joins_nobody(world: World, pair: tuple[Conversation, Conversation]) -> None:
    one, other = pair
    with pytest.raises(Forbidden):
        contacts.merge(one.pk, other.profile_id, actor=world.ada)


def test_nobody_knows_who_an_unnamed_comment_is(world: World) -> None:
    one = talk.conversation(world.channels.northwind_x, world.queues.care)
    unknown = talk.profile("facebook", handle="", name="", external_id="unknown:7")
    talk.conversation(world.channels.northwind_facebook, world.queues.care, profile=unknown)
    assert alike.proposals(unknown, access_of(world.ana)) == []
    with pytest.raises(Invalid):
        contacts.merge(one.pk, unknown.pk, actor=world.ana)


def test_of_two_at_once_one_merge_is_made(world: World, pair: tuple[Conversation, Conversation]) -> None:
    one, other = pair
    outcomes = race(
        lambda: contacts.merge(one.pk, other.profile_id, actor=world.ana),
        lambda: contacts.merge(other.pk, one.profile_id, actor=world.omar),
    )
    made, lost = split(outcomes)
    assert ContactMerge.objects.filter(undone_at=None).count() == 1
    assert len(made) + len(lost) == 2
    assert all(isinstance(error, Conflict) for error in lost)
    assert contact_of(one) == contact_of(other)

"""Which topics a person may hear. Asked when a stream opens, and again every few seconds for all open streams."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from accounts.models import User
from accounts.services import sessions
from channels.services.switches import TOPIC as CHANNELS_TOPIC
from core.errors import NotFound
from inbox.policies import Access, access_of_all
from inbox.selectors import conversations
from inbox.services.events import lane_topic, user_topic

MOST_TOPICS = 300
MOST_CONVERSATIONS = 5
OF_ONE_CONVERSATION = ("conversation:", "presence:")


def opening(person: User, asked: Iterable[str]) -> set[str]:
    """The topics among those asked for that this person may hear."""
    rights = access_of_all([person.pk])[person.pk]
    wanted = list(asked)[:MOST_TOPICS]
    talks = [topic for topic in wanted if topic.startswith(OF_ONE_CONVERSATION)][:MOST_CONVERSATIONS]
    return (general(rights) & set(wanted)) | {topic for topic in talks if _may_read(person, rights, topic)}


def general(rights: Access) -> set[str]:
    """All topics of a person that are not about one conversation."""
    topics = {lane_topic(queue, brand) for queue in rights.readable_queue_ids for brand in rights.brand_ids}
    topics.add(user_topic(rights.user_id))
    if rights.is_administrator or rights.supervised_queue_ids:
        topics.add(CHANNELS_TOPIC)
    return topics


def still(keys: Collection[str], user_ids: Collection[int]) -> tuple[set[str], dict[int, set[str]]]:
    """Which sessions are alive, and each person's general topics as they are now; two queries for all of them."""
    topics = {user_id: general(rights) for user_id, rights in access_of_all(user_ids).items()}
    return sessions.alive(keys), topics


def _may_read(person: User, rights: Access, topic: str) -> bool:
    pk = topic.partition(":")[2]
    if not (pk.isdecimal() and len(pk) < 18):
        return False
    try:
        conversations.get_visible_conversation(person, int(pk), access=rights)
    except NotFound:
        return False
    return True

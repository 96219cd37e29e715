"""People write to Northwind in the sandbox, Ana answers, and what stands there afterwards is looked at."""

import uuid
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts.models import User
from channels import registry
from channels.contracts import StreamKind
from channels.models import Channel
from inbox.advisory import SenderSession
from inbox.attempts import Posted
from inbox.models.conversation import Conversation
from inbox.models.message import Message
from inbox.models.work import ConversationEvent, Delivery
from inbox.services import delivery, replies
from tests.domain.channels import kit
from tests.factories import pages, talk
from tests.personas import World
from tests.sandbox.running import Sandbox


class Stage:
    def __init__(self, sandbox: Sandbox, world: World) -> None:
        self.sandbox, self.world = sandbox, world
        self.channel = self.connect(world.channels.northwind_x)

    def connect(self, channel: Channel) -> Channel:
        """Make its account exist in the sandbox, and give it working keys."""
        account = self.sandbox.brand(channel.handle, channel.kind, id=channel.external_id)
        return kit.give_keys(channel, kit.oauth1(account["credentials"]))

    def asked(self, text: str = "My bag did not arrive.", *, on: Channel | None = None) -> Conversation:
        """Somebody mentions the brand; the conversation as ingest stores it."""
        channel = on or self.channel
        handle = f"p{uuid.uuid4().hex[:10]}"
        post = {"network": "x", "author": {"handle": handle}, "text": f"@{channel.handle} {text}"}
        post_id = self.sandbox.control("POST", "posts", [post])["posts"][0]["id"]
        made = self.sandbox.control("GET", f"posts/{post_id}")
        profile = talk.profile(external_id=made["author"]["id"], handle=handle)
        row = talk.conversation(channel, self.world.queues.care, profile=profile)
        Message.objects.filter(conversation=row).update(
            external_id=made["id"], names_us=True, posted_at=datetime.fromisoformat(made["created_at"]).astimezone(UTC)
        )
        row.thread_key = f"post:{made['id']}"
        row.save(update_fields=["thread_key"])
        return row

    def local(self, on: Channel | None = None) -> Conversation:
        """A conversation that the sandbox knows nothing of, where nobody calls the network."""
        row = talk.conversation(on or self.channel, self.world.queues.care)
        Message.objects.filter(conversation=row).update(names_us=True)
        return row

    def call(self, sent: Delivery) -> Posted:
        """Make the call that the sender of this claimed delivery was about to make."""
        full = Delivery.objects.select_related("channel", "answers", "conversation__profile").get(pk=sent.pk)
        receipt = registry.adapter_for(full.channel).send(delivery.outbound(full))
        return Posted(receipt.external_id, receipt.author_external_id, receipt.posted_at or timezone.now())

    def question(self, conversation: Conversation) -> Message:
        return Message.objects.filter(conversation=conversation, direction="in").earliest("id")

    def submit(self, conversation: Conversation, text: str = "It is on its way.", **more: Any) -> Delivery:
        actor: User = more.pop("actor", self.world.ana)
        more.setdefault("client_token", uuid.uuid4().hex)
        return replies.submit(conversation.pk, actor=actor, text=text, **more)

    def answers(self, conversation: Conversation) -> list[dict[str, Any]]:
        """What stands under the question on the network."""
        target = self.question(conversation).external_id
        return self.sandbox.control("GET", "posts", network="x", in_reply_to=target)["posts"]

    def own_post(self, conversation: Conversation, text: str, external_id: str = "", **fields: Any) -> Any:
        """Our own post under the question, as the own-posts stream brings it."""
        question = self.question(conversation)
        return pages.post(
            external_id or str(uuid.uuid4().int)[:18],
            by=pages.account(self.channel),
            in_reply_to=question.external_id,
            root=question.external_id,
            text=text,
            **fields,
        )

    def store_own(self, *posts: Any) -> None:
        pages.store(self.channel, *posts, stream=StreamKind.OWN_POSTS)


def died(session: SenderSession) -> None:
    """A sender is gone, and its locks with it: PostgreSQL frees them a moment after the session was closed."""
    row = session.ask("SELECT pg_backend_pid()")
    session.close()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 60000)", row)  # waits until it has ended


def kinds(conversation: Conversation) -> list[str]:
    """What happened in it, oldest first."""
    rows = ConversationEvent.objects.filter(conversation=conversation).order_by("id")
    return list(rows.values_list("kind", flat=True))

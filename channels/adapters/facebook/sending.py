"""Answering on Facebook: a comment, a private message, a private reply to a comment."""

from __future__ import annotations

from typing import Any

import orjson

from channels.adapters.facebook.client import Graph
from channels.contracts import CallUse, OutboundMessage, SendReceipt, Upload, Visibility
from core.errors import OutcomeUnknown, Refused


class Sender:
    """Sends one message as the page.

    Raises (`send`): `OutcomeUnknown`: something may have been posted; every other error: nothing was.
    """

    def __init__(self, graph: Graph, page_id: str) -> None:
        self._graph = graph
        self._page = page_id

    def send(self, message: OutboundMessage) -> SendReceipt:
        """Post or send once."""
        if message.visibility is Visibility.PRIVATE:
            return self._send_private(message)
        return self._comment(message)

    def _comment(self, message: OutboundMessage) -> SendReceipt:
        if not message.in_reply_to:
            raise Refused("There is no post or comment to answer.")
        if len(message.uploads) > 1:
            raise Refused("Facebook takes one picture with a comment.")
        data: dict[str, str] = {"message": message.text}
        for upload in message.uploads:
            data["attachment_id"] = self._photo(upload)
        body = self._graph.put_object(message.in_reply_to, "comments", **data)
        return self._receipt(_posted_id(body, "id"), "")

    def _send_private(self, message: OutboundMessage) -> SendReceipt:
        recipient = self._recipient(message)
        content = self._content(message)
        try:
            body = self._post_message(recipient, content, {"messaging_type": "RESPONSE"})
        except Refused as error:
            # Proof that nothing was sent; a person answers, so the longer window may be claimed.
            if error.code != "window_closed" or message.first_private:
                raise
            body = self._post_message(recipient, content, {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"})
        return self._receipt(_posted_id(body, "message_id"), message.exchange or "")

    def _recipient(self, message: OutboundMessage) -> dict[str, str]:
        if message.first_private and message.in_reply_to:
            return {"comment_id": message.in_reply_to}
        if message.recipient and not message.first_private:
            return {"id": message.recipient}
        raise Refused("There is nobody to send this private message to.")

    def _content(self, message: OutboundMessage) -> dict[str, Any]:
        if not message.uploads:
            return {"text": message.text}
        if message.text or len(message.uploads) > 1:
            raise Refused("Facebook sends a text or one picture in a private message, not both.")
        attachment_id = self._attachment(message.uploads[0])
        return {"attachment": {"type": "image", "payload": {"attachment_id": attachment_id}}}

    def _post_message(self, recipient: dict[str, str], content: dict[str, Any], kind: dict[str, str]) -> dict[str, Any]:
        return self._graph.put_object(
            self._page,
            "messages",
            recipient=orjson.dumps(recipient).decode(),
            message=orjson.dumps(content).decode(),
            **kind,
        )

    def _photo(self, upload: Upload) -> str:
        """The id of an unpublished photo; nothing is posted by uploading."""
        data = {"published": "false", **({"alt_text_custom": upload.alt} if upload.alt else {})}
        return self._upload(f"{self._page}/photos", "source", upload, data, "id")

    def _attachment(self, upload: Upload) -> str:
        described = {"message": '{"attachment":{"type":"image","payload":{"is_reusable":true}}}'}
        return self._upload(f"{self._page}/message_attachments", "filedata", upload, described, "attachment_id")

    def _upload(self, path: str, name: str, upload: Upload, data: dict[str, str], key: str) -> str:
        files = {name: ("upload", upload.content, upload.content_type)}
        body = self._graph.read(
            self._graph.request, f"{self._graph.version}/{path}", post_args=data, files=files, method="POST"
        )
        found = body.get(key)
        if not isinstance(found, str):
            raise Refused("Facebook took the picture and did not name it; nothing was posted.")
        return found

    def _receipt(self, external_id: str, exchange: str) -> SendReceipt:
        return SendReceipt(
            external_id=external_id,
            # A page token can post as no one else; Graph does not repeat it.
            author_external_id=None,
            exchange=exchange,
            use=CallUse(calls=self._graph.drain_calls()),
            windows=self._graph.drain_windows(),
        )


def _posted_id(body: dict[str, Any], key: str) -> str:
    external_id = body.get(key)
    if isinstance(external_id, str) and external_id:
        return external_id
    raise OutcomeUnknown("Facebook took the answer and did not say under which id.")

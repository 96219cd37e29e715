"""Posting on X: media first, then one post, and what its answer proves."""

from __future__ import annotations

import base64
from typing import Any

from channels.adapters.x import failures, parse, prices, snowflake
from channels.adapters.x.client import Client
from channels.contracts import CallUse, OutboundMessage, SendReceipt, Upload, Visibility
from core.errors import OutcomeUnknown, Refused

CATEGORIES = {"image/gif": "gif"}


class Sender:
    """Sends one message as the account of the client."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def send(self, message: OutboundMessage) -> SendReceipt:
        """Post or send once; never tries again.

        Raises: `TransientChannelError`, `RateLimited`, `TokenDead`, `Refused`, `PermanentChannelError`: nothing
        was posted. `OutcomeUnknown`: something may have been.
        """
        if message.visibility is Visibility.PRIVATE:
            return self._send_private(message)
        return self._send_public(message)

    def _send_public(self, message: OutboundMessage) -> SendReceipt:
        media_ids = [self._upload(upload, "tweet") for upload in message.uploads]
        data = self._result(
            self._client.write(
                "create_tweet",
                self._client.create_tweet,
                text=message.text or None,
                in_reply_to_tweet_id=message.in_reply_to,
                media_ids=media_ids or None,
            )
        )
        external_id = _posted_id(data, "id")
        return self._receipt(
            external_id, {prices.resource(message): 1}, parse.PERMALINK.format(handle="i", id=external_id), ""
        )

    def _send_private(self, message: OutboundMessage) -> SendReceipt:
        if not (message.exchange or message.recipient):
            raise Refused("There is nobody to send this private message to.")
        if len(message.uploads) > 1:
            raise Refused("X takes one attachment with a direct message.")
        media_ids = [self._upload(upload, "dm") for upload in message.uploads]
        data = self._result(
            self._client.write(
                "dm_send",
                self._client.create_direct_message,
                dm_conversation_id=message.exchange,
                participant_id=None if message.exchange else message.recipient,
                text=message.text or None,
                media_id=media_ids[0] if media_ids else None,
            )
        )
        external_id = _posted_id(data, "dm_event_id")
        exchange = data.get("dm_conversation_id")
        return self._receipt(
            external_id, {prices.resource(message): 1}, "", exchange if isinstance(exchange, str) else ""
        )

    def _upload(self, upload: Upload, use: str) -> str:
        """The media id of an uploaded file; nothing is posted by uploading."""
        body = {
            "media": base64.b64encode(upload.content).decode(),
            "media_category": f"{use}_{CATEGORIES.get(upload.content_type, 'image')}",
        }
        answer = self._client.read("media_upload", self._client.request, "POST", "/2/media/upload", json=body)
        media_id = parse.load(answer).get("data", {}).get("id")
        if not isinstance(media_id, str):
            raise Refused("X took the attachment and did not name it; nothing was posted.")
        if upload.alt:
            described = {"id": media_id, "metadata": {"alt_text": {"text": upload.alt[:1000]}}}
            self._client.read("media_metadata", self._client.request, "POST", "/2/media/metadata", json=described)
        return media_id

    def _result(self, body: bytes) -> dict[str, Any]:
        data = failures.read_problem(body).get("data")
        return data if isinstance(data, dict) else {}

    def _receipt(self, external_id: str, used: dict[str, int], permalink: str, exchange: str) -> SendReceipt:
        return SendReceipt(
            external_id=external_id,
            # X does not say as whom it posted; the own-posts stream tells, and is compared there.
            author_external_id=None,
            posted_at=snowflake.to_time(int(external_id)),
            permalink=permalink,
            exchange=exchange,
            use=CallUse(calls=self._client.drain_calls(), resources=used),
            windows=self._client.drain_windows(),
        )


def _posted_id(data: dict[str, Any], key: str) -> str:
    external_id = data.get(key)
    if isinstance(external_id, str) and external_id.isdigit():
        return external_id
    raise OutcomeUnknown("X took the answer and did not say under which id.")

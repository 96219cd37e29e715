"""Putting messages and answers into another language. Nothing of it is stored as anybody's text."""

from __future__ import annotations

import re
from collections.abc import Collection

from accounts.models import User
from core.errors import Invalid, NotFound, TransientChannelError
from inbox import dispatch, translation
from inbox.models.conversation import Conversation
from inbox.models.message import MessageVersion
from inbox.policies import Access, require
from inbox.selectors.items import get_visible_message
from inbox.services.ownership import NOT_YOURS
from inbox.translation import LONGEST, Translated, Wish

AWAY = "The translation service does not answer. Try again in a moment."
PRIVATE = "Private messages are not given to the translation service."
_LANGUAGE = re.compile(r"[a-z]{2,3}")


def message(pk: int, *, to: str, actor: User) -> Translated:
    """One message in another language.

    Raises: NotFound also where nothing translates, Invalid, TransientChannelError where the service is away.
    """
    require_service()
    row = get_visible_message(actor, pk)
    if row.deleted_at is not None:
        raise Invalid("It is deleted on the network.")
    newest = MessageVersion.objects.filter(message=row).order_by("-posted_at").values_list("text", flat=True).first()
    return _translated(newest if newest is not None else row.text, to, private=row.is_private)


def answer(conversation: Conversation, text: str, *, to: str, private: bool, access: Access) -> Translated:
    """What somebody writes in the language of who is answered; to be read before it is sent.

    Raises: as `message`; Forbidden.
    """
    require_service()
    require(access.can_act(conversation), NOT_YOURS)
    return _translated(text, to, private=private)


def require_service() -> None:
    """Raises: NotFound where nothing translates."""
    if not translation.is_set():
        raise NotFound("There is no such address.")


def _translated(text: str, to: str, *, private: bool) -> Translated:
    if not _LANGUAGE.fullmatch(to):
        raise _wrong("to", "A language is named by its code, such as en or de.")
    if not translation.may_leave(private=private):
        raise Invalid(PRIVATE, code="private_not_translated")
    if not text.strip() or len(text) > LONGEST:
        raise _wrong("text", "Write something." if not text.strip() else f"At most {LONGEST:,} characters.")
    found = translation.translate(wish_of(text, to))
    if found is None:
        raise TransientChannelError(AWAY, code="translation_away")
    return found


def wish_of(text: str, to: str) -> Wish:
    """A text with the language that we take it to be in."""
    return Wish(text, dispatch.language_of(text), to)


def foreign(text: str, reads: Collection[str]) -> bool:
    """Whether a text is in a language that is known and not among these."""
    language = dispatch.language_of(text)
    return bool(language) and language not in reads


def _wrong(field: str, sentence: str) -> Invalid:
    return Invalid(sentence, fields={field: sentence})

"""`manage.py event_docs` writes docs/events.md from the catalogues of event kinds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from accounts.event_kinds import KINDS as ACCOUNT_KINDS
from core.events import Catalogue, EventKind
from inbox.event_kinds import KINDS as CONVERSATION_KINDS

PATH = settings.BASE_DIR / "docs" / "events.md"

HEAD = """# Events

Made by `python manage.py event_docs` from `inbox/event_kinds.py` and `accounts/event_kinds.py`; do not edit it here.

Every change of state is a row that is never changed or deleted. Each kind has a sentence for people and a payload, of
which every key may be absent; keys marked * hold personal data and are emptied when a person is erased. *Pings*:
open screens are told. *Timeline*: people see it in the conversation.
"""


class Command(BaseCommand):
    help = "Write docs/events.md from the catalogues of event kinds."

    def handle(self, *_args: Any, **_options: Any) -> None:
        PATH.write_text(document(), encoding="utf-8")
        self.stdout.write(f"{PATH.relative_to(settings.BASE_DIR)} is written.")


def document() -> str:
    """The whole page."""
    return "\n".join(
        [
            HEAD,
            *_section("In a conversation (`ConversationEvent`)", CONVERSATION_KINDS),
            *_section("People and channels (`AccountEvent`)", ACCOUNT_KINDS),
        ]
    )


def _section(title: str, kinds: Catalogue) -> Iterable[str]:
    yield f"## {title}\n"
    yield "| kind | sentence | payload | pings | timeline |"
    yield "|---|---|---|---|---|"
    yield from sorted(_row(kind) for kind in kinds)
    yield ""


def _row(kind: EventKind) -> str:
    payload = ", ".join(_key(kind, name, type_) for name, type_ in kind.payload.items())
    cells = (f"`{kind.code}`", kind.sentence, payload, _yes(kind.pings), _yes(kind.timeline))
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _key(kind: EventKind, name: str, type_: type | tuple[type, ...]) -> str:
    types = type_ if isinstance(type_, tuple) else (type_,)
    words = " or ".join(one.__name__ for one in types)
    return f"{name}{'*' if name in kind.personal else ''}: {words}"


def _yes(value: bool) -> str:
    return "yes" if value else "no"

"""docs/events.md says what the catalogues say."""

import re

import pytest
from django.core.management import call_command

from accounts.event_kinds import KINDS as ACCOUNT_KINDS
from core.events import EventKind
from inbox.event_kinds import KINDS as CONVERSATION_KINDS
from inbox.management.commands import event_docs

ALL = [*CONVERSATION_KINDS, *ACCOUNT_KINDS]


def test_the_page_is_what_the_command_writes() -> None:
    written = event_docs.PATH.read_text(encoding="utf-8")
    assert written == event_docs.document(), "run `python manage.py event_docs`"
    for kind in ALL:
        assert f"| `{kind.code}` |" in written


def test_the_command_changes_nothing_that_is_right(capsys: pytest.CaptureFixture[str]) -> None:
    before = event_docs.PATH.read_text(encoding="utf-8")
    call_command("event_docs")
    assert event_docs.PATH.read_text(encoding="utf-8") == before
    assert "docs/events.md is written." in capsys.readouterr().out


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.code)
def test_sentences_name_only_what_the_payload_has(kind: EventKind) -> None:
    named = set(re.findall(r"{(\w+)}", kind.sentence)) - {"actor", "subject"}
    assert named <= set(kind.payload)
    assert kind.personal <= set(kind.payload)

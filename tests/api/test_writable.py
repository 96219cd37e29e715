"""Only what is listed can be written: no field of a row slips in with a body."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from rest_framework import serializers

from api.serializers import inputs
from inbox.models.conversation import Conversation
from tests.api.client import Machine
from tests.api.matrix import ADMINISTRATORS_ONLY, LOOKS_AFTER, Cell, Stage
from tests.api.matrix_rules import CELLS, HOST, RULE_CELLS
from tests.api.test_matrix import KEYS
from tests.domain.channels import kit
from tests.personas import World

# Everything that a machine may send. Whoever adds a field here says that it may be written by anybody with a token.
WRITABLE = {
    "AgentInput": {"capacity", "skills", "periods"},
    "AnswerInput": {"text"},
    "AnswerTranslationInput": {"to", "text", "visibility"},
    "AuthorInput": {"network", "handle"},
    "AttentionInput": {"told", "mailed", "digest", "digest_hour", "quiet_from", "quiet_until", "sound", "pushed"},
    "AssignmentInput": {"agent", "take_over", "reason", "seen"},
    "AvoidInput": {"avoid", "instead"},
    "BacktestInput": {"days"},
    "BrandWordsInput": {"words", "lookalikes"},
    "CheckInput": {"text", "visibility"},
    "ChannelMessagesQuery": {"cursor", "limit", "context", "external_id"},
    "ContentInput": {"queue", "ask"},
    "CorrectionInput": {"label", "value"},
    "ConversationQuery": {"cursor", "limit", "queue", "brand", "channel", "status", "assignee", "text", "q", "sort"},
    "DeviceInput": {"endpoint", "p256dh", "auth", "agent"},
    "DoubtInput": {"rule", "reason"},
    "DraftInput": {"name", "when", "do", "seen"},
    "ElsewhereInput": {"note", "in_reply_to"},
    "EscalationInput": {"queue", "reason", "summary", "ask", "urgency", "within"},
    "HandoffInput": {"queue", "reason", "summary", "ask"},
    "HandoffQuery": {"side"},
    "HopsQuery": {"days"},
    "ChangeInput": {
        "name", "targets", "hours", "pause_pending", "pause_snoozed", "warn_percent", "on_breach", "move_to",
        "tell_owner", "told", "lengthen_because",
    },
    "FollowingInput": {"following"},
    "HiddenInput": {"hidden"},
    "HolidayInput": {"on", "name"},
    "HoursInput": {"name", "zone", "periods", "holidays"},
    "NoticesQuery": {"before", "unread"},
    "OldNoteInput": {"note"},
    "OpeningInput": {"weekday", "start", "end"},
    "OpinionInput": {"message", "right"},
    "OtherProfileInput": {"profile"},
    "PolicyInput": {
        "name", "targets", "hours", "pause_pending", "pause_snoozed", "warn_percent", "on_breach", "move_to",
        "tell_owner", "told", "queue", "channel", "by_rule",
    },
    "QueueHoursInput": {"hours"},
    "ReadingInput": {"notices"},
    "TargetInput": {"kind", "priority", "minutes"},
    "TermsInput": {
        "name", "targets", "hours", "pause_pending", "pause_snoozed", "warn_percent", "on_breach", "move_to",
        "tell_owner", "told",
    },
    "LevelInput": {"skill", "level"},
    "LikedInput": {"liked"},
    "ListInput": {"name"},
    "MacroChoice": {"macro"},
    "MacroInput": {"name", "shared", "team", "brand", "seen", "steps"},
    "MediaInput": {"content", "alt"},
    "ModeInput": {"mode", "seen"},
    "MergeUndoInput": {"merge"},
    "MuteInput": {"muted"},
    "NewRuleInput": {"name", "when", "do", "like"},
    "BulkInput": {
        "act", "conversations", "q", "agent", "add", "remove", "priority", "until", "disposition", "reason", "queue",
        "ask", "summary",
    },
    "BulkRowsQuery": {"cursor", "limit"},
    "ViewInput": {"name", "query", "sort", "audience", "team"},
    "IssueInput": {"name", "words"},
    "NoteInput": {"text", "client_token"},
    "Nothing": set(),
    "OfferedQuery": {"text"},
    "PageQuery": {"cursor", "limit"},
    "OnInput": {"on"},
    "PeriodInput": {"weekday", "start", "end"},
    "PlaceInput": {"position", "seen"},
    "PresenceInput": {"presence", "reason", "capacity"},
    "PriorityInput": {"priority"},
    "ReasonInput": {"reason"},
    "ReplyInput": {
        "text", "client_token", "visibility", "in_reply_to", "seen", "seen_event", "account", "second", "parts",
        "take_over",
        "media", "saved_replies", "accepted",
    },
    "ResendInput": {"take_over"},
    "ResolutionInput": {"disposition", "reason"},
    "RunInput": {"macro", "seen", "client_token"},
    "SampleInput": {"sentiment", "kind", "issue", "language"},
    "SavedReplyInput": {
        "name", "text", "shared", "team", "brand", "seen", "queues", "networks", "language",
    },
    "SeenInput": {"seen"},
    "SharedInput": {"name", "shared", "team", "brand", "seen"},
    "SharedQuery": {"text", "archived"},
    "SkillInput": {"name", "language"},
    "SkipInput": {"reason"},
    "SnoozeInput": {"until"},
    "StepInput": {"do", "value", "disposition", "tags", "reason"},
    "StaffingInput": {
        "mode", "same_agent_days", "language_level", "skills", "lane_queue", "lane_followers", "lane_per_hour",
        "lane_minutes",
    },
    "SwitchInput": {"on", "seen"},
    "TagsInput": {"add", "remove"},
    "TakeOffInput": {"profile"},
    "VoiceCheckInput": {"text", "brand", "network", "queue", "visibility"},
    "VoiceRuleInput": {
        "name", "kind", "words", "most", "form", "guideline", "url", "asks", "brand", "queues", "networks", "language",
        "visibility", "seen",
    },
    "TranslationInput": {"to"},
    "WebhookInput": {"name", "url"},
}  # fmt: skip


def strict(base: type[inputs.Strict] = inputs.Strict) -> Iterator[type[inputs.Strict]]:
    for shape in base.__subclasses__():
        yield shape
        yield from strict(shape)


def columns() -> set[str]:
    """Every field of every model of ours, and what an attacker would try besides."""
    ours = ("accounts", "channels", "inbox", "routing")
    fields = {
        field.name
        for label in ours
        for model in apps.get_app_config(label).get_models()
        for field in model._meta.get_fields()
    }
    return fields | {"owner_id", "is_superuser", "is_staff", "__class__", "pk", "_state"}


def test_the_list_is_whole() -> None:
    assert {shape.__name__: set(shape().fields) for shape in strict()} == WRITABLE


@pytest.mark.parametrize("shape", list(strict()), ids=lambda shape: shape.__name__)
def test_every_other_column_is_refused_by_its_name(shape: type[inputs.Strict]) -> None:
    foreign = columns() - shape().fields.keys()
    assert len(foreign) > 100
    given = shape(data=dict.fromkeys(foreign, 1))
    assert not given.is_valid()
    assert foreign <= given.errors.keys()
    with pytest.raises(serializers.ValidationError):
        given.is_valid(raise_exception=True)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["ana", "ada"])
def test_no_route_takes_a_column(world: World, machine: Any, settings: Any, name: str) -> None:
    settings.WEBHOOK_HOSTS = [HOST]
    stage, caller = Stage(world), machine(name)
    for channel in (world.channels.northwind_x, stage.third):
        kit.give_keys(channel, KEYS)
    extra = {"owner": world.ana.pk, "status": "resolved", "revision": 99, "role": "administrator", "is_active": False}
    for (method, address), cells in CELLS.items():
        hidden = name == "ana" and (method, address) in RULE_CELLS  # to her they are not there at all
        if method == "POST" and not hidden:
            _try(stage, caller, name, address, cells[0], extra)


def _try(stage: Stage, caller: Machine, name: str, address: str, cell: Cell, extra: dict[str, Any]) -> None:
    row = cell.make(stage, "care")
    written = cell.body(stage, "care")
    before = list(Conversation.objects.order_by("pk").values())
    body = json.dumps({**written, **extra}).encode()
    answer = caller.send("POST", address.replace("{pk}", str(row.pk)), body)
    hidden = cell.sees is LOOKS_AFTER or cell.sees is ADMINISTRATORS_ONLY
    if hidden and cell.expected(name, "care") == 404:
        assert answer.status == 404, (address, answer)  # to them there is no such address
    else:
        assert answer.status == 422, (address, answer)
        assert answer.json["fields"].keys() == extra.keys(), address
    assert list(Conversation.objects.order_by("pk").values()) == before, address

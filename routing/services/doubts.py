"""Somebody who works on a conversation says that a rule is wrong about it; who may change the rules is told."""

from __future__ import annotations

from accounts.models import Role, User
from core.contention import retried
from core.errors import Invalid
from inbox.models.work import ConversationEvent
from inbox.policies import require
from inbox.services import events, ownership
from inbox.services.acts import Act, acting
from routing.models.decision import Decision, RuleEpisode
from routing.models.rule import Rule
from routing.services import notices

KIND = "rule.doubted"


@retried
def doubt(conversation_id: int, *, rule: int, reason: str, actor: User) -> str:
    """Say that a rule is wrong about this conversation, and why; nothing moves by it. The name of the rule.

    Records: rule.doubted; administrators are told. Raises: NotFound, Forbidden, Invalid. Idempotent: by the person's
    last word on that rule here.
    """
    reason = ownership.cleaned_reason(reason)
    if not reason:
        raise Invalid("Say why.", code="reason_needed", fields={"reason": "Say why."})
    with acting(conversation_id, actor) as act:
        require(act.access.can_manage(act.conversation), ownership.NOT_YOURS)
        name = _name_of(act, rule)
        if _last_word(act, rule) != reason:
            _record(act, {"rule": rule, "name": name, "reason": reason})
    return name


def _record(act: Act, data: dict[str, object]) -> None:
    events.touch(act.conversation)
    events.record(KIND, act.conversation, actor=act.actor, data=data)
    may_change = User.objects.filter(role=Role.ADMINISTRATOR, is_active=True).exclude(pk=act.actor.pk)
    profile = act.conversation.profile
    told = {"person": profile.label or "Somebody", "by": act.actor.name, "rule": data["name"], "reason": data["reason"]}
    key = f"doubt:{act.conversation.pk}:{data['rule']}:{act.conversation.revision}"
    notices.tell(list(may_change.values_list("pk", flat=True)), KIND, act.conversation.pk, told, key=key)


def _name_of(act: Act, number: int) -> str:
    """What the rule is called now, or was last. Raises: Invalid where it has done nothing here."""
    decided = Decision.objects.filter(message__conversation=act.conversation, rules__contains=[number])
    fired = RuleEpisode.objects.filter(conversation=act.conversation, number=number)
    if not (decided.exists() or fired.exists()):
        says = "This rule has done nothing here."
        raise Invalid(says, fields={"rule": says})
    names = Rule.objects.filter(number=number).order_by("-rule_set__number")
    return str(names.values_list("name", flat=True)[0])


def _last_word(act: Act, number: int) -> str:
    rows = ConversationEvent.objects.filter(conversation=act.conversation, kind=KIND, actor=act.actor)
    said = rows.filter(data__rule=number).order_by("-id").values_list("data", flat=True).first()
    return str(said["reason"]) if said else ""

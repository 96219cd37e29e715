"""The daily sample: chance chooses a few messages, people confirm or correct them, and only these judge triage."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import connection, transaction
from django.db.models import QuerySet

from accounts.models import User
from core.clock import database_now
from core.contention import retried
from core.errors import Conflict, Invalid, NotFound
from inbox.models.conversation import Conversation
from inbox.policies import access_of
from inbox.services.acts import acting
from routing.models.triage import SampleItem
from routing.services import corrections, labels, right
from routing.triage.contracts import LEARNT, Verdicts

A_DAY = 10
"""Messages a day and channel: a hundred after ten days, which is when a model can take over."""
State = SampleItem.State
UNKNOWN = "There is no such message in the sample."

# Every message that was judged within the last day has the same chance; those that were chosen before are left out.
_DRAW = """
INSERT INTO routing_sampleitem (message_id, channel_id, drawn_on, said, truth, state)
SELECT id, channel_id, (clock_timestamp() AT TIME ZONE 'UTC')::date, said, '{}', 'open'
FROM (
  SELECT m.id, m.channel_id,
    jsonb_build_object('sentiment', t.sentiment, 'kind', t.kind, 'issue', t.issue, 'language', t.language) AS said,
    row_number() OVER (PARTITION BY m.channel_id ORDER BY random()) AS place
  FROM (SELECT DISTINCT ON (message_id) * FROM routing_messagetriage
        WHERE judged_at > clock_timestamp() - interval '1 day' ORDER BY message_id, id DESC) t
  JOIN inbox_message m ON m.id = t.message_id
  WHERE m.direction = 'in' AND m.conversation_id IS NOT NULL AND m.deleted_at IS NULL AND m.text <> ''
    AND t.noise = 'none'
    AND NOT EXISTS (SELECT 1 FROM routing_sampleitem s WHERE s.message_id = m.id)
) chosen
WHERE place <= %s - (
  SELECT count(*) FROM routing_sampleitem s
  WHERE s.channel_id = chosen.channel_id AND s.drawn_on = (clock_timestamp() AT TIME ZONE 'UTC')::date)
ON CONFLICT (message_id) DO NOTHING
"""


def draw() -> int:
    """Choose today's messages of each channel by chance; how many.

    Records: nothing, the rows are the record. Idempotent: by the day: what was drawn today counts.
    """
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(_DRAW, [A_DAY])
        return int(cursor.rowcount)


@retried
def decide(item_id: int, *, changed: Mapping[str, str], actor: User) -> SampleItem:
    """Confirm what triage said of a message, but for what is changed; whoever is first counts.

    What is not right about the conversation's message is put right there as well, by who may correct it there: the
    rules are asked again. Nothing is learnt from it (`training.corrections_of`).

    Records: as `corrections.correct_all`; else nothing, the row says who and when. Raises: NotFound, Invalid, Conflict
    (`decided`). Idempotent: by who decided the same.
    """
    wrong = {label: value for label, value in changed.items() if value}
    for label, value in wrong.items():
        labels.require(label, value)
    with acting(_conversation(item_id, actor), actor) as act:
        item = _locked(item_id, actor)
        truth = _truth(item, wrong)
        state = State.CONFIRMED if all(item.said.get(k, "") == v for k, v in truth.items()) else State.CORRECTED
        is_new = item.state == State.OPEN
        settled = _settle(item, state, truth, actor)
        if is_new and act.access.can_manage(act.conversation):
            corrections.correct_here(act, item.message_id, _not_so_yet(item.message_id, truth))
    return settled


def _conversation(item_id: int, actor: User) -> int:
    """Where the message stands. Raises: NotFound."""
    rows = SampleItem.objects.filter(pk=item_id, message__conversation__in=_visible(actor))
    found = rows.values_list("message__conversation", flat=True).first()
    if found is None:
        raise NotFound(UNKNOWN)
    return found


def _truth(item: SampleItem, wrong: Mapping[str, str]) -> dict[str, str]:
    """All that the person said. Raises: Invalid where that leaves a label open."""
    truth = {**{label: item.said.get(label, "") for label in LEARNT}, **wrong}
    missing = [label for label in LEARNT if not truth[label] and (label != "issue" or labels.choices()["issue"])]
    if missing:
        says = f"Triage said nothing about the {labels.NAMED[missing[0]]}: choose one."
        raise Invalid(says, fields=dict.fromkeys(missing, "Choose one."))
    return truth


def _not_so_yet(message_id: int, truth: Mapping[str, str]) -> dict[str, str]:
    """What is taken to be otherwise by now, whether triage or a person said so."""
    now = right.verdicts_now(message_id) or Verdicts()
    return {label: value for label, value in truth.items() if value and getattr(now, label).value != value}


def skip(item_id: int, *, actor: User) -> SampleItem:
    """Leave a message out that nobody can judge.

    Records: nothing, the row says who and when. Raises: NotFound, Conflict (`decided`). Idempotent: by who skipped.
    """
    with transaction.atomic(durable=True):
        return _settle(_locked(item_id, actor), State.SKIPPED, {}, actor)


def _locked(item_id: int, actor: User) -> SampleItem:
    rows = SampleItem.objects.filter(pk=item_id, message__conversation__in=_visible(actor))
    item = rows.select_for_update(no_key=True, of=("self",)).first()
    if item is None:
        raise NotFound(UNKNOWN)
    return item


def _visible(actor: User) -> QuerySet[Conversation]:
    return Conversation.objects.visible_to(access_of(actor))


def _settle(item: SampleItem, state: str, truth: dict[str, str], actor: User) -> SampleItem:
    """Raises: Conflict when somebody decided otherwise."""
    if item.state != State.OPEN:
        if item.decided_by_id == actor.pk and (item.state, item.truth) == (state, truth):
            return item
        by = item.decided_by.name if item.decided_by else ""
        raise Conflict(f"{by} has looked at it already.", code="decided", current={"state": item.state, "by": by})
    item.state, item.truth, item.decided_by, item.decided_at = state, truth, actor, database_now()
    item.save(update_fields=["state", "truth", "decided_by", "decided_at"])
    return item

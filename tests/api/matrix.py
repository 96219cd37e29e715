"""Who may do what over the API: every route and method, for six people, in three places.

Places: a conversation of Northwind in Care, one of Northwind in PR, and one of a third brand in Care. The third
brand is seen by Mia (who does not staff Care), by Fay (who does, and only prepares things here) and by Ada.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from accounts.models import User
from channels.models import Brand, BrandAccess, Channel
from inbox.models.bulk import Bulk
from inbox.models.conversation import Conversation
from inbox.models.issue import Issue
from inbox.models.message import Message
from inbox.models.queue import Queue
from inbox.models.reply import SavedReply
from inbox.models.view import SavedView
from inbox.models.voice import VoiceRule
from inbox.models.work import Delivery
from inbox.services import bulk, replies, saved_replies, views, voice_rules
from inbox.services.saved_replies import Wording
from inbox.services.sharing import Sharing
from inbox.services.voice_rules import Wanted
from inbox.voice.rules import Terms as VoiceTerms
from routing.calendar import Period
from routing.models.content import ContentAsk
from routing.models.handoff import Handoff
from routing.models.hours import BusinessHours
from routing.models.macro import Macro, MacroRun
from routing.models.sla import SlaPolicy
from routing.models.staffing import Skill
from routing.models.triage import SampleItem, TriageModel
from routing.services import asks, escalation, handoff, hours, macro_runs, macros, targets
from routing.services.hours import Week
from routing.services.targets import Scope, Terms
from tests.factories import people, talk
from tests.personas import World

PEOPLE = ("ana", "ben", "mia", "omar", "zoe", "ada")
PLACES = ("care", "pr", "third")
EVERYBODY = frozenset(PEOPLE)


def who(care: str, pr: str, third: str) -> dict[str, frozenset[str]]:
    return {place: frozenset(names.split()) for place, names in zip(PLACES, (care, pr, third), strict=True)}


SEES = who("ana omar ada", "ben ada", "ada")
ACTS = who("ana omar", "ben", "")
MANAGES = who("ana omar ada", "ben ada", "ada")
SEES_CHANNEL = who("ana ben mia omar ada", "ana ben mia omar ada", "mia ada")
# Care asks PR, PR asks Care, the third brand's Care asks Marketing: who was asked may read it, too.
SEES_ASKED = who("ana omar ada ben", "ben ada ana omar", "ada mia")
RECEIVES = who("ben", "ana omar", "mia")
WITHDRAWS = who("omar ada", "ben ada", "ada")
ALWAYS = who(*3 * (" ".join(PEOPLE),))
ADA = who("ada", "ada", "ada")
ADMINISTRATORS_ONLY = who("", "", "")
"""Who beside those who may call it sees that there is such an address: nobody."""
RUNS = who("omar ada", "ada", "omar ada")
WRITES_RULES = who("omar ada", "omar ada", "ada")
READS_QUEUE = who("ana omar ada", "ben ada", "ana omar ada")
HABITS = {
    "told": ["mention"],
    "mailed": [],
    "digest": "daily",
    "digest_hour": 7,
    "quiet_from": "22:00",
    "quiet_until": "06:00",
    "sound": True,
}
ASKED = {"care": "pr", "pr": "care", "third": "marketing"}


class Stage:
    """Makes fresh things in a place."""

    def __init__(self, world: World) -> None:
        self.world = world
        third = people.brand("Third Brand", "third-brand")
        self.fay = people.person(
            "Fay Third", teams=[world.teams.care], brands=[world.brands.northwind, world.brands.lumo, third]
        )
        BrandAccess.objects.create(user=world.mia, brand=third)
        self.third = people.channel(third, "x", "1460000000000000003", "thirdbrand")

    def channel(self, place: str) -> Channel:
        return self.third if place == "third" else self.world.channels.northwind_x

    def worker(self, place: str) -> User:
        """Somebody who works there and is none of the people who are tried."""
        return self.world.ben if place == "pr" else self.fay

    def queue(self, place: str) -> Queue:
        return self.world.queues.pr if place == "pr" else self.world.queues.care

    def conversation(self, place: str, **fields: Any) -> Conversation:
        row = talk.conversation(self.channel(place), self.queue(place), **fields)
        message = Message.objects.get(conversation=row)
        message.names_us, row.last_message = True, message.pk
        message.save(update_fields=["names_us"])
        row.save(update_fields=["last_message"])
        return row

    def resolved(self, place: str) -> Conversation:
        return self.conversation(place, status="resolved", waiting_since=None)

    def message(self, place: str) -> Message:
        return Message.objects.get(conversation=self.conversation(place))

    def own_message(self, place: str) -> Message:
        return talk.message(self.conversation(place), "ours", direction="out", author=self.worker(place))

    def delivery(self, place: str) -> Delivery:
        row = self.conversation(place)
        return replies.submit(row.pk, actor=self.worker(place), text="Soon.", client_token=f"d{row.pk}")

    def failed(self, place: str) -> Delivery:
        row = self.delivery(place)
        row.state = Delivery.State.FAILED
        row.save(update_fields=["state"])
        return row

    def escalation(self, place: str) -> Handoff:
        to = getattr(self.world.queues, ASKED[place])
        return escalation.escalate(self.conversation(place).pk, to=to, actor=self.worker(place), reason="Yours?")

    def content_ask(self, place: str) -> ContentAsk:
        to = getattr(self.world.queues, ASKED[place])
        return asks.ask(self.conversation(place).pk, to=to, actor=self.worker(place), ask="A picture.")

    def skill(self, _place: str) -> Skill:
        return Skill.objects.create(name=str(uuid.uuid4()), slug=str(uuid.uuid4()))

    def agent(self, place: str) -> User:
        return self.world.ben if place == "pr" else self.fay

    def policy(self, place: str) -> SlaPolicy:
        terms = Terms({("first", None): 60})
        return targets.create(str(uuid.uuid4()), Scope(by_rule=True), terms, actor=self.world.ada)

    def hours(self, place: str) -> BusinessHours:
        return hours.create(str(uuid.uuid4()), Week("Europe/Oslo", (Period(0, 540, 1020),)), actor=self.world.ada)

    def sampled(self, place: str) -> SampleItem:
        row = self.message(place)
        said = {"sentiment": "negative", "kind": "complaint", "issue": "", "language": "en"}
        return SampleItem.objects.create(message=row, channel_id=row.channel_id, drawn_on="2026-11-01", said=said)

    def issue(self, _place: str) -> Issue:
        return Issue.objects.create(slug=str(uuid.uuid4()), name=str(uuid.uuid4()))

    def saved_reply(self, place: str) -> SavedReply:
        """One of the team that works there, for the brand of the place."""
        shared = Sharing("team", self.queue(place).team_id, self.channel(place).brand_id)
        return saved_replies.create(Wording(str(uuid.uuid4()), "Hello"), shared, actor=self.worker(place))

    def voice_rule(self, place: str) -> VoiceRule:
        """For the brand of the place."""
        wanted = Wanted(str(uuid.uuid4()), "emoji", VoiceTerms(most=1), "Few.", brand_id=self.channel(place).brand_id)
        return voice_rules.create(wanted, actor=self.world.ada)

    def macro(self, place: str) -> Macro:
        """One of the team that works there, for the brand of the place."""
        shared = Sharing("team", self.queue(place).team_id, self.channel(place).brand_id)
        return macros.create(str(uuid.uuid4()), [{"do": "tag", "tags": ["bag"]}], shared, actor=self.worker(place))

    def macro_run(self, place: str, actor: User | None = None) -> MacroRun:
        row, ran_by = self.macro(place), actor or self.worker(place)
        return macro_runs.run(self.conversation(place).pk, row.pk, actor=ran_by, client_token="key")

    def brand(self, place: str) -> Brand:
        return self.channel(place).brand

    def view(self, place: str) -> SavedView:
        """A worker's, shared with everybody."""
        row = views.create("Late", actor=self.worker(place), text="is:late")
        SavedView.objects.filter(pk=row.pk).update(audience="all")
        return row

    def bulk(self, place: str) -> Bulk:
        """Ben's in PR, Fay's elsewhere."""
        made = bulk.prepare(
            "claim", actor=self.worker(place), conversation_ids=[self.conversation(place).pk], values={}
        )
        return bulk.start(made.pk, actor=made.actor)

    def learnt(self, place: str) -> TriageModel:
        TriageModel.objects.all().delete()
        scores = {"corrections": 1, "sample": 1, "old_score": 0.1, "new_score": 0.9, "lower_bound": 0.5}
        scope = {"label": "kind", "channel": self.channel(place)}
        return TriageModel.objects.create(data=b"", state="in_force", **scope, **scores)

    def handoff(self, place: str) -> Handoff:
        to = getattr(self.world.queues, ASKED[place])
        return handoff.ask(self.conversation(place).pk, to=to, actor=self.worker(place), reason="Yours?")


@dataclass(frozen=True)
class Cell:
    """One request on a fresh object.

    Args:
        ok: what those get who may; 422 and 502 are answers from behind the door, where the network would be next.
        sees: who gets 403 instead of 404 where they may not.
    """

    make: Callable[[Stage, str], Any]
    may: dict[str, frozenset[str]]
    body: Callable[[Stage, str], dict[str, Any]] = field(default=lambda stage, place: {})
    ok: int = 200
    sees: dict[str, frozenset[str]] = field(default_factory=lambda: SEES)

    def expected(self, person: str, place: str) -> int:
        if person in self.may[place]:
            return self.ok
        return 403 if person in self.sees[place] else 404


def always(**body: Any) -> Callable[[Stage, str], dict[str, Any]]:
    return lambda stage, place: dict(body)


def _assigned(stage: Stage, place: str) -> dict[str, Any]:
    return {"agent": stage.worker(place).pk}


def _content(stage: Stage, place: str) -> dict[str, Any]:
    return {"queue": ASKED[place], "ask": "A picture."}


def _new_skill(stage: Stage, place: str) -> dict[str, Any]:
    return {"name": str(uuid.uuid4())}


def _asked(stage: Stage, place: str) -> dict[str, Any]:
    return {"queue": ASKED[place], "reason": "Yours?"}


def _terms(**more: Any) -> Callable[[Stage, str], dict[str, Any]]:
    """A promise with a name of its own."""
    targets = [{"kind": "first", "minutes": 60}]
    return lambda stage, place: {"name": str(uuid.uuid4()), "targets": targets, **more}


def _week(stage: Stage, place: str) -> dict[str, Any]:
    return {"name": str(uuid.uuid4()), "zone": "Europe/Oslo", "periods": [{"weekday": 0, "start": 540, "end": 1020}]}


def _nothing_there(stage: Stage, place: str) -> dict[str, Any]:
    return {"act": "claim", "conversations": [10**17]}


def _issue(stage: Stage, place: str) -> dict[str, Any]:
    return {"name": str(uuid.uuid4()), "words": ["late"]}


def _saved_reply(stage: Stage, place: str) -> dict[str, Any]:
    return {"name": str(uuid.uuid4()), "text": "Hello"}


def _voice_rule(stage: Stage, place: str) -> dict[str, Any]:
    return {"name": str(uuid.uuid4()), "kind": "words", "words": [{"avoid": "guys"}], "guideline": "All."}


def _voice_check(stage: Stage, place: str) -> dict[str, Any]:
    return {"text": "Hello", "brand": stage.channel(place).brand_id, "network": "x"}


def _macro(stage: Stage, place: str) -> dict[str, Any]:
    return {"name": str(uuid.uuid4()), "steps": [{"do": "claim"}]}


def _run(stage: Stage, place: str) -> dict[str, Any]:
    return {"macro": stage.macro(place).pk, "client_token": "key"}


def _chosen(stage: Stage, place: str) -> dict[str, Any]:
    return {"macro": stage.macro(place).pk}


def _same_handle(stage: Stage, place: str) -> dict[str, Any]:
    """Somebody else with a conversation in the same place."""
    return {"profile": stage.conversation(place).profile_id}


NOBODY = who("", "", "")
HAS_A_BRAND = who(*3 * ("ana ben mia omar ada",))
# An act on many is only there for who asked for it.
OWN = who("", "ben", "")
# Of what Ben shares with everybody, he and the administrator change it.
KEEPS = who("ada", "ben ada", "ada")
LOOKS_AFTER = who("omar ada", "omar ada", "omar ada")
ONE = "conversations/{pk}"
CELLS: dict[tuple[str, str], list[Cell]] = {
    ("GET", ONE): [Cell(Stage.conversation, SEES)],
    ("GET", f"{ONE}/messages"): [Cell(Stage.conversation, SEES)],
    ("GET", f"{ONE}/notes"): [Cell(Stage.conversation, SEES)],
    ("POST", f"{ONE}/notes"): [Cell(Stage.conversation, SEES, always(text="Look."), 201)],
    ("POST", f"{ONE}/assignment"): [
        Cell(Stage.conversation, ACTS, always(agent="me")),
        Cell(Stage.conversation, MANAGES, _assigned),
    ],
    ("POST", f"{ONE}/replies"): [Cell(Stage.conversation, ACTS, always(text="Soon.", client_token="key"), 202)],
    ("POST", f"{ONE}/checks"): [Cell(Stage.conversation, SEES, always(text="Soon."))],
    ("POST", f"{ONE}/handoffs"): [Cell(Stage.conversation, MANAGES, _asked, 201)],
    ("POST", f"{ONE}/escalations"): [Cell(Stage.conversation, MANAGES, _asked, 201)],
    ("GET", f"{ONE}/content-asks"): [Cell(Stage.conversation, SEES)],
    ("POST", f"{ONE}/content-asks"): [Cell(Stage.conversation, ACTS, _content, 201)],
    ("GET", f"{ONE}/summary"): [Cell(Stage.conversation, SEES)],
    # Nobody was given it, and it lies in no lane: what those get who might.
    ("POST", f"{ONE}/skip"): [Cell(Stage.conversation, ACTS, always(reason="Later"), 409)],
    ("POST", f"{ONE}/lane-return"): [Cell(Stage.conversation, ACTS, ok=409)],
    ("POST", "handoffs/{pk}/acknowledgement"): [Cell(Stage.escalation, RECEIVES, sees=SEES_ASKED)],
    ("POST", "handoffs/{pk}/answer"): [Cell(Stage.handoff, RECEIVES, always(text="Say sorry."), sees=SEES_ASKED)],
    ("POST", "content-asks/{pk}/answer"): [Cell(Stage.content_ask, RECEIVES, always(text="Here."), sees=SEES_ASKED)],
    ("POST", "content-asks/{pk}/refusal"): [Cell(Stage.content_ask, RECEIVES, always(reason="No"), sees=SEES_ASKED)],
    ("POST", "content-asks/{pk}/withdrawal"): [Cell(Stage.content_ask, MANAGES, sees=SEES_ASKED)],
    ("POST", "next"): [Cell(Stage.conversation, ALWAYS)],
    ("POST", "presence"): [Cell(Stage.conversation, ALWAYS, always(presence="available"))],
    ("POST", "skills"): [Cell(Stage.skill, ADA, _new_skill, 201, sees=ALWAYS)],
    ("DELETE", "skills/{pk}"): [Cell(Stage.skill, ADA, ok=204, sees=ALWAYS)],
    ("POST", "agents/{pk}"): [Cell(Stage.agent, RUNS, always(capacity=9), sees=who("", "", ""))],
    ("GET", "queues/{pk}/staffing"): [Cell(Stage.queue, READS_QUEUE)],
    ("POST", "queues/{pk}/staffing"): [Cell(Stage.queue, RUNS, always(mode="pull"), sees=READS_QUEUE)],
    ("GET", f"{ONE}/contact"): [Cell(Stage.conversation, SEES)],
    ("GET", f"{ONE}/contact/attributes"): [Cell(Stage.conversation, SEES)],
    ("POST", f"{ONE}/contact/tags"): [Cell(Stage.conversation, ACTS, always(add=["gold"]))],
    ("POST", f"{ONE}/contact/notes"): [Cell(Stage.conversation, ACTS, always(text="Deaf."), 201)],
    # What is named is not there: what those get who might.
    ("POST", f"{ONE}/contact/note-removal"): [Cell(Stage.conversation, NOBODY, always(note=10**17), sees=NOBODY)],
    ("POST", f"{ONE}/contact/merges"): [Cell(Stage.conversation, ACTS, _same_handle, 201)],
    ("POST", f"{ONE}/contact/merge-undo"): [Cell(Stage.conversation, ACTS, always(merge=10**17), 404)],
    ("POST", f"{ONE}/contact/strangers"): [Cell(Stage.conversation, ACTS, _same_handle, 204)],
    ("GET", f"{ONE}/clocks"): [Cell(Stage.conversation, SEES)],
    ("GET", "targets"): [Cell(Stage.policy, LOOKS_AFTER, sees=LOOKS_AFTER)],
    ("POST", "targets"): [Cell(Stage.policy, ADA, _terms(by_rule=True), 201, sees=LOOKS_AFTER)],
    ("GET", "targets/{pk}"): [Cell(Stage.policy, LOOKS_AFTER, sees=LOOKS_AFTER)],
    ("POST", "targets/{pk}"): [Cell(Stage.policy, ADA, _terms(), sees=LOOKS_AFTER)],
    ("POST", "targets/forecast"): [Cell(Stage.policy, ADA, _terms(by_rule=True), sees=LOOKS_AFTER)],
    ("POST", "targets/{pk}/forecast"): [Cell(Stage.policy, ADA, _terms(), sees=LOOKS_AFTER)],
    ("POST", "targets/{pk}/end"): [Cell(Stage.policy, ADA, ok=204, sees=LOOKS_AFTER)],
    ("GET", "target-jobs"): [Cell(Stage.policy, LOOKS_AFTER, sees=LOOKS_AFTER)],
    ("GET", "hours"): [Cell(Stage.hours, LOOKS_AFTER, sees=LOOKS_AFTER)],
    ("POST", "hours"): [Cell(Stage.hours, ADA, _week, 201, sees=LOOKS_AFTER)],
    ("GET", "hours/{pk}"): [Cell(Stage.hours, LOOKS_AFTER, sees=LOOKS_AFTER)],
    ("POST", "hours/{pk}"): [Cell(Stage.hours, ADA, _week, sees=LOOKS_AFTER)],
    ("POST", "queues/{pk}/hours"): [Cell(Stage.queue, ADA, always(hours=None), 204, sees=LOOKS_AFTER)],
    ("GET", "messages/{pk}/triage"): [Cell(Stage.message, SEES)],
    ("POST", "messages/{pk}/corrections"): [Cell(Stage.message, MANAGES, always(label="kind", value="praise"))],
    ("POST", "sample/{pk}/decision"): [Cell(Stage.sampled, SEES)],
    ("POST", "sample/{pk}/skip"): [Cell(Stage.sampled, SEES)],
    ("POST", "issues"): [Cell(Stage.issue, ADA, _issue, 201, sees=ALWAYS)],
    ("POST", "issues/{pk}"): [Cell(Stage.issue, ADA, _issue, sees=ALWAYS)],
    ("POST", "issues/{pk}/retirement"): [Cell(Stage.issue, ADA, sees=ALWAYS)],
    ("GET", "brands/{pk}/words"): [Cell(Stage.brand, ADA, sees=ADMINISTRATORS_ONLY)],
    ("POST", "brands/{pk}/words"): [
        Cell(Stage.brand, ADA, always(words=["parcel"], lookalikes=[]), sees=ADMINISTRATORS_ONLY)
    ],
    # All may ask; of what one does not read nothing is left.
    ("POST", "bulks"): [Cell(Stage.conversation, ALWAYS, _nothing_there, 422)],
    ("GET", "bulks/{pk}"): [Cell(Stage.bulk, OWN, sees=OWN)],
    ("GET", "bulks/{pk}/rows"): [Cell(Stage.bulk, OWN, sees=OWN)],
    ("POST", "bulks/{pk}/start"): [Cell(Stage.bulk, OWN, ok=202, sees=OWN)],
    ("POST", "bulks/{pk}/stop"): [Cell(Stage.bulk, OWN, sees=OWN)],
    ("POST", "bulks/{pk}/undo"): [Cell(Stage.bulk, OWN, ok=409, sees=OWN)],
    ("POST", "views"): [Cell(Stage.view, ALWAYS, always(name="Late", query="is:late"), 201)],
    ("GET", "views/{pk}"): [Cell(Stage.view, ALWAYS)],
    ("POST", "views/{pk}"): [Cell(Stage.view, KEEPS, always(name="Later", audience="all"), sees=ALWAYS)],
    ("POST", "views/{pk}/deletion"): [Cell(Stage.view, KEEPS, sees=ALWAYS)],
    ("DELETE", "views/{pk}/deletion"): [Cell(Stage.view, KEEPS, sees=ALWAYS)],
    ("GET", "triage-models"): [Cell(Stage.learnt, ADA, sees=who("", "", ""))],
    ("POST", "triage-models/{pk}/withdrawal"): [Cell(Stage.learnt, ADA, sees=ALWAYS)],
    ("GET", f"{ONE}/saved-replies"): [Cell(Stage.conversation, SEES)],
    ("GET", f"{ONE}/suggestions"): [Cell(Stage.conversation, SEES)],
    ("POST", "saved-replies"): [Cell(Stage.saved_reply, HAS_A_BRAND, _saved_reply, 201, sees=ALWAYS)],
    ("GET", "saved-replies/{pk}"): [Cell(Stage.saved_reply, SEES)],
    ("POST", "saved-replies/{pk}"): [Cell(Stage.saved_reply, SEES, _saved_reply)],
    ("POST", "saved-replies/{pk}/archive"): [Cell(Stage.saved_reply, SEES)],
    ("POST", "saved-replies/{pk}/restoration"): [Cell(Stage.saved_reply, SEES)],
    ("POST", "brand-voice"): [Cell(Stage.voice_rule, LOOKS_AFTER, _voice_rule, 201, sees=ALWAYS)],
    ("POST", "brand-voice/checks"): [Cell(Stage.voice_rule, SEES_CHANNEL, _voice_check, sees=NOBODY)],
    ("GET", "brand-voice/{pk}"): [Cell(Stage.voice_rule, SEES_CHANNEL, sees=NOBODY)],
    ("POST", "brand-voice/{pk}"): [Cell(Stage.voice_rule, WRITES_RULES, _voice_rule, sees=SEES_CHANNEL)],
    ("POST", "brand-voice/{pk}/archive"): [Cell(Stage.voice_rule, WRITES_RULES, sees=SEES_CHANNEL)],
    ("POST", "brand-voice/{pk}/restoration"): [Cell(Stage.voice_rule, WRITES_RULES, sees=SEES_CHANNEL)],
    ("POST", "macros"): [Cell(Stage.macro, HAS_A_BRAND, _macro, 201, sees=ALWAYS)],
    ("GET", "macros/{pk}"): [Cell(Stage.macro, SEES)],
    ("POST", "macros/{pk}"): [Cell(Stage.macro, SEES, _macro)],
    ("POST", "macros/{pk}/archive"): [Cell(Stage.macro, SEES)],
    ("POST", "macros/{pk}/restoration"): [Cell(Stage.macro, SEES)],
    ("POST", f"{ONE}/macro-preview"): [Cell(Stage.conversation, SEES, _chosen)],
    ("POST", f"{ONE}/macro-runs"): [Cell(Stage.conversation, ACTS, _run, 201)],
    ("POST", "macro-runs/{pk}/undo"): [Cell(Stage.macro_run, who("", "ben", ""), sees=who("", "ben", ""))],
    ("POST", "notices/reading"): [Cell(Stage.queue, ALWAYS, always(notices=None))],
    ("GET", "attention"): [Cell(Stage.queue, ALWAYS)],
    ("POST", "attention"): [Cell(Stage.queue, ALWAYS, always(**HABITS))],
    # No key is set up: whoever acts is told so (tests/api/test_devices.py has one).
    ("GET", "attention/devices"): [Cell(Stage.queue, ALWAYS)],
    ("POST", "attention/devices"): [Cell(Stage.queue, ALWAYS, always(endpoint="x", p256dh="x", auth="x"), 409)],
    ("POST", "attention/devices/{pk}/removal"): [Cell(Stage.queue, ALWAYS, ok=409)],
    ("POST", "attention/devices/{pk}/trial"): [Cell(Stage.queue, ALWAYS, ok=409)],
    ("POST", f"{ONE}/resolution"): [Cell(Stage.conversation, ACTS, always(disposition="duplicate"))],
    ("DELETE", f"{ONE}/resolution"): [Cell(Stage.resolved, ACTS)],
    ("POST", f"{ONE}/snooze"): [
        Cell(Stage.conversation, ACTS, always(until="2099-01-01T00:00:00Z"), 422),
        Cell(Stage.conversation, ACTS, always(until=None)),
    ],
    ("POST", f"{ONE}/priority"): [Cell(Stage.conversation, MANAGES, always(priority=1))],
    ("POST", f"{ONE}/tags"): [Cell(Stage.conversation, ACTS, always(add=["bag"]))],
    ("POST", f"{ONE}/following"): [Cell(Stage.conversation, SEES, always(following=True))],
    ("POST", f"{ONE}/mute"): [Cell(Stage.conversation, ACTS, always(muted=True))],
    ("POST", f"{ONE}/answers"): [Cell(Stage.conversation, ACTS, always(note="By phone"))],
    ("POST", "handoffs/{pk}/acceptance"): [Cell(Stage.handoff, RECEIVES, sees=SEES_ASKED)],
    ("POST", "handoffs/{pk}/refusal"): [Cell(Stage.handoff, RECEIVES, always(reason="No"), sees=SEES_ASKED)],
    ("POST", "handoffs/{pk}/withdrawal"): [Cell(Stage.handoff, WITHDRAWS, sees=SEES_ASKED)],
    # No service is set up: the address is there for nobody (tests/api/test_translations.py).
    ("POST", "messages/{pk}/translation"): [Cell(Stage.message, NOBODY, always(to="en"), sees=ADMINISTRATORS_ONLY)],
    ("POST", f"{ONE}/translations"): [
        Cell(Stage.conversation, NOBODY, always(to="en", text="Hi"), sees=ADMINISTRATORS_ONLY)
    ],
    ("POST", "messages/{pk}/hidden"): [Cell(Stage.message, ACTS, always(hidden=True), 502)],
    ("POST", "messages/{pk}/like"): [Cell(Stage.message, ACTS, always(liked=True), 502)],
    ("POST", "messages/{pk}/deletion"): [Cell(Stage.own_message, ACTS, always(reason="Wrong"), 502)],
    ("GET", "deliveries/{pk}"): [Cell(Stage.delivery, SEES)],
    ("POST", "deliveries/{pk}/cancel"): [Cell(Stage.delivery, ACTS)],
    ("POST", "deliveries/{pk}/resend"): [Cell(Stage.failed, ACTS, always(take_over=True), 202)],
    ("GET", "channels/{pk}"): [Cell(Stage.channel, SEES_CHANNEL, sees=who("", "", ""))],
    ("GET", "channels/{pk}/messages"): [Cell(Stage.channel, SEES_CHANNEL, sees=who("", "", ""))],
}
# Lists answer everybody, with what is theirs: test_matrix.test_lists_hold_what_is_yours.
LISTS = {("GET", "conversations"), ("GET", "handoffs"), ("GET", "queues"), ("GET", "channels")}
LISTS |= {("GET", name) for name in ("agents", "content-asks", "presence", "skills", "stuck")}
LISTS |= {("GET", "notices"), ("GET", "saved-replies"), ("GET", "macros"), ("GET", "brand-voice")}
LISTS |= {("GET", "sample"), ("GET", "issues")}
LISTS |= {("GET", "handoffs/times")}
LISTS |= {("GET", "sample"), ("GET", "issues"), ("GET", "views")}

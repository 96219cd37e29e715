"""The only list of what can happen in a conversation. docs/events.md is made from it."""

from __future__ import annotations

from core.events import Catalogue, EventKind

ID = int
TEXT = str

_CLOCK = {"promise": TEXT, "kind": TEXT, "turn": ID, "due": TEXT, "old": TEXT}

KINDS = Catalogue(
    EventKind(
        "conversation.opened",
        "Arrived in {queue}",
        {"queue": TEXT, "queue_id": ID, "messages": list, "why": TEXT},
    ),
    EventKind("conversation.received", "New message", {"messages": list}, timeline=False),
    EventKind("conversation.reopened", "Open again: {why}", {"why": TEXT, "messages": list}),
    EventKind("conversation.claimed", "{actor} claimed it", {"lease_until": TEXT}),
    EventKind(
        "conversation.released",
        "{actor} released it: {reason}",
        {"reason": TEXT, "owner_id": ID},
        frozenset({"reason"}),
    ),
    EventKind(
        "conversation.lease_expired",
        "Back in {queue}: {owner}’s claim ran out",
        {"queue": TEXT, "owner": TEXT, "owner_id": ID},
    ),
    EventKind(
        "conversation.assigned", "{actor} assigned it to {to}", {"to": TEXT, "to_id": ID, "from_id": ID, "why": TEXT}
    ),
    EventKind(
        "conversation.skipped",
        "{actor} skipped it: {reason}",
        {"reason": TEXT, "skip_id": ID},
        frozenset({"reason"}),
        timeline=False,
    ),
    EventKind("conversation.taken_over", "{actor} took it over from {owner}", {"owner": TEXT, "owner_id": ID}),
    EventKind(
        "conversation.moved",
        "Moved from {old} to {new}",
        {"old": TEXT, "new": TEXT, "old_id": ID, "new_id": ID, "why": TEXT},
    ),
    EventKind(
        "conversation.resolved",
        "{actor} resolved it: {disposition}",
        {"disposition": TEXT, "reason": TEXT, "case": ID},
        frozenset({"reason"}),
    ),
    EventKind("conversation.snoozed", "{actor} snoozed it until {until}", {"until": TEXT, "why": TEXT}),
    EventKind("conversation.woken", "Snooze ended", {"why": TEXT}),
    EventKind(
        "conversation.prioritised",
        "{actor} set the priority to {priority}",
        {"priority": TEXT, "old": TEXT, "why": TEXT},
    ),
    EventKind("conversation.tagged", "{actor} changed the tags", {"added": list, "removed": list, "why": TEXT}),
    EventKind(
        "triage.corrected",
        "{actor} corrected the {label}: {new}",
        {"message_id": ID, "label": TEXT, "old": TEXT, "new": TEXT},
    ),
    EventKind("conversation.followed", "{actor} follows it", timeline=False),
    EventKind("conversation.unfollowed", "{actor} follows it no longer", timeline=False),
    EventKind(
        "conversation.noted",
        "{actor} wrote a note",
        {"note_id": ID, "people": list, "teams": list},
        timeline=False,
    ),
    EventKind(
        "conversation.rethreaded",
        "An earlier post arrived: the thread was put together",
        {"old": TEXT, "new": TEXT},
    ),
    EventKind("conversation.linked", "Moved to a private conversation", {"private_id": ID, "public_id": ID}),
    EventKind("rule.fired", "A rule that waits fitted: {why}", {"rule": ID, "why": TEXT}),
    EventKind(
        "rule.doubted",
        "{actor} says that the rule “{name}” is wrong here: {reason}",
        {"rule": ID, "name": TEXT, "reason": TEXT},
        frozenset({"reason"}),
    ),
    EventKind(
        "handoff.asked",
        "{actor} handed it to {to}: {reason}",
        {"handoff_id": ID, "to": TEXT, "to_id": ID, "reason": TEXT, "summary": TEXT, "ask": TEXT},
        frozenset({"reason", "summary", "ask"}),
    ),
    EventKind("handoff.accepted", "{actor} accepted it for {to}", {"handoff_id": ID, "to": TEXT, "to_id": ID}),
    EventKind(
        "handoff.declined",
        "{actor} declined: {reason}",
        {"handoff_id": ID, "reason": TEXT, "to": TEXT, "to_id": ID},
        frozenset({"reason"}),
    ),
    EventKind(
        "handoff.withdrawn",
        "{actor} withdrew the hand-over to {to}",
        {"handoff_id": ID, "to": TEXT, "to_id": ID},
    ),
    EventKind(
        "handoff.escalated",
        "{actor} escalated it to {to}: {reason}",
        {
            "handoff_id": ID,
            "to": TEXT,
            "to_id": ID,
            "reason": TEXT,
            "summary": TEXT,
            "ask": TEXT,
            "urgency": TEXT,
            "respond_by": TEXT,
        },
        frozenset({"reason", "summary", "ask"}),
    ),
    EventKind(
        "handoff.acknowledged",
        "{actor} acknowledged it for {to}",
        {"handoff_id": ID, "to": TEXT, "to_id": ID},
    ),
    EventKind(
        "handoff.overdue",
        "Nobody in {to} has acknowledged it: {told} told",
        {"handoff_id": ID, "to": TEXT, "to_id": ID, "told": TEXT, "level": int},
    ),
    EventKind(
        "handoff.answered",
        "{actor} answered and returned it",
        {"handoff_id": ID, "to": TEXT, "to_id": ID},
    ),
    EventKind(
        "content.asked",
        "{actor} asked {to} for content: {ask}",
        {"ask_id": ID, "to": TEXT, "to_id": ID, "ask": TEXT},
        frozenset({"ask"}),
    ),
    EventKind("content.answered", "{actor} sent content from {to}", {"ask_id": ID, "to": TEXT, "to_id": ID}),
    EventKind(
        "content.declined",
        "{actor} has no content: {reason}",
        {"ask_id": ID, "to": TEXT, "to_id": ID, "reason": TEXT},
        frozenset({"reason"}),
    ),
    EventKind(
        "content.withdrawn", "{actor} needs no content from {to} any more", {"ask_id": ID, "to": TEXT, "to_id": ID}
    ),
    EventKind(
        "lane.offered",
        "{to} has the first refusal until {until}: {why}",
        {"lane_id": ID, "to": TEXT, "to_id": ID, "until": TEXT, "why": TEXT},
    ),
    EventKind("lane.ended", "The first refusal of {to} is over: {why}", {"lane_id": ID, "to": TEXT, "why": TEXT}),
    EventKind(
        "delivery.held",
        "{actor} answered; it leaves in a moment",
        {"delivery_id": ID, "visibility": TEXT},
        timeline=False,
    ),
    EventKind("delivery.cancelled", "{actor} took the answer back", {"delivery_id": ID}),
    EventKind("delivery.queued", "Waiting to be sent", {"delivery_id": ID, "why": TEXT}, timeline=False),
    EventKind(
        "delivery.sent",
        "{actor} answered",
        {"delivery_id": ID, "message_id": ID, "visibility": TEXT, "part": int},
        timeline=False,
    ),
    EventKind("delivery.failed", "Not sent: {error}", {"delivery_id": ID, "error": TEXT, "code": TEXT}),
    EventKind(
        "delivery.unknown",
        "The network did not say whether it arrived; looking",
        {"delivery_id": ID, "error": TEXT, "code": TEXT},
    ),
    EventKind(
        "delivery.needs_human",
        "It did not arrive; a person decides whether to send it again",
        {"delivery_id": ID},
    ),
    EventKind("delivery.resent", "{actor} sent it again", {"delivery_id": ID}),
    EventKind(
        "moderation.asked", "{actor} asked the network to {act}", {"message_id": ID, "act": TEXT}, timeline=False
    ),
    EventKind(
        "moderation.failed",
        "The network did not {act}: {error}",
        {"message_id": ID, "act": TEXT, "error": TEXT, "code": TEXT},
    ),
    EventKind("message.edited", "The author changed a message", {"message_id": ID}),
    EventKind("message.deleted", "The author deleted a message", {"message_id": ID}),
    EventKind("message.hidden", "{actor} hid a comment", {"message_id": ID}),
    EventKind("message.unhidden", "{actor} showed a comment again", {"message_id": ID}),
    EventKind("message.liked", "{actor} liked a message", {"message_id": ID}),
    EventKind("message.unliked", "{actor} took a like back", {"message_id": ID}),
    EventKind(
        "message.own_deleted",
        "{actor} deleted our answer: {reason}",
        {"message_id": ID, "reason": TEXT, "text": TEXT},
        frozenset({"reason", "text"}),
    ),
    EventKind("message.answered_elsewhere", "Answered outside Socialcare", {"message_id": ID, "note": TEXT}),
    EventKind("macro.run", "{actor} ran the macro {macro}", {"macro": TEXT, "macro_id": ID, "run_id": ID}),
    EventKind("macro.undone", "{actor} undid the macro {macro}", {"macro": TEXT, "macro_id": ID, "run_id": ID}),
    EventKind("sla.warned", "At risk: {promise}", _CLOCK, timeline=False),
    EventKind("sla.breached", "Late: {promise}", _CLOCK),
    EventKind("sla.changed", "{promise} is due earlier: {why}", {**_CLOCK, "why": TEXT}),
    EventKind("sla.recounted", "{promise} was reckoned anew: {why}", {**_CLOCK, "why": TEXT, "job": ID}),
    EventKind(
        "contact.merged",
        "{actor} joined {gone} to this contact",
        {"gone": TEXT, "merge_id": ID, "profile_id": ID, "evidence": list},
        frozenset({"gone"}),
    ),
    EventKind(
        "contact.unmerged",
        "{actor} parted {gone} from this contact again",
        {"gone": TEXT, "merge_id": ID},
        frozenset({"gone"}),
    ),
    EventKind(
        "contact.told_apart",
        "{actor} said that {other} is somebody else",
        {"other": TEXT, "profile_id": ID},
        frozenset({"other"}),
    ),
    EventKind(
        "contact.tagged", "{actor} changed the tags of the contact", {"added": list, "removed": list}, timeline=False
    ),
    EventKind("contact.noted", "{actor} noted something about the contact", {"note_id": ID}),
    EventKind("contact.note_removed", "{actor} took a note about the contact away", {"note_id": ID}),
    EventKind("profile.muted", "{actor} muted the author", {"profile_id": ID, "until": TEXT, "why": TEXT}),
    EventKind("profile.unmuted", "{actor} unmuted the author", {"profile_id": ID}),
)

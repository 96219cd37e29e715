"""An open conversation as templates/inbox wants it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from channels import registry
from core.clock import database_now
from core.wording import said
from inbox.event_kinds import KINDS
from inbox.models.conversation import Conversation
from inbox.models.message import Message
from inbox.models.work import Delivery
from inbox.parts import PART_BEFORE
from inbox.policies import Access
from inbox.selectors import agents, desks, items, stream
from inbox.selectors.conversations import is_followed, is_muted, newest_event
from inbox.selectors.stream import Entry
from inbox.services import answering
from routing.models.handoff import Handoff
from routing.policies import may_receive
from routing.selectors import content as wanted_content
from routing.selectors import handoffs as routing
from routing.selectors import lanes
from routing.selectors.clocks import head_clock
from routing.selectors.moods import languages_of
from web import assignment_rows, composer_rows, customer_rows, presence
from web.access import access, person
from web.came_from import carried
from web.clock_rows import ring_of
from web.forms_desks import ContentForm, EscalateForm, SkipForm
from web.forms_inbox import HandoffForm, RecordForm, ResolveForm, TagForm
from web.inbox_rows import PRIORITIES, avatar_url, network_name
from web.note_rows import marked
from web.places import Place
from web.translation_rows import beneath

Copies = tuple[Message | None, tuple[answering.Copy, ...]]
EVENT_ICONS = {"handoff": "corner-up-right", "delivery": "send", "message": "message-square", "profile": "eye-off"}
SNOOZES = (
    ("1h", gettext_lazy("In an hour"), timedelta(hours=1)),
    ("3h", gettext_lazy("In 3 hours"), timedelta(hours=3)),
    ("1d", gettext_lazy("Tomorrow"), timedelta(days=1)),
    ("7d", gettext_lazy("In a week"), timedelta(days=7)),
)


def thread(request: HttpRequest, conversation: Conversation, place: Place, **written: Any) -> dict[str, Any]:
    """Everything that `_thread.html` and `_customer.html` name; `written` is what an error left in the composer."""
    to_answer = answering.composer(conversation, None, person(request), access(request).brand_ids)
    return {
        **head(request, conversation, place),
        **talk(request, conversation, place, copies=(to_answer.answers, to_answer.copies)),
        **asks(request, conversation),
        "presence": writing(others_here(request, conversation)),
        "composer": composer_rows.box(request, conversation, to_answer, **written),
        **customer_rows.beside(request, conversation),
    }


# --- the head


def head(request: HttpRequest, conversation: Conversation, place: Place, **forms: Any) -> dict[str, Any]:
    """What `_facts.html` names; `forms` replace the fresh ones after an error."""
    rights, me = access(request), person(request)
    may, queues = allowed(conversation, rights), desks.others(conversation.queue_id)
    return {
        "conversation": facts(conversation, place, me),
        "can": may,
        "agents": agents.assignable(conversation) if may["assign"] else [],
        "priorities": [{"value": value, "label": label} for value, label in PRIORITIES.items()],
        "snooze_choices": [{"value": value, "label": label} for value, label, _after in SNOOZES],
        "members": [{"name": one.name} for one in others_here(request, conversation)],
        "known_tags": items.known_tags() if may["tag"] else [],
        "resolve_form": ResolveForm(auto_id="resolve-%s"),
        "handoff_form": HandoffForm(auto_id="handoff-%s", queues=queues),
        "escalate_form": EscalateForm(auto_id="escalate-%s", queues=queues),
        "content_form": ContentForm(auto_id="content-%s", queues=queues),
        "skip_form": SkipForm(auto_id="skip-%s"),
        "record_form": RecordForm(auto_id="record-%s"),
        "tag_form": TagForm(auto_id="tag-%s"),
        "client_token": str(uuid.uuid4()),
        **forms,
    }


def others_here(request: HttpRequest, conversation: Conversation) -> list[presence.Here]:
    """Who else has it open; asked once per request."""
    known: dict[int, list[presence.Here]] | None = getattr(request, "_here", None)
    if known is None or conversation.pk not in known:
        known = {conversation.pk: [], **presence.here([conversation.pk], but=person(request))}
        request._here = known  # type: ignore[attr-defined]
    return known[conversation.pk]


def writing(found: Iterable[presence.Here]) -> list[dict[str, str]]:
    """Those of them who write."""
    return [{"name": one.name, "doing": one.words} for one in found if one.words]


def addresses(conversation: Conversation, place: Place) -> dict[str, Any]:
    """What every fragment of a thread names: which conversation, as of which revision, and where its parts are."""
    pk, query = conversation.pk, place.query()
    return {
        "pk": pk,
        "revision": conversation.revision,
        "newest_event": newest_event(conversation),
        "profile": conversation.profile,
        "actions": f"/conversations/{pk}/",
        "head_url": f"{place.path}{pk}/head/{query}",
        "stream_url": f"{place.path}{pk}/stream/{query}",
        "asks_url": f"{place.path}{pk}/asks/{query}",
        "presence_url": f"{place.path}{pk}/presence/{query}",
        "list_url": place.url,
        "carried": carried(place),
    }


def facts(conversation: Conversation, place: Place, me: User) -> dict[str, Any]:
    """What `_facts.html` names of the conversation itself."""
    status, profile = Conversation.Status(conversation.status), conversation.profile
    return {
        **addresses(conversation, place),
        "status": conversation.status,
        "status_label": status.label,
        "priority": conversation.priority,
        "priority_label": PRIORITIES[conversation.priority],
        "network": conversation.channel.kind,
        "network_name": network_name(conversation.channel.kind),
        "private": conversation.is_private,
        "profile": {"label": profile.label, "handle": profile.handle, "muted": is_muted(conversation)},
        "desk": conversation.queue.desk,
        "queue": conversation.queue,
        "owner": {"name": conversation.owner.name, "is_me": conversation.owner == me} if conversation.owner else None,
        "lease_left": _lease_left(conversation),
        "lease_total": (conversation.queue.lease_minutes or 0) * 60,
        "snoozed_until": conversation.snoozed_until,
        "clock": ring_of(head_clock(conversation), now=timezone.now()),
        "permalink": items.newest_permalink(conversation),
        "tags": items.tags_of(conversation),
        "disposition_label": _disposition(conversation),
        "following": is_followed(conversation),
    }


def _lease_left(conversation: Conversation) -> int | None:
    if conversation.lease_until is None:
        return None
    return max(int((conversation.lease_until - timezone.now()).total_seconds()), 0)


def _disposition(conversation: Conversation) -> str:
    if conversation.status != Conversation.Status.RESOLVED:
        return ""
    case = items.current_case(conversation)
    return str(case.get_disposition_display()) if case and case.disposition else ""


def allowed(conversation: Conversation, rights: Access) -> dict[str, bool]:
    """What this person may do with it as it stands; the services decide again."""
    act, manage = rights.can_act(conversation), rights.can_manage(conversation)
    resolved = conversation.status == Conversation.Status.RESOLVED
    mine, free = conversation.owner_id == rights.user_id, conversation.owner_id is None
    hold = act and (mine or free)
    snoozed = conversation.status == Conversation.Status.SNOOZED
    muted = is_muted(conversation)
    return {
        "claim": act and free and not resolved,
        "release": not free and (mine or manage) and not resolved,
        "assign": manage and not resolved,
        "take_over": act and not free and not mine and not resolved,
        "hand_off": hold and not resolved,
        "ask_content": act and not resolved,
        "skip": mine and not resolved,
        "resolve": hold and not resolved,
        "reopen": act and resolved,
        "snooze": hold and not resolved and not snoozed,
        "wake": hold and snoozed,
        "note": True,
        "tag": act,
        "prioritise": act and not resolved,
        "mute": act and not muted,
        "unmute": act and muted,
        "spam": hold and not resolved,
        "record": hold and not resolved,
    }


# --- what was said


def talk(
    request: HttpRequest, conversation: Conversation, place: Place, *, before: str = "", copies: Copies | None = None
) -> dict[str, Any]:
    """What `_stream.html` names; `copies` where they are known already."""
    found = stream.stream_of(conversation, access(request), before=before or None)
    also = also_elsewhere(*(copies or copies_of_newest(request, conversation)))
    older = f"{place.path}{conversation.pk}/stream/{place.query(before=found.older)}" if found.older else ""
    lines = beneath(request, entries(request, conversation, found.entries, also))
    return {"stream": list(_with_days(lines)), "older_url": older}


def copies_of_newest(request: HttpRequest, conversation: Conversation) -> Copies:
    """The newest message of the contact, and the same post at other accounts of ours."""
    newest = answering.newest_inbound(conversation)
    return newest, answering.copies(conversation.channel, newest, access(request).brand_ids) if newest else ()


def also_elsewhere(newest: Message | None, copies: Iterable[answering.Copy]) -> dict[int, str]:
    """What to say of the newest message where the same post came to other accounts of ours."""
    sentences = [_copy_words(copy) for copy in copies]
    return {newest.pk: " · ".join(sentences)} if newest and sentences else {}


def _copy_words(copy: answering.Copy) -> str:
    brand = copy.brand or _("another brand")
    if copy.answered_at is None:
        return _("also at %s") % brand
    at = timezone.localtime(copy.answered_at).strftime("%H:%M")
    return _("also at %(brand)s, answered %(at)s") % {"brand": brand, "at": at}


def entries(
    request: HttpRequest, conversation: Conversation, found: Iterable[Entry], also: Mapping[int, str]
) -> list[dict[str, Any]]:
    me, may, found = person(request), access(request).can_act(conversation), list(found)
    now = database_now() if any(entry.delivery for entry in found) else None
    languages = languages_of([entry.message.pk for entry in found if entry.message and entry.message.is_inbound])
    lines = []
    for entry in found:
        if entry.event:
            lines.append(_event(entry))
        elif entry.note:
            lines.append(_note(entry, me))
        elif entry.delivery and now:
            lines.append(_delivery(entry.delivery, conversation, me, now))
        elif entry.message:
            pk = entry.message.pk
            more = {"also": also.get(pk, ""), "lang": languages.get(pk, "")}
            lines.append({**_message(entry, conversation, me, may), **more})
    return lines


def _with_days(lines: list[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    """A line with the date wherever a day begins that is not today."""
    last = timezone.localdate()
    for number, line in enumerate(lines):
        day = timezone.localtime(line["at"]).date()
        if day != last or (number == 0 and day != timezone.localdate()):
            yield {"kind": "day", "date": day, "at": line["at"]}
        last = day
        yield line


def _event(entry: Entry) -> dict[str, Any]:
    assert entry.event is not None
    actor = entry.event.actor.short_name if entry.event.actor else ""
    words = entry.sentence.removeprefix(actor).strip() if actor else entry.sentence
    icon = EVENT_ICONS.get(KINDS[entry.event.kind].code.partition(".")[0], "split")
    return {"kind": "event", "icon": icon, "sentence": words, "actor": actor, "at": entry.at}


def _note(entry: Entry, me: User) -> dict[str, Any]:
    note = entry.note
    assert note is not None
    return {
        "kind": "note",
        "dom": f"note-{note.pk}",
        "pk": note.pk,
        "author": note.author.name,
        "is_me": note.author == me,
        "text": note.text,
        "marked": marked(note, me),
        "at": note.created_at,
    }


def _message(entry: Entry, conversation: Conversation, me: User, may: bool) -> dict[str, Any]:
    row = entry.message
    assert row is not None
    ours, kind = not row.is_inbound, conversation.channel.kind
    author = row.author.name if row.author else (conversation.channel.name or f"@{conversation.channel.handle}")
    if row.profile:
        author = row.profile.label
    return {
        "kind": "reply" if ours else ("dm" if row.is_private else "post"),
        "dom": f"message-{row.pk}",
        "pk": row.pk,
        "visibility": row.visibility,
        "author": author,
        "avatar_url": avatar_url(
            row.profile_id or 0, bool(row.profile and row.profile.avatar_url), row.pk if entry.context else None
        ),
        "is_me": row.author_id == me.pk,
        "network": kind,
        "network_name": network_name(kind),
        "at": row.posted_at,
        "text": entry.versions[-1].text if entry.versions else row.text,
        "deleted": row.deleted_at is not None,
        "edited": row.edited_at is not None,
        "hidden": row.hidden_at is not None,
        "liked": row.liked_at is not None,
        "elsewhere": ours and row.author_id is None and not entry.context,
        "masked_card": bool(row.notes & Message.Noted.CARD),
        "context": entry.context,
        "quote": _quote(entry),
        "media": [
            {
                "url": f"/media/attachment/{a.pk}/",
                "thumb": f"/media/attachment/{a.pk}/thumb/",
                "alt": a.alt,
                "kind": a.kind,
            }
            for a in entry.attachments
        ],
        "permalink": row.permalink,
        "figures": None if row.deleted_at else getattr(row, "figures", None),
        "actions": _acts(row, conversation, may) if not entry.context and not row.deleted_at else None,
        "unseen": row.waits_below_answer(conversation),
        "delivery": {"state": "sent"} if ours and getattr(row, "delivery", None) else None,
    }


def _quote(entry: Entry) -> dict[str, str] | None:
    if entry.answers is None:
        return None
    profile = entry.answers.profile
    return {"author": profile.label if profile else _("Us"), "text": entry.answers.text}


def _acts(row: Message, conversation: Conversation, may: bool) -> dict[str, Any]:
    able, inbound = registry.capabilities(conversation.channel.kind), row.is_inbound
    public = may and inbound and not row.is_private
    return {
        "base": f"/messages/{row.pk}/",
        "hide": public and able.hide and row.hidden_at is None,
        "unhide": public and able.hide and row.hidden_at is not None,
        "like": public and able.like and row.liked_at is None,
        "unlike": public and able.like and row.liked_at is not None,
        "delete": may and not inbound and able.delete_own and not row.is_private,
    }


def _delivery(one: Delivery, conversation: Conversation, me: User, now: datetime) -> dict[str, Any]:
    base = f"/deliveries/{one.pk}/"
    state, kind = _shown_state(one), conversation.channel.kind
    shown = {
        "parts": one.parts if one.parts > 1 else 0,
        "stands": one.part - 1,
        "network_name": network_name(kind),
        "state": state,
        "seconds_left": max(int((one.send_at - now).total_seconds()), 0),
        "hold_seconds": max(int((one.send_at - one.created_at).total_seconds()), 1),
        "problem": "" if one.error_code == PART_BEFORE else said(one.error),
        "undo_url": f"{base}cancel/" if state == "held" else "",
        "box": f"reply-{conversation.pk}" if one.author == me else "",
        "retry_url": f"{base}resend/" if state == "failed" else "",
        "not_sent_url": f"{base}resend/" if state == "needs_human" else "",
    }
    return {
        "kind": "reply",
        "dom": f"delivery-{one.pk}",
        "pk": one.pk,
        "visibility": one.visibility,
        "author": one.author.name,
        "is_me": one.author == me,
        "network": kind,
        "network_name": network_name(kind),
        "at": one.created_at,
        "text": one.wire_text,
        "delivery": shown,
    }


def _shown_state(one: Delivery) -> str:
    """A part whose turn has not come says no more than that."""
    return "follows" if one.after is not None and one.after.state != Delivery.State.SENT else one.state


def asks(request: HttpRequest, conversation: Conversation) -> dict[str, Any]:
    """What `_asks.html` names: the open hand-over, what is asked for content, and what came back."""
    rights, handoffs = access(request), routing.shown_in(conversation)
    wanted = wanted_content.of_conversation(conversation)
    return {
        "asks": [_ask(one, rights) for one in handoffs if one.state == one.State.OPEN],
        "content_asks": assignment_rows.content_asks(wanted, conversation, rights),
        "blocks": assignment_rows.content_blocks(wanted, handoffs),
        "lane": assignment_rows.lane(lanes.open_in(conversation), conversation, rights),
    }


def _ask(found: Handoff, rights: Access) -> dict[str, Any]:
    return {
        "pk": found.pk,
        "url": f"/handoffs/{found.pk}/",
        "from_queue": found.from_queue.name,
        "to_queue": found.to_queue.name,
        "by": found.asked_by.name,
        "reason": found.reason,
        "summary": found.summary,
        "ask": found.ask,
        "at": found.created_at,
        "clock": None,
        **assignment_rows.escalation(found),
        "mine_to_answer": may_receive(rights, found),
        "mine_to_withdraw": found.asked_by_id == rights.user_id,
    }

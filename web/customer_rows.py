"""The person beside the conversation as the templates want them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from channels import registry
from inbox import contact_lookup, likeness
from inbox.models.conversation import Conversation
from inbox.models.customer import ContactMerge, ProfileNote
from inbox.models.people import Profile
from inbox.selectors import alike, contacts
from inbox.selectors.conversations import is_muted
from routing.selectors.moods import endings_of
from web import presence
from web.access import access, person
from web.inbox_rows import avatar_url, network_name
from web.templatetags.ui import MOODS

EVIDENCE = {
    likeness.NAMED: gettext_lazy("one names the other in public"),
    likeness.HANDLE: gettext_lazy("the same handle"),
    likeness.NAME: gettext_lazy("the same name"),
}
PROBLEMS = {
    "away": gettext_lazy("Your customer system does not answer now. It is asked again in a moment."),
    "unreadable": gettext_lazy("Your customer system’s answer could not be read; the log says why."),
}
HEIGHTS = {"positive": 9, "neutral": 22, "negative": 35}
"""Mood → height in the plot, pixels from its top."""
SHOWN = 8
HEARD = 2
"""Other conversations whose presence a page listens to: a browser may hear five in all, and this one takes two."""


def beside(request: HttpRequest, conversation: Conversation) -> dict[str, Any]:
    """What `_customer.html` and `_elsewhere.html` name."""
    found = contacts.customer_of(conversation, access(request))
    return {"customer": customer(request, conversation, found), "elsewhere": elsewhere(request, conversation, found)}


def customer(request: HttpRequest, conversation: Conversation, found: contacts.Customer) -> dict[str, Any]:
    """What `_customer.html` names."""
    profile, rights = found.profile, access(request)
    act, notes = rights.can_act(conversation), found.notes
    return {
        "label": profile.label,
        "handle": profile.handle,
        "avatar_url": avatar_url(profile.pk, bool(profile.avatar_url)),
        "bio": profile.bio,
        "verified": profile.verified,
        "followers": profile.followers,
        "network": profile.network,
        "network_name": network_name(profile.network),
        "profile_url": _profile_page(profile),
        "first_seen_at": profile.first_seen_at,
        "conversation_count": found.conversations,
        "muted": is_muted(conversation),
        "tags": found.tags,
        "notes": [
            _note(note, may=rights.can_manage(conversation) or note.author_id == rights.user_id) for note in notes
        ],
        "facts": _facts(conversation),
        "others": [_card(card) for card in found.others],
        "profiles": [{"network_name": network_name(p.network), "handle": p.handle or p.name} for p in found.profiles],
        "joined": [_joined(row) for row in found.joined] if act else [],
        "can_act": act,
        "url": f"/conversations/{conversation.pk}/customer/",
        "more": profile.is_known,
        "asks": contact_lookup.is_set() and profile.is_known,
        "token": str(uuid.uuid4()),
    }


def elsewhere(request: HttpRequest, conversation: Conversation, found: contacts.Customer) -> dict[str, Any]:
    """Who else answers this person at this moment."""
    running = [card for card in found.others if card.status != Conversation.Status.RESOLVED]
    here = presence.here([card.pk for card in running], but=person(request))
    heard = [card.pk for card in running if card.readable][:HEARD]
    return {
        "pk": conversation.pk,
        "heard": " ".join(f"presence:{pk}" for pk in heard),
        "url": f"/conversations/{conversation.pk}/elsewhere/",
        "lines": [line for card in running if (line := _answers(card, here.get(card.pk, [])))],
    }


def _answers(card: contacts.Card, here: Iterable[presence.Here]) -> dict[str, str] | None:
    """The sentence of one conversation in which somebody answers them now."""
    url = f"/inbox/all/{card.pk}/" if card.readable else ""
    name = presence.first_replying(here)
    if name:
        who = f"{name} ({card.desk_name})" if card.readable else card.desk_name
        return {"url": url, "text": _("%s is replying to them now.") % who}
    if card.sending:
        return {"url": url, "text": _("An answer of %s to them is on its way.") % card.desk_name}
    return None


def more(request: HttpRequest, conversation: Conversation) -> dict[str, Any]:
    """What `_customer_more.html` names: moods, and who may be the same person."""
    rights = access(request)
    found = contacts.customer_of(conversation, rights)
    talks = [(conversation.pk, conversation.last_message_at)]
    talks += [(card.pk, card.last_message_at) for card in found.others if card.readable]
    proposed = alike.proposals(conversation.profile, rights) if rights.can_act(conversation) else []
    return {
        "pk": conversation.pk,
        "url": f"/conversations/{conversation.pk}/customer/",
        "moods": _plot(talks[:SHOWN]),
        "proposals": [_proposal(one) for one in proposed],
        "mine": conversation.profile.label,
    }


def looked_up(conversation: Conversation) -> dict[str, Any]:
    """What `_customer_lookup.html` names."""
    found = contact_lookup.look_up(contacts.profiles_of(conversation))
    known = found.attributes
    return {
        "tags": known.tags if known else (),
        "blocks": known.blocks if known else (),
        "address": known.url if known else "",
        "consented_at": known.consented_at if known else None,
        "problem": PROBLEMS.get(found.problem, ""),
        "nothing": "" if known or found.problem else _nothing_known(),
    }


def _nothing_known() -> str:
    """Why the part is empty, where it is a page of its own."""
    if contact_lookup.is_set():
        return _("Your customer system says nothing about this person.")
    return _("No customer system is connected: whoever runs this installation can name one.")


def _plot(talks: list[tuple[int, Any]]) -> dict[str, Any] | None:
    """How the last conversations ended, oldest first; None where nothing is known of two of them."""
    moods = endings_of([pk for pk, _at in talks])
    known = [(at, moods[pk]) for pk, at in sorted(talks, key=lambda one: one[1]) if moods.get(pk) in HEIGHTS]
    if len(known) < 2:
        return None
    step = 92 / (len(known) - 1)
    points = [
        {
            "x": f"{4 + number * step:.1f}%",
            "y": HEIGHTS[mood],
            "tone": MOODS[mood][0],
            "last": number == len(known) - 1,
        }
        for number, (_at, mood) in enumerate(known)
    ]
    words = {"positive": _("positive"), "neutral": _("neutral"), "negative": _("negative")}
    return {
        "points": points,
        "since": date_format(timezone.localtime(known[0][0]), pgettext("date", "M Y")),
        "words": ", ".join(words[mood] for _at, mood in known),
        "count": len(known),
    }


def _proposal(one: alike.Proposal) -> dict[str, Any]:
    profile = one.profile
    return {
        "pk": profile.pk,
        "label": profile.label,
        "handle": profile.handle,
        "avatar_url": avatar_url(profile.pk, bool(profile.avatar_url)),
        "network_name": network_name(profile.network),
        "why": evidence_words(one.evidence),
        "url": f"/inbox/all/{one.conversation_id}/",
    }


def evidence_words(evidence: Iterable[str]) -> str:
    """What speaks for one person, in words."""
    return ", ".join(str(EVIDENCE[each]) for each in evidence if each in EVIDENCE) or _("a person said so")


def _joined(row: ContactMerge) -> dict[str, Any]:
    return {"pk": row.pk, "by": row.merged_by.name, "at": row.merged_at, "why": evidence_words(row.evidence)}


def _note(note: ProfileNote, *, may: bool) -> dict[str, Any]:
    return {
        "pk": note.pk,
        "text": note.text,
        "author": note.author.name,
        "brand": note.brand.name,
        "at": note.created_at,
        "removable": may,
    }


def _facts(conversation: Conversation) -> list[dict[str, Any]]:
    known = [
        (_("Account"), f"@{conversation.channel.handle}"),
        (_("Brand"), conversation.brand.name),
        (_("Queue"), conversation.queue.name),
    ]
    return [{"label": label, "value": value} for label, value in known]


def _profile_page(profile: Profile) -> str:
    page = registry.capabilities(profile.network).profile_page
    return page.format(id=quote(profile.external_id, safe="")) if page and profile.is_known else ""


def _card(card: contacts.Card) -> dict[str, Any]:
    return {
        "url": f"/inbox/all/{card.pk}/" if card.readable else "",
        "desk": card.desk_name,
        "status_label": str(Conversation.Status(card.status).label),
        "owner": card.owner_name,
        "at": card.last_message_at,
        "channel": card.brand_name,
        "subject": "",
    }

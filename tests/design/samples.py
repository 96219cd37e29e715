"""Invented people and sample contexts for every screen: what a view hands to a template, as the comment on top
of each template says it. The screens are drawn from these in the tests and for the screenshots."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace as Of
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils import timezone

from inbox.second_look import Finding, Guideline
from tests.design import desk_samples, office_samples

CARE = Of(slug="care", name="Care")
PR = Of(slug="pr", name="PR")
MARKETING = Of(slug="marketing", name="Marketing")
LEGAL = Of(slug="legal", name="Legal")


def ago(minutes: float) -> Any:
    return timezone.now() - timedelta(minutes=minutes)


def clock(state: str, left: int, total: int, caption: str = "") -> Of:
    return Of(state=state, left=left, total=total, caption=caption)


BELL = Of(
    topic="user:7",
    url="/notices",
    label="Notices",
    unread=3,
    newest=12,
    attention=5,
    sound=True,
    changes_in=3600,
    here=False,
)


def shell(theme: str = "") -> dict[str, Any]:
    areas = [
        Of(key="inbox", url="/inbox", label="Inbox", icon="inbox", keys="g i", count=12, hot=True, phone=True),
        Of(key="notices", url="/notices", label="Notices", icon="bell", keys="g n", count=0, hot=False, phone=True),
        Of(
            key="settings",
            url="/channels",
            label="Settings",
            icon="settings-2",
            keys="g s",
            count=0,
            hot=False,
            phone=True,
        ),
    ]
    statuses = [
        Of(value="on", label="Available", tone="good", current=True, asks_why=False),
        Of(value="away", label="On a break", tone="warn", current=False, asks_why=True),
        Of(value="busy", label="Focus: finish what I have", tone="accent", current=False, asks_why=True),
    ]
    urls = {name: f"/{name}/" for name in ("home", "theme", "presence", "account", "security", "sign_out", "search")}
    settings = [
        Of(key="channels", url="/channels", label="Channels", icon="plug", count=3),
        Of(key="people", url="/people", label="People and roles", icon="user-cog", count=0),
        Of(key="audit", url="/audit", label="Audit log", icon="scroll-text", count=0),
    ]
    return {
        "shell": Of(
            theme=theme,
            density="",
            zone="",
            single_keys=True,
            installation="Northwind and Lumo",
            areas=areas,
            statuses=statuses,
            urls=Of(**urls),
            settings=settings,
            bell=BELL,
            topic="",
            me=Of(name="Elin Sand", presence="on", presence_label="available"),
        )
    }


def row(pk: int, name: str, text: str, **more: Any) -> Of:
    known = {
        "url": f"/inbox/flight-disruption/{pk}/",
        "live_url": f"/inbox/flight-disruption/{pk}/row/",
        "network": "x",
        "network_name": "X",
        "private": False,
        "current": False,
        "unread": False,
        "followers": 120,
        "desk": CARE,
        "queue": Of(name="Flight disruption"),
        "tags": [],
        "clock": None,
        "at": ago(12),
        "priority": 3,
        "priority_label": "Normal",
        "owner": None,
        "replying": "",
        "mood": "",
        "asked": False,
        "trouble": False,
    }
    known.update(more)
    profile = Of(label=name, avatar_url="", followers=known.pop("followers"))
    return Of(pk=pk, profile=profile, snippet=text, **known)


def rows() -> list[Of]:
    facebook = {"network": "facebook", "network_name": "Facebook"}
    urgent = {"priority": 1, "priority_label": "Urgent"}
    elin, nadia, sofia = Of(name="Elin Sand"), Of(name="Nadia Voss"), Of(name="Sofia Almeida")
    hanne = (
        "Still nothing. 16 people around me have the same connection. A child just fainted from "
        "the heat, please answer."
    )
    tomasz = "My case went to Porto, I went to Leeds. Who do I talk to? The desk says call, the phone says chat."
    return [
        row(
            45,
            "Hanne Ostby",
            hanne,
            current=True,
            clock=clock("warn", 278, 950),
            owner=elin,
            tags=["Stranded"],
            **urgent,
            mood="negative",
        ),
        row(
            46,
            "Ines Calloway",
            "Filming all of this. Two hundred people, one toilet, zero announcements. Story is up.",
            unread=True,
            followers=412_000,
            desk=PR,
            clock=clock("breach", -370, 900),
            owner=nadia,
            **facebook,
            **urgent,
            mood="negative",
        ),
        row(
            47,
            "Tomasz Wierzba",
            tomasz,
            unread=True,
            clock=clock("warn", 545, 2400),
            replying="Maya",
            tags=["Misrouted bag"],
            **facebook,
            mood="negative",
        ),
        row(
            48,
            "Amara Osei-Holt",
            "Is NWD 224 going ahead tonight? Need to decide on a hotel in the next half hour.",
            unread=True,
            clock=clock("ok", 1090, 1900),
            asked=True,
            mood="neutral",
        ),
        row(
            49,
            "Ruairi Penhallow",
            "Thank you Sofia for sorting the wheelchair in ten minutes flat. Made my dad’s day.",
            at=ago(70),
            owner=sofia,
            queue=Of(name="Assistance"),
            mood="positive",
        ),
        row(
            50,
            "Bastian Krol",
            "Rebooked me through Oslo with a 22 minute connection. That is not a connection, that is a sprint.",
            followers=18_000,
            clock=clock("ok", 1450, 2000),
            private=True,
            trouble=True,
            owner=elin,
            mood="negative",
        ),
        row(51, "", "A comment of somebody whom the network does not name.", clock=clock("ok", 6080, 7200), **facebook),
        row(
            52,
            "ليلى حداد",
            "هل ستقلع الرحلة الليلة؟ أحتاج إلى قرار الآن.",
            clock=clock("paused", 0, 7200),
            at=ago(1600),
        ),
        row(
            53,
            "Yuki Tannenberg",
            "Does the winter fare include a cabin bag or is that extra again?",
            desk=MARKETING,
            clock=clock("ok", 6740, 7200),
            queue=Of(name="Campaigns"),
            priority=2,
            priority_label="High",
        ),
        row(54, "Leona Fairweather", "Voucher code says expired. It was issued yesterday.", at=ago(3000)),
    ]


def view(**more: Any) -> Of:
    known = {
        "title": "Flight disruption",
        "count": 64,
        "url": "/inbox/flight-disruption/",
        "head_url": "/head",
        "rows_url": "/rows",
        "topics": "queue:12",
        "filters": [
            Of(label="Needs reply", url="?", count=41, active=True),
            Of(label="At risk", url="?", count=9, active=False),
            Of(label="No owner", url="?", count=17, active=False),
        ],
        "terms": [Of(label="from:@hanne", url="?"), Of(label="has:media", url="?")],
        "orders": [Of(label="Due first", url="?", current=True), Of(label="Newest first", url="?", current=False)],
        "bulk_url": "/bulk/",
        "bulk_acts": [Of(name="assign", label="Assign", icon="user-plus"), Of(name="tag", label="Tag", icon="tag")],
        "edit_url": "",
        "save_url": "/views/new/",
        "export_url": "/export.csv",
        "search": False,
        "empty_title": "All answered",
        "empty_text": "Nobody is waiting in Flight disruption.",
        "empty_tone": "good",
        "empty_url": "",
        "empty_action": "",
    }
    known.update(more)
    return Of(**known)


def views_sidebar() -> dict[str, Any]:
    def item(label: str, count: int | None, **more: Any) -> Of:
        return Of(
            **{
                "label": label,
                "count": count,
                "url": "?",
                "current": False,
                "icon": "",
                "desk_slug": "",
                "sub": False,
                **more,
            }
        )

    mine = [
        item("Assigned to me", 12, icon="circle-user-round"),
        item("Asks", 2, icon="corner-up-right"),
        item("Drafts", 3, icon="pencil-line"),
        item("Snoozed", 8, icon="alarm-clock"),
    ]
    desks = [
        item("Care", 128, desk_slug="care"),
        item("Flight disruption", 64, sub=True, current=True),
        item("Baggage", 31, sub=True),
        item("PR", 14, desk_slug="pr"),
        item("Marketing", 37, desk_slug="marketing"),
        item("Legal", 2, desk_slug="legal"),
    ]
    return {
        "brands": [Of(name="Northwind Air", url="?", current=True), Of(name="Lumo Mobile", url="?", current=False)],
        "view_groups": [
            {"label": "", "name": "My work", "items": mine},
            {"label": "Desks", "name": "Desks", "items": desks},
        ],
        "search": Of(text="", url="/search/"),
        "on_shift": ["Maya Okafor", "Tariq Haddad", "Sofia Almeida", "Lea Brandt"],
        "on_shift_count": 9,
    }


class HandoffForm(forms.Form):
    queue = forms.ChoiceField(label="To", choices=[("3", "PR, first line"), ("4", "Marketing, first line")])
    reason = forms.CharField(label="Why", max_length=300)
    summary = forms.CharField(label="So far", widget=forms.Textarea, required=False)
    ask = forms.CharField(label="Wanted", widget=forms.Textarea, required=False, help_text="What they should do.")


class EscalateForm(HandoffForm):
    urgency = forms.ChoiceField(label="How urgent", choices=[("1", "Urgent"), ("2", "High")], initial="2")
    within = forms.IntegerField(label="Minutes to acknowledge it", initial=30)


class ContentForm(forms.Form):
    queue = forms.ChoiceField(label="From", choices=[("4", "Marketing, first line")])
    ask = forms.CharField(label="What you need", widget=forms.Textarea)


class SkipForm(forms.Form):
    reason = forms.CharField(label="Why", max_length=300)


class ResolveForm(forms.Form):
    disposition = forms.ChoiceField(
        label="How it ended",
        choices=[("answered", "Answered"), ("wont_respond", "Won’t respond"), ("duplicate", "Duplicate")],
        widget=forms.RadioSelect,
        initial="answered",
    )
    reason = forms.CharField(label="Reason", required=False)


class RecordForm(forms.Form):
    link = forms.URLField(label="Link to the answer", required=False, assume_scheme="https")
    text = forms.CharField(label="What was said", widget=forms.Textarea)


RIGHTS = (
    "claim",
    "release",
    "assign",
    "take_over",
    "hand_off",
    "resolve",
    "reopen",
    "snooze",
    "wake",
    "note",
    "tag",
    "prioritise",
    "mute",
    "unmute",
    "spam",
    "record",
)


def can(*allowed: str) -> Of:
    return Of(**{right: right in allowed for right in RIGHTS})


def message(pk: int, kind: str, text: str, **more: Any) -> Of:
    known = {
        "dom": f"message-{pk}",
        "visibility": "public",
        "author": "Hanne Ostby",
        "avatar_url": "",
        "is_me": False,
        "network": "x",
        "network_name": "X",
        "at": ago(60 - pk),
        "deleted": False,
        "edited": False,
        "hidden": False,
        "masked_card": False,
        "unseen": False,
        "context": False,
        "quote": None,
        "media": [],
        "permalink": "",
        "figures": None,
        "actions": None,
        "delivery": None,
        "also": "",
        "elsewhere": False,
    }
    known.update(more)
    return Of(pk=pk, kind=kind, text=text, **known)


def actions(**allowed: bool) -> Of:
    known = {"base": "/messages/7/", "hide": False, "unhide": False, "like": False, "unlike": False, "delete": False}
    return Of(**{**known, **allowed})


def event(icon: str, actor: str, sentence: str) -> Of:
    return Of(kind="event", icon=icon, actor=actor, sentence=sentence, at=ago(44))


def stream() -> list[Of]:
    mine = {"author": "Elin Sand", "is_me": True}
    tarmac = (
        "@northwindair 3 hours on the tarmac at Leeds. No water, no word, and my connection NWD 218 leaves at 15:20. "
        "My mum is 74 and travelling with me. What is going on? https://example.com/photos/of/the/stand #stranded"
    )
    sorry = (
        "Hi Hanne, I’m sorry, to you and to your mum. Please send me your booking reference "
        "privately and I’ll look at NWD 218 first. Elin"
    )
    still = (
        "Still nothing. 16 people here have the same connection. A child just fainted from the "
        "heat, please answer. @northwindair"
    )
    reached = Of(views=48_300, shares=38, likes=212, replies=None, read_at=ago(5))
    return [
        Of(kind="day", date=timezone.localdate()),
        message(1, "post", tarmac, figures=reached, permalink="https://x.com/i/1", actions=actions(like=True)),
        event("split", "", "Sent to Care, more than 50,000 followers would have meant PR."),
        event("hand", "Elin Sand", "claimed it."),
        message(2, "reply", sorry, permalink="https://x.com/i/2", actions=actions(delete=True), **mine),
        message(
            3,
            "dm",
            "It’s NW7Q2K, two passengers. We can’t miss tonight, the funeral is tomorrow morning.",
            visibility="private",
        ),
        message(
            4,
            "note",
            "@Elin ops confirm NWD 218 holds for the Leeds arrivals until 16:10. Two seats kept on NWD "
            "224 as a backup.",
            author="Jonas Reuter",
        ),
        message(
            5, "post", still, edited=True, unseen=True, actions=actions(unlike=True), permalink="https://x.com/i/5"
        ),
    ]


def conversation(**more: Any) -> Of:
    known = {
        "pk": 45,
        "revision": 7,
        "actions": "/conversations/45/",
        "list_url": "/inbox/flight-disruption/",
        "head_url": "/conversations/45/head/",
        "stream_url": "/conversations/45/stream/",
        "asks_url": "/conversations/45/asks/",
        "presence_url": "/conversations/45/presence/",
        "status": "open",
        "status_label": "Open",
        "priority": 1,
        "priority_label": "Urgent",
        "network": "x",
        "network_name": "X",
        "private": False,
        "profile": Of(label="Hanne Ostby", handle="hanneostby", muted=False),
        "desk": CARE,
        "queue": Of(name="Flight disruption"),
        "owner": Of(name="Elin Sand", is_me=True),
        "lease_left": 1730,
        "lease_total": 1800,
        "snoozed_until": None,
        "clock": clock("warn", 278, 950, "next reply due"),
        "permalink": "https://x.com/i/1",
        "tags": [Of(name="Stranded"), Of(name="NWD 218")],
        "disposition_label": "",
        "following": False,
    }
    known.update(more)
    return Of(**known)


def modes(checked: str = "public", **closed: str) -> list[Of]:
    known = [
        ("public", "Public", "globe", 280, "x"),
        ("private", "Private", "lock", 10_000, "x"),
        ("note", "Note", "sticky-note", 5000, "plain"),
    ]
    return [
        Of(
            value=value,
            label=label,
            icon=icon,
            limit=limit,
            rule=rule,
            checked=value == checked,
            open=value not in closed,
            reason=closed.get(value, ""),
        )
        for value, label, icon, limit, rule in known
    ]


HOUSE = Guideline("How we write", "Short, warm, and never from above.", "https://brand.example/voice")


def composer(**more: Any) -> Of:
    text = (
        "Hanne, NWD 218 is holding for you all until 16:10, and two seats on NWD 224 are kept for "
        "you and your mum as a "
        "backup. Medics and water are at door 2L now. Steps arrive in ten minutes. I’ll stay with "
        "you until you’re on board. Elin"
    )
    known = {
        "modes": modes(),
        "account": "@northwindair",
        "network_name": "X",
        "audience": 54_212,
        "audience_high": True,
        "step": "",
        "owner_name": "",
        "closed": "",
        "private_note": "",
        "private_clock": None,
        "text": text,
        "note": "",
        "errors": [],
        "note_errors": [],
        "client_token": "3f1c",
        "note_token": "9a2e",
        "seen": 7,
        "in_reply_to": 5,
        "changed": None,
        "findings": [
            Finding("phone", "+47 912 34 567", "A telephone number would stand in public."),
            Finding("voice-1", "for you all", "A better word is at hand.", False, "everybody", "", HOUSE),
        ],
        "again": [],
        "account_id": "1460000000000000001",
        "thread": {},
        "too_long": [],
        "media_max": 4,
        "private_media_max": 1,
        "media_types": "image/jpeg,image/png",
        "media_bytes": 5 * 1024 * 1024,
        "media_megabytes": 5,
        "alts": range(1, 5),
        "attach_again": False,
        "link_price": "0.20",
        "plain_price": "0.01",
        "resolve_too": True,
    }
    known.update(more)
    return Of(**known)


def thread() -> Of:
    """A text that takes two posts."""
    posts = [f"{'Too long. ' * 27}1/2", f"{'Too long. ' * 5}2/2"]
    return Of(posts=posts, chosen=True, price="0.03", network="X")


def changed() -> Of:
    return Of(
        title="The conversation has changed since you opened it.",
        changes=[
            Of(what="message", by="Hanne Ostby", text="They say it leaves without us now?", at=ago(0.4)),
            Of(what="answer", by="Maya Okafor", text="We are on it, Hanne.", at=ago(0.2)),
        ],
    )


def customer() -> Of:
    return Of(
        label="Hanne Ostby",
        handle="hanneostby",
        avatar_url="",
        bio="Nurse in Bergen. Opinions mine.",
        verified=True,
        followers=2140,
        network="x",
        network_name="X",
        profile_url="https://x.com/hanneostby",
        first_seen_at=ago(60 * 24 * 700),
        conversation_count=8,
        muted=False,
        tags=["Gold member"],
        facts=[
            Of(label="Account", value="@northwindair"),
            Of(label="Queue", value="Flight disruption"),
            Of(label="Case", value="2"),
        ],
        others=[
            Of(
                url="/x",
                desk="Care",
                status_label="Resolved",
                owner="Sofia",
                at=ago(90000),
                channel="@northwindair on X",
            ),
            Of(url="", desk="PR", status_label="Open", owner="Nadia", at=ago(300), channel="Lumo Mobile on Facebook"),
        ],
        profiles=[Of(network_name="X", handle="@hanneostby"), Of(network_name="Facebook", handle="hanne.ostby")],
        notes=[
            Of(
                pk=3,
                text="Travels with her mother, who walks badly.",
                author="Sofia",
                brand="Northwind Air",
                at=ago(9000),
                removable=True,
            )
        ],
        joined=[Of(pk=2, by="Sofia", at=ago(8000), why="the same handle, the same name")],
        can_act=True,
        url="/conversations/45/customer/",
        token="7c",
        more=False,
        asks=False,
    )


def elsewhere() -> Of:
    line = Of(text="Nadia (PR) is replying to them now.", url="/x")
    return Of(pk=45, heard="presence:46", url="/conversations/45/elsewhere/", lines=[line])


def ask() -> Of:
    return Of(
        pk=9,
        url="/handoffs/9/",
        from_queue="Care",
        to_queue="PR",
        by="Elin Sand",
        at=ago(8),
        clock=clock("ok", 1320, 1800),
        reason="Press is quoting it.",
        summary="Two public replies, one private, plane still on stand.",
        ask="A line that we can all use.",
        mine_to_answer=True,
        mine_to_withdraw=False,
    )


def block() -> Of:
    return Of(pk=0, text="Every Swift 4 has 14 days.", by="Mia Castell", queue="Marketing", at=ago(3))


def inbox(show: str = "list", **more: Any) -> dict[str, Any]:
    context = {
        "rail_active": "inbox",
        "show": show,
        "view": view(),
        "rows": rows(),
        "next_url": "?after=54",
        "conversation": conversation(),
        "stream": stream(),
        "older_url": "",
        "asks": [],
        "presence": [Of(name="Maya Okafor", doing="is writing a note")],
        "members": [Of(name="Maya Okafor"), Of(name="Jonas Reuter")],
        "can": can(
            "release", "assign", "hand_off", "resolve", "snooze", "note", "tag", "prioritise", "mute", "spam", "record"
        ),
        "agents": [Of(pk=1, name="Sofia Almeida", load=3), Of(pk=2, name="Tariq Haddad", load=2)],
        "priorities": [
            Of(value=1, label="Urgent"),
            Of(value=2, label="High"),
            Of(value=3, label="Normal"),
            Of(value=4, label="Low"),
        ],
        "snooze_choices": [Of(value="3h", label="In 3 hours"), Of(value="tomorrow", label="Tomorrow, 8:00")],
        "handoff_form": HandoffForm(auto_id="handoff-%s"),
        "escalate_form": EscalateForm(auto_id="escalate-%s"),
        "content_form": ContentForm(auto_id="content-%s"),
        "skip_form": SkipForm(auto_id="skip-%s"),
        "resolve_form": ResolveForm(auto_id="resolve-%s"),
        "record_form": RecordForm(auto_id="record-%s"),
        "known_tags": ["Stranded", "Baggage"],
        "open_form": "",
        "client_token": "c0ffee",
        "composer": composer(),
        "customer": customer(),
        "elsewhere": elsewhere(),
    }
    context = {**views_sidebar(), **context, **more}
    return context | {"rows": [render_to_string("inbox/_row.html", {"row": row}) for row in context["rows"]]}


def inbox_moments() -> dict[str, dict[str, Any]]:
    """The open conversation in the moments that differ most."""
    mine = {"author": "Elin Sand", "is_me": True}

    def delivery(state: str, **more: Any) -> Of:
        known = {
            "seconds_left": 4,
            "hold_seconds": 5,
            "problem": "",
            "retry_url": "",
            "undo_url": "",
            "sent_url": "",
            "not_sent_url": "",
            "parts": 0,
            "stands": 0,
            "network_name": "X",
        }
        return Of(state=state, **{**known, **more})

    outgoing = [
        message(11, "reply", "Held for a moment.", delivery=delivery("held", undo_url="/u"), **mine),
        message(12, "reply", "In the queue.", delivery=delivery("queued"), **mine),
        message(13, "reply", "On its way.", delivery=delivery("sending"), **mine),
        message(14, "reply", "Arrived.", delivery=delivery("sent"), **mine),
        message(
            15,
            "reply",
            "Refused.",
            delivery=delivery(
                "failed", problem="X did not take it: the text was posted before. Your text is safe.", retry_url="/r"
            ),
            **mine,
        ),
        message(
            24,
            "reply",
            "The second of three. 2/3",
            delivery=delivery("failed", problem="X did not take it.", retry_url="/r", parts=3, stands=1),
            **mine,
        ),
        message(25, "reply", "The third of three. 3/3", delivery=delivery("follows", parts=3), **mine),
        message(16, "reply", "The line broke.", delivery=delivery("unknown"), **mine),
        message(
            17,
            "reply",
            "Nobody knows.",
            delivery=delivery(
                "needs_human", problem="X did not show it twice. Is it there?", sent_url="/s", not_sent_url="/n"
            ),
            **mine,
        ),
        message(18, "post", "", deleted=True),
        message(
            19,
            "post",
            "Rude comment",
            hidden=True,
            network="facebook",
            network_name="Facebook",
            actions=actions(unhide=True),
        ),
        message(20, "reply", "Said on the network itself.", author="@northwindair", elsewhere=True),
        message(21, "post", "Our own announcement", context=True, author="Northwind Air"),
    ]
    return {
        "unclaimed": inbox(
            "detail",
            can=can("claim", "hand_off", "resolve"),
            conversation=conversation(owner=None, lease_left=None),
            composer=composer(step="claim", text="", audience=2140, audience_high=False),
            presence=[],
            members=[],
        ),
        "taken": inbox(
            "detail",
            can=can("take_over", "note"),
            conversation=conversation(owner=Of(name="Sofia Almeida", is_me=False)),
            composer=composer(step="take_over", owner_name="Sofia Almeida", errors=["This is too long for X."]),
        ),
        "resolved": inbox(
            "detail",
            can=can("reopen", "note"),
            conversation=conversation(
                status="resolved", status_label="Resolved", disposition_label="Answered", lease_left=None, clock=None
            ),
            composer=composer(
                closed="X took our access away at 14:02. Reconnect @northwindair to answer.",
                modes=modes("note", public="No access", private="No access"),
            ),
        ),
        "deliveries": inbox(
            "detail",
            stream=outgoing,
            asks=[ask()],
            composer=composer(
                changed=changed(), again=[Of(visibility="public", by="Maya Okafor", mine=False, at=ago(0.2))]
            ),
        ),
        "empty": inbox("list", rows=[], conversation=None, next_url="", view=view(count=0)),
        "refused": inbox("detail", handoff_form=HandoffForm({"queue": "3"}, auto_id="handoff-%s"), open_form="handoff"),
    }


def storyboard() -> dict[str, Any]:
    """Every component in every state."""
    unread, current, gone = rows()[1], rows()[0], rows()[7]
    filled = HandoffForm({"queue": "3"}, auto_id="story-%s")
    filled.is_valid()
    return {
        "rail_active": "settings",
        "settings_active": "",
        "rows": [current, unread, rows()[2], rows()[5], gone],
        "conversation": conversation(),
        "can": can(),
        "messages_shown": [item for item in stream() if item.kind not in {"day", "event"}],
        "deliveries": [item for item in inbox_moments()["deliveries"]["stream"] if item.delivery],
        "events": [item for item in stream() if item.kind == "event"],
        "asks": [ask()],
        "lane": Of(
            url="/x/", home="Care", to="PR", why="48,200 followers", until=ago(-12), taken=False, mine_to_return=True
        ),
        "composers": [
            {
                "conversation": conversation(pk=101),
                "composer": composer(audience=2140, audience_high=False, text="Sorry about that sprint."),
            },
            {
                "conversation": conversation(pk=102),
                "composer": composer(
                    modes=modes("private"),
                    private_note="Private until 14:02 tomorrow.",
                    private_clock=Of(state="ok", left=82_000, total=604_800),
                ),
            },
            {
                "conversation": conversation(pk=103),
                "composer": composer(modes=modes("note"), note="Network planning should see this."),
            },
            {"conversation": conversation(pk=104), "composer": composer(text="Too long. " * 32, thread=thread())},
        ],
        "form": filled,
        "resolve_form": ResolveForm(auto_id="story-resolve-%s"),
        "notice": [Of(tags="", level_tag="success")],
        "now": timezone.now(),
        "long_ago": ago(60 * 24 * 400),
        "text": "Hi @ana, see https://example.com/a?b=1. #delay <b>not bold</b>",
    }


def screens() -> dict[str, tuple[str, dict[str, Any]]]:
    """Every screen by name: its template and what it is given."""
    page = "inbox/page.html"
    known = {
        "storyboard": ("components/storyboard.html", storyboard()),
        "inbox": (page, inbox("list")),
        "live": (page, inbox("detail", live_stream="/live/?topics=queue:12", blocks=[block()])),
        "thread": (page, inbox("detail")),
    }
    known.update({name: (page, context) for name, context in inbox_moments().items()})
    known.update({f"error-{code}": (f"errors/{code}.html", {}) for code in (400, 403, 404, 500, 503)})
    return {**known, **office_samples.screens(), **desk_samples.screens()}

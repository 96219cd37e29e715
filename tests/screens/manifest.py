"""Every screen of the product: whose it is, where it is, and what is open on it. One entry for each named address that
draws a page, and one for each state worth looking at. `tests/e2e/walk.py` walks it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from django.urls import URLPattern, URLResolver, get_resolver, reverse


@dataclass(frozen=True)
class Screen:
    """One screen in one state.

    Args:
        name: of the picture.
        route: name of the address.
        who: of the demo's people; "" = nobody is signed in.
        values: what the address is made of, as words or as the name of a thing that the stage has made ("{talk}").
        opens: the id of a menu or dialog to open, likewise.
        keys: what is pressed then, one after the other.
        writes: what is written, by the field that it is written into.
        presses: what is clicked on last.
        shows: what is to be seen before anybody looks, likewise.
    """

    name: str
    route: str
    who: str = "ada"
    values: Mapping[str, str] = field(default_factory=dict)
    query: str = ""
    opens: str = ""
    keys: str = ""
    writes: Mapping[str, str] = field(default_factory=dict)
    presses: str = ""
    shows: str = ""

    def path(self, made: Mapping[str, object]) -> str:
        values = {name: value.format(**made) for name, value in self.values.items()}
        return reverse(self.route, kwargs=values) + self.query.format(**made)


def _one(name: str) -> dict[str, str]:
    return {"pk": f"{{{name}}}"}


def _talk(name: str, place: str = "all") -> dict[str, str]:
    return {"key": place, "pk": f"{{{name}}}"}


RULE = {"number": "{rule}"}
LONG = " ".join([
    "We are sorry that your bag is still not with you.",
    "It missed its connection yesterday, was found this morning and flies with the first plane tomorrow.",
    "A courier brings it to your door between ten and noon, and writes to you an hour before.",
    "What you need until then we pay: keep the receipts and send them to us within three weeks.",
])  # fmt: skip
"""More than a post holds."""
_SEND = "[data-send]:not([data-send-note])"


def _answer(name: str, text: str) -> dict[str, str]:
    """What is written into the answer of a conversation."""
    return {f"#reply-{{{name}}}": text}


_ENTRANCE = (
    Screen("login", "account_login", ""),
    Screen("join", "join", "", query="?token={invitation}"),
    Screen("join-expired", "join", "", query="?token=gone"),
    Screen("forgotten", "account_reset_password", ""),
    Screen("forgotten-done", "account_reset_password_done", ""),
    Screen("reset", "account_reset_password_from_key", "", {"uidb36": "{reset_who}", "key": "{reset_key}"}),
    Screen("reset-dead", "account_reset_password_from_key", "", {"uidb36": "1", "key": "dead-link"}),
    Screen("reset-done", "account_reset_password_from_key_done", ""),
    Screen("setup-over", "setup", ""),
)
_ACCOUNT = (
    Screen("you", "you", "ana"),
    Screen("logout", "account_logout", "ana"),
    Screen("password", "account_change_password", "ana"),
    Screen("reauthenticate", "account_reauthenticate", "ana"),
    Screen("security", "mfa_index", "ana"),
    Screen("security-on", "mfa_index", "zoe"),
    Screen("totp", "mfa_activate_totp", "ana"),
    Screen("totp-off", "mfa_deactivate_totp", "zoe"),
    Screen("recovery-codes", "mfa_view_recovery_codes", "zoe"),
    Screen("recovery-codes-new", "mfa_generate_recovery_codes", "zoe"),
    Screen("reauthenticate-code", "mfa_reauthenticate", "zoe"),
    Screen("reauthenticate-passkey", "mfa_reauthenticate_webauthn", "zoe"),
    Screen("passkeys", "mfa_list_webauthn", "zoe"),
    Screen("passkey-new", "mfa_add_webauthn", "ana"),
    Screen("passkey-edit", "mfa_edit_webauthn", "zoe", _one("passkey")),
    Screen("passkey-remove", "mfa_remove_webauthn", "zoe", _one("passkey")),
)
_INBOX = (
    Screen("inbox", "inbox", "ana", {"key": "care"}),
    Screen("inbox-nobody", "inbox", "zoe", {"key": "all"}),
    Screen("inbox-asks", "inbox-asks", "ben"),
    Screen("inbox-search-empty", "inbox", "ana", {"key": "all"}, query="?q=xyzzy"),
    Screen("search", "inbox", "ana", {"key": "all"}, query="?q=is:open+refund"),
    Screen("search-help", "inbox", "ana", {"key": "all"}, opens="search-help"),
    Screen("search-unknown", "inbox", "ana", {"key": "all"}, query="?q=colour:red+bag"),
    Screen("view-new", "view-new", "ana", query="?q=is:open"),
    Screen("view-edit", "view-edit", "ana", _one("view")),
    Screen("bulk-preview", "bulk", "ana", _one("bulk")),
    Screen("bulk-done", "bulk", "ana", _one("bulk_done")),
    Screen("saved-replies-nothing", "saved-replies", "ana", query="?text=xyzzy"),
    Screen("inbox-views", "inbox", "ana", {"key": "care"}, query="#views"),
    Screen("inbox-selected", "inbox", "ana", {"key": "care"}, keys="j x j j Shift+X", shows=".bulk"),
    Screen("inbox-options", "inbox", "ana", {"key": "care"}, opens="list-menu"),
    Screen("inbox-order", "inbox", "ana", {"key": "care"}, opens="order-menu"),
    Screen("inbox-me", "inbox", "ana", {"key": "care"}, opens="me"),
    Screen("palette", "inbox", "ana", {"key": "care"}, keys="Control+k", shows="#palette a[role=option]"),
    Screen("palette-none", "inbox", "ana", {"key": "care"}, keys="Control+k > q x z", shows="#palette .p-none"),
    Screen("inbox-keys", "inbox", "ana", {"key": "care"}, opens="shortcuts"),
    Screen("inbox-asks-list", "inbox-asks", "mia"),
    Screen("inbox-drafts-list", "inbox-drafts", "ana"),
    Screen("thread", "conversation", "ana", _talk("talk", "care")),
    Screen("thread-of-another", "conversation", "omar", _talk("talk", "care")),
    Screen("thread-free", "conversation", "ana", _talk("free", "care")),
    Screen("thread-snoozed", "conversation", "ana", _talk("snoozed")),
    Screen("thread-answered", "conversation", "ana", _talk("answered"), shows=".stream .msg[data-kind=reply]"),
    Screen("thread-parts", "conversation", "ana", _talk("parted"), shows=".stream .msg[data-kind=reply] >> nth=1"),
    Screen("thread-foreign", "conversation", "omar", _talk("foreign"), shows=".translation button"),
    Screen(
        "thread-translated",
        "conversation",
        "ana",
        _talk("foreign"),
        presses=".translation button",
        shows=".translation .words",
    ),
    Screen(
        "composer-translated",
        "conversation",
        "ana",
        _talk("foreign"),
        writes=_answer("foreign", "We look at it and write to you this afternoon."),
        presses=".composer [formaction*='/translation/'][name=to]",
        shows=".c-original",
    ),
    Screen(
        "composer-parts",
        "conversation",
        "ana",
        _talk("drafted"),
        writes=_answer("drafted", LONG),
        shows=".c-posts",
    ),
    Screen(
        "composer-says",
        "conversation",
        "ana",
        _talk("drafted"),
        writes=_answer("drafted", "SORRY for the inconvenience. Call us, or give us your number: +49 30 901820!!!"),
        shows=".c-finding",
    ),
    Screen(
        "composer-asks",
        "conversation",
        "ana",
        _talk("drafted"),
        writes=_answer("drafted", "Sorry for the inconvenience."),
        presses=_SEND,
        shows=".c-changed",
    ),
    Screen("thread-escalated", "conversation", "ana", _talk("escalated")),
    Screen("ask-escalated", "conversation", "ben", _talk("escalated")),
    Screen("ask-handed", "conversation", "mia", _talk("handed")),
    Screen("ask-handed-answer", "conversation", "mia", _talk("handed"), opens="answer-{handoff}"),
    Screen("ask-handed-decline", "conversation", "mia", _talk("handed"), opens="decline-{handoff}"),
    Screen("ask-content", "conversation", "mia", _talk("content")),
    Screen("thread-given", "conversation", "ana", _talk("given")),
    *(
        Screen(f"thread-{name}", "conversation", "ana", _talk("talk", "care"), opens=f"{name}-{{talk}}")
        for name in (
            "assign",
            "priority",
            "snooze",
            "tags",
            "resolve",
            "handoff",
            "escalate",
            "content",
            "skip",
            "more",
        )
    ),
    Screen("thread-take-over", "conversation", "omar", _talk("talk", "care"), opens="takeover-{talk}"),
    Screen("thread-note", "conversation", "ana", _talk("talk", "care"), keys="n", shows="#note-{talk}"),
    Screen("thread-customer", "conversation", "ana", _talk("talk", "care"), query="#customer"),
    Screen(
        "thread-saved-replies",
        "conversation",
        "ana",
        _talk("talk", "care"),
        opens="saved-menu-{talk}",
        shows="#saved-menu-{talk} [role=option]",
    ),
    Screen(
        "thread-macros",
        "conversation",
        "ana",
        _talk("talk", "care"),
        opens="macro-menu-{talk}",
        shows="#macro-menu-{talk} .savedopt",
    ),
    Screen("palette-thread", "conversation", "ana", _talk("talk", "care"), keys="Control+k t a", shows="#palette a"),
    Screen("why-here", "conversation-reasons", "ana", _one("talk")),
    Screen("customer-more", "customer-more", "ana", _one("talk")),
    Screen("customer-lookup", "customer-lookup", "ana", _one("given")),
    Screen("customer-lookup-nothing", "customer-lookup", "ana", _one("unknown")),
    Screen("customer-tag", "conversation", "ana", _talk("talk", "care"), opens="customer-tag"),
    Screen("why-wrong", "conversation-reasons", "ana", _one("talk"), opens="wrong-{message}-urgency"),
    Screen("triage", "message-triage", "ana", _one("message")),
    Screen("saved-replies", "saved-replies", "ana"),
    Screen("saved-reply-new", "saved-reply-new", "ana"),
    Screen("saved-reply", "saved-reply", "ana", _one("saved_reply")),
    Screen("brand-voice", "brand-voice", "omar"),
    Screen("brand-voice-read", "brand-voice", "ana"),
    Screen("voice-rule-kinds", "voice-rule-new", "omar"),
    Screen("brand-voice-nothing", "brand-voice", "omar", query="?text=xyzzy"),
    Screen("brand-voice-archive", "brand-voice", "omar", query="?archived=1"),
    Screen(
        "brand-voice-tried",
        "brand-voice",
        "omar",
        writes={"#try textarea": "SORRY for the inconvenience!!!"},
        presses="#try button[type=submit]",
        shows=".voicesaid .c-finding",
    ),
    Screen("voice-rule-new", "voice-rule-new", "omar", query="?kind=words"),
    *(
        Screen(f"voice-rule-{kind}", "voice-rule-new", "omar", query=f"?kind={kind}")
        for kind in ("signature", "formal", "capitals", "pattern")
    ),
    Screen(
        "voice-rule-wrong",
        "voice-rule-new",
        "omar",
        query="?kind=pattern",
        writes={"[name=name]": "Order numbers", "[name=form]": "[0-9"},
        presses="main form button[type=submit]",
        shows="main [role=alert], main [aria-invalid]",
    ),
    Screen("voice-rule", "voice-rule", "omar", _one("voice_rule")),
    Screen("macros", "macros", "ana"),
    Screen("macro-new", "macro-new", "ana"),
    Screen("macro", "macro", "ana", _one("macro")),
    Screen("notices", "notices", "omar"),
    Screen("your-attention", "your-attention", "ana"),
    Screen("your-devices", "your-attention", "omar", shows="[data-push] li"),
    Screen("notices-none", "notices", "zoe"),
)
_RULES = (
    Screen("rules", "rules"),
    Screen("rules-read", "rules", "omar"),
    Screen("rule", "rule", values=RULE),
    Screen("rule-read", "rule", "omar", RULE),
    Screen("rule-name", "rule", values=RULE, opens="name-{rule}"),
    Screen("rule-more", "rule", values=RULE, opens="rule-more"),
    Screen("rule-line", "rule", values=RULE, opens="line-0"),
    Screen("rule-value", "rule", values=RULE, opens="tok-0"),
    Screen("rule-action", "rule", values=RULE, opens="act-0"),
    Screen("rule-lists", "rule-lists"),
    Screen("rule-list", "rule-list", values=_one("list")),
    Screen("rule-webhooks", "rule-webhooks"),
)
_OFFICE = (
    Screen("people", "people"),
    Screen("people-by-a-supervisor", "people", "omar"),
    Screen("invite", "people-invite"),
    Screen("person", "person", values=_one("person")),
    Screen("team-new", "team-new"),
    Screen("team", "team", values=_one("team")),
    Screen("queue-new", "queue-new"),
    Screen("queue", "queue", values=_one("queue")),
    Screen("brand-new", "brand-new"),
    Screen("brand", "brand", values=_one("brand")),
    Screen("audit", "audit"),
    Screen("channels", "channels"),
    Screen("channel", "channel", values=_one("channel")),
    Screen("channel-unreadable", "channel-unreadable", values=_one("channel")),
    Screen("channel-reconnect", "channel-reconnect", values=_one("channel")),
    Screen("channel-connect", "channel-connect"),
    Screen("channel-connect-keys", "channel-connect-keys", values={"kind": "x"}, query="?brand={brand}"),
    Screen("assignment", "assignment"),
    Screen("assignment-by-a-supervisor", "assignment", "omar"),
    Screen("queue-staffing", "queue-staffing", values=_one("queue")),
    Screen("person-staffing", "person-staffing", values=_one("person")),
    Screen("sample", "sample", "omar"),
    Screen("sample-none", "sample", "zoe"),
    Screen("issues", "issues"),
    Screen("issue-new", "issue-new"),
    Screen("issue", "issue", values=_one("issue")),
    Screen("learnt", "learnt"),
    Screen("targets", "targets"),
    Screen("targets-read", "targets", "omar"),
    Screen("targets-new", "targets-new"),
    Screen("target", "target", values=_one("target")),
    Screen("hours", "hours"),
    Screen("hours-new", "hours-new"),
    Screen("hours-one", "hours-one", values=_one("hours")),
)
_REFUSALS = (Screen("refused", "rules", "ana"), Screen("absent", "conversation", "ana", {"key": "all", "pk": "999999"}))
SCREENS = (*_ENTRANCE, *_ACCOUNT, *_INBOX, *_RULES, *_OFFICE, *_REFUSALS)

SAMPLED: Mapping[str, str] = {
    "setup-company": "setup-company",
    "setup-desks": "setup-desks",
    "setup-channel": "setup-channel",
    "setup-ready": "setup-done",
    "channel-connect-account": "connect-accounts",
    "channel-connect-confirm": "connect-confirm",
    "channel-connect-back": "connect-accounts",
}
"""Screens that a demo never comes to, and the sample (tests/design/samples.py) that shows each."""

MID_SIGN_IN = "mfa_authenticate"
"""Drawn between the password and the code only; the walk signs somebody in half the way."""

NO_PAGE = frozenset({
    "audit-export", "inbox-export", "mfa_download_recovery_codes",  # files
    "media-avatar", "media-attachment", "media-thumb",  # pictures
    "healthz", "readyz", "metrics", "live", "service-worker", "mfa_login_webauthn",  # for machines and scripts
    "inbox-home",  # leads on
    "palette", "conversation-saved-replies", "conversation-macros", "conversation-colleagues",  # what menus find
    "channels-board", "channel-health", "conversation-summary", "inbox-rows", "inbox-head", "inbox-row",
    "view-counts", "bulk-progress",
    "conversation-head", "conversation-stream", "conversation-presence", "conversation-asks",
    "conversation-elsewhere", "notices-bell",  # parts of pages
})  # fmt: skip
"""Addresses that answer to GET with something else than a page."""


def readable_routes() -> frozenset[str]:
    """The names of all addresses for people that answer to GET."""
    found = _patterns(get_resolver())
    return frozenset(one.name or str(one.pattern) for one in found if _answers_to_get(one.callback))


def _patterns(resolver: URLResolver, before: str = "") -> Iterator[URLPattern]:
    for one in resolver.url_patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLPattern):
            yield one
        elif not route.startswith("api/"):
            yield from _patterns(one, route)


def _answers_to_get(view: Callable[..., object] | None) -> bool:
    """Whether no decorator of the view limits it to other methods."""
    while view is not None:
        allowed = inspect.getclosurevars(view).nonlocals.get("request_method_list")
        if allowed is not None:
            return "GET" in allowed
        view = getattr(view, "__wrapped__", None)
    return True

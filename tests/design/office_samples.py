"""Sample contexts for the pages behind the inbox: channels, people, set-up."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace as Of
from typing import Any

from django import forms
from django.utils import timezone

Screen = tuple[str, dict[str, Any]]


def ago(minutes: float) -> Any:
    return timezone.now() - timedelta(minutes=minutes)


def channel(pk: int, name: str, **more: Any) -> Of:
    known = {
        "url": f"/channels/{pk}/",
        "live_url": f"/channels/{pk}/row/",
        "network": "x",
        "network_name": "X",
        "health": Of(tone="good", label="Healthy"),
        "month_usd": 41.2,
        "share": 34,
        "calls_today": 1830,
        "unreadable_today": 0,
        "read_at": ago(0.2),
        "late": False,
        "sign_in": Of(label="No expiry", tone=""),
        "action": None,
        "brand_name": "Northwind Air",
        "status": "active",
        "status_label": "Connected",
        "status_reason": "",
    }
    return Of(pk=pk, name=name, **{**known, **more})


def lost() -> Of:
    return channel(
        5,
        "Lumo Mobile",
        network="facebook",
        network_name="Facebook",
        health=Of(tone="bad", label="Access lost"),
        share=None,
        month_usd=0,
        read_at=ago(32),
        late=True,
        sign_in=Of(label="Revoked", tone="bad"),
        action=Of(url="/reconnect", label="Reconnect"),
        status="needs_reconnect",
        status_label="Needs to be connected again.",
        status_reason="A page administrator removed our access at 14:02.",
    )


def channels() -> dict[str, Any]:
    return {
        "rail_active": "settings",
        "settings_active": "channels",
        "channel_count": 4,
        "connect_url": "/channels/connect/",
        "problems": [
            Of(
                tone="bad",
                title="Lumo Mobile on Facebook stopped at 14:02.",
                text="A page administrator removed our access. What is written there waits.",
                url="/reconnect",
                action="Reconnect",
            )
        ],
        "spend": Of(
            today_usd=3.1, month_usd=61.4, budget_usd=200, share=31, month_share=63, calls_today=4820, items_today=933
        ),
        "brands": [
            Of(
                name="Northwind Air",
                halted=False,
                channels=[
                    channel(1, "@northwindair", unreadable_today=2),
                    channel(2, "@northwindhelp", health=Of(tone="warn", label="Behind"), share=94, month_usd=18.8),
                    channel(
                        3,
                        "Northwind Air",
                        network="facebook",
                        network_name="Facebook",
                        share=None,
                        month_usd=0,
                        sign_in=Of(label="6 days left", tone="warn"),
                        action=Of(url="/renew", label="Renew"),
                    ),
                ],
            ),
            Of(name="Lumo Mobile", halted=True, channels=[lost()]),
        ],
    }


class ChannelForm(forms.Form):
    terms = forms.CharField(label="Brand words without an @", required=False, help_text="Separated by commas.")
    budget_usd = forms.DecimalField(label="Budget per month, USD", required=False)


class StartForm(forms.Form):
    days = forms.ChoiceField(
        label="Start",
        choices=[("0", "From now on"), ("7", "The last 7 days too")],
        widget=forms.RadioSelect,
        initial="0",
    )
    terms = forms.CharField(label="Brand words without an @", required=False)
    budget = forms.DecimalField(label="Budget per month, USD", required=False)


class KeysForm(forms.Form):
    api_key = forms.CharField(label="API key", widget=forms.PasswordInput)
    api_secret = forms.CharField(label="API key secret", widget=forms.PasswordInput)


def channel_detail(one: Of) -> dict[str, Any]:
    def stream(label: str, **more: Any) -> Of:
        known = {
            "last_ok_at": ago(0.3),
            "lag": 4,
            "next_poll_at": ago(-0.2),
            "interval": 10,
            "items_today": 212,
            "error": "",
            "error_at": None,
            "errors_in_row": 0,
            "gap": "",
        }
        return Of(label=label, **{**known, **more})

    return {
        "rail_active": "settings",
        "settings_active": "channels",
        "channel": one,
        "channels_url": "/channels/",
        "settings_url": "/s",
        "streams": [
            stream("Mentions"),
            stream(
                "Search", lag=None, last_ok_at=None, error="X did not answer in 20 s.", error_at=ago(2), errors_in_row=3
            ),
            stream("Own posts", gap="Posts before 09:12 could not be read."),
        ],
        "windows": [
            Of(endpoint="users/:id/mentions", remaining=212, limit=300, used_percent=None, reset_at=ago(-9)),
            Of(endpoint="page", remaining=None, limit=None, used_percent=12, reset_at=ago(-40)),
        ],
        "days": [Of(day=timezone.localdate(), calls=1830, items=410, usd=1.31)],
        "unreadable_count": 2,
        "unreadable": [Of(seen_at=ago(50), stream_label="Mentions", reason="text is a number", external_id="1788")],
        "form": ChannelForm(),
        "can": Of(manage=True),
        "urls": Of(reconnect="/r", pause="/p", resume="", halt="/h", release="", disconnect="/d"),
    }


def connecting(current: int, **more: Any) -> dict[str, Any]:
    labels = ["Network", "Sign-in", "Account"]
    steps = [Of(label=label, done=at < current, current=at == current) for at, label in enumerate(labels)]
    shared = {"rail_active": "settings", "settings_active": "channels", "steps": steps, "back_url": "/channels/"}
    return {**shared, "form_url": "/f", "network_name": "X", **more}


def connect_screens() -> dict[str, Screen]:
    found = Of(name="Northwind Air", handle="northwindair", followers=212_000, network="x", network_name="X")
    kinds = [
        Of(value="x", label="X", text="Sign in at X, or with the keys of your app", checked=True),
        Of(value="facebook", label="Facebook page", text="Sign in at Facebook and choose the page", checked=False),
    ]
    accounts = [
        Of(external_id="1", name="Northwind Air", handle="northwindair", followers=9120, taken="", checked=True),
        Of(external_id="2", name="Northwind Cargo", handle="", followers=310, taken="Connected already", checked=False),
    ]
    lines = [
        Of(label="Mentions", line=Of(at_most=800, calls=8, usd=4.0, each_usd=None)),
        Of(label="Search", line=Of(at_most=None, calls=None, usd=None, each_usd=0.005)),
    ]
    brands = [Of(pk=1, name="Northwind Air", checked=True)]
    return {
        "connect-start": ("channels/connect_start.html", connecting(0, kinds=kinds, brands=brands, errors=[])),
        "connect-keys": ("channels/connect_keys.html", connecting(1, form=KeysForm(), oauth_url="/o")),
        "connect-oauth": (
            "channels/connect_oauth.html",
            connecting(1, authorize_url="/authorize", error="X says that the request was refused."),
        ),
        "connect-accounts": ("channels/connect_accounts.html", connecting(2, accounts=accounts, network="facebook")),
        "connect-confirm": (
            "channels/connect_confirm.html",
            connecting(
                2,
                account=found,
                brand_name="Northwind Air",
                streams=[("Mentions", False), ("Search", True)],
                lines=lines,
                form=StartForm(),
            ),
        ),
    }


def person(pk: int, name: str, **more: Any) -> Of:
    known = {
        "url": f"/people/{pk}/",
        "email": f"{name.split()[0].lower()}@northwind.example",
        "role_label": "Agent",
        "teams": "Care, first line",
        "brands": "Northwind Air",
        "presence": "on",
        "presence_label": "available",
        "second_step": True,
        "last_seen_at": ago(3),
        "disabled": False,
        "sessions": 2,
    }
    return Of(pk=pk, name=name, **{**known, **more})


def people() -> dict[str, Any]:
    return {
        "rail_active": "settings",
        "settings_active": "people",
        "people": [
            person(1, "Elin Sand"),
            person(2, "Nadia Voss", role_label="Community manager", teams="PR, first line", second_step=False),
            person(3, "Oskar Wen", disabled=True, presence="off", last_seen_at=None),
        ],
        "invitations": [
            Of(
                email="theo@northwind.example",
                role_label="Agent",
                link="http://127.0.0.1:8000/invitation/9f2c/",
                expires_at=ago(-2000),
                revoke_url="/x",
            ),
        ],
        "desks": [
            Of(
                slug="care",
                name="Care",
                queues=[
                    Of(name="First line", team_name="Care", url="/q"),
                    Of(name="Baggage", team_name="Care", url=""),
                ],
            ),
            Of(slug="pr", name="PR", queues=[Of(name="Influencers", team_name="PR", url="/q")]),
        ],
        "teams": [Of(name="Care", members=9, url="/t"), Of(name="PR", members=3, url="")],
        "brands": [Of(name="Northwind Air", people=12, url="/b"), Of(name="Lumo Mobile", people=4, url="")],
        "urls": Of(invite="/invite", new_team="/nt", new_queue="/nq", new_brand="/nb"),
    }


class InviteForm(forms.Form):
    email = forms.EmailField(label="Work email")
    role = forms.ChoiceField(choices=[("agent", "Agent"), ("supervisor", "Supervisor")])
    teams = forms.MultipleChoiceField(
        choices=[("1", "Care"), ("2", "PR")], widget=forms.CheckboxSelectMultiple, required=False
    )


class WelcomeForm(forms.Form):
    name = forms.CharField(label="Your name")
    password = forms.CharField(widget=forms.PasswordInput, help_text="At least 12 characters.")


class CompanyForm(forms.Form):
    company = forms.CharField(label="Company")
    brand = forms.CharField(label="First brand", help_text="The name under which you speak.")


class DeskForm(forms.Form):
    care = forms.CharField(label="First queue", initial="First line")
    pr = forms.CharField(label="First queue", initial="First line")
    marketing = forms.CharField(label="First queue", initial="First line")


def people_screens() -> dict[str, Screen]:
    base = {"rail_active": "settings", "settings_active": "people", "form_url": "/f", "back_url": "/people/"}
    entries = [
        Of(at=ago(9), actor="Jonas Reuter", sentence="made Nadia Voss community manager", detail="was: agent"),
        Of(at=ago(90), actor="", sentence="ended the sessions of Oskar Wen", detail=""),
    ]
    urls = Of(disable="/d", enable="", end_sessions="/e", reset_link="/r")
    return {
        "people": ("accounts/people.html", people()),
        "invite": ("accounts/invite.html", {**base, "form": InviteForm()}),
        "invited": (
            "accounts/invite.html",
            {
                **base,
                "link": "http://127.0.0.1:8000/invitation/9f2c/",
                "email": "theo@northwind.example",
                "expires_at": ago(-2000),
                "mailed": False,
            },
        ),
        "accept": (
            "accounts/accept.html",
            {"email": "theo@northwind.example", "inviter": "Jonas", "form": WelcomeForm(), "form_url": "/f"},
        ),
        "profile": (
            "accounts/profile.html",
            {
                **base,
                "person": person(2, "Nadia Voss"),
                "form": InviteForm(),
                "urls": urls,
                "mine": False,
                "reset_link_made": "http://127.0.0.1/r/1",
            },
        ),
        "team": (
            "accounts/form.html",
            {**base, "title": "New team", "text": "", "form": CompanyForm(), "button": "Save", "danger": None},
        ),
        "audit": (
            "accounts/audit.html",
            {**base, "settings_active": "audit", "entries": entries, "next_url": "?after=1"},
        ),
    }


def setup_screens() -> dict[str, Screen]:
    form = DeskForm()
    names = [
        ("care", "Care", "Solves problems"),
        ("pr", "PR", "Press and large creators"),
        ("marketing", "Marketing", "Campaigns"),
    ]
    desks = [
        Of(slug=slug, name=name, text=text, queue_field=form[slug], target_field=None) for slug, name, text in names
    ]

    def at(current: int, **more: Any) -> dict[str, Any]:
        labels = [
            ("You", "First administrator"),
            ("Your company", "And its first brand"),
            ("Desks", "Who answers"),
            ("First account", "What is read"),
            ("Ready", "Invite the team"),
        ]
        steps = [
            Of(label=label, text=text, done=n < current, current=n == current) for n, (label, text) in enumerate(labels)
        ]
        return {"steps": steps, "step_no": current + 1, "step_count": 5, "form_url": "/f", **more}

    kinds = [
        Of(value="x", label="X", text="Mentions, messages", url="/x"),
        Of(value="facebook", label="Facebook page", text="Comments, messages", url="/f"),
    ]
    return {
        "setup-you": ("setup/administrator.html", at(0, form=WelcomeForm())),
        "setup-company": ("setup/company.html", at(1, form=CompanyForm())),
        "setup-desks": ("setup/desks.html", at(2, form=form, desks=desks)),
        "setup-channel": (
            "setup/channel.html",
            at(3, kinds=kinds, connected=[Of(name="@northwindair", network_name="X")], done_url="/d"),
        ),
        "setup-done": ("setup/done.html", at(4, inbox_url="/", people_url="/p", channels_url="/c", security_url="/s")),
        "setup-expired": ("setup/expired.html", {}),
    }


def screens() -> dict[str, Screen]:
    known = {
        "channels": ("channels/list.html", channels()),
        "channels-empty": ("channels/list.html", {**channels(), "brands": [], "problems": [], "spend": None}),
        "channel": ("channels/detail.html", channel_detail(channel(1, "@northwindair"))),
        "channel-lost": ("channels/detail.html", channel_detail(lost())),
    }
    return {**known, **connect_screens(), **people_screens(), **setup_screens()}

"""Sets the scene in a running demo, so that no screen is empty by chance: `python -m tests.screens.stage` prints what
it has made, as JSON. Says and does only what people could, by the services that they use.
"""

from __future__ import annotations

import json
import os
import secrets
import sys
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import django
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "socialcare.settings")
django.setup()

from allauth.mfa.models import Authenticator  # noqa: E402 - the models need the settings
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes  # noqa: E402
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret  # noqa: E402

from accounts.models import Device, Team, User  # noqa: E402
from accounts.services import invitations, passwords, tokens  # noqa: E402
from channels.models import Brand, Channel  # noqa: E402
from core.clock import database_now  # noqa: E402
from inbox.models.bulk import Bulk  # noqa: E402
from inbox.models.conversation import Conversation  # noqa: E402
from inbox.models.message import Attachment, Message  # noqa: E402
from inbox.models.queue import Queue  # noqa: E402
from inbox.services import (  # noqa: E402
    bulk,
    issues,
    lifecycle,
    notes,
    ownership,
    replies,
    saved_replies,
    tags,
    translating,
    views,
    voice_rules,
)
from inbox.services.saved_replies import Wording  # noqa: E402
from inbox.services.sharing import Sharing  # noqa: E402
from inbox.services.voice_rules import Wanted  # noqa: E402
from inbox.voice.rules import Terms as VoiceTerms  # noqa: E402
from routing.models.decision import Backtest  # noqa: E402
from routing.models.hours import BusinessHours  # noqa: E402
from routing.models.sla import SlaPolicy  # noqa: E402
from routing.models.triage import MessageTriage, SampleItem  # noqa: E402
from routing.services import (  # noqa: E402
    asks,
    author_lists,
    backtest,
    drafts,
    escalation,
    handoff,
    macros,
    samples,
    staffing,
    webhooks,
)
from tests.screens.manifest import LONG  # noqa: E402

PATIENCE_S = 120.0
ENOUGH = 10
HOME = ("en", "de")  # what Ana reads
A_SENTENCE = 30  # characters
HOOKS = "hooks.northwind.example"


def eventually(what: str, true: Callable[[], Any]) -> Any:
    """Wait for what the workers do."""
    deadline = time.monotonic() + PATIENCE_S
    while not (found := true()):
        if time.monotonic() > deadline:
            sys.exit(f"It did not happen in {PATIENCE_S:.0f} s: {what}")
        time.sleep(0.2)
    return found


def talks() -> list[Conversation]:
    """Open, public, judged conversations of Care that belong to nobody."""
    waiting = Conversation.objects.filter(
        queue__slug="care", status="open", owner=None, thread_key__startswith="post:", waiting_since__isnull=False
    ).order_by("id")
    judged = MessageTriage.objects.values("message__conversation")
    return list(waiting.filter(pk__in=judged).select_related("queue")[:ENOUGH])


def in_a_foreign_language() -> Conversation | None:
    """Somebody's question, of more than two words, that Ana cannot read and nobody has taken."""
    foreign = MessageTriage.objects.exclude(language__in=[*HOME, ""])
    rows = foreign.filter(message__conversation__queue__slug="care", message__conversation__owner=None)
    for row in rows.order_by("pk").select_related("message__conversation"):
        if len(row.message.text) > A_SENTENCE and translating.foreign(row.message.text, HOME):
            return row.message.conversation
    return None


def people() -> dict[str, User]:
    return {user.email.split("@")[0]: user for user in User.objects.all()}


def desks_ask(who: dict[str, User]) -> dict[str, Any]:
    """Conversations in all their states between the desks."""
    plain, free, escalated, handed, content, given, snoozed, done, parted, drafted = eventually(
        "conversations to begin with", lambda: found if len(found := talks()) == ENOUGH else None
    )
    ana, omar, mia = who["ana"], who["omar"], who["mia"]
    pr, marketing = (Queue.objects.get(slug=slug) for slug in ("pr", "marketing"))
    for each in (plain, escalated, handed, content, given, snoozed, done, parted, drafted):
        ownership.claim(each.pk, actor=ana)
    notes.write(plain.pk, actor=omar, text="Asked the hub: they look today.", client_token=str(uuid4()))
    tags.change(plain.pk, actor=ana, add=["stranded"])
    escalation.escalate(
        escalated.pk,
        to=pr,
        actor=ana,
        reason="A journalist asks for a statement",
        summary="Asked twice since this morning; the story runs tonight.",
        ask="What may we say?",
        within=30,
    )
    asked = handoff.ask(handed.pk, to=marketing, actor=ana, reason="Praise for the campaign", ask="May we use it?")
    asks.ask(content.pk, to=marketing, actor=ana, ask="The picture of the new seats, with a line beneath it.")
    ready = asks.ask(given.pk, to=marketing, actor=ana, ask="The terms of the summer offer, in two lines.")
    asks.answer(ready.pk, actor=mia, text="Until 31 August: two seats for the price of one, every day but Friday.")
    replies.submit(done.pk, actor=ana, text="Thank you for writing. Done!", client_token=str(uuid4()))
    send_in_parts(parted, ana)
    lifecycle.snooze(snoozed.pk, actor=ana, until=database_now() + timedelta(days=1))
    newest = Message.objects.filter(conversation=plain, direction="in").latest("posted_at")
    return {
        "talk": plain.pk,
        "free": free.pk,
        "handoff": asked.pk,
        "escalated": escalated.pk,
        "handed": handed.pk,
        "content": content.pk,
        "given": given.pk,
        "snoozed": snoozed.pk,
        "answered": done.pk,
        "parted": parted.pk,
        "drafted": drafted.pk,
        "foreign": eventually("somebody who writes in another language", in_a_foreign_language).pk,
        "unknown": Conversation.objects.filter(queue__slug="care", channel__kind="facebook").earliest("pk").pk,
        "message": newest.pk,
    }


def send_in_parts(talk: Conversation, author: User) -> None:
    """Answer in two posts, and wait until both stand on the network."""
    replies.submit(talk.pk, actor=author, text=LONG, parts=2, client_token=str(uuid4()))
    sent = Message.objects.filter(conversation=talk, direction="out")
    eventually("both posts of an answer", lambda: sent.count() == 2)


def rules_and_issues(who: dict[str, User]) -> dict[str, Any]:
    """An issue, a list, a webhook, a rule being written with its back-test done, a sample to look at."""
    ada = who["ada"]
    issue = issues.create("Lost bag", actor=ada, words=["lost bag", "luggage", "suitcase"])
    authors = author_lists.create("Friends of the house", actor=ada)
    profile = Conversation.objects.filter(profile__handle__gt="").first()
    if profile is not None:
        author_lists.put(authors.pk, network=profile.channel.kind, handle=profile.profile.handle, actor=ada)
    hook, _secret = webhooks.create(name="Duty manager", url=f"https://{HOOKS}/urgent", actor=ada)
    rule = drafts.start(actor=ada, name="Loud complaints to PR")
    drafts.save(
        rule.number,
        actor=ada,
        when={
            "all": [
                {"field": "kind", "op": "is", "value": ["complaint", "question"]},
                {"any": [
                    {"field": "followers", "op": "at_least", "value": 20},
                    {"field": "words", "op": "any", "value": ["journalist", "lawyer"]},
                ]},
                {"not": {"field": "verified", "op": "is", "value": True}},
            ]
        },
        do=[
            {"do": "queue", "value": Queue.objects.get(slug="pr").pk},
            {"do": "priority", "value": 2},
            {"do": "notify", "value": [who["ben"].pk]},
        ],
    )  # fmt: skip
    job = backtest.ask(rule.number, days=7, actor=ada)
    running = (Backtest.State.QUEUED, Backtest.State.RUNNING)
    eventually("the back-test", lambda: not Backtest.objects.filter(pk=job.pk, state__in=running).exists())
    samples.draw()
    return {
        "issue": issue.pk,
        "list": authors.pk,
        "webhook": hook.pk,
        "rule": rule.number,
        "sample": SampleItem.objects.values_list("pk", flat=True).first(),
    }


def staff(who: dict[str, User]) -> dict[str, Any]:
    """Skills, a queue that is pushed, and a queue whose work nobody can take."""
    ada = who["ada"]
    german = staffing.create_skill("German", actor=ada, language="de")
    refunds = staffing.create_skill("Refunds", actor=ada)
    week = [(day, 8 * 60, 17 * 60) for day in range(5)]
    staffing.set_person(who["ana"].pk, actor=ada, capacity=20, skills={german.pk: 4, refunds.pk: 2}, periods=week)
    pr = Queue.objects.get(slug="pr")
    wanted = staffing.Settings(mode="least_loaded", same_agent_days=7, skills={german.pk: 3})
    staffing.set_queue(pr.pk, wanted, actor=ada)
    reply = saved_replies.create(Wording("Sorry", "Sorry, {first name}. We look at it."), Sharing(), actor=who["ana"])
    terms = VoiceTerms((("inconvenience", "what went wrong"), ("calm down", "")))
    wanted = Wanted("Say what happened", "words", terms, "A reason calms more than regret.", asks=True)
    voice = voice_rules.create(wanted, actor=ada)
    quiet = Wanted("Calm signs", "exclamations", VoiceTerms(most=1), "One is enough.")
    voice_rules.create(quiet, actor=ada)
    loud = Wanted("No capitals", "capitals", VoiceTerms(most=4), "Capitals shout.")
    voice_rules.archive(voice_rules.create(loud, actor=ada).pk, actor=ada)
    macro = macros.create("Mine", [{"do": "claim"}], Sharing(), actor=who["ana"])
    ana = User.objects.get(email__startswith="ana@")
    view = views.create("Late in Care", actor=ana, text="queue:care is:late")
    mine = Conversation.objects.filter(queue__slug="care").values_list("pk", flat=True)[:20]
    many = bulk.prepare("claim", actor=ana, conversation_ids=list(mine), values={})
    done = bulk.prepare("tag", actor=ana, conversation_ids=list(mine), values={"add": ["seen"]})
    bulk.start(done.pk, actor=ana)
    eventually("an act on many", lambda: Bulk.objects.get(pk=done.pk).state == Bulk.State.DONE)
    made = {"view": view.pk, "bulk": many.pk, "bulk_done": done.pk}
    return made | {
        "saved_reply": reply.pk,
        "voice_rule": voice.pk,
        "macro": macro.pk,
        "skill": german.pk,
        "queue": Queue.objects.get(slug="care").pk,
    }


def a_passkey() -> dict[str, Any]:
    """What a phone answers when it is registered."""
    key = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    made = AttestedCredentialData.create(bytes(16), secrets.token_bytes(16), key)
    told = AuthenticatorData.create(bytes(32), AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.AT, 0, made)
    client = CollectedClientData.create(CollectedClientData.TYPE.CREATE, b"asked", "http://127.0.0.1")
    response = {"clientDataJSON": _text(client), "attestationObject": _text(AttestationObject.create("none", told, {}))}
    name = _text(made.credential_id)
    return {"id": name, "rawId": name, "type": "public-key", "response": response, "clientExtensionResults": {}}


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def told_on(person: User, agent: str, **known: Any) -> None:
    """A device on which somebody asked for notices, through a token that works."""
    token, _secret = tokens.create(person.pk, name=agent, actor=person)
    address = secrets.token_urlsafe(9)
    Device.objects.create(user=person, token=token, agent=agent, fingerprint=address, sealed=b"", **known)


def accounts(who: dict[str, User]) -> dict[str, Any]:
    """An invitation, a forgotten password, tokens, Zoe with a second factor, and Omar with devices."""
    ada, zoe = who["ada"], who["zoe"]
    _row, link = invitations.invite("kim@northwind.example", actor=ada, name="Kim Duarte")
    tokens.create(who["ana"].pk, name="Report of the week", actor=who["ana"])
    told_on(who["omar"], "Chrome Android")
    told_on(who["omar"], "Firefox Linux", failure="503")
    TOTP.activate(zoe, generate_totp_secret())
    RecoveryCodes.activate(zoe)
    data = {"name": "Phone", "credential": a_passkey()}
    passkey = Authenticator.objects.create(user=zoe, type=Authenticator.Type.WEBAUTHN, data=data)
    reset = passwords.make_link(who["mia"].pk, actor=ada).rstrip("/").rpartition("/")[2].partition("-")
    return {
        "person": who["ana"].pk,
        "invitation": link.split("token=")[1],
        "reset_who": reset[0],
        "reset_key": reset[2],
        "passkey": passkey.pk,
    }


def places() -> dict[str, Any]:
    """What the demo has laid down by itself."""
    attachment = Attachment.objects.first()
    return {
        "team": Team.objects.order_by("id")[0].pk,
        "brand": Brand.objects.order_by("id")[0].pk,
        "channel": Channel.objects.order_by("id")[0].pk,
        "target": SlaPolicy.objects.order_by("id")[0].pk,
        "hours": BusinessHours.objects.order_by("id")[0].pk,
        "attachment": attachment.pk if attachment else 0,
    }


def main() -> None:
    who = people()
    made = {**desks_ask(who), **rules_and_issues(who), **staff(who), **accounts(who), **places()}
    sys.stdout.write(json.dumps(made) + "\n")


if __name__ == "__main__":
    main()

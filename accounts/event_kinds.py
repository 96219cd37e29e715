"""The only list of what the audit list can hold: people and sign-in, and what administrators do to channels.

`{subject}` is the person whom it was done to. Payloads hold names as they were, so that a line can be read later.
"""

from __future__ import annotations

from core.events import Catalogue, EventKind

ID = int
TEXT = str
COUNT = int

_BULK = {"what": TEXT, "rows": COUNT, "bulk_id": ID}

PEOPLE = (
    EventKind("installation.set_up", "{actor} set Socialcare up"),
    EventKind("installation.link_made", "A set-up link was made"),
    EventKind("installation.changed", "{actor} changed {what} to {new}", {"what": TEXT, "old": TEXT, "new": TEXT}),
    EventKind("team.created", "{actor} created the team {team}", {"team": TEXT}),
    EventKind("team.renamed", "{actor} renamed the team {old} to {team}", {"team": TEXT, "old": TEXT}),
    EventKind(
        "queue.created", "{actor} created the queue {queue} of {desk}", {"queue": TEXT, "desk": TEXT, "team": TEXT}
    ),
    EventKind(
        "queue.changed",
        "{actor} changed the queue {queue} of {desk}",
        {"queue": TEXT, "desk": TEXT, "team": TEXT, "old": TEXT, "old_team": TEXT},
    ),
    EventKind("invitation.made", "{actor} invited {email}", {"email": TEXT, "role": TEXT}, frozenset({"email"})),
    EventKind(
        "invitation.revoked", "{actor} took the invitation of {email} back", {"email": TEXT}, frozenset({"email"})
    ),
    EventKind("person.joined", "{subject} joined", {"invitation_id": ID}),
    EventKind("person.added", "{actor} added {subject}", {"integration": bool}),
    EventKind("person.role_changed", "{actor} made {subject} {role}", {"role": TEXT, "old": TEXT}),
    EventKind(
        "person.teams_changed",
        "{actor} changed the teams of {subject}",
        {"added": list, "removed": list, "changed": list},
    ),
    EventKind("person.brands_changed", "{actor} changed the brands of {subject}", {"added": list, "removed": list}),
    EventKind("person.disabled", "{actor} disabled {subject}", {"sessions": COUNT}),
    EventKind("person.enabled", "{actor} enabled {subject} again"),
    EventKind("person.profile_changed", "{subject} changed: {fields}", {"fields": TEXT}),
    EventKind("sign_in.succeeded", "{subject} signed in", {"method": TEXT}),
    EventKind("sign_in.failed", "Somebody failed to sign in as {subject}", {"method": TEXT}),
    EventKind("sign_in.throttled", "Sign-in as {subject} was refused: too many failures", {"until": TEXT}),
    EventKind("sign_in.ended", "{actor} ended {sessions} sessions of {subject}", {"sessions": COUNT}),
    EventKind("device.added", "{subject} wants notices on a device"),
    EventKind("device.removed", "{subject} wants no more notices on a device"),
    EventKind("device.gone", "The browser of a device of {subject} is not there any more"),
    EventKind("password.link_made", "{actor} made a link with which {subject} can choose a new password"),
    EventKind("password.changed", "{subject} chose a new password", {"how": TEXT}),
    EventKind("second_factor.added", "{subject} added a second factor: {type}", {"type": TEXT}),
    EventKind("second_factor.removed", "A second factor of {subject} was removed: {type}", {"type": TEXT}),
    EventKind("token.created", "{actor} created the API token {name} for {subject}", {"name": TEXT, "prefix": TEXT}),
    EventKind("token.revoked", "{actor} revoked the API token {name} of {subject}", {"name": TEXT, "prefix": TEXT}),
    EventKind("queue.staffed", "{actor} changed how {queue} finds its people", {"queue": TEXT, "mode": TEXT}),
    EventKind("person.staffed", "{actor} changed what {subject} takes and can", {"capacity": COUNT, "skills": TEXT}),
    EventKind("skill.created", "{actor} added the skill {skill}", {"skill": TEXT}),
    EventKind("skill.removed", "{actor} removed the skill {skill}", {"skill": TEXT}),
    EventKind("rules.changed", "{actor} changed the rules: {what}", {"what": TEXT, "version": COUNT}),
    EventKind("rules.backtested", "{actor} back-tested the rule {rule}", {"rule": TEXT, "days": COUNT}),
    EventKind("issue.created", "{actor} put the issue {issue} on the list", {"issue": TEXT}),
    EventKind("issue.changed", "{actor} changed the issue {issue}", {"issue": TEXT, "old": TEXT}),
    EventKind("issue.retired", "{actor} took the issue {issue} off the list", {"issue": TEXT}),
    EventKind(
        "triage.model_took_over",
        "A model learnt from corrections judges the {label} {where} now",
        {"label": TEXT, "where": TEXT, "model_id": ID, "gain": float},
    ),
    EventKind(
        "triage.model_withdrawn",
        "{actor} went back from the model for the {label} {where}",
        {"label": TEXT, "where": TEXT, "model_id": ID, "back_to": TEXT},
    ),
    EventKind("author_list.changed", "{actor} changed the list {list}", {"list": TEXT, "what": TEXT}),
    EventKind("webhook.created", "{actor} set up the webhook {name}", {"name": TEXT, "host": TEXT}),
    EventKind("webhook.switched", "{actor} turned the webhook {name} on or off", {"name": TEXT, "on": bool}),
    EventKind("view.created", "{actor} saved the view {view}", {"view": TEXT, "audience": TEXT}),
    EventKind("view.changed", "{actor} changed the view {view}", {"view": TEXT, "audience": TEXT}),
    EventKind("view.deleted", "{actor} deleted the view {view}", {"view": TEXT, "audience": TEXT}),
    EventKind("view.restored", "{actor} brought the view {view} back", {"view": TEXT, "audience": TEXT}),
    EventKind("bulk.started", "{actor} began “{what}” on {rows} conversations", _BULK),
    EventKind("bulk.stopped", "{actor} stopped “{what}”", _BULK),
    EventKind("bulk.undone", "{actor} took “{what}” back", _BULK),
    EventKind("export.made", "{actor} exported {what}", {"what": TEXT, "rows": COUNT}),
)

_CHANNEL = {"channel": TEXT, "channel_id": ID, "brand": TEXT, "reason": TEXT}

CHANNELS = (
    EventKind("brand.created", "{actor} created the brand {brand}", {"brand": TEXT, "brand_id": ID}),
    EventKind(
        "brand.renamed", "{actor} renamed the brand {old} to {brand}", {"brand": TEXT, "brand_id": ID, "old": TEXT}
    ),
    EventKind(
        "brand.words_changed",
        "{actor} changed the words of the brand {brand}",
        {"brand": TEXT, "brand_id": ID, "words": list, "lookalikes": list},
    ),
    EventKind("brand.sending_halted", "{actor} halted all sending of {brand}", {"brand": TEXT, "brand_id": ID}),
    EventKind("brand.sending_resumed", "{actor} let {brand} send again", {"brand": TEXT, "brand_id": ID}),
    EventKind("channel.connected", "{actor} connected {channel} to {brand}", _CHANNEL),
    EventKind("channel.reconnected", "{actor} connected {channel} again", _CHANNEL),
    EventKind("channel.needs_reconnect", "{channel} must be connected again: {reason}", _CHANNEL),
    EventKind("channel.paused", "{actor} paused {channel}", _CHANNEL),
    EventKind("channel.resumed", "{actor} resumed {channel}", _CHANNEL),
    EventKind("channel.halted", "Sending from {channel} was halted: {reason}", _CHANNEL),
    EventKind("channel.disconnected", "{actor} disconnected {channel}", _CHANNEL),
    EventKind("channel.changed", "{actor} changed {what} of {channel}", {**_CHANNEL, "what": TEXT}),
    EventKind("credentials.rotated", "Stored credentials were sealed with a new key", {"count": COUNT, "key": TEXT}),
)

_POLICY = {"policy": TEXT, "old": TEXT, "version": COUNT, "reason": TEXT}

TARGETS = (
    EventKind("targets.created", "{actor} created the targets {policy}", _POLICY),
    EventKind("targets.changed", "{actor} changed the targets {policy}", _POLICY),
    EventKind("targets.archived", "{actor} ended the targets {policy}", _POLICY),
    EventKind("hours.created", "{actor} created the hours {hours}", {"hours": TEXT}),
    EventKind("hours.changed", "{actor} changed the hours {hours}", {"hours": TEXT, "old": TEXT, "version": COUNT}),
    EventKind("queue.hours_set", "{actor} set the hours of the queue {queue}", {"queue": TEXT, "hours": TEXT}),
)

_SHARED = {"name": TEXT, "old": TEXT, "with": TEXT}

REPLIES = (
    EventKind("saved_reply.created", "{actor} wrote the saved reply {name}", _SHARED),
    EventKind("saved_reply.changed", "{actor} changed the saved reply {name}", _SHARED),
    EventKind("saved_reply.archived", "{actor} archived the saved reply {name}", _SHARED),
    EventKind("saved_reply.restored", "{actor} took the saved reply {name} out of the archive", _SHARED),
    EventKind("macro.created", "{actor} wrote the macro {name}", _SHARED),
    EventKind("macro.changed", "{actor} changed the macro {name}", _SHARED),
    EventKind("macro.archived", "{actor} archived the macro {name}", _SHARED),
    EventKind("macro.restored", "{actor} took the macro {name} out of the archive", _SHARED),
)

_VOICE = {"name": TEXT, "old": TEXT, "brand": TEXT}

VOICE = (
    EventKind("voice_rule.created", "{actor} wrote the brand-voice rule {name}", _VOICE),
    EventKind("voice_rule.changed", "{actor} changed the brand-voice rule {name}", _VOICE),
    EventKind("voice_rule.archived", "{actor} archived the brand-voice rule {name}", _VOICE),
    EventKind("voice_rule.restored", "{actor} took the brand-voice rule {name} out of the archive", _VOICE),
)

KINDS = Catalogue(*PEOPLE, *CHANNELS, *TARGETS, *REPLIES, *VOICE)

"""Telling somebody of an invitation: by e-mail where there is a server, and always by a link to copy."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from accounts import mail
from accounts.models import User
from accounts.services import invitations
from web.forms_people import InviteForm


def invited_by(form: InviteForm, actor: User) -> dict[str, Any]:
    """Invite whom a valid form names; returns what is shown once. Raises: Forbidden, Invalid."""
    data = form.cleaned_data
    invitation, link = invitations.invite(
        data["email"],
        actor=actor,
        name=data["name"],
        role=data["role"],
        team_ids=[team.pk for team in data["teams"]],
        brand_ids=[brand.pk for brand in data["brands"]],
    )
    mailed = mail.send(
        invitation.email,
        _("You are invited to Socialcare"),
        "accounts/mail/invitation.txt",
        {"invitation": invitation, "link": link},
    )
    return {"link": link, "email": invitation.email, "expires_at": invitation.expires_at, "mailed": mailed}

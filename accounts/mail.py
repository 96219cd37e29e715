"""E-mail, where a server is named; without one, links are shown to be copied."""

from __future__ import annotations

from smtplib import SMTPException
from typing import Any

import structlog
from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string

log = structlog.get_logger(__name__)


def is_there() -> bool:
    """Whether e-mail can be sent at all."""
    return bool(settings.EMAIL_HOST)


def send(to: str, subject: str, template: str, context: dict[str, Any]) -> bool:
    """Send one plain e-mail; returns whether the server took it. Never call it inside a transaction.

    The connection may take `EMAIL_TIMEOUT` seconds.
    """
    if not is_there():
        return False
    try:
        return send_mail(subject, render_to_string(template, context), None, [to]) == 1
    except (OSError, SMTPException) as error:
        log.warning("mail.failed", template=template, error=type(error).__name__)
        return False

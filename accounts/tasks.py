"""Tasks of accounts: thin, and only hints."""

from __future__ import annotations

from celery import shared_task

from accounts.services import passwords, sessions


@shared_task(name="accounts.tasks.send_password_links")
def send_password_links() -> int:
    """Send the links for new passwords that were asked for."""
    return passwords.send_links()


@shared_task(name="accounts.tasks.clear_over")
def clear_over() -> int:
    """Remove sessions and failure windows that are over."""
    return sessions.clear_over()

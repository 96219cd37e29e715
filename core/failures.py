"""What somebody's mistake raises: one thing that failed so must not take others with it. Anything else ends the run."""

from __future__ import annotations

from django.db import DatabaseError

from core.errors import SocialCareError

FAILURES = (
    SocialCareError,
    DatabaseError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
)

"""Secrets that are shown once and kept as a hash: links and keys of 256 random bits."""

from __future__ import annotations

import hashlib
import secrets


def new_secret() -> str:
    """43 characters that fit into an address. They are random, so a plain hash of them is enough."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """SHA-256 in hex: what is stored, and what is looked up."""
    return hashlib.sha256(secret.encode()).hexdigest()

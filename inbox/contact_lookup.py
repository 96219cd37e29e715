"""Asking the company's customer system about a person (`CONTACT_LOOKUP_URL`, docs/customer.md).

The panel asks for this part by itself: a slow system delays nobody. What it said is kept for five minutes; after a
failure nobody asks for fifteen seconds, so that a system that hangs does not hold our threads one by one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import orjson
import structlog
from django.conf import settings
from django.core.cache import cache

from channels.http import Policy
from inbox import contact_attributes, outside
from inbox.contact_attributes import Attributes, Unreadable
from inbox.models.people import Profile
from inbox.outside import Service

log = structlog.get_logger(__name__)

KEPT_S = 300
POLICY = Policy(connect=1.0, read=2.0, total=2.5, body=64 * 1024)
NOBODY = (204, 404)


@dataclass(frozen=True, slots=True)
class Found:
    """What the customer system said.

    Args:
        attributes: None = it knows nobody of these, or it could not be asked.
        problem: why nothing is known, as a code: "" | "away" | "unreadable".
    """

    attributes: Attributes | None = None
    problem: str = ""


def is_set() -> bool:
    """Whether there is a customer system."""
    return bool(settings.CONTACT_LOOKUP_URL)


def look_up(profiles: Sequence[Profile]) -> Found:
    """What the customer system knows of a person with these profiles; at most 2.5 seconds. Raises nothing."""
    known = [profile for profile in profiles if profile.is_known]
    if not is_set() or not known:
        return Found()
    asked = orjson.dumps({"profiles": [_named(profile) for profile in known]})
    key = f"contact-lookup:{hashlib.sha256(settings.CONTACT_LOOKUP_URL.encode() + asked).hexdigest()}"
    answer = cache.get(key)
    if answer is None:
        answer = outside.asked(_service(), asked)
        if answer is None:
            return Found(problem="away")
        cache.set(key, answer, KEPT_S)
    return _read(answer)


def _service() -> Service:
    return Service("contact-lookup", settings.CONTACT_LOOKUP_URL, settings.CONTACT_LOOKUP_TOKEN, POLICY, NOBODY)


def _named(profile: Profile) -> dict[str, str]:
    return {
        "network": profile.network,
        "scope": profile.id_scope,
        "id": profile.external_id,
        "handle": profile.handle,
    }


def _read(answer: bytes) -> Found:
    try:
        return Found(contact_attributes.read(orjson.loads(answer) if answer else None))
    except (orjson.JSONDecodeError, Unreadable) as error:
        log.warning("contact_lookup.unreadable", reason=str(error) if isinstance(error, Unreadable) else "no JSON")
        return Found(problem="unreadable")

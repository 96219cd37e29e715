"""Addresses that others have written and that we are to call."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

# A part of a host's name; what is none raises in the middle of a call. Source: RFC 1123 §2.1, and "_" as found.
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")


class Refused(ValueError):
    """Why an address is not called, in a sentence."""


def checked(url: str, *, longest: int, loose: bool = False) -> SplitResult:
    """Its parts: https, a host with a name, nothing hidden in it. Where the name leads is looked at when it is called.

    Args:
        longest: letters.
        loose: plain http and hosts in numbers are let through, for trying out.

    Raises: Refused.
    """
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise Refused("That is no address.") from None
    plain = all("!" <= letter <= "~" for letter in url) and "\\" not in url
    if not plain or not parts.hostname or len(url) > longest:
        raise Refused("Write the address in plain letters, such as https://hooks.example.com/socialcare.")
    if parts.scheme not in ("https", *(("http",) if loose else ())):
        raise Refused("Only https:// addresses are called.")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise Refused("An address with a name, a password or a # is not called.")
    if _is_number(parts.hostname.lower().rstrip(".")) and not loose:
        raise Refused("Name the host; addresses in numbers are not called.")
    if not loose and not all(map(_LABEL.fullmatch, parts.hostname.lower().rstrip(".").split("."))):
        raise Refused("That is no name of a host.")
    return parts


def _is_number(host: str) -> bool:
    """Whether a resolver might read it as an IP address in one of its many spellings."""
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        last = host.rpartition(".")[2]
        return not last or last.isdigit() or last.startswith("0x")
    return True

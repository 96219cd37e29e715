"""Telling a number from what only looks like one."""

# Ids and limits fit into 64 bits.
MAX_DIGITS = 19


def is_number(text: str) -> bool:
    """Whether it is 1 to 19 plain digits (str.isdigit also takes superscripts, int() fails on thousands of digits)."""
    return text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS

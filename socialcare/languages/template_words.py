"""What templates say, by Django's own reading of them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from django.utils.translation.template import templatize

from socialcare.languages.words import Words

STRING = r"""(u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"))"""
# What `templatize` writes, such as ` npgettext('context', 'one','many',count) `.
CALL = re.compile(
    rf"(?<![\w.])(?P<name>gettext|ngettext|pgettext|npgettext|_)\(\s*{STRING}(?:\s*,\s*{STRING})?(?:\s*,\s*{STRING})?"
)


def words_of(source: str, path: str) -> Iterator[Words]:
    """Everything that this template says."""
    for call in CALL.finditer(templatize(source, origin=path)):
        texts = [ast.literal_eval(text) for text in call.groups()[1:] if text]
        name = call["name"]
        context = texts.pop(0) if name in ("pgettext", "npgettext") else ""
        yield Words(texts[0], plural=texts[1] if name[0] == "n" else "", context=context)

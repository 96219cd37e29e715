"""What Python sources say to people: calls of gettext, whole sentences wherever they stand, and marked fragments.

The domain writes its refusals and reasons as plain English sentences, also in modules without Django; core/wording.py
says them in the reader's language. So a sentence needs no mark. A fragment, such as a label, is named in `CALLS` or
`TABLES` below.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from socialcare.languages.words import Words

# Function → positions of its words: msgctxt, msgid, msgid_plural (None = it has none).
GETTEXT: dict[str, tuple[int | None, int, int | None]] = {
    "_": (None, 0, None),
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
}
# Calls whose arguments people read, though they are no whole sentences: by position, or by name.
CALLS: dict[str, tuple[int | str, ...]] = {
    "EventKind": (1,),
    "Field": (2, 3, 4, "values"),
    "Kind": (1, 2),
    "KeyField": (1, 2),
    "Switch": (1, 2),
    "Verdict": (2,),
    "_counted": (1, 2),
    "_nothing": (0,),
    **dict.fromkeys(("ChannelError", "Conflict", "Forbidden", "Invalid", "NotFound", "OutcomeUnknown"), (0,)),
    **dict.fromkeys(("PermanentChannelError",), (0,)),
    **dict.fromkeys(("PermissionMissing", "RateLimited", "Refused", "TokenDead", "TransientChannelError"), (0,)),
    **dict.fromkeys(("AuthenticationFailed", "ValidationError"), (0,)),
}
# What says a text that stands there.
SAYING, SAID = frozenset({"say", "said"}), (0,)
TEXTS = (ast.Constant, ast.JoinedStr, ast.IfExp)
# Arguments whose words mean something else elsewhere: the context that tells them apart.
CONTEXTS = {"leads": "how the line of an action begins"}
# Keys of what is recorded, and names of arguments, that hold a reason.
REASONS = frozenset({"why", "because"})
# Constants that hold words which are shown.
TABLES: dict[str, frozenset[str]] = {
    "inbox/query.py": frozenset({"NAMES"}),
    "inbox/reply_variables.py": frozenset({"VARIABLES"}),
    "routing/rules/checks.py": frozenset({"_WHAT"}),
    "routing/rules/fields.py": frozenset({"_KIND", "_NOISE", "_URGENCY", "_STATUS", "_PRIORITY"}),
    "routing/rules/sentences.py": frozenset({"DAYS", "GONE", "PRIORITIES"}),
    "routing/selectors/why.py": frozenset({"WORDS"}),
    "routing/services/labels.py": frozenset({"NAMED"}),
    "routing/triage/contracts.py": frozenset({"KINDS", "SENTIMENTS", "URGENCIES", "REACHES", "NOISE"}),
    "routing/triage/kinds.py": frozenset({"WHY"}),
    "routing/triage/language.py": frozenset({"NAMES"}),
    "routing/triage/personal.py": frozenset({"NAMES"}),
    "routing/triage/signals.py": frozenset({"VERIFIED"}),
}
# Modules that put fragments together: there every text of two words is shown.
SPEAKING = frozenset(
    {
        "inbox/services/answering.py",
        "inbox/services/bulk_acts.py",
        "inbox/services/leases.py",
        "routing/bulk.py",
        "routing/rules/checks.py",
        "routing/rules/sentences.py",
        "routing/services/assignment.py",
        "routing/services/lane.py",
        "routing/services/learnt.py",
        "routing/services/staffing.py",
        "routing/services/training.py",
        "routing/services/versions.py",
        "routing/triage/engine.py",
        "routing/triage/signals.py",
    }
)
# What stands there is for machines, developers or the terminal, unless it is marked.
UNREAD_ARGUMENTS = frozenset({"help_text", "description", "verbose_name", "summary", "hint", "help"})
DESCRIBING = "api/serializers/"
"""There whole sentences describe fields in the schema, which is English."""
SENTENCE = re.compile(r"^[A-Z“{].* .*[.?!…]$", re.DOTALL)
LETTERS = re.compile(r"[A-Za-z]{2}")
SQL = re.compile(r"\bSELECT\b|\bNOT [a-z]\.|= ANY\(")
FRAGMENT = re.compile(r"^[^\n]*(?:[A-Za-z]{2,}[,:]? [\w{“]|[}”] [a-z]{2})[^\n]*$")


def words_of(source: str, path: str) -> Iterator[Words]:
    """Everything that this module says."""
    tree = ast.parse(source)
    yield from _Reader(path).read(tree)


class _Reader:
    def __init__(self, path: str) -> None:
        self._path = path
        self._tables = TABLES.get(path, frozenset())
        self._shown = FRAGMENT if path in SPEAKING else SENTENCE
        self._describes = path.startswith(DESCRIBING)

    def read(self, node: ast.AST) -> Iterator[Words]:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            return  # a docstring, or a comment in its place
        if isinstance(node, ast.Call):
            yield from self._call(node)
        elif isinstance(node, ast.Assign | ast.AnnAssign) and self._names(node) & self._tables:
            yield from self._all(node)
        elif isinstance(node, ast.Dict):
            yield from self._record(node)
        elif isinstance(node, ast.Constant | ast.JoinedStr):
            yield from self._sentence(node)
        else:
            for child in ast.iter_child_nodes(node):
                yield from self.read(child)

    def _call(self, call: ast.Call) -> Iterator[Words]:
        name = _called(call)
        if name in GETTEXT:
            yield from self._marked(call, name)
            return
        marked = CALLS.get(name, SAID if name in SAYING and isinstance(call.args[0], TEXTS) else ())
        yield from self.read(call.func)
        for place, argument in enumerate(call.args):
            yield from self._all(argument) if place in marked else self.read(argument)
        for keyword in call.keywords:
            if keyword.arg in CONTEXTS and isinstance(keyword.value, ast.Constant):
                yield Words(_text(keyword.value), context=CONTEXTS[keyword.arg])
            elif keyword.arg in marked or keyword.arg in REASONS:
                yield from self._all(keyword.value)
            elif keyword.arg not in UNREAD_ARGUMENTS:
                yield from self.read(keyword.value)
            elif isinstance(keyword.value, ast.Call) and _called(keyword.value) in GETTEXT:
                yield from self._call(keyword.value)

    def _record(self, node: ast.Dict) -> Iterator[Words]:
        for key, value in zip(node.keys, node.values, strict=True):
            is_reason = isinstance(key, ast.Constant) and key.value in REASONS
            yield from self._all(value) if is_reason else self.read(value)
            if key is not None:
                yield from self.read(key)

    def _marked(self, call: ast.Call, name: str) -> Iterator[Words]:
        context, single, plural = GETTEXT[name]
        if len(call.args) <= max(single, plural or 0) or not isinstance(call.args[single], ast.Constant):
            for argument in call.args:
                yield from self.read(argument)
            return
        yield Words(
            _text(call.args[single]),
            plural=_text(call.args[plural]) if plural is not None else "",
            context=_text(call.args[context]) if context is not None else "",
        )

    def _all(self, node: ast.AST) -> Iterator[Words]:
        """Every text within, whatever it looks like."""
        if isinstance(node, ast.Constant | ast.JoinedStr):
            text = template(node)
            if text and LETTERS.search(text):
                yield Words(text)
        elif isinstance(node, ast.Dict):
            for value in node.values:
                yield from self._all(value)
        elif isinstance(node, ast.Call) and _called(node) in GETTEXT:
            yield from self._call(node)
        else:
            for child in ast.iter_child_nodes(node):
                yield from self._all(child)

    def _sentence(self, node: ast.Constant | ast.JoinedStr) -> Iterator[Words]:
        text = template(node)
        if (
            text
            and not self._describes
            and not SQL.search(text)
            and (self._shown.match(text) or SENTENCE.match(text))
            and LETTERS.search(text)
        ):
            yield Words(text)
        for child in ast.walk(node) if isinstance(node, ast.JoinedStr) else ():
            if isinstance(child, ast.FormattedValue):
                yield from self.read(child.value)

    @staticmethod
    def _names(node: ast.Assign | ast.AnnAssign) -> frozenset[str]:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return frozenset(one.id for one in targets if isinstance(one, ast.Name))


def _called(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def template(node: ast.Constant | ast.JoinedStr) -> str:
    """The text with {names} where an f-string fills something in; empty for what is no text."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    text, taken = "", set[str]()
    for part in node.values:
        if isinstance(part, ast.Constant):
            text += str(part.value)
        elif isinstance(part, ast.FormattedValue):
            name = _fresh(_name(part.value), taken)
            text += f"{{{name}}}"
    return text


def _name(value: ast.expr) -> str:
    """What a value is called: the last name in it that says something."""
    named = [one for one in ast.walk(value) if isinstance(one, ast.Name | ast.Attribute)]
    if isinstance(value, ast.Name):
        return value.id.lower()
    if isinstance(value, ast.Attribute):
        return value.attr.lower()
    names = [one.id for one in named if isinstance(one, ast.Name) and one.id not in {"str", "int", "len", "map", "_"}]
    return names[-1].lower() if names else "value"


def _fresh(name: str, taken: set[str]) -> str:
    number, free = 1, name.strip("_") or "value"
    while free in taken:
        number += 1
        free = f"{name}_{number}"
    taken.add(free)
    return free


def _text(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""

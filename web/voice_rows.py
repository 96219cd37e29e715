"""Rules of the brand's voice as templates/voice wants them."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from inbox.models.message import Message
from inbox.models.voice import VoiceRule
from inbox.voice import rules
from web.reply_rows import only

SHOWN_WORDS = 6
# What a kind is for, where somebody chooses one.
ABOUT = {
    rules.WORDS: gettext_lazy("Words and phrases that you do not want to read, and what to say instead."),
    rules.SIGNATURE: gettext_lazy("An answer ends with this; one click puts it there."),
    rules.NO_SIGNATURE: gettext_lazy("Here nobody signs."),
    rules.FORMAL: gettext_lazy("Sie and vous, not du and tu. In German, French, Spanish and Dutch."),
    rules.FAMILIAR: gettext_lazy("Du and tu, not Sie and vous. In German, French, Spanish and Dutch."),
    rules.EXCLAMATIONS: gettext_lazy("So many and no more."),
    rules.CAPITALS: gettext_lazy("Nobody is shouted at."),
    rules.SENTENCE: gettext_lazy("Short sentences are read to the end."),
    rules.EMOJI: gettext_lazy("So many and no more, or none."),
    rules.HASHTAGS: gettext_lazy("So many and no more, or none."),
    rules.PATTERN: gettext_lazy("For what words cannot say; a regular expression."),
}


def kinds() -> list[dict[str, Any]]:
    """The kinds of rules, to choose one."""
    new = reverse("voice-rule-new")
    return [
        {"label": kind.label, "about": ABOUT[kind.value], "url": f"{new}?kind={kind.value}"} for kind in VoiceRule.Kind
    ]


def lines(rows: list[VoiceRule], *, may_write: bool) -> list[dict[str, Any]]:
    """The lines of the list."""
    return [
        {
            "name": row.name,
            "kind": row.get_kind_display(),
            "says": says(row),
            "guideline": row.guideline,
            "cites": row.url,
            "asks": row.asks,
            "only": [*only(row), *([Message.Visibility(row.visibility).label] if row.visibility else [])],
            "url": reverse("voice-rule", args=[row.pk]) if may_write else "",
            "restore_url": reverse("voice-rule-restoration", args=[row.pk]) if row.archived_at and may_write else "",
        }
        for row in rows
    ]


def says(row: VoiceRule) -> str:
    """What it asks for, in a line."""
    if row.kind == rules.WORDS:
        return _listed(row)
    if row.form:
        return row.form
    if row.most is None:
        return ""
    if row.kind == rules.CAPITALS:
        return ngettext("Of at most %(n)s letter", "Of at most %(n)s letters", row.most) % {"n": row.most}
    if row.kind == rules.SENTENCE:
        return ngettext("At most %(n)s word", "At most %(n)s words", row.most) % {"n": row.most}
    return _("At most %(n)s") % {"n": row.most}


def _listed(row: VoiceRule) -> str:
    shown = [_word(avoid, instead) for avoid, instead in row.words[:SHOWN_WORDS]]
    more = len(row.words) - len(shown)
    return ", ".join(shown) + (f" +{more}" if more else "")


def _word(avoid: str, instead: str) -> str:
    if instead:
        return _("“%(avoid)s”, better “%(instead)s”") % {"avoid": avoid, "instead": instead}
    return _("“%(avoid)s”") % {"avoid": avoid}

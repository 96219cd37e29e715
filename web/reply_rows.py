"""Saved replies as templates/replies wants them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from inbox.models.reply import SavedReply
from inbox.models.shared import Shared
from inbox.selectors.saved_replies import Offered
from routing.selectors.languages import name_of
from routing.selectors.reply_effects import COUNTED, Effect, effects_of
from routing.selectors.suggestions import Suggestion
from web.inbox_rows import network_name
from web.templatetags.ui import exact


def lines(rows: Iterable[SavedReply]) -> list[dict[str, Any]]:
    """The lines of the list; one query for what came of all of them."""
    found = list(rows)
    effects = effects_of([row.pk for row in found])
    return [_line(row, effects[row.pk]) for row in found]


def _line(row: SavedReply, effect: Effect) -> dict[str, Any]:
    return {
        "pk": row.pk,
        "name": row.name,
        "text": row.text,
        "url": reverse("saved-reply", args=[row.pk]),
        "restore_url": reverse("saved-reply-restoration", args=[row.pk]) if row.archived_at else "",
        "with": shared_with(row),
        "only": only(row),
        "effect": told(effect),
        "coverage": coverage(effect),
    }


def shared_with(row: Shared) -> str:
    """Who uses it, in a word."""
    if row.shared == Shared.With.TEAM and row.team:
        return row.team.name
    return str(Shared.With(row.shared).label)


def only(row: Any) -> list[str]:
    """Where alone it is offered."""
    brand = [row.brand.name] if row.brand else []
    networks = [network_name(kind) for kind in row.networks]
    language = [name_of(row.language)] if row.language else []
    return [*brand, *(queue.name for queue in row.queues.all()), *networks, *language]


def offered(rows: Iterable[Offered]) -> list[dict[str, Any]]:
    """What the composer offers; one query for what came of all of them."""
    found = list(rows)
    effects = effects_of([row.pk for row in found])
    return [
        {"pk": row.pk, "name": row.name, "text": row.text, "missing": row.missing, "effect": told(effects[row.pk])}
        for row in found
    ]


def told(effect: Effect) -> str:
    """“Used 41 times, 78 % ended better”."""
    if not effect.uses:
        return _("Not used yet")
    many = effect.uses >= COUNTED
    used = ngettext("Used once", "Used %(n)s times", effect.uses) % {"n": f"{exact(COUNTED)}+" if many else effect.uses}
    share = effect.share
    return used if share is None else _("%(used)s, %(share)s %% ended better") % {"used": used, "share": share}


def coverage(effect: Effect) -> str:
    """What the share rests on."""
    if effect.share is None:
        return _("Whether it helps shows once 10 unhappy people have written back after it.") if effect.uses else ""
    numbers = {"negative": effect.negative, "heard": effect.heard, "better": effect.better}
    return (
        _("Of the newest 100 uses %(negative)s began unhappy. %(heard)s wrote back, %(better)s of them no longer so.")
        % numbers
    )


MOODS = {
    "positive": ("pos", gettext_lazy("happy after it")),
    "neutral": ("neu", gettext_lazy("calm after it")),
    "negative": ("neg", gettext_lazy("unhappy after it")),
    "": ("", gettext_lazy("did not write again")),
}


def suggested(found: Iterable[Suggestion]) -> list[dict[str, Any]]:
    """What was answered where somebody asked alike, as the composer offers it."""
    return [
        {
            "pk": one.conversation_id,
            "key": number,
            "asked": one.asked,
            "text": one.text,
            "missing": one.missing,
            "face": MOODS[one.mood][0],
            "mood": MOODS[one.mood][1],
        }
        for number, one in enumerate(found, 1)
    ]

"""Acts on many conversations as templates/bulk wants them."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.wording import said
from inbox.models.bulk import Bulk, BulkRow
from inbox.selectors.bulk import Progress
from web.templatetags.ui import exact, percent

ACTS = (
    ("assign", gettext_lazy("Assign"), "user-plus"),
    ("claim", gettext_lazy("Claim"), "hand"),
    ("release", gettext_lazy("Release"), "user-x"),
    ("tag", gettext_lazy("Tag"), "tag"),
    ("priority", gettext_lazy("Priority"), "flag"),
    ("snooze", gettext_lazy("Snooze"), "alarm-clock"),
    ("resolve", gettext_lazy("Resolve"), "check"),
    ("hand_off", gettext_lazy("Hand off"), "corner-up-right"),
    ("move", gettext_lazy("Move"), "arrow-right"),
)
NAMES = {name: label for name, label, _icon in ACTS}


def acts() -> list[dict[str, Any]]:
    """The buttons."""
    return [{"name": name, "label": label, "icon": icon} for name, label, icon in ACTS]


def bar(progress: Progress) -> dict[str, Any]:
    """`bulk` for `_progress.html`."""
    one = progress.bulk
    settled, whole = progress.settled, progress.whole
    undoing = one.state in (Bulk.State.UNDOING, Bulk.State.UNDONE)
    words = _("%(n)s of %(all)s taken back") if undoing else _("%(n)s of %(all)s")
    return {
        "pk": one.pk,
        "title": said(one.title),
        "at_work": progress.at_work,
        "words": words % {"n": exact(settled), "all": exact(whole)},
        "percent": percent(settled, whole),
        "results": _results(progress),
        "undo_until": progress.undo_until,
        "can_stop": one.state in (Bulk.State.WAITING, Bulk.State.RUNNING),
        "progress_url": reverse("bulk-progress", args=[one.pk]),
    }


def _results(one: Progress) -> list[str]:
    """What became of the rows, in sentences; what did not happen is not said."""
    said = [
        (one.done, ngettext("%d done", "%d done", one.done)),
        (one.same, ngettext("%d was so already", "%d were so already", one.same)),
        (one.refused, ngettext("%d refused", "%d refused", one.refused)),
        (one.left, ngettext("%d left", "%d left", one.left)),
        (one.undone, ngettext("%d taken back", "%d taken back", one.undone)),
        (one.kept, ngettext("%d could not be taken back", "%d could not be taken back", one.kept)),
    ]
    return [words % n for n, words in said if n]


def reasons(rows: list[BulkRow]) -> list[dict[str, Any]]:
    """Rows that did not go as asked."""
    return [
        {
            "url": reverse("conversation", args=["all", row.conversation_id]),
            "who": row.conversation.profile.label,
            "queue": row.conversation.queue.name,
            "reason": said(row.reason),
        }
        for row in rows
    ]

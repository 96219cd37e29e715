"""What every template of the house uses: icons, people, desks, clocks, numbers and foreign text.

The small parts that a list repeats fifty times (avatar, desk, ring) are tags written in Python and not
included templates, because an include costs about ten times as much and the list page is measured.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any
from zlib import crc32

from django import template
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import formats, timezone
from django.utils.html import conditional_escape, escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext
from django.utils.translation import gettext as _

from core.wording import day_and_time, said

register = template.Library()

DESK_SHAPES = {
    "care": '<circle cx="4" cy="4" r="3.6"/>',
    "pr": '<path d="M4 0l4 4-4 4-4-4z"/>',
    "marketing": '<rect x=".6" y=".6" width="6.8" height="6.8" rx="1.2"/>',
}
OTHER_DESK_SHAPE = '<path d="M4 .4l3.6 6.8H.4z"/>'
HUES = 8
MINUTE, HOUR, DAY = 60, 3600, 86400
REACH_TIERS = (10_000, 100_000, 1_000_000)


# The same small parts stand on every page again and again; they depend on their arguments alone.
# Typed, so that a string that somebody marked as safe never answers for an equal one that nobody did.
kept = lru_cache(maxsize=8192, typed=True)

# ---------------------------------------------------------------- ids and icons


def dom_id(kind: str, pk: object) -> str:
    """The id of a fragment's root element, the same for template, view and test: `row-45`."""
    return f"{kind}-{pk}"


register.simple_tag(dom_id)


@register.filter
def field_id(name: str, scope: object) -> str:
    """A form control's id that stays unique when several forms stand on one page."""
    return f"id-{name}-{scope}"


@cache
def sprite_url() -> str:
    """The address of the icon sprite; kept, because a page asks for it a few hundred times."""
    return static("img/sprite.svg")


@register.simple_tag
@kept
def icon(name: str, size: str = "", label: str = "") -> SafeString:
    """One icon of the sprite. With a label it is an image for screen readers, else decoration."""
    role = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    space = " " if size else ""
    return format_html('<svg class="icon{}{}" {}><use href="{}#{}"/></svg>', space, size, role, sprite_url(), name)


register.filter("said", said)

# ---------------------------------------------------------------- people


@register.filter
def initials(name: str) -> str:
    """Up to two letters that stand for a name: first and last word; `?` where there is none."""
    words = [word for part in (name or "").split() if (word := "".join(filter(str.isalnum, part)))]
    if not words:
        return "?"
    picked = words[0][0] + (words[-1][0] if len(words) > 1 else words[0][1:2])
    return picked.upper()


@register.filter
def hue(name: str) -> int:
    """One of eight avatar grounds, always the same for the same name."""
    return crc32((name or "").encode()) % HUES + 1


@register.simple_tag
@kept
def avatar(
    name: str, url: str = "", size: str = "", network: str = "", team: bool = False, presence: str = ""
) -> SafeString:
    """A face: the proxied picture over the initials, round for outsiders, square for colleagues.

    The name itself always stands next to it in text, so the picture is hidden from screen readers.
    """
    classes = " ".join(part for part in ("av", size, "team" if team else "") if part)
    state = format_html(' data-presence="{}"', presence) if presence else ""
    picture = format_html('<img src="{}" alt="" loading="lazy" decoding="async">', url) if url else ""
    badge = format_html('<span class="net">{}</span>', icon(f"net-{network}")) if network else ""
    return format_html(
        '<span class="{}" data-hue="{}"{} aria-hidden="true">{}{}{}</span>',
        classes,
        hue(name),
        state,
        initials(name),
        picture,
        badge,
    )


@register.simple_tag
@kept
def desk(slug: str, name: str, look: str = "") -> SafeString:
    """A desk as shape, colour and word. `look="pill"` sets it on its tint."""
    return format_html(
        '<span class="desk{}{}" data-desk="{}">{}{}</span>',
        " " if look else "",
        look,
        slug,
        desk_mark(slug),
        name,
    )


@register.simple_tag
@kept
def desk_mark(slug: str) -> SafeString:
    """The shape of a desk alone; the three first desks have their own, all later ones a triangle."""
    shape = DESK_SHAPES.get(slug, OTHER_DESK_SHAPE)
    return format_html(
        '<svg class="desk-mark" viewBox="0 0 8 8" aria-hidden="true" data-desk="{}">{}</svg>',
        slug,
        mark_safe(shape),  # noqa: S308 (a constant of this file)
    )


@register.simple_tag
def reach(followers: int | None, look: str = "") -> SafeString:
    """Followers with one to three bars from 10,000 on; nothing below, where it says nothing."""
    tier = sum(followers >= step for step in REACH_TIERS) if followers else 0
    if not tier:
        return SafeString("")
    return format_html(
        '<span class="reach{}{}" data-tier="{}"><svg viewBox="0 0 11 10" aria-hidden="true">'
        '<rect y="6.5" width="2.8" height="3.5" rx=".8"/><rect x="4" y="3.5" width="2.8"'
        ' height="6.5" rx=".8"/>'
        '<rect x="8" width="2.8" height="10" rx=".8"/></svg>{}<span class="sr"> {}</span></span>',
        " " if look else "",
        look,
        tier,
        compact(followers),
        _("followers"),
    )


PRIORITY_NAMES = {1: "urgent", 2: "high", 3: "normal", 4: "low"}


@register.simple_tag
def priority(level: int, label: str, words: bool = False) -> SafeString:
    """The priority flag (1 is urgent); for urgent and high only, unless the words are wanted."""
    name = PRIORITY_NAMES[level]
    if words:
        return format_html('<span class="prio" data-p="{}">{}{}</span>', name, icon("flag"), label)
    if level > 2:
        return SafeString("")
    return format_html('<span class="prio" data-p="{}">{}</span>', name, icon("flag", label=label))


MOODS = {
    "negative": ("neg", "frown", gettext_lazy("Negative mood")),
    "neutral": ("neu", "meh", gettext_lazy("Neutral mood")),
    "positive": ("pos", "smile", gettext_lazy("Positive mood")),
}
"""Mood → class, face, and what a screen reader says."""


@register.simple_tag
def mood(value: str) -> SafeString:
    """How somebody feels as face and colour; nothing where it is not known."""
    if value not in MOODS:
        return SafeString("")
    tone, face, words = MOODS[value]
    return format_html('<span class="sent" data-s="{}">{}</span>', tone, icon(face, label=str(words)))


@register.simple_tag
def stats(figures: Any) -> SafeString:
    """How far a post has come, in what its network counts; nothing for what it does not say, or nobody did yet."""
    said = [
        (figures.views, "eye", lambda n: ngettext("%s view", "%s views", n)),
        (figures.shares, "repeat-2", lambda n: ngettext("%s repost", "%s reposts", n)),
        (figures.likes, "heart", lambda n: ngettext("%s like", "%s likes", n)),
        (figures.replies, "message-circle", lambda n: ngettext("%s reply", "%s replies", n)),
    ]
    shown = format_html_join(
        "",
        '<span title="{}">{}<span aria-hidden="true">{}</span><span class="sr">{}</span></span>',
        ((words(n) % exact(n), icon(name), compact(n), words(n) % compact(n)) for n, name, words in said if n),
    )
    if not shown:
        return SafeString("")
    counted = _("Counted %s") % day_and_time(figures.read_at)
    return format_html('<span class="stats" title="{}">{}</span>', counted, shown)


# ---------------------------------------------------------------- clocks


@register.filter
def duration(seconds: float | None) -> str:
    """A length of time in words: `45 s`, `18 min`, `1 h 52`, `3 d 4 h`. Units: seconds."""
    if seconds is None:
        return ""
    left = abs(int(seconds))
    if left < MINUTE:
        return _("%(n)d s") % {"n": left}
    if left < HOUR:
        return _("%(n)d min") % {"n": left // MINUTE}
    if left < DAY:
        return _("%(h)d h %(m)02d") % {"h": left // HOUR, "m": left % HOUR // MINUTE}
    return _("%(d)d d %(h)d h") % {"d": left // DAY, "h": left % DAY // HOUR}


@register.filter
def countdown(seconds: float | None) -> str:
    """The words of a ring: `m:ss` under 15 minutes, then as a duration; past due `6 min late`."""
    if seconds is None:
        return ""
    left = int(seconds)
    if left < 0:
        return _("%(time)s late") % {"time": duration(max(-left, MINUTE))}
    if left < 15 * MINUTE:
        return f"{left // MINUTE}:{left % MINUTE:02d}"
    return duration(left)


RING_START = (
    '<svg class="ring" viewBox="0 0 20 20" aria-hidden="true"><circle class="t" cx="10" cy="10" r="8"/>'
    '<circle class="a" cx="10" cy="10" r="8" pathLength="100" stroke-dasharray="'
)
RING_WORDS = {
    "ok": lambda: _("On track: "),
    "warn": lambda: _("At risk: "),
    "breach": lambda: _("Late: "),
    "paused": lambda: _("Paused: "),
}


@register.simple_tag
def ring(state: str, left: float, total: float, size: str = "", caption: str = "") -> SafeString:
    """A clock as a ring: state, seconds left and total come from the server, the browser only ticks.

    Args: state `ok`, `warn`, `breach` or `paused`; `size="lg"` with a caption below. Units: seconds.
    """
    moving = "" if state == "paused" else f' data-left="{int(left)}" data-total="{int(total)}"'
    words = f"<time>{escape(pgettext('clock', 'Paused') if state == 'paused' else countdown(left))}</time>"
    if caption:
        words = f'<span class="sla-text">{words}<small>{conditional_escape(caption)}</small></span>'
    # put together by hand, since a list draws fifty: everything else below is a number or a word of this file
    return mark_safe(  # noqa: S308
        f'<span class="sla {escape(size)}" data-state="{escape(state)}"{moving}>{RING_START}'
        f'{_ring_share(left, total)} 100"/></svg><span class="sr">{escape(RING_WORDS[state]())}</span>{words}</span>'
    )


def _ring_share(left: float, total: float) -> int:
    if left < 0:
        return 100
    return max(0, min(100, round(100 * left / total))) if total else 0


@register.simple_tag
def moment(value: datetime | None, style: str = "clock") -> SafeString:
    """A point in time as people say it, in the current zone; `style="ago"` counts from now.

    The browser renews the words as time passes (controllers/times.js) from the datetime attribute.
    """
    if value is None:
        return SafeString("")
    local = timezone.localtime(value)
    words = ago(value) if style == "ago" else clock_words(local)
    return format_html(
        '<time datetime="{}" data-time="{}" title="{}">{}</time>',
        value.isoformat(),
        style,
        formats.date_format(local, "DATETIME_FORMAT"),
        words,
    )


def clock_words(local: datetime) -> str:
    """`14:32` today, `Yesterday`, `3 Nov` this year, else `Nov 2024`."""
    today = timezone.localdate()
    days = (today - local.date()).days
    if days == 0:
        return local.strftime("%H:%M")
    if days == 1:
        return _("Yesterday")
    this_year = local.year == today.year
    return formats.date_format(local, pgettext("date", "j M") if this_year else pgettext("date", "M Y"))


def ago(value: datetime) -> str:
    """`12 s ago`, `9 min ago`; a moment in the future is `now`."""
    seconds = (timezone.now() - value).total_seconds()
    return _("%(time)s ago") % {"time": duration(seconds)} if seconds >= 1 else _("now")


@register.filter
def day_words(value: date) -> str:
    """The heading between two days of a thread: `Today`, `Yesterday`, `Tuesday 3 November`."""
    days = (timezone.localdate() - value).days
    if days in {0, 1}:
        return _("Yesterday") if days else _("Today")
    this_year = value.year == timezone.localdate().year
    return formats.date_format(value, pgettext("date", "l j F") if this_year else pgettext("date", "j F Y"))


# ---------------------------------------------------------------- numbers


@register.filter
def compact(number: float | None) -> str:
    """`2,140` exact while small, then `54k` and `1.2M`; always an estimate from 10,000 on."""
    if number is None:
        return ""
    if number < 10_000:
        return formats.number_format(int(number), use_l10n=True, force_grouping=True)
    if number < 999_500:
        return _("%(n)sk") % {"n": round(number / 1000)}
    millions = round(number / 1_000_000, 1)
    return _("%(n)sM") % {"n": formats.number_format(millions, 0 if millions.is_integer() else 1)}


@register.filter
def exact(number: int) -> str:
    """`12,000`: what is counted to the last one."""
    return formats.number_format(number, use_l10n=True, force_grouping=True)


@register.filter
def about_people(number: int) -> str:
    """The audience of a reply in words, always with `about` and never more exact than it is."""
    if number >= 1000:
        number = round(number, -len(str(number)) + 2)
    words = ngettext("About %(n)s person", "About %(n)s people", number)
    return words % {"n": formats.number_format(number, force_grouping=True)}


@register.filter
def percent(part: float, whole: float) -> int:
    """Part of whole from 0 to 100, for SVG geometry."""
    return max(0, min(100, round(100 * part / whole))) if whole else 0


# ---------------------------------------------------------------- foreign text

FOREIGN = re.compile(
    r"(?P<url>https?://[^\s<>\"'`{}|\\^]+)"
    r"|(?<![\w/@.])(?P<handle>@\w[\w.]*\w|@\w)"
    r"|(?<![\w/#&])(?P<tag>#\w*[^\W\d]\w*)",
    re.IGNORECASE,
)
URL_TAIL = ".,;:!?)]’”»"


@register.filter
@kept
def bdi(text: str) -> SafeString:
    """A name or handle from outside, isolated so that its direction cannot turn our sentence round."""
    return format_html("<bdi>{}</bdi>", text or "")


@register.filter
def linkify(text: str) -> SafeString:
    """Message text for the screen: escaped, with addresses as links and handles and tags marked.

    Nothing is fetched, only http and https become links, and they tell the site nothing about us.
    """
    return mark_safe("".join(_marked(text or "")))  # noqa: S308 (every piece is escaped in _marked)


def _marked(text: str) -> Iterator[str]:
    at = 0
    for found in FOREIGN.finditer(text):
        yield escape(text[at : found.start()])
        if found["url"]:
            url = found["url"].rstrip(URL_TAIL)
            yield _link(url)
            at = found.start() + len(url)
        else:
            yield format_html('<bdi class="mention">{}</bdi>', found[0])
            at = found.end()
    yield escape(text[at:])


def _link(url: str) -> str:
    words = re.sub(r"^https?://(www\.)?", "", url, flags=re.IGNORECASE)
    return format_html(
        '<a class="foreign" href="{}" target="_blank" rel="noopener noreferrer nofollow ugc"><bdi>{}</bdi></a>',
        url,
        words,
    )


# ---------------------------------------------------------------- forms


@register.simple_tag
def control(field: Any, css: str = "input", **attrs: str) -> SafeString:
    """A bound form field's control with our class, its error state and the ids of help and error."""
    names = {name.replace("_", "-"): value for name, value in attrs.items()}
    described = [
        f"{field.auto_id}-{kind}" for kind, there in (("help", field.help_text), ("error", field.errors)) if there
    ]
    if described:
        names["aria-describedby"] = " ".join(described)
    if field.errors:
        names["aria-invalid"] = "true"
    return SafeString(conditional_escape(field.as_widget(attrs={"class": css, **names})))


@register.simple_tag
def form_fields(form: Any) -> SafeString:
    """All fields of a form. An untouched form that says by what it differs (`kept_by`) is drawn once per language."""
    if form.is_bound or not hasattr(form, "kept_by"):
        return _fields(form)
    return _untouched(_Same(form), str(form.__class__), form.auto_id, get_language(), form.kept_by)


class _Same:
    """A form that is equal to every other one: what it differs by stands beside it in the key."""

    def __init__(self, form: Any) -> None:
        self.form = form

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=256)
def _untouched(same: _Same, *_differs_by: object) -> SafeString:
    return _fields(same.form)


def _fields(form: Any) -> SafeString:
    drawn = (render_to_string("components/_field.html", {"field": field}) for field in form)
    return SafeString("".join(drawn))


WIDGET_LOOKS = {
    "checkbox": "check",
    "select": "select",
    "selectmultiple": "select",
    "radioselect": "radios",
    "checkboxselectmultiple": "radios",
}


@register.filter
def look(field: Any) -> str:
    """Which of our form looks a bound field takes: check, select, radios or input."""
    return WIDGET_LOOKS.get(field.widget_type, "input")

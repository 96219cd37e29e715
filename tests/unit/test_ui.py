"""Words, numbers and foreign text as templates show them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from web.templatetags import ui

NOW = datetime(2025, 11, 21, 14, 32, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(45, "45 s"), (1080, "18 min"), (6720, "1 h 52"), (3600, "1 h 00"), (100_000, "1 d 3 h"), (None, "")],
)
def test_durations(seconds: int | None, words: str) -> None:
    assert ui.duration(seconds) == words


@pytest.mark.parametrize(
    ("left", "words"), [(278, "4:38"), (899, "14:59"), (900, "15 min"), (-1, "1 min late"), (-370, "6 min late")]
)
def test_a_countdown_shows_seconds_when_it_counts(left: int, words: str) -> None:
    assert ui.countdown(left) == words


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "0"),
        (2140, "2,140"),
        (9999, "9,999"),
        (54_212, "54k"),
        (999_499, "999k"),
        (999_500, "1M"),
        (1_240_000, "1.2M"),
    ],
)
def test_numbers_are_exact_while_small(number: int, words: str) -> None:
    assert ui.compact(number) == words


def test_an_audience_is_never_more_exact_than_it_is() -> None:
    assert ui.about_people(54_212) == "About 54,000 people"
    assert ui.about_people(1) == "About 1 person"


@time_machine.travel(NOW, tick=False)
def test_times_are_said_in_the_current_zone() -> None:
    with timezone.override("Europe/Oslo"):
        assert ">15:32</time>" in ui.moment(NOW)
        assert ">Yesterday</time>" in ui.moment(NOW - timedelta(days=1))
        assert ">3 Nov</time>" in ui.moment(datetime(2025, 11, 3, 9, tzinfo=UTC))
        assert ">Nov 2024</time>" in ui.moment(datetime(2024, 11, 3, 9, tzinfo=UTC))
    assert ">9 min ago</time>" in ui.moment(NOW - timedelta(minutes=9), "ago")
    assert ui.moment(None) == ""


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Hanne Ostby", "HO"),
        ("Amara Osei-Holt", "AO"),
        ("ada", "AD"),
        ("ليلى حداد", "لح"),
        ("@x_y", "XY"),
        ("😀 !", "?"),
        ("", "?"),
    ],
)
def test_initials(name: str, letters: str) -> None:
    assert ui.initials(name) == letters


def test_a_face_keeps_its_colour_and_says_nothing_twice() -> None:
    assert ui.hue("Hanne Ostby") == ui.hue("Hanne Ostby")
    assert {ui.hue(f"person {n}") for n in range(200)} == set(range(1, 9))
    face = ui.avatar('"><script>', url="/media/1?a=1&b=2", network="x")
    assert "<script>" not in face
    assert 'aria-hidden="true"' in face


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        'https://a.example/"onmouseover=alert(1)',
        "https://a.example/<svg onload=alert(1)>",
        "javascript:alert(1) data:text/html,x @a<b> #<i>",
        "https://a.example/' style='x",
    ],
)
def test_foreign_text_stays_text(hostile: str) -> None:
    html = ui.linkify(hostile)
    assert "<script" not in html
    assert "<img" not in html
    assert "<svg" not in html
    assert 'href="javascript' not in html
    assert "onmouseover=" not in html.split("</a>")[0] or "&quot;" in html
    assert "' style='" not in html


def test_links_handles_and_tags_are_marked() -> None:
    html = ui.linkify("Hi @ana_b, see https://www.example.com/a?b=1&c=2. #late me@example.com")
    assert '<bdi class="mention">@ana_b</bdi>,' in html
    assert 'href="https://www.example.com/a?b=1&amp;c=2"' in html
    assert ">example.com/a?b=1&amp;c=2</bdi></a>. " in html
    assert '<bdi class="mention">#late</bdi>' in html
    assert "me@example.com" in html
    assert 'rel="noopener noreferrer nofollow ugc"' in html


def test_a_ring_says_its_state_in_words() -> None:
    ring = ui.ring("breach", -370, 900)
    assert "Late: " in ring
    assert 'stroke-dasharray="100 100"' in ring
    assert "data-left" not in ui.ring("paused", 10, 900)


def test_influence_is_silent_below_ten_thousand() -> None:
    assert ui.reach(9_999) == ""
    assert ui.reach(None) == ""
    assert 'data-tier="3"' in ui.reach(1_200_000)


def test_every_later_desk_has_a_shape_of_its_own_kind() -> None:
    assert "<path" in ui.desk("legal", "Legal")
    assert ui.desk_mark("legal") != ui.desk_mark("care")

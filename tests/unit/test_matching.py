"""Which post is the answer that was lost."""

from datetime import UTC, datetime, timedelta

import pytest

from inbox.matching import Post, Wanted, find, plain

NOW = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)


def wanted(text: str = "We look into it.", **more: object) -> Wanted:
    return Wanted(**{"text": text, "started_at": NOW, "public": True, "answers": "7", **more})


def post(key: str, text: str = "We look into it.", *, to: str | None = "7", seconds: float = 1) -> Post:
    return Post(key, to, text, NOW + timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("Ben & Co <3", "@tess Ben &amp; Co &lt;3"),
        ("See https://northwind.example/a?b=c now", "See https://t.co/abcdefghij now"),
        ("Café", "Cafe\u0301"),
        ("One\n\ntwo", "@a @b One two https://t.co/pic"),
    ],
)
def test_what_networks_do_to_a_text_is_undone(ours: str, theirs: str) -> None:
    assert plain(ours) == plain(theirs)


def test_the_answered_message_decides_and_the_text_only_among_several() -> None:
    assert find(wanted(), [post("a", to="8"), post("b", "Quite another text.")]).key == "b"
    assert find(wanted(), [post("a", "Another."), post("b"), post("c", "A third.")]).key == "b"
    assert find(wanted(), [post("a", "Another."), post("c", "A third.")]) is None


def test_where_two_are_in_doubt_only_the_text_tells() -> None:
    assert find(wanted(alone=False), [post("a", "Another.")]) is None
    assert find(wanted(alone=False), [post("a")]).key == "a"


def test_a_private_message_is_known_by_its_text_alone() -> None:
    private = wanted(public=False, answers=None)
    assert find(private, [post("a", "Another.", to=None)]) is None
    assert find(private, [post("b", to=None)]).key == "b"


def test_what_was_there_before_is_not_ours_but_clocks_may_differ_by_a_minute() -> None:
    assert find(wanted(), [post("a", seconds=-61)]) is None
    assert find(wanted(), [post("a", seconds=-59)]).key == "a"


def test_of_equal_ones_the_earliest() -> None:
    assert find(wanted(), [post("b", seconds=5), post("a", seconds=2)]).key == "a"

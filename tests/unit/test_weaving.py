"""Threads by parents alone, whatever the order of arrival."""

from inbox.weaving import Post, partner_of, root_of


def posts(*rows: tuple[str, str | None, bool]) -> dict[str, Post]:
    return {id_: Post(id_, parent, None, ours, None if ours else f"author of {id_}") for id_, parent, ours in rows}


def test_the_topmost_known_ancestor_is_the_root() -> None:
    tree = posts(("1", None, False), ("2", "1", True), ("3", "2", False))
    assert root_of("3", tree) == "1"


def test_a_missing_parent_is_the_root() -> None:
    assert root_of("3", posts(("3", "2", False), ("4", "3", True))) == "2"


def test_the_networks_root_counts_before_parents() -> None:
    tree = posts(("3", "2", False)) | {"2": Post("2", "1", "0", False, "a")}
    assert root_of("3", tree) == "0"


def test_a_circle_ends() -> None:
    assert root_of("1", posts(("1", "2", False), ("2", "1", False))) in {"1", "2"}


def test_our_second_answer_is_to_the_same_person() -> None:
    tree = posts(("1", None, False), ("2", "1", True), ("3", "2", True))
    partner = partner_of("3", tree)
    assert partner is not None
    assert partner.external_id == "1"


def test_our_own_talk_has_no_partner() -> None:
    assert partner_of("2", posts(("1", None, True), ("2", "1", True))) is None
    assert partner_of("2", posts(("2", "9", True))) is None

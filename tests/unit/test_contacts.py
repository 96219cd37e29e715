"""Who may be the same person, what may be noted of people, and what a customer system may say."""

import pytest

from inbox import contact_attributes, likeness, sensitive
from inbox.contact_attributes import Unreadable
from inbox.likeness import HANDLE, NAME, NAMED, Shown


def shown(
    network: str = "x", *, pk: int = 1, handle: str = "hanneostby", name: str = "Hanne Ostby", bio: str = ""
) -> Shown:
    return Shown(pk, (network, ""), handle, name, bio)


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (shown("facebook", handle="HanneOstby", name="H"), (HANDLE,)),
        (shown("facebook", handle="h.o", name="Hanne  Østby"), ()),
        (shown("facebook", handle="h.o", name="HANNE OSTBY"), (NAME,)),
        (shown("facebook", handle="ho_travels", name="H", bio="also @hanneostby on X"), (NAMED,)),
        (shown("facebook", handle="hanneostby", bio="me: @hanneostby."), (NAMED, HANDLE, NAME)),
        (shown("x", handle="hanneostby", name="Hanne Ostby"), ()),
        (shown("facebook", handle="other", name="Other Person", bio="mail hanneostby@x.example"), ()),
    ],
)
def test_only_what_is_public_and_telling_counts(other: Shown, why: tuple[str, ...]) -> None:
    assert likeness.evidence(shown(), other) == why == likeness.evidence(other, shown())


def test_short_handles_and_single_names_say_nothing() -> None:
    one, other = shown(handle="jan", name="Jan"), shown("facebook", handle="jan", name="Jan")
    assert likeness.evidence(one, other) == ()
    assert likeness.mentioned("@ab and @hanne.o. @hanne.o") == ("hanne.o",)


@pytest.mark.parametrize(("tag", "topic"), [("Muslim", "religion"), ("anti-gay", "sex life"), ("gold member", "")])
def test_some_things_may_not_be_noted_of_people(tag: str, topic: str) -> None:
    assert sensitive.sensitive(tag) == topic


GOOD = {
    "consented_at": "2026-02-01T10:00:00+00:00",
    "tags": ["Gold member"],
    "blocks": [{"title": "Trip", "note": "today", "rows": [{"label": "NWD 1402", "value": "late", "tone": "bad"}]}],
    "url": "https://crm.example/7",
}


def test_an_answer_as_documented_is_read() -> None:
    found = contact_attributes.read(GOOD)
    assert found is not None
    assert (found.tags, found.url) == (("Gold member",), "https://crm.example/7")
    assert found.blocks[0].rows[0].tone == "bad"
    assert contact_attributes.read({}) is contact_attributes.read(None) is None


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"consented_at": None}, "consented_at"),
        ({"consented_at": "2026-02-01T10:00:00"}, "time zone"),
        ({"tags": "gold"}, "tags"),
        ({"tags": [7]}, "tags[0]"),
        (
            {"blocks": [{"title": "T", "rows": [{"label": "a", "value": "b", "tone": "loud"}]}]},
            "blocks[0].rows[0].tone",
        ),
        ({"blocks": [{"rows": []}]}, "blocks[0].title"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"url": "https://user:pw@crm.example/"}, "url"),
        ({"url": 7}, "url"),
    ],
)
def test_another_answer_is_refused_by_the_place(change: dict[str, object], place: str) -> None:
    with pytest.raises(Unreadable, match=place.replace("[", r"\[").replace("]", r"\]")):
        contact_attributes.read({**GOOD, **change})


def test_what_is_long_is_cut_and_what_is_too_much_left_out() -> None:
    found = contact_attributes.read({**GOOD, "tags": ["x" * 100] * 20})
    assert found is not None
    assert len(found.tags) == contact_attributes.TAGS
    assert found.tags[0] == "x" * 59 + "…"

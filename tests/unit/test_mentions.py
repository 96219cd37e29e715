"""Whom a note names: by name, handle, first name and team, and what is no name."""

import pytest

from inbox.mentions import Named, directory, find, handles

ANA = Named("person", 1, "Ana Sandoval", "ana.sandoval")
ANA_TWO = Named("person", 2, "Ana Meyer", "ana.meyer", sees=False)
BEN = Named("person", 3, "Ben Achterberg", "ben.achterberg")
CARE = Named("team", 1, "Care", "care")
LEGAL = Named("team", 2, "Legal and Press", "legal-and-press")
ACCENT = Named("person", 4, "Zoë O’Brien-Lind", "zoë.o’brien-lind")
EVERYBODY = directory([ANA, ANA_TWO, BEN, CARE, LEGAL, ACCENT])


def named(text: str) -> list[tuple[str, str]]:
    return [(text[one.at : one.end], one.named.name) for one in find(text, EVERYBODY).mentions]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@Ben Achterberg look", [("@Ben Achterberg", "Ben Achterberg")]),
        ("@ben look", [("@ben", "Ben Achterberg")]),
        ("@ben.achterberg, look.", [("@ben.achterberg", "Ben Achterberg")]),
        ("ask @BEN.", [("@BEN", "Ben Achterberg")]),
        ("@Ben’s view", [("@Ben", "Ben Achterberg")]),
        ("@Ben's view", [("@Ben", "Ben Achterberg")]),
        ("(@care)", [("@care", "Care")]),
        ("@Legal and Press please", [("@Legal and Press", "Legal and Press")]),
        ("@legal-and-press-", [("@legal-and-press", "Legal and Press")]),
        ("@Zoë O’Brien-Lind?", [("@Zoë O’Brien-Lind", "Zoë O’Brien-Lind")]),
        ("@ben and @care\n@Ana Sandoval", [("@ben", BEN.name), ("@care", CARE.name), ("@Ana Sandoval", ANA.name)]),
        ("@ana", [("@ana", "Ana Sandoval")]),
        ("mail ben@care.example or x.com/@care", []),
        ("@@ben and @", []),
        ("Ben", []),
    ],
)  # fmt: skip
def test_whom_a_text_names(text: str, expected: list[tuple[str, str]]) -> None:
    assert named(text) == expected


def test_the_same_twice_is_one_person_in_two_places() -> None:
    found = find("@ben @Ben Achterberg", EVERYBODY)
    assert len(found.mentions) == 2
    assert found.named == [BEN]


def test_what_means_nobody_or_several_is_said() -> None:
    both = directory([ANA, Named("person", 9, "Ana Koch", "ana.koch")])
    assert [(words, len(who)) for words, who in find("@ana and @northwindair, @northwindair", both).unclear] == [
        ("@ana", 2),
        ("@northwindair", 0),
    ]


def test_one_who_cannot_see_it_is_found_where_nobody_else_is_meant() -> None:
    assert named("@Ana Meyer") == [("@Ana Meyer", "Ana Meyer")]


def test_handles_mean_one_person() -> None:
    assert handles([(1, "Ana Sandoval"), (2, "Ana  sandoval"), (3, "李雷"), (4, "…")]) == {
        1: "ana.sandoval.1",
        2: "ana.sandoval.2",
        3: "李雷",
        4: "4",
    }


def test_a_long_text_of_ats_is_read_in_no_time() -> None:
    assert find("@a " * 1600, EVERYBODY).mentions == ()
    assert len(find("@ben " * 1000, EVERYBODY).mentions) == 1000

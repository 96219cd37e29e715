"""Languages by their scripts, small words and spelling."""

from __future__ import annotations

import pytest

from routing.triage.language import identify


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "my order has not arrived and nobody answers"),
        ("de", "Meine Bestellung ist noch nicht angekommen"),
        ("fr", "Ma commande n'est toujours pas arrivée"),
        ("es", "Mi pedido todavía no ha llegado"),
        ("pt", "Meu pedido ainda não chegou"),
        ("it", "Il mio ordine non è ancora arrivato"),
        ("nl", "Mijn bestelling is nog niet aangekomen"),
        ("hi", "mera order abhi tak nahi aaya bhai"),
        ("hi", "मेरा ऑर्डर अभी तक नहीं आया"),
        ("ar", "لم يصل طلبي بعد"),
        ("ja", "注文がまだ届きません"),
        ("ru", "Мой заказ ещё не пришёл"),
    ],
)
def test_identify(language: str, text: str) -> None:
    assert identify(text)[0] == language


def test_handles_and_links_say_nothing() -> None:
    assert identify("@der_die_das https://der.example/die") == ("", 0.0)


def test_less_is_less_sure() -> None:
    assert identify("ok no")[1] < identify("this is the order that I have been waiting for")[1]


def test_of_languages_that_are_equally_likely_the_first_of_the_names_is_meant() -> None:
    """By the order of `NAMES`, never by how a worker happens to have ordered its sets."""
    assert identify("come want") == identify("want come")
    assert {identify(word)[0] for word in ("on", "time", "want", "come")} == {"en"}

"""What is read from the sources: calls of gettext, sentences, and the fragments that are named."""

import pytest

from socialcare.languages import python_words, sources, template_words
from socialcare.languages.words import Words


def found(source: str, path: str = "inbox/services/some.py") -> list[Words]:
    return list(python_words.words_of(source, path))


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ('_("Saved")', Words("Saved")),
        ('ngettext("%d day", "%d days", n)', Words("%d day", plural="%d days")),
        ('pgettext("clock", "Paused")', Words("Paused", context="clock")),
        ('raise Invalid("Say why.")', Words("Say why.")),
        ('raise Conflict(f"{by} has changed it.")', Words("{by} has changed it.")),
        ('message = f"{draft.saved_by.name} has it." if a else b', Words("{name} has it.")),
        ('f"{one.name} and {two.name} overlap."', Words("{name} and {name_2} overlap.")),
        ('EventKind("a.b", "{actor} did it", {})', Words("{actor} did it")),
        ('data = {"why": f"{who} woke it"}', Words("{who} woke it")),
        ('forms.CharField(help_text=_("One a line."))', Words("One a line.")),
        ('Kind("queue", "put it", "put it into {value}", leads="Move")', Words("put it into {value}")),
    ],
)
def test_what_is_said_is_found(source: str, words: Words) -> None:
    assert words in found(source)


@pytest.mark.parametrize(
    "source",
    [
        'def act():\n    """Do it, at once."""',
        'models.CharField(help_text="For developers, in the schema.")',
        'cursor.execute("SELECT one FROM two.")',
        'log.info("message.stored", network=network)',
        'name = "queue"',
    ],
)
def test_what_is_for_machines_and_developers_is_left_out(source: str) -> None:
    assert found(source) == []


def test_templates_are_read_as_django_reads_them() -> None:
    source = (
        '{% translate "Paused" context "clock" %}{% blocktranslate count n=n with by=who %}{{ n }} of {{ by }}'
        "{% plural %}{{ n }} all of {{ by }}{% endblocktranslate %}{% include 'a.html' with label=_(\"Close\") %}"
    )
    assert set(template_words.words_of(source, "a.html")) == {
        Words("Paused", context="clock"),
        Words("%(n)s of %(by)s", plural="%(n)s all of %(by)s"),
        Words("Close"),
    }


def test_the_sources_of_the_product_are_read() -> None:
    said = {one.text for one in sources.words()}
    assert {"Inbox", "{actor} claimed it", "Your account", "It tells of trouble with us"} <= said
    assert len(said) > 2000

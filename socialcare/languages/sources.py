"""All that the product says, read from its sources."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from socialcare.languages import python_words, template_words
from socialcare.languages.words import Words

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("core", "accounts", "channels", "inbox", "routing", "web", "api")
# For the terminal, the machine that reads a schema, the demo's invented world and the look of components.
UNREAD = ("management", "migrations")
UNREAD_FILES = frozenset({"web/demo.py", "web/metrics.py", "templates/components/storyboard.html"})


def words(root: Path = ROOT) -> set[Words]:
    """Everything that the interface can say, in English."""
    return {one for path in files(root) for one in _words_of(path, root)}


def files(root: Path = ROOT) -> Iterator[Path]:
    """The sources that speak to people."""
    found = [path for package in PACKAGES for path in (root / package).rglob("*.py")]
    found += [path for path in (root / "templates").rglob("*") if path.is_file()]
    for path in sorted(found):
        inside = path.relative_to(root)
        if inside.as_posix() not in UNREAD_FILES and not set(UNREAD) & set(inside.parts):
            yield path


def _words_of(path: Path, root: Path) -> Iterator[Words]:
    read = python_words if path.suffix == ".py" else template_words
    yield from read.words_of(path.read_text(), path.relative_to(root).as_posix())

"""Who is named in a text, as X reads it."""

import pytest

from sandbox import text as reading


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("@One and @two, again @ONE", ["one", "two"]),
        ("@115858/@AppleSupport and @8090/@18144", ["115858", "applesupport", "8090", "18144"]),
        ("write to a@b.example", []),
        ("https://example.org/@someone", []),
        ("(@three) “@four”", ["three", "four"]),
    ],
)
def test_mentioned_handles(text: str, named: list[str]) -> None:
    assert reading.mentioned_handles(text) == named

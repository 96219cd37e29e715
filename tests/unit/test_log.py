"""No secret leaves by a log line, whatever it stands in."""

import pytest
from django.test import RequestFactory

from socialcare.log import scrub, scrub_text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("GET /back/?state=s1&code=canary-1 HTTP", "GET /back/?state=s1&code=[cut] HTTP"),
        ('{"access_token": "canary-1", "n": 1}', '{"access_token": "[cut]", "n": 1}'),
        ("Authorization: Bearer canary-1234567", "Authorization: Bearer [cut]"),
        ("postgresql://app:canary-1@host/db", "postgresql://app:[cut]@host/db"),
        ("GET /account/password/reset/key/1-canary-1/", "GET /account/password/reset/key/1-[cut]"),
        ("nothing here", "nothing here"),
    ],
)
def test_secrets_in_texts_are_cut(text: str, shown: str) -> None:
    assert scrub_text(text) == shown


def test_secrets_in_keys_objects_and_lists_are_cut() -> None:
    request = RequestFactory().get("/channels/connect/back/x/?state=s&code=canary-1")
    event = {
        "request": request,
        "access_token": "canary-2",
        "more": ["token=canary-3"],
        "facts": {"client_secret": "canary-4"},
        "status_code": 404,
        "seconds": 1.5,
        "nothing": None,
    }
    shown = scrub(None, "info", dict(event))
    assert "canary" not in str(shown)
    assert (shown["status_code"], shown["seconds"], shown["nothing"]) == (404, 1.5, None)


@pytest.mark.parametrize("as_text", [False, True])
def test_what_somebody_searches_for_is_not_logged(as_text: bool) -> None:
    request = RequestFactory().get("/inbox/all/?q=jane.doe&status=any")
    shown = scrub(None, "info", {"request": f"GET {request.get_full_path()}" if as_text else request})
    assert "jane" not in shown["request"]
    assert "/inbox/all/" in shown["request"]


@pytest.mark.parametrize(
    "text",
    [
        'new row violates check constraint "kept"\nDETAIL:  Failing row contains (1, canary\n\ncanary).',
        'invalid byte sequence\nCONTEXT:  COPY inbox_message, line 3, column text: "canary"',
        "invalid input syntax for type json\nLINE 1: INSERT INTO t VALUES ('canary')\n             ^",
        repr(ValueError("refused\nDETAIL:  Failing row contains (canary)")),
    ],
)
def test_the_rows_that_the_database_quotes_are_cut(text: str) -> None:
    shown = scrub_text(f"Traceback:\n{text}")
    assert "canary" not in shown
    assert "cut" in shown
    chained = scrub_text(f"{text}\n\nThe above exception was the direct cause of the following exception:\nmore")
    assert "canary" not in chained

"""What is too large is refused before it is read, by us and by the proxy alike."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core.uploads import LIMIT_BYTES

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("size", "status"), [(1000, 200), (LIMIT_BYTES, 400)])
def test_a_stranger_cannot_fill_the_disk(client: Client, size: int, status: int) -> None:
    answer = client.post("/account/login/", {"file": SimpleUploadedFile("a.bin", bytes(size))})
    assert answer.status_code == status


def test_the_proxy_lets_through_what_we_take() -> None:
    caddyfile = Path(__file__).resolve().parents[2] / "deploy" / "Caddyfile"
    assert f"max_size {LIMIT_BYTES // 1024 // 1024}MiB" in caddyfile.read_text(encoding="utf-8")

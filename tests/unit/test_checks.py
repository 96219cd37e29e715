"""Settings that do not fit together are named before anything starts."""

import pytest

from core import checks


@pytest.mark.parametrize(
    ("secure", "proxies", "found"), [(True, 0, ["core.W001"]), (True, 1, []), (False, 0, []), (False, 1, [])]
)
def test_https_needs_somebody_who_ends_it(settings, secure: bool, proxies: int, found: list[str]) -> None:
    settings.SECURE, settings.ALLAUTH_TRUSTED_PROXY_COUNT = secure, proxies
    assert [one.id for one in checks.somebody_ends_tls()] == found


def test_without_a_proxy_nobody_can_claim_to_have_come_by_https(rf, settings) -> None:
    assert settings.ALLAUTH_TRUSTED_PROXY_COUNT == 0
    assert not rf.get("/", headers={"X-Forwarded-Proto": "https"}).is_secure()

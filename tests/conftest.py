"""For every test: real servers, started before the settings are read; nothing of ours is patched."""

import os
from collections.abc import Mapping

import django
import pytest

from tests.servers import TestServers

SERVERS = pytest.StashKey[TestServers]()


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Start the servers; pytest-django reads the settings after this hook."""
    servers = TestServers()
    config.stash[SERVERS] = servers
    servers.start()
    django.setup()  # pytest-django sets it up by itself only where somebody has read the settings before


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    if servers := config.stash.get(SERVERS, None):
        servers.stop()


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """Give each run its own database on a server that TEST_DATABASE_URL names."""
    from django.conf import settings

    settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = f"test_socialcare_{os.getpid()}"


@pytest.fixture(scope="session")
def server_urls() -> Mapping[str, str]:
    """DATABASE_URL and REDIS_URL of this run, for processes that a test starts."""
    return {name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL")}

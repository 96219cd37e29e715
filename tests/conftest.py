"""For every test: real servers, started before the settings are read; nothing of ours is patched."""

import os
from collections.abc import Mapping

import django
import hypothesis
import pytest
from django.conf import settings
from playwright.sync_api import expect

from socialcare.bootstrap import find_browser
from socialcare.languages import catalogues
from tests.servers import TestServers

# A page that renews itself every few seconds is late on a busy machine, and no less right.
expect.set_options(timeout=20_000)
# Nor is a property wrong because cases were drawn slowly. Each run draws the same cases, so that what turns red was
# changed; EXPLORE=1 draws others.
hypothesis.settings.register_profile(
    "house",
    deadline=None,
    derandomize="EXPLORE" not in os.environ,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("house")

WITH_BROWSER = os.environ.get("E2E") != "0"
collect_ignore_glob = [] if WITH_BROWSER else ["e2e/*"]
BROWSER_TIMEOUT_S = 600
SERVERS = pytest.StashKey[TestServers]()


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Start the servers; pytest-django reads the settings after this hook."""
    servers = TestServers()
    config.stash[SERVERS] = servers
    servers.start()
    catalogues.compile_all()
    settings.INSTALLED_APPS.insert(0, "tests.flushing")
    django.setup()  # pytest-django sets it up by itself only where somebody has read the settings before


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    if servers := config.stash.get(SERVERS, None):
        servers.stop()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests last, in their random order: Playwright leaves an event loop running in this thread, and from
    then on Django refuses the database here (SynchronousOnlyOperation).
    """
    items.sort(key=_in_a_browser)
    for item in filter(_in_a_browser, items):
        # The alarm that ends other tests is swallowed by that loop, and the run would hang: here the run itself ends.
        own = item.get_closest_marker("timeout")
        seconds = own.args[0] if own else BROWSER_TIMEOUT_S
        item.add_marker(pytest.mark.timeout(seconds, method="thread"), append=False)


def _in_a_browser(item: pytest.Item) -> bool:
    return "playwright" in getattr(item, "fixturenames", ())


def pytest_report_header() -> str:
    return f"browser: {find_browser()}" if WITH_BROWSER else "browser: left out on purpose (E2E=0)"


@pytest.fixture(scope="session")
def browser_type_launch_args() -> Mapping[str, object]:
    """Have Playwright drive the system's Chromium; its own download is not needed."""
    quiet = ("--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync")
    # Chromium refuses its sandbox as root and needs it as anybody else.
    return {"executable_path": find_browser(), "args": [*quiet], "chromium_sandbox": os.geteuid() != 0}


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """Give each run its own database on a server that TEST_DATABASE_URL names."""
    settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = f"test_socialcare_{os.getpid()}"


@pytest.fixture(scope="session")
def server_urls() -> Mapping[str, str]:
    """DATABASE_URL and REDIS_URL of this run, for processes that a test starts."""
    return {name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL")}

"""Each test starts with an empty cache: the limits per network address live there, and all tests share one."""

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()

"""Whoever serves pages never loads what only learning needs: 130 MB and seconds of start."""

import os
import subprocess
import sys

SEEN = """
import sys, django
django.setup()
import web.urls, api.urls, socialcare.urls
print([name for name in ("numpy", "scipy", "sklearn") if name in sys.modules])
"""


def test_pages_and_api_load_no_numpy() -> None:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "socialcare.settings"}
    ran = subprocess.run([sys.executable, "-c", SEEN], env=environment, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"

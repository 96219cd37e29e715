#!/usr/bin/env python
"""Django's command line for Socialcare."""

import os
import sys

from django.core.management import execute_from_command_line

# These read files only: they run where nothing is installed yet, and what is missing is never used.
ALONE = {"evaluate_triage"}
UNUSED = {
    "SECRET_KEY": "unused",
    "DATABASE_URL": "postgresql://unused@127.0.0.1/unused",
    "REDIS_URL": "redis://127.0.0.1",
}

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "socialcare.settings")
    if ALONE.intersection(sys.argv[1:2]):
        for name, value in UNUSED.items():
            os.environ.setdefault(name, value)
    execute_from_command_line(sys.argv)

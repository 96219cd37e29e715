"""There was one language, so "en" was nobody's choice: from now on their browser decides."""

from django.db import migrations
from django.db.migrations.state import StateApps


def forget(apps: StateApps, _schema: object) -> None:
    """One statement: an installation has hundreds of people, not millions."""
    apps.get_model("accounts", "User").objects.filter(language="en").update(language="")


def name(apps: StateApps, _schema: object) -> None:
    apps.get_model("accounts", "User").objects.filter(language="").update(language="en")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_language_as_the_browser")]

    operations = [migrations.RunPython(forget, name)]

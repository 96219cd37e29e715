from django.db import migrations

from core.cascades import cascading


class Migration(migrations.Migration):
    """Signing out must work in a process of the release before, too."""

    dependencies = [("accounts", "0007_device")]

    operations = [
        migrations.RunSQL(cascading("accounts_device", "accounts_session", "accounts_apitoken"), migrations.RunSQL.noop)
    ]

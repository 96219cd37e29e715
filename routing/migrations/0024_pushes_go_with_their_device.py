from django.db import migrations

from core.cascades import cascading


class Migration(migrations.Migration):
    """A sign-out in a process of the release before takes the device along."""

    dependencies = [("routing", "0023_push"), ("accounts", "0008_devices_go_with_their_sign_in")]

    operations = [
        migrations.RunSQL(cascading("routing_push", "accounts_device", "routing_notice"), migrations.RunSQL.noop)
    ]

"""The mute of all brands at once is gone."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("inbox", "0008_mute_where_it_was_said")]
    operations = [migrations.RemoveField(model_name="profile", name="muted_at")]

"""What was found is a message; only what was absent needs to be remembered."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("inbox", "0009_profile_without_mute")]
    operations = [migrations.RemoveField(model_name="lookedup", name="found")]

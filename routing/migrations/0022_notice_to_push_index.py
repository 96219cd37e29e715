from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Beside people who work: the table is long."""

    atomic = False
    dependencies = [("routing", "0021_notice_to_push")]

    operations = [
        AddIndexConcurrently(
            model_name="notice",
            index=models.Index(condition=models.Q(("to_push", True)), fields=["id"], name="notice_to_push"),
        ),
    ]

"""Lists of open conversations newest first: the index of the resting ones covers all from now on."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("inbox", "0014_issues")]
    operations = [
        AddIndexConcurrently(
            model_name="conversation",
            index=models.Index(
                models.F("queue"),
                models.F("brand"),
                models.F("status"),
                models.OrderBy(models.F("last_message_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                name="conversation_lane_latest",
            ),
        ),
        RemoveIndexConcurrently(model_name="conversation", name="conversation_lane_newest"),
    ]

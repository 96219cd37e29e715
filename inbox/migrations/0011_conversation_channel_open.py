"""The open list of one channel, without walking the conversations of the brand's other channels."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import Coalesce

from inbox.models.conversation import Far


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("inbox", "0010_looked_up_and_absent")]
    operations = [
        AddIndexConcurrently(
            model_name="conversation",
            index=models.Index(
                models.F("channel"),
                models.F("queue"),
                Coalesce("due_at", Far()),
                Coalesce("waiting_since", Far()),
                models.F("id"),
                condition=models.Q(status="open"),
                name="conversation_channel_open",
            ),
        ),
    ]

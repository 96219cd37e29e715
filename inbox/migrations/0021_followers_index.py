"""Who follows a conversation, without walking all who ever owned one."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("inbox", "0020_contacts_joined_and_noted")]
    operations = [
        AddIndexConcurrently(
            model_name="grant",
            index=models.Index(fields=["conversation"], condition=models.Q(reason="follower"), name="grant_followers"),
        ),
    ]

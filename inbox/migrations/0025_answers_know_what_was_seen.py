from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):
    """Answers that are on their way at this moment count as written now."""

    dependencies = [
        ("inbox", "0024_message_figures"),
    ]

    operations = [
        migrations.AddField(
            model_name="conversation",
            name="answer_seen_at",
            field=models.DateTimeField(
                help_text="What was stored until then the author of our newest answer could have seen; null = it was "
                "given at the network, or there is none.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="delivery",
            name="seen_at",
            field=models.DateTimeField(
                db_default=Now(),
                help_text="What was stored until then who submitted it, or sent it again, could have seen.",
            ),
        ),
    ]

"""The account of an attempt is written down before the call; own posts find the answers they may be."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inbox", "0004_merged_conversations")]
    operations = [
        migrations.AddField(
            model_name="delivery",
            name="account_external_id",
            field=models.CharField(
                blank=True,
                default="",
                help_text="The account as whom it is sent, as known at the claim.",
                max_length=64,
            ),
            preserve_default=False,
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(
                    ("state__in", ["sending", "unknown", "needs_human"]),
                    models.Q(("settle_from__isnull", False), ("state__in", ["queued", "cancelled"])),
                    _connector="OR",
                ),
                fields=["channel"],
                name="delivery_doubtful",
            ),
        ),
    ]

"""Events that a subscriber could not take in."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inbox", "0005_delivery_account"),
    ]

    operations = [
        migrations.CreateModel(
            name="MissedEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subscriber", models.CharField(max_length=80)),
                ("attempts", models.PositiveSmallIntegerField(default=1)),
                ("next_at", models.DateTimeField(help_text="When it is told again; empty = given up.", null=True)),
                ("error", models.CharField(max_length=300)),
            ],
        ),
        migrations.AddField(
            model_name="missedevent",
            name="event",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="missed",
                to="inbox.conversationevent",
            ),
        ),
        migrations.AddIndex(
            model_name="missedevent",
            index=models.Index(
                condition=models.Q(("next_at__isnull", False)), fields=["next_at"], name="missedevent_due"
            ),
        ),
        migrations.AddConstraint(
            model_name="missedevent",
            constraint=models.UniqueConstraint(fields=("event", "subscriber"), name="missedevent_once"),
        ),
    ]

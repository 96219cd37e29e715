"""A hand-over of a conversation that turned out to be part of another one is withdrawn, and nobody did it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("routing", "0001_handoff")]
    operations = [
        migrations.RemoveConstraint(model_name="handoff", name="handoff_decided_by_somebody"),
        migrations.AddConstraint(
            model_name="handoff",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at", None), ("decided_by", None), ("state", "open")),
                    models.Q(("decided_at__isnull", False), ("state", "withdrawn")),
                    models.Q(
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                        ("state__in", ["accepted", "declined"]),
                    ),
                    _connector="OR",
                ),
                name="handoff_decided_by_somebody",
            ),
        ),
    ]

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("routing", "0019_attention")]

    operations = [
        migrations.AddField(
            model_name="attention",
            name="not_pushed",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=20),
                db_default=[],
                default=list,
                help_text="Causes left out on devices.",
                size=None,
            ),
        ),
    ]

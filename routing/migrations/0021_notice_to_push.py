from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("routing", "0020_attention_not_pushed")]

    operations = [
        migrations.AddField(
            model_name="notice",
            name="to_push",
            field=models.BooleanField(db_default=False, help_text="It waits to be spread over the person's devices."),
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_away_reason")]

    operations = [
        migrations.AlterField(
            model_name="user",
            name="language",
            field=models.CharField(blank=True, default="", help_text="Empty: as the browser asks for.", max_length=12),
        ),
    ]

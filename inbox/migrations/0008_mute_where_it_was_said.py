"""Who was muted stays muted at the brand of the conversation in which it was said, and is heard again elsewhere."""

from django.db import migrations

MOVE = """
INSERT INTO inbox_mute (profile_id, brand_id, muted_by_id, muted_at)
SELECT DISTINCT ON (c.profile_id, c.brand_id) c.profile_id, c.brand_id, e.actor_id, p.muted_at
FROM inbox_profile p
JOIN inbox_conversation c ON c.profile_id = p.id
JOIN inbox_conversationevent e ON e.conversation_id = c.id AND e.kind = 'profile.muted'
WHERE p.muted_at IS NOT NULL
ORDER BY c.profile_id, c.brand_id, e.id DESC
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [("inbox", "0007_mute")]
    operations = [migrations.RunSQL(MOVE, migrations.RunSQL.noop)]

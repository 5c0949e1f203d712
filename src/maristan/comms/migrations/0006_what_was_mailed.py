"""Protect the new tables, and carry over what became of the mail of every notification."""

from django.db import migrations

from maristan.kernel.tenancy import protect

CARRY = """
INSERT INTO comms_delivery (institution_id, created_at, updated_at, notification_id, recipient, channel, kind, params,
  address, mode, status, due_at, attempts, settled_at, error)
SELECT n.institution_id, n.created_at, n.created_at, n.id, n.recipient, 'in_app', '', '{}'::jsonb, '', 'immediate', 'sent',
  n.created_at, 0, n.created_at, ''
FROM comms_notification n
UNION ALL
SELECT n.institution_id, n.created_at, n.created_at, n.id, n.recipient, 'email', '', '{}'::jsonb, COALESCE(a.value, ''),
  'immediate',
  CASE WHEN n.mailed_at IS NOT NULL THEN 'sent' WHEN n.mail_error <> '' THEN 'failed'
    WHEN a.value IS NULL THEN 'suppressed' ELSE 'pending' END,
  n.created_at, 0,
  CASE WHEN n.mailed_at IS NOT NULL THEN n.mailed_at WHEN n.mail_error <> '' OR a.value IS NULL THEN n.created_at END,
  n.mail_error
FROM comms_notification n
LEFT JOIN LATERAL (SELECT c.value FROM directory_contactinfo c WHERE c.person_id = n.recipient AND c.kind = 'email'
  ORDER BY c.is_primary DESC, c.id LIMIT 1) a ON true
"""


class Migration(migrations.Migration):
    dependencies = [("comms", "0005_outbox")]

    operations = [
        *protect("comms_delivery", "comms_preference", "comms_quiethours", "comms_announcement"),
        migrations.RunSQL(CARRY, migrations.RunSQL.noop),
    ]

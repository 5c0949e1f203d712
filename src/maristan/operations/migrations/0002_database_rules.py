"""Rules that the database itself keeps for operations."""

from django.db import migrations

from maristan.kernel.tenancy import append_only, protect

# Whoever acts for several institutions acts as one person at a time, and so often in an hour, wherever it was begun.
IMPERSONATED = """
CREATE FUNCTION operations_impersonated_by(wanted bigint, since timestamptz)
  RETURNS TABLE (institution_id bigint, id bigint, started_at timestamptz, expires_at timestamptz, is_open boolean)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT i.institution_id, i.id, i.started_at, i.expires_at, i.ended_at IS NULL FROM operations_impersonation i
  WHERE i.actor_id = wanted AND (i.ended_at IS NULL OR i.started_at > since) ORDER BY i.id $$;
"""


class Migration(migrations.Migration):
    dependencies = [("operations", "0001_initial"), ("kernel", "0002_database_rules")]

    operations = [
        *protect("operations_impersonation"),
        *append_only("operations_release", "operations_verification"),
        migrations.RunSQL(IMPERSONATED, "DROP FUNCTION operations_impersonated_by(bigint, timestamptz)"),
    ]

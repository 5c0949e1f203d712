"""Rules that the database itself keeps for the kernel's tables."""

from django.db import migrations

from maristan.kernel.tenancy import CURRENT, append_only, protect

FUNCTIONS = """
CREATE FUNCTION kernel_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE FUNCTION kernel_institution_ids() RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = public, pg_temp AS $$ SELECT id FROM directory_institution ORDER BY id $$;
"""
# Whatever a request queues carries its id: the database notes it beside the job, so that no job has to.
REQUESTS = """
CREATE FUNCTION kernel_note_request() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO kernel_jobnote (job_id, losses, error, request_id, at)
  VALUES (NEW.id, 0, '', left(current_setting('maristan.request', true), 64), now())
  ON CONFLICT (job_id) DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER kernel_note_request AFTER INSERT ON procrastinate_jobs FOR EACH ROW
  WHEN (coalesce(current_setting('maristan.request', true), '') <> '')
  EXECUTE FUNCTION kernel_note_request();
"""
UNDO_REQUESTS = "DROP TRIGGER kernel_note_request ON procrastinate_jobs; DROP FUNCTION kernel_note_request();"


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0001_initial"),
        ("directory", "0001_initial"),
        ("procrastinate", "0041_post_retry_failed_job"),
    ]

    operations = [
        migrations.RunSQL(FUNCTIONS, "DROP FUNCTION kernel_institution_ids(); DROP FUNCTION kernel_refuse_change();"),
        *protect(
            "kernel_job",
            "kernel_storedfile",
            "kernel_importrun",
            "kernel_importrow",
            "kernel_removedfile",
        ),
        *protect(
            "kernel_storedreply",
            "kernel_journalline",
            "kernel_journalseal",
            also=f"(institution_id IS NULL AND {CURRENT} IS NULL)",
        ),
        *append_only("kernel_journalline", "kernel_journalseal"),
        migrations.RunSQL(REQUESTS, UNDO_REQUESTS),
    ]

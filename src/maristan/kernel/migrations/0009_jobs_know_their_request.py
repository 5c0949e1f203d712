"""Whatever a request queues carries its id: the database notes it beside the job, so that no job has to."""

from django.db import migrations

FUNCTION = """
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
GONE = "DROP TRIGGER kernel_note_request ON procrastinate_jobs; DROP FUNCTION kernel_note_request();"


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0008_failures_to_sign_in"),
        ("procrastinate", "0041_post_retry_failed_job"),
    ]

    compatibility = "compatible"  # former code never says of which request a transaction is

    operations = [migrations.RunSQL(FUNCTION, GONE)]

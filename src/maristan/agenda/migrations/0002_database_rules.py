"""Rules that the database itself keeps for the agenda."""

from django.db import migrations

from maristan.kernel.tenancy import protect

BOOKINGS = """
ALTER TABLE agenda_booking ADD CONSTRAINT agenda_booking_no_overlap EXCLUDE USING gist (
  int8range(place_id, place_id, '[]') WITH &&, tstzrange(starts_at, ends_at) WITH &&) DEFERRABLE INITIALLY IMMEDIATE;
CREATE FUNCTION agenda_feed_of(wanted text) RETURNS TABLE (institution_id bigint, person_id bigint)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT institution_id, person_id FROM agenda_feed WHERE token_hash = wanted AND revoked_at IS NULL $$;
"""


class Migration(migrations.Migration):
    dependencies = [("agenda", "0001_initial"), ("kernel", "0002_database_rules")]

    operations = [
        *protect("agenda_entry", "agenda_booking", "agenda_feed"),
        migrations.RunSQL(
            BOOKINGS,
            """ALTER TABLE agenda_booking DROP CONSTRAINT agenda_booking_no_overlap;
            DROP FUNCTION agenda_feed_of(text);""",
        ),
    ]

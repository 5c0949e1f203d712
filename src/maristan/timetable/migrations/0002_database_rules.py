"""Rules that the database itself keeps for the timetable."""

from django.db import migrations

from maristan.kernel.tenancy import append_only, protect

TABLES = [
    "timetable_session",
    "timetable_sessionteacher",
    "timetable_sessiongroup",
    "timetable_sessionallocation",
    "timetable_weekplan",
    "timetable_weekslotrow",
    "timetable_weekcell",
    "timetable_weekchangelog",
    "timetable_sessionoccurrence",
    "timetable_availability",
    "timetable_sessionsyllabusitem",
]

KEYS = """
ALTER TABLE timetable_session ADD CONSTRAINT timetable_session_id_times UNIQUE (id, starts_at, ends_at, is_live);
ALTER TABLE timetable_sessionallocation ADD CONSTRAINT timetable_sessionallocation_as_session
  FOREIGN KEY (session_id, starts_at, ends_at, is_live)
  REFERENCES timetable_session (id, starts_at, ends_at, is_live) ON UPDATE CASCADE ON DELETE CASCADE;
ALTER TABLE timetable_sessionallocation ADD CONSTRAINT timetable_sessionallocation_no_overlap EXCLUDE USING gist (
  int8range(resource_id, resource_id, '[]') WITH &&,
  int4range(ascii(kind), ascii(kind), '[]') WITH &&,
  tstzrange(starts_at, ends_at) WITH &&) WHERE (is_live) DEFERRABLE INITIALLY IMMEDIATE;
ALTER TABLE timetable_weekcell ADD CONSTRAINT timetable_weekcell_row_of_plan
  FOREIGN KEY (slot_row_id, week_plan_id) REFERENCES timetable_weekslotrow (id, week_plan_id) ON DELETE CASCADE;
ALTER TABLE timetable_weekplan ADD CONSTRAINT timetable_weekplan_id_start UNIQUE (id, week_start_date);
ALTER TABLE timetable_sessionoccurrence
  ADD CONSTRAINT timetable_sessionoccurrence_cell_of_plan
    FOREIGN KEY (week_cell_id, week_plan_id) REFERENCES timetable_weekcell (id, week_plan_id),
  ADD CONSTRAINT timetable_sessionoccurrence_plan_start
    FOREIGN KEY (week_plan_id, week_start_date) REFERENCES timetable_weekplan (id, week_start_date);
"""
UNDO_KEYS = """
ALTER TABLE timetable_sessionoccurrence DROP CONSTRAINT timetable_sessionoccurrence_cell_of_plan,
  DROP CONSTRAINT timetable_sessionoccurrence_plan_start;
ALTER TABLE timetable_weekplan DROP CONSTRAINT timetable_weekplan_id_start;
ALTER TABLE timetable_weekcell DROP CONSTRAINT timetable_weekcell_row_of_plan;
ALTER TABLE timetable_sessionallocation DROP CONSTRAINT timetable_sessionallocation_no_overlap,
  DROP CONSTRAINT timetable_sessionallocation_as_session;
ALTER TABLE timetable_session DROP CONSTRAINT timetable_session_id_times;
"""

KEEP = """
CREATE FUNCTION timetable_keep_planned() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.source = 'plan' THEN
    RAISE EXCEPTION 'a planned session is cancelled, never deleted'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'timetable_session_plan_kept';
  END IF;
  RETURN OLD;
END $$;
CREATE TRIGGER timetable_keep_planned BEFORE DELETE ON timetable_session
  FOR EACH ROW EXECUTE FUNCTION timetable_keep_planned();
"""


class Migration(migrations.Migration):
    dependencies = [("timetable", "0001_initial"), ("kernel", "0002_database_rules")]

    operations = [
        *protect(*TABLES),
        migrations.RunSQL(KEYS, UNDO_KEYS),
        migrations.RunSQL(
            KEEP, "DROP TRIGGER timetable_keep_planned ON timetable_session; DROP FUNCTION timetable_keep_planned();"
        ),
        *append_only("timetable_weekchangelog"),
    ]

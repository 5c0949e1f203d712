"""Rules that the database itself keeps for attendance."""

from django.db import migrations

from maristan.kernel.tenancy import protect

TABLES = [
    "attendance_register",
    "attendance_attendance",
    "attendance_markchange",
    "attendance_excuse",
    "attendance_correction",
    "attendance_policy",
    "attendance_summary",
    "attendance_eligibilitylist",
    "attendance_eligibilityline",
    "attendance_condonation",
    "attendance_warned",
]

# A change of a mark stays for as long as the institution keeps attendance: only then it may go, and it never differs.
CHANGES = """
CREATE FUNCTION attendance_keep_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND EXISTS (
      SELECT FROM attendance_attendance line
      JOIN timetable_session session ON session.id = line.session_id
      JOIN directory_institutionsetting setting ON setting.institution_id = line.institution_id
        AND setting.key = 'attendance.kept_years'
      WHERE line.id = OLD.line_id AND (setting.value #>> '{}')::int > 0
        AND session.starts_at < now() - make_interval(years => (setting.value #>> '{}')::int, days => -1)) THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'attendance_markchange is append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER attendance_keep_change BEFORE UPDATE OR DELETE ON attendance_markchange
  FOR EACH ROW EXECUTE FUNCTION attendance_keep_change();
CREATE TRIGGER attendance_markchange_no_truncate BEFORE TRUNCATE ON attendance_markchange
  FOR EACH STATEMENT EXECUTE FUNCTION kernel_refuse_change();
"""
UNDO_CHANGES = """
DROP TRIGGER attendance_markchange_no_truncate ON attendance_markchange;
DROP TRIGGER attendance_keep_change ON attendance_markchange; DROP FUNCTION attendance_keep_change();
"""

POLICIES = """
CREATE FUNCTION attendance_keep_policy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.status = 'active' THEN
    RAISE EXCEPTION 'a policy in force never changes'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'attendance_policy_kept';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER attendance_keep_policy BEFORE UPDATE OR DELETE ON attendance_policy
  FOR EACH ROW EXECUTE FUNCTION attendance_keep_policy();
"""
UNDO_POLICIES = "DROP TRIGGER attendance_keep_policy ON attendance_policy; DROP FUNCTION attendance_keep_policy();"

# Lines of a list stay as they were frozen, but for what a condonation gives or takes.
LISTS = """
CREATE FUNCTION attendance_keep_line() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  is_granted boolean;
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a line of an eligibility list stays'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'attendance_eligibilityline_kept';
  END IF;
  is_granted := EXISTS (SELECT FROM attendance_condonation WHERE line_id = NEW.id AND status = 'granted');
  IF to_jsonb(NEW) - 'eligible' - 'code' - 'updated_at' <> to_jsonb(OLD) - 'eligible' - 'code' - 'updated_at'
    OR (NEW.code = 'condoned') <> is_granted
    OR (NEW.code <> OLD.code AND NOT (NEW.code IN ('condoned', 'below_threshold')
        AND OLD.code IN ('condoned', 'below_threshold'))) THEN
    RAISE EXCEPTION 'a line of an eligibility list changes with a condonation only'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'attendance_eligibilityline_kept';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER attendance_keep_line BEFORE UPDATE OR DELETE ON attendance_eligibilityline
  FOR EACH ROW EXECUTE FUNCTION attendance_keep_line();
"""
UNDO_LISTS = "DROP TRIGGER attendance_keep_line ON attendance_eligibilityline; DROP FUNCTION attendance_keep_line();"


class Migration(migrations.Migration):
    dependencies = [("attendance", "0001_initial"), ("kernel", "0002_database_rules")]

    operations = [
        *protect(*TABLES),
        migrations.RunSQL(CHANGES, UNDO_CHANGES),
        migrations.RunSQL(POLICIES, UNDO_POLICIES),
        migrations.RunSQL(LISTS, UNDO_LISTS),
    ]

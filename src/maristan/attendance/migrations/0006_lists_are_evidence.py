"""Lines of a list stay as they were frozen, but for what a condonation gives or takes."""

from django.db import migrations

from maristan.kernel.tenancy import protect

KEEP = """
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
LET_GO = "DROP TRIGGER attendance_keep_line ON attendance_eligibilityline; DROP FUNCTION attendance_keep_line();"


class Migration(migrations.Migration):
    dependencies = [("attendance", "0005_eligibility_lists")]

    operations = [
        *protect("attendance_eligibilitylist", "attendance_eligibilityline", "attendance_condonation"),
        migrations.RunSQL(KEEP, LET_GO),
    ]

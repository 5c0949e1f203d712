"""Rules that the database itself keeps for assessment, and the grade schemes that every institution starts with."""

from django.db import migrations

from maristan.kernel.tenancy import protect

TABLES = [
    "assessment_gradescheme",
    "assessment_gradeband",
    "assessment_exam",
    "assessment_component",
    "assessment_examiner",
    "assessment_candidate",
    "assessment_result",
    "assessment_entry",
    "assessment_resultcorrection",
    "assessment_gradebookitem",
]

SCHEMES = """
CREATE FUNCTION assessment_keep_active_scheme() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.status = 'active' THEN
    RAISE EXCEPTION 'an active grade scheme never changes'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'assessment_gradescheme_active_kept';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER assessment_keep_active_scheme BEFORE UPDATE OR DELETE ON assessment_gradescheme
  FOR EACH ROW EXECUTE FUNCTION assessment_keep_active_scheme();

CREATE FUNCTION assessment_keep_active_bands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM assessment_gradescheme s WHERE s.status = 'active'
             AND (TG_OP <> 'INSERT' AND s.id = OLD.scheme_id OR TG_OP <> 'DELETE' AND s.id = NEW.scheme_id)) THEN
    RAISE EXCEPTION 'the bands of an active grade scheme never change'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'assessment_gradeband_active_kept';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER assessment_keep_active_bands BEFORE INSERT OR UPDATE OR DELETE ON assessment_gradeband
  FOR EACH ROW EXECUTE FUNCTION assessment_keep_active_bands();
"""
UNDO_SCHEMES = """
DROP TRIGGER assessment_keep_active_bands ON assessment_gradeband; DROP FUNCTION assessment_keep_active_bands();
DROP TRIGGER assessment_keep_active_scheme ON assessment_gradescheme; DROP FUNCTION assessment_keep_active_scheme();
"""

RESULTS = """
CREATE FUNCTION assessment_keep_published_result() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.status IN ('published', 'frozen') AND (TG_OP = 'DELETE' OR
     (NEW.exam_id, NEW.person_id, NEW.revision, NEW.total_obtained, NEW.total_max, NEW.percentage, NEW.letter,
      NEW.point, NEW.final_outcome)
     IS DISTINCT FROM
     (OLD.exam_id, OLD.person_id, OLD.revision, OLD.total_obtained, OLD.total_max, OLD.percentage, OLD.letter,
      OLD.point, OLD.final_outcome)
     OR NEW.status NOT IN ('published', 'frozen') OR OLD.status = 'frozen' AND NEW.status <> 'frozen'
     OR NEW.is_current AND NOT OLD.is_current) THEN
    RAISE EXCEPTION 'a published result never changes'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'assessment_result_published_kept';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER assessment_keep_published_result BEFORE UPDATE OR DELETE ON assessment_result
  FOR EACH ROW EXECUTE FUNCTION assessment_keep_published_result();

CREATE FUNCTION assessment_keep_published_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM assessment_result r WHERE r.status IN ('published', 'frozen')
             AND (TG_OP <> 'INSERT' AND r.id = OLD.result_id OR TG_OP <> 'DELETE' AND r.id = NEW.result_id)) THEN
    RAISE EXCEPTION 'the entries of a published result never change'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'assessment_entry_published_kept';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER assessment_keep_published_entry BEFORE INSERT OR UPDATE OR DELETE ON assessment_entry
  FOR EACH ROW EXECUTE FUNCTION assessment_keep_published_entry();
"""
UNDO_RESULTS = """
DROP TRIGGER assessment_keep_published_entry ON assessment_entry; DROP FUNCTION assessment_keep_published_entry();
DROP TRIGGER assessment_keep_published_result ON assessment_result; DROP FUNCTION assessment_keep_published_result();
"""

FIRST = """
WITH shipped (name, min_percent, letter) AS (VALUES
  ('Undergraduate', 90, 'A+'), ('Undergraduate', 85, 'A'), ('Undergraduate', 80, 'B+'), ('Undergraduate', 75, 'B'),
  ('Undergraduate', 70, 'C+'), ('Undergraduate', 65, 'C'), ('Undergraduate', 60, 'D'), ('Undergraduate', 0, 'F'),
  ('Postgraduate', 90, 'A+'), ('Postgraduate', 80, 'A'), ('Postgraduate', 70, 'B+'), ('Postgraduate', 60, 'B'),
  ('Postgraduate', 50, 'C+'), ('Postgraduate', 40, 'C'), ('Postgraduate', 0, 'F')
), schemes AS (
  INSERT INTO assessment_gradescheme
    (institution_id, scope_key, name, number, status, version, created_at, updated_at)
  SELECT i.id, 'institution', n.name, 1, 'draft', 1, now(), now()
  FROM directory_institution i CROSS JOIN (VALUES (1, 'Undergraduate'), (2, 'Postgraduate')) n (position, name)
  ORDER BY i.id, n.position
  RETURNING id, institution_id, name
)
INSERT INTO assessment_gradeband
  (institution_id, scheme_id, min_percent, letter, is_fail, created_at, updated_at)
SELECT s.institution_id, s.id, b.min_percent, b.letter, b.min_percent = 0, now(), now()
FROM schemes s JOIN shipped b USING (name);
"""
ACTIVATE = "UPDATE assessment_gradescheme SET status = 'active';"


class Migration(migrations.Migration):
    dependencies = [("assessment", "0001_initial"), ("kernel", "0002_database_rules")]

    operations = [
        *protect(*TABLES),
        migrations.RunSQL(SCHEMES, UNDO_SCHEMES),
        migrations.RunSQL(RESULTS, UNDO_RESULTS),
        migrations.RunSQL(FIRST, migrations.RunSQL.noop),
        migrations.RunSQL(ACTIVATE, migrations.RunSQL.noop),
    ]

"""Rules that the database itself keeps for academics."""

from django.db import migrations

from maristan.kernel.tenancy import append_only, protect

TABLES = [
    "academics_program",
    "academics_batch",
    "academics_group",
    "academics_track",
    "academics_academicperiod",
    "academics_course",
    "academics_courseprogram",
    "academics_section",
    "academics_sectionteacher",
    "academics_student",
    "academics_placement",
    "academics_enrollment",
    "academics_intake",
    "academics_application",
    "academics_applicationfile",
    "academics_admissioncounter",
    "academics_requesttype",
    "academics_request",
    "academics_requestattachment",
    "academics_requestremark",
    "academics_syllabusitem",
    "academics_material",
    "academics_receipt",
    "academics_requirement",
    "academics_obligation",
    "academics_submission",
]

KEYS = """
ALTER TABLE academics_student
  ADD CONSTRAINT academics_student_batch_of_program FOREIGN KEY (batch_id, program_id)
    REFERENCES academics_batch (id, program_id) DEFERRABLE INITIALLY IMMEDIATE,
  ADD CONSTRAINT academics_student_group_of_batch FOREIGN KEY (group_id, batch_id)
    REFERENCES academics_group (id, batch_id) DEFERRABLE INITIALLY IMMEDIATE;
ALTER TABLE academics_placement
  ADD CONSTRAINT academics_placement_group_of_batch FOREIGN KEY (group_id, batch_id)
    REFERENCES academics_group (id, batch_id);
ALTER TABLE academics_placement ADD CONSTRAINT academics_placement_no_overlap EXCLUDE USING gist (
  int8range(student_id, student_id, '[]') WITH &&, daterange(from_date, to_date, '[]') WITH &&);
ALTER TABLE academics_academicperiod ADD CONSTRAINT academics_academicperiod_batch_of_program
  FOREIGN KEY (batch_id, program_id) REFERENCES academics_batch (id, program_id);
ALTER TABLE academics_academicperiod ADD CONSTRAINT academics_academicperiod_track_no_overlap EXCLUDE USING gist (
  int8range(track_id, track_id, '[]') WITH &&,
  int8range(coalesce(batch_id, 0), coalesce(batch_id, 0), '[]') WITH &&,
  daterange(start_date, end_date, '[]') WITH &&) WHERE (track_id IS NOT NULL AND start_date IS NOT NULL);
ALTER TABLE academics_intake ADD CONSTRAINT academics_intake_batch_of_program
  FOREIGN KEY (batch_id, program_id) REFERENCES academics_batch (id, program_id);
"""
UNDO_KEYS = """
ALTER TABLE academics_intake DROP CONSTRAINT academics_intake_batch_of_program;
ALTER TABLE academics_student DROP CONSTRAINT academics_student_batch_of_program,
  DROP CONSTRAINT academics_student_group_of_batch;
ALTER TABLE academics_placement DROP CONSTRAINT academics_placement_group_of_batch,
  DROP CONSTRAINT academics_placement_no_overlap;
ALTER TABLE academics_academicperiod DROP CONSTRAINT academics_academicperiod_batch_of_program,
  DROP CONSTRAINT academics_academicperiod_track_no_overlap;
"""

TRIGGERS = """
CREATE FUNCTION academics_period_parent() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE above academics_academicperiod; ancestor bigint := NEW.parent_id; depth int := 1;
BEGIN
  IF TG_OP = 'UPDATE' AND EXISTS (
      SELECT 1 FROM academics_academicperiod child WHERE child.parent_id = NEW.id
        AND (child.program_id <> NEW.program_id OR child.batch_id IS DISTINCT FROM NEW.batch_id)) THEN
    RAISE EXCEPTION 'a period below belongs to another program or batch'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'academics_academicperiod_parent';
  END IF;
  IF NEW.parent_id IS NULL THEN RETURN NEW; END IF;
  SELECT * INTO above FROM academics_academicperiod WHERE id = NEW.parent_id;
  IF above.program_id <> NEW.program_id OR above.batch_id IS DISTINCT FROM NEW.batch_id THEN
    RAISE EXCEPTION 'the parent belongs to another program or batch'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'academics_academicperiod_parent';
  END IF;
  WHILE ancestor IS NOT NULL LOOP
    IF ancestor = NEW.id OR depth > 6 THEN
      RAISE EXCEPTION 'cycle' USING ERRCODE = 'check_violation', CONSTRAINT = 'academics_academicperiod_cycle';
    END IF;
    SELECT parent_id INTO ancestor FROM academics_academicperiod WHERE id = ancestor;
    depth := depth + 1;
  END LOOP;
  RETURN NEW;
END $$;
CREATE TRIGGER academics_period_parent BEFORE INSERT OR UPDATE OF parent_id, program_id, batch_id
  ON academics_academicperiod FOR EACH ROW EXECUTE FUNCTION academics_period_parent();

CREATE FUNCTION academics_program_finalized() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.status <> 'draft' AND (NEW.structure_type, NEW.period_length_months, NEW.total_periods)
      IS DISTINCT FROM (OLD.structure_type, OLD.period_length_months, OLD.total_periods) THEN
    RAISE EXCEPTION 'the structure of a finalized program is fixed'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'academics_program_structure_fixed';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER academics_program_finalized BEFORE UPDATE ON academics_program
  FOR EACH ROW EXECUTE FUNCTION academics_program_finalized();

CREATE FUNCTION academics_seats() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE over bigint;
BEGIN
  PERFORM 1 FROM academics_section WHERE id IN (SELECT DISTINCT section_id FROM changed) ORDER BY id FOR UPDATE;
  SELECT s.id INTO over FROM academics_section s
    WHERE s.id IN (SELECT DISTINCT section_id FROM changed)
      AND s.capacity < (SELECT count(*) FROM academics_enrollment e WHERE e.section_id = s.id AND e.status = 'active')
    LIMIT 1;
  IF over IS NOT NULL THEN
    RAISE EXCEPTION 'section % is full', over
      USING ERRCODE = 'check_violation', CONSTRAINT = 'academics_enrollment_capacity';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER academics_seats_insert AFTER INSERT ON academics_enrollment
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION academics_seats();
CREATE TRIGGER academics_seats_update AFTER UPDATE ON academics_enrollment
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION academics_seats();

CREATE FUNCTION academics_capacity() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.capacity < (SELECT count(*) FROM academics_enrollment e WHERE e.section_id = NEW.id AND e.status = 'active') THEN
    RAISE EXCEPTION 'more are enrolled' USING ERRCODE = 'check_violation', CONSTRAINT = 'academics_section_enrolled';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER academics_capacity BEFORE UPDATE OF capacity ON academics_section
  FOR EACH ROW EXECUTE FUNCTION academics_capacity();
"""
UNDO_TRIGGERS = """
DROP TRIGGER academics_period_parent ON academics_academicperiod; DROP FUNCTION academics_period_parent();
DROP TRIGGER academics_program_finalized ON academics_program; DROP FUNCTION academics_program_finalized();
DROP TRIGGER academics_seats_insert ON academics_enrollment; DROP TRIGGER academics_seats_update ON academics_enrollment;
DROP FUNCTION academics_seats();
DROP TRIGGER academics_capacity ON academics_section; DROP FUNCTION academics_capacity();
"""

FUNCTION = """
CREATE FUNCTION academics_applied_with(wanted text) RETURNS bigint
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT institution_id FROM academics_application WHERE token_hash = wanted $$;
"""


class Migration(migrations.Migration):
    dependencies = [("academics", "0001_initial"), ("kernel", "0002_database_rules")]

    operations = [
        *protect(*TABLES),
        *append_only("academics_submission"),
        migrations.RunSQL(KEYS, UNDO_KEYS),
        migrations.RunSQL(TRIGGERS, UNDO_TRIGGERS),
        migrations.RunSQL(FUNCTION, "DROP FUNCTION academics_applied_with(text)"),
    ]

"""Rules that the database itself keeps for assessment."""

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
    "assessment_document",
    "assessment_documentbatch",
    "assessment_documentbatchline",
    "assessment_documentcounter",
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

DOCUMENTS = """
CREATE FUNCTION assessment_keep_document() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR
     (NEW.institution_id, NEW.kind, NEW.number, NEW.person_id, NEW.student_id, NEW.request_id, NEW.language,
      NEW.snapshot, NEW.result_ids, NEW.content_hash, NEW.code, NEW.issued_at, NEW.issued_by)
     IS DISTINCT FROM
     (OLD.institution_id, OLD.kind, OLD.number, OLD.person_id, OLD.student_id, OLD.request_id, OLD.language,
      OLD.snapshot, OLD.result_ids, OLD.content_hash, OLD.code, OLD.issued_at, OLD.issued_by)
     OR OLD.file_id IS NOT NULL
        AND (NEW.file_id, NEW.file_sha256) IS DISTINCT FROM (OLD.file_id, OLD.file_sha256)
     OR OLD.status = 'revoked' AND NEW.status <> 'revoked'
     OR OLD.status = 'superseded' AND NEW.status = 'issued' THEN
    RAISE EXCEPTION 'an issued document never changes'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'assessment_document_kept';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER assessment_keep_document BEFORE UPDATE OR DELETE ON assessment_document
  FOR EACH ROW EXECUTE FUNCTION assessment_keep_document();
CREATE FUNCTION assessment_issued_as(wanted text) RETURNS bigint
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT institution_id FROM assessment_document WHERE code = wanted $$;
"""
UNDO_DOCUMENTS = """
DROP FUNCTION assessment_issued_as(text);
DROP TRIGGER assessment_keep_document ON assessment_document; DROP FUNCTION assessment_keep_document();
"""


class Migration(migrations.Migration):
    dependencies = [("assessment", "0001_initial"), ("kernel", "0002_database_rules")]

    operations = [
        *protect(*TABLES),
        migrations.RunSQL(SCHEMES, UNDO_SCHEMES),
        migrations.RunSQL(RESULTS, UNDO_RESULTS),
        migrations.RunSQL(DOCUMENTS, UNDO_DOCUMENTS),
    ]

"""The types of request that every institution starts with, for institutions founded before."""

from django.db import migrations

FIRST = """
INSERT INTO academics_requesttype
  (institution_id, code, name, handler_role, requires_attachment, is_active, version, created_at, updated_at)
SELECT institution.id, starter.code, starter.name, starter.handler_role, false, true, 1, now(), now()
FROM directory_institution institution
CROSS JOIN (VALUES
  ('transcript', 'Transcript', 'exam_cell'),
  ('bonafide', 'Bonafide certificate', 'registrar'),
  ('noc', 'No objection certificate', 'registrar'),
  ('correction', 'Correction of record', 'registrar'),
  ('other', 'Other', 'registrar')) AS starter (code, name, handler_role)
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [
        ("academics", "0005_admissions_desk_syllabus"),
        ("directory", "0008_addresses_and_papers"),
    ]

    operations = [migrations.RunSQL(FIRST, migrations.RunSQL.noop)]

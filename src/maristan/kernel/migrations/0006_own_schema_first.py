"""Functions that look across institutions find tables in the schema before the temporary ones of whoever calls.

Unless `pg_temp` is named it is searched first, and a temporary table could stand in for the real one.
"""

from django.db import migrations

FUNCTIONS = """
DO $$
DECLARE each regprocedure;
BEGIN
  FOR each IN SELECT p.oid::regprocedure FROM pg_proc p
      WHERE p.prosecdef AND p.pronamespace = 'public'::regnamespace AND p.proowner = current_user::regrole LOOP
    EXECUTE format('ALTER FUNCTION %s SET search_path = public, pg_temp', each);
  END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0005_entered_by_a_file"),
        ("directory", "0008_addresses_and_papers"),
        ("agenda", "0004_long_entries"),
        ("academics", "0005_admissions_desk_syllabus"),
    ]

    operations = [migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop)]

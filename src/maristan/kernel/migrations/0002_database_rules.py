"""Rules that the database itself keeps for the kernel's tables."""

from django.db import migrations

from maristan.kernel.tenancy import CURRENT, append_only, protect

FUNCTIONS = """
CREATE FUNCTION kernel_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE FUNCTION kernel_institution_ids() RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = public AS $$ SELECT id FROM directory_institution ORDER BY id $$;
"""


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_initial"), ("directory", "0002_initial")]

    operations = [
        migrations.RunSQL(FUNCTIONS, "DROP FUNCTION kernel_institution_ids(); DROP FUNCTION kernel_refuse_change();"),
        *protect("kernel_storedreply", "kernel_job", "kernel_storedfile", "kernel_importrun", "kernel_importrow"),
        *protect(
            "kernel_journalline",
            "kernel_journalseal",
            also=f"(institution_id IS NULL AND {CURRENT} IS NULL)",
        ),
        *append_only("kernel_journalline", "kernel_journalseal"),
    ]

"""What must not be false below academics: a parent keeps program and batch of its children, a program its courses."""

import django.db.models.deletion
from django.db import migrations, models

PARENT = """
CREATE OR REPLACE FUNCTION academics_period_parent() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE above academics_academicperiod; ancestor bigint := NEW.parent_id; depth int := 1;
BEGIN
  {below}
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
"""
BELOW = """IF TG_OP = 'UPDATE' AND EXISTS (
      SELECT 1 FROM academics_academicperiod child WHERE child.parent_id = NEW.id
        AND (child.program_id <> NEW.program_id OR child.batch_id IS DISTINCT FROM NEW.batch_id)) THEN
    RAISE EXCEPTION 'a period below belongs to another program or batch'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'academics_academicperiod_parent';
  END IF;"""


class Migration(migrations.Migration):
    dependencies = [("academics", "0003_database_rules")]

    operations = [
        migrations.AlterField(
            model_name="courseprogram",
            name="program",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="academics.program"
            ),
        ),
        migrations.RunSQL(PARENT.format(below=BELOW), PARENT.format(below="")),
    ]

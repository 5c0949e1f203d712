"""What must not be false below the directory: depth of a moved tree, pairs of a decision, what a delete would leave."""

import django.db.models.deletion
from django.db import migrations, models

TREE = """
CREATE OR REPLACE FUNCTION directory_{kind}_tree() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE ancestor bigint := NEW.parent_id; depth int := 1; height int := 0;
BEGIN
  WHILE ancestor IS NOT NULL LOOP
    IF ancestor = NEW.id OR depth >= 6 THEN
      RAISE EXCEPTION 'cycle, or deeper than six levels' USING ERRCODE = 'check_violation', CONSTRAINT = 'directory_{kind}_tree';
    END IF;
    SELECT parent_id INTO ancestor FROM directory_{kind} WHERE id = ancestor;
    depth := depth + 1;
  END LOOP;
  {below}
  RETURN NEW;
END $$;
"""
BELOW = """IF TG_OP = 'UPDATE' THEN
    WITH RECURSIVE below AS (
      SELECT id, 1 AS level FROM directory_{kind} WHERE parent_id = NEW.id
      UNION ALL
      SELECT child.id, below.level + 1 FROM directory_{kind} child JOIN below ON child.parent_id = below.id
      WHERE below.level < 6)
    SELECT coalesce(max(level), 0) INTO height FROM below;
    IF depth + height > 6 THEN
      RAISE EXCEPTION 'deeper than six levels' USING ERRCODE = 'check_violation', CONSTRAINT = 'directory_{kind}_tree';
    END IF;
  END IF;"""
KINDS = ("department", "place")

# Names that differ in number and batch alone have one root; `directory.rules.people.login_root` says the same.
USERNAMES = """
CREATE OR REPLACE FUNCTION directory_usernames_taken(stems text[]) RETURNS SETOF text
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT name FROM (
    SELECT lower(username) AS name FROM kernel_user
    UNION SELECT lower(proposed_username) FROM directory_person WHERE proposed_username <> '') AS taken
  WHERE regexp_replace(name, '[0-9]*([.]b[0-9]{2})?$', '') = ANY(stems) $$;
"""
EVERY_USERNAME = """
CREATE OR REPLACE FUNCTION directory_usernames_taken(stems text[]) RETURNS SETOF text
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT lower(username) FROM kernel_user
  UNION SELECT lower(proposed_username) FROM directory_person WHERE proposed_username <> '' $$;
"""


class Migration(migrations.Migration):
    dependencies = [("directory", "0005_setting_version")]

    operations = [
        migrations.AlterField(
            model_name="leave",
            name="decided_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.person"
            ),
        ),
        migrations.AlterField(
            model_name="place",
            name="department",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.department"
            ),
        ),
        migrations.AlterField(
            model_name="placefeature",
            name="feature",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.roomfeature"
            ),
        ),
        migrations.RunSQL(
            "UPDATE directory_leave SET decided_at = NULL WHERE decided_by_id IS NULL AND decided_at IS NOT NULL;"
            " SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED;",
            migrations.RunSQL.noop,
        ),
        migrations.RemoveConstraint(model_name="leave", name="directory_leave_decided_pair"),
        migrations.AddConstraint(
            model_name="leave",
            constraint=models.CheckConstraint(
                condition=models.Q(decided_at__isnull=True, decided_by__isnull=True)
                | models.Q(decided_at__isnull=False, decided_by__isnull=False),
                name="directory_leave_decided_both",
            ),
        ),
        *[
            migrations.RunSQL(TREE.format(kind=kind, below=BELOW.format(kind=kind)), TREE.format(kind=kind, below=""))
            for kind in KINDS
        ],
        migrations.RunSQL(USERNAMES, EVERY_USERNAME),
    ]

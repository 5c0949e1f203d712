"""Rules that the database itself keeps for the directory."""

from django.db import migrations

from maristan.kernel.tenancy import protect

TABLES = [
    "directory_institutionsetting",
    "directory_person",
    "directory_contactinfo",
    "directory_department",
    "directory_roomfeature",
    "directory_place",
    "directory_placefeature",
    "directory_membership",
    "directory_invitation",
    "directory_leave",
    "directory_holiday",
    "directory_address",
    "directory_identitydocument",
]

TREE = """
CREATE FUNCTION directory_{kind}_tree() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE ancestor bigint := NEW.parent_id; depth int := 1; height int := 0;
BEGIN
  WHILE ancestor IS NOT NULL LOOP
    IF ancestor = NEW.id OR depth >= 6 THEN
      RAISE EXCEPTION 'cycle, or deeper than six levels' USING ERRCODE = 'check_violation', CONSTRAINT = 'directory_{kind}_tree';
    END IF;
    SELECT parent_id INTO ancestor FROM directory_{kind} WHERE id = ancestor;
    depth := depth + 1;
  END LOOP;
  IF TG_OP = 'UPDATE' THEN
    WITH RECURSIVE below AS (
      SELECT id, 1 AS level FROM directory_{kind} WHERE parent_id = NEW.id
      UNION ALL
      SELECT child.id, below.level + 1 FROM directory_{kind} child JOIN below ON child.parent_id = below.id
      WHERE below.level < 6)
    SELECT coalesce(max(level), 0) INTO height FROM below;
    IF depth + height > 6 THEN
      RAISE EXCEPTION 'deeper than six levels' USING ERRCODE = 'check_violation', CONSTRAINT = 'directory_{kind}_tree';
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER directory_{kind}_tree BEFORE INSERT OR UPDATE OF parent_id ON directory_{kind}
  FOR EACH ROW EXECUTE FUNCTION directory_{kind}_tree();
"""

EXCLUSIONS = """
ALTER TABLE directory_membership ADD CONSTRAINT directory_membership_no_overlap EXCLUDE USING gist (
  int8range(person_id, person_id, '[]') WITH &&,
  int8range(hashtextextended(role || ':' || scope_kind, 0), hashtextextended(role || ':' || scope_kind, 0), '[]') WITH &&,
  int8range(coalesce(scope_id, 0), coalesce(scope_id, 0), '[]') WITH &&,
  daterange(from_date, to_date, '[]') WITH &&) WHERE (to_date IS NULL OR to_date >= from_date);
ALTER TABLE directory_leave ADD CONSTRAINT directory_leave_no_overlap EXCLUDE USING gist (
  int8range(person_id, person_id, '[]') WITH &&,
  daterange(start_date, end_date, '[]') WITH &&) WHERE (status IN ('pending', 'approved'));
"""

FUNCTIONS = """
CREATE FUNCTION directory_institutions_of(wanted bigint) RETURNS TABLE (id bigint, code text, name text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT i.id, i.code::text, i.name::text FROM directory_person p JOIN directory_institution i ON i.id = p.institution_id
  WHERE p.user_id = wanted AND p.is_active ORDER BY i.id $$;
CREATE FUNCTION directory_invited_to(wanted text) RETURNS bigint
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT institution_id FROM directory_invitation WHERE token_hash = wanted $$;
-- Names that differ in number and batch alone have one root; `directory.rules.people.login_root` says the same.
CREATE FUNCTION directory_usernames_taken(stems text[]) RETURNS SETOF text
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT name FROM (
    SELECT lower(username) AS name FROM kernel_user
    UNION SELECT lower(proposed_username) FROM directory_person WHERE proposed_username <> '') AS taken
  WHERE regexp_replace(name, '[0-9]*([.]b[0-9]{2})?$', '') = ANY(stems) $$;
CREATE FUNCTION directory_institution_coded(wanted text) RETURNS bigint
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT min(id) FROM directory_institution WHERE wanted IN ('', code) HAVING count(*) = 1 $$;
"""


class Migration(migrations.Migration):
    dependencies = [("directory", "0001_initial"), ("kernel", "0002_database_rules")]

    operations = [
        *protect(*TABLES),
        *protect("directory_institution", column="id"),
        migrations.RunSQL(
            TREE.format(kind="department") + TREE.format(kind="place"),
            """DROP TRIGGER directory_department_tree ON directory_department;
            DROP TRIGGER directory_place_tree ON directory_place;
            DROP FUNCTION directory_department_tree(); DROP FUNCTION directory_place_tree();""",
        ),
        migrations.RunSQL(
            EXCLUSIONS,
            """ALTER TABLE directory_membership DROP CONSTRAINT directory_membership_no_overlap;
            ALTER TABLE directory_leave DROP CONSTRAINT directory_leave_no_overlap;""",
        ),
        migrations.RunSQL(
            FUNCTIONS,
            """DROP FUNCTION directory_institutions_of(bigint); DROP FUNCTION directory_invited_to(text);
            DROP FUNCTION directory_usernames_taken(text[]); DROP FUNCTION directory_institution_coded(text);""",
        ),
    ]

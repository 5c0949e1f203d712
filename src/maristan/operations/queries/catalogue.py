"""What the database holds, read from its own catalogue and written alike by PostgreSQL 15 to 18; eight statements.

Only what is in force counts: a constraint that was not validated, a disabled trigger and an invalid index stand under
`not_in_force` alone. Not-null is a property of the column, because only newer servers call it a constraint.
"""

import re
from collections.abc import Iterable
from typing import Any

from django.db import connection

from maristan.operations.rules.catalogue import Catalogue, Role, Table

RUNTIME = "runtime"
TEXT_CAST = re.compile(r"\(('(?:[^']|'')*')\)::text")
ARRAY_CAST = re.compile(r"\((ARRAY\[[^\]]*\])\)::text\[\]")
OF_PUBLIC = "t.relnamespace = 'public'::regnamespace AND t.relkind IN ('r', 'p')"
TABLES = f"""
SELECT t.relname, t.relrowsecurity, t.relforcerowsecurity, pg_get_userbyid(t.relowner) FROM pg_class t
WHERE {OF_PUBLIC} ORDER BY 1"""  # noqa: S608 - constant text, as all below
COLUMNS = f"""
SELECT t.relname, a.attname, format_type(a.atttypid, a.atttypmod), NOT a.attnotnull,
  CASE WHEN a.attidentity <> '' THEN 'identity'
    WHEN a.attgenerated <> '' THEN 'generated ' || pg_get_expr(d.adbin, d.adrelid)
    ELSE coalesce(pg_get_expr(d.adbin, d.adrelid), '') END
FROM pg_class t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef d ON d.adrelid = t.oid AND d.adnum = a.attnum WHERE {OF_PUBLIC} ORDER BY 1, 2"""  # noqa: S608
CONSTRAINTS = f"""
SELECT t.relname, c.conname, pg_get_constraintdef(c.oid),
  c.convalidated AND coalesce((to_jsonb(c) ->> 'conenforced')::boolean, true)
FROM pg_class t JOIN pg_constraint c ON c.conrelid = t.oid AND c.contype IN ('p', 'u', 'c', 'f', 'x')
WHERE {OF_PUBLIC} ORDER BY 1, 2"""  # noqa: S608
INDEXES = f"""
SELECT t.relname, i.relname, pg_get_indexdef(i.oid), x.indisvalid AND x.indisready AND x.indislive
FROM pg_class t JOIN pg_index x ON x.indrelid = t.oid JOIN pg_class i ON i.oid = x.indexrelid
WHERE {OF_PUBLIC} AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.oid AND c.conrelid = t.oid)
ORDER BY 1, 2"""  # noqa: S608
POLICIES = f"""
SELECT t.relname, p.polname, concat_ws(' ',
  CASE WHEN p.polpermissive THEN 'permissive' ELSE 'restrictive' END, p.polcmd::text,
  'to', (SELECT string_agg(CASE r WHEN 0 THEN 'public' ELSE pg_get_userbyid(r)::text END, ',' ORDER BY r)
    FROM unnest(p.polroles) AS r),
  'using', pg_get_expr(p.polqual, p.polrelid), 'check', pg_get_expr(p.polwithcheck, p.polrelid))
FROM pg_class t JOIN pg_policy p ON p.polrelid = t.oid WHERE {OF_PUBLIC} ORDER BY 1, 2"""  # noqa: S608
TRIGGERS = f"""
SELECT t.relname, g.tgname, pg_get_triggerdef(g.oid) || ' body ' || md5(f.prosrc), g.tgenabled IN ('O', 'A')
FROM pg_class t JOIN pg_trigger g ON g.tgrelid = t.oid AND NOT g.tgisinternal JOIN pg_proc f ON f.oid = g.tgfoid
WHERE {OF_PUBLIC} ORDER BY 1, 2"""  # noqa: S608
GRANTS = f"""
SELECT t.relname, CASE a.grantee WHEN 0 THEN 'public' ELSE pg_get_userbyid(a.grantee)::text END, a.privilege_type
FROM pg_class t CROSS JOIN aclexplode(t.relacl) AS a
WHERE {OF_PUBLIC} AND a.grantee <> t.relowner ORDER BY 1, 2, 3"""  # noqa: S608
ROLE = """
SELECT bool_or(r.rolsuper), bool_or(r.rolbypassrls),
  (SELECT count(*) FROM pg_class t WHERE t.relowner = me.oid AND t.relnamespace = 'public'::regnamespace)
FROM pg_roles me JOIN pg_roles r ON r.oid = me.oid OR pg_has_role(me.oid, r.oid, 'USAGE')
WHERE me.rolname = %s GROUP BY me.oid"""


def read() -> Catalogue:
    """The catalogue of the database that this process is connected to; raises `django.db.Error` when it is away."""
    with connection.cursor() as cursor:
        owners: dict[str, str] = {}
        tables: dict[str, Table] = {}
        for name, enabled, forced, owner in _rows(cursor, TABLES):
            owners[name] = owner
            tables[name] = _table(enabled=enabled, forced=forced)
        for table, name, kind, null, default in _rows(cursor, COLUMNS):
            tables[table]["columns"][name] = {"type": kind, "null": null, "default": alike(default)}
        for kind, statement in (("constraints", CONSTRAINTS), ("indexes", INDEXES), ("triggers", TRIGGERS)):
            for table, name, definition, in_force in _rows(cursor, statement):
                _enter(tables[table], kind, name, definition, in_force=in_force)
        for table, name, definition in _rows(cursor, POLICIES):
            tables[table]["rls"]["policies"][name] = alike(definition)
        runtime = f"{owners.get('django_migrations', '')}_app"
        for table, grantee, privilege in _rows(cursor, GRANTS):
            if grantee in {runtime, "public"}:  # others are the operators' own
                name = RUNTIME if grantee == runtime else grantee
                tables[table]["grants"].setdefault(name, []).append(privilege)
        cursor.execute(ROLE, [runtime])
        found = cursor.fetchone()
    return Catalogue(tables, Role(runtime, *found) if found else None)


def _rows(cursor: Any, statement: str) -> Iterable[Any]:
    cursor.execute(statement)
    rows: list[Any] = cursor.fetchall()
    return rows


def _table(*, enabled: bool, forced: bool) -> Table:
    return {
        "columns": {}, "constraints": {}, "indexes": {}, "triggers": {}, "grants": {},
        "rls": {"enabled": enabled, "forced": forced, "policies": {}},
    }  # fmt: skip


def _enter(table: Table, kind: str, name: str, definition: str, *, in_force: bool) -> None:
    if in_force:
        table[kind][name] = alike(definition)
    else:
        table.setdefault("not_in_force", []).append(name)


def alike(definition: str) -> str:
    """A definition as every server would write it, also after a restore: one blank between words, no name of the own
    schema, and the casts of texts left out, which a server moves when it reads its own writing."""
    found = re.sub(r"\s+", " ", definition.replace("public.", "")).removesuffix(" NOT VALID").strip()
    found = TEXT_CAST.sub(r"\1", found.replace("::character varying", ""))
    return ARRAY_CAST.sub(r"\1", found)

"""The runtime role: what the web and worker processes are in the database."""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from psycopg import sql


class OwnerIsBound(Exception):
    """A role that owns functions or tables is bound by row-level security: nobody would belong to an institution."""


def must_bypass(cursor: Any) -> None:
    """Raise `OwnerIsBound` unless the present role, and every owner of a function that looks across institutions, may
    bypass row-level security."""
    cursor.execute(
        """SELECT rolname FROM pg_roles r WHERE NOT (rolsuper OR rolbypassrls) AND (rolname = current_user OR oid IN (
             SELECT proowner FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace)) ORDER BY 1"""
    )
    bound = [row[0] for row in cursor.fetchall()]
    if bound:
        statements = "; ".join(f'ALTER ROLE "{name}" BYPASSRLS CREATEDB' for name in bound)
        raise OwnerIsBound(f"The database owner must bypass row-level security; as a superuser run: {statements}")


def ensure_runtime_role(cursor: Any) -> str:
    """Create `<owner>_app` if it is missing and give it what it needs now and on tables to come; gives its name.

    The role cannot bypass row-level security and owns nothing. Raises `OwnerIsBound`.
    """
    must_bypass(cursor)
    cursor.execute("SELECT current_user")
    owner = cursor.fetchone()[0]
    role = f"{owner}_app"
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
    if cursor.fetchone() is None:
        cursor.execute(f'CREATE ROLE "{role}" NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE')
    cursor.execute("SELECT pg_has_role(current_user, %s, 'MEMBER')", [role])
    if not cursor.fetchone()[0]:
        cursor.execute(f'GRANT "{role}" TO "{owner}"')
    for statement in (
        'GRANT USAGE ON SCHEMA public TO "{role}"',
        'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO "{role}"',
        'GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO "{role}"',
        'ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO "{role}"',
        'ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO "{role}"',
    ):
        cursor.execute(statement.format(role=role))
    return role


def create_roles(
    cursor: Any, *, owner: str, owner_password: str, database: str, runtime_password: str | None = None
) -> None:
    """As a superuser: the owner and its database, and the runtime role, which may log in where it has a password.

    Whatever is there already gets what it lacks, and the runtime role loses what it may not have.
    """
    roles = {
        owner: (sql.SQL("LOGIN BYPASSRLS CREATEDB"), owner_password or None),
        f"{owner}_app": (
            sql.SQL("NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE {}").format(
                sql.SQL("LOGIN" if runtime_password is not None else "")
            ),
            runtime_password or None,
        ),
    }
    for name, (rights, password) in roles.items():
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name])
        verb = sql.SQL("CREATE" if cursor.fetchone() is None else "ALTER")
        known = sql.SQL("PASSWORD {}").format(sql.Literal(password)) if password else sql.SQL("")
        cursor.execute(sql.SQL("{} ROLE {} {} {}").format(verb, sql.Identifier(name), rights, known))
    cursor.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(f"{owner}_app"), sql.Identifier(owner)))
    cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database])
    if cursor.fetchone() is None:
        made = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8'")
        cursor.execute(made.format(sql.Identifier(database), sql.Identifier(owner)))


def bind(cursor: Any) -> None:
    """Be the runtime role for the rest of the transaction, so that row-level security holds also for an owner."""
    cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
    if cursor.fetchone()[0]:
        cursor.execute("SELECT set_config('role', current_user || '_app', true)")


def in_migration(_apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """The same as the first step of the first migration, so that every later table is granted."""
    with schema_editor.connection.cursor() as cursor:
        ensure_runtime_role(cursor)

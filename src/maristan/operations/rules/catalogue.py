"""Two catalogues of a database held against each other: what the release promises, and what is in force."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from maristan.operations.rules.findings import Finding, finding

Table = dict[str, Any]
RECORDED = "recorded as applied but not present"
KINDS = {
    "constraints": ("constraint_missing", "constraint_differs"),
    "indexes": ("index_missing", "index_missing"),
    "triggers": ("trigger_missing", "trigger_missing"),
}


@dataclass(frozen=True, slots=True)
class Role:
    """The role that web and worker processes act as; what it inherits counts as its own."""

    name: str
    is_superuser: bool
    bypasses: bool
    owned: int


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Tables as the release manifest writes them, and the runtime role; none when there is no such role."""

    tables: Mapping[str, Table]
    runtime: Role | None


def compare(promised: Mapping[str, Table], there: Catalogue, *, pending_apps: Collection[str]) -> list[Finding]:
    """Every difference; what is missing of an app without pending migrations is recorded as applied."""
    found = list(_role(there.runtime))
    for name, table in sorted(promised.items()):
        hint = "" if any(name.startswith(f"{app}_") for app in pending_apps) else RECORDED
        if name not in there.tables:
            found.append(finding("table_missing", name, expected="the table", found="no such table", hint=hint))
        else:
            found.extend(_table(name, table, there.tables[name], hint))
    found.extend(finding("table_unexpected", name) for name in sorted(there.tables.keys() - promised.keys()))
    return found


def _role(role: Role | None) -> Iterator[Finding]:
    if role is None:
        yield finding("runtime_role_too_strong", "runtime role", expected="a role <owner>_app", found="no such role")
        return
    strong = {"superuser": role.is_superuser, "bypasses row-level security": role.bypasses, "owns tables": role.owned}
    said = ", ".join(what for what, holds in strong.items() if holds)
    if said:
        yield finding(
            "runtime_role_too_strong", role.name, expected="neither superuser nor owner, bound by row-level security",
            found=said, hint=f'ALTER ROLE "{role.name}" NOSUPERUSER NOBYPASSRLS',
        )  # fmt: skip


def _table(name: str, promised: Table, there: Table, hint: str) -> Iterator[Finding]:
    yield from _columns(name, promised["columns"], there["columns"], hint)
    for kind in KINDS:
        yield from _objects(kind, name, promised[kind], there, hint)
    yield from _security(name, promised["rls"], there["rls"], hint)
    for grantee in sorted({*promised["grants"], *there["grants"]}):
        wanted, held = (sorted(each["grants"].get(grantee, ())) for each in (promised, there))
        if wanted != held:
            yield finding("grant_differs", f"{name} to {grantee}", expected=", ".join(wanted), found=", ".join(held))


def _columns(table: str, promised: Mapping[str, Any], there: Mapping[str, Any], hint: str) -> Iterator[Finding]:
    for name, column in promised.items():
        subject = f"{table}.{name}"
        if name not in there:
            yield finding("column_missing", subject, expected=column["type"], found="no such column", hint=hint)
            continue
        differing = [key for key in ("type", "null", "default") if column[key] != there[name][key]]
        if differing:
            expected, found = ("; ".join(f"{key} {each[key]}" for key in differing) for each in (column, there[name]))
            yield finding("column_differs", subject, expected=expected, found=found)


def _objects(kind: str, table: str, promised: Mapping[str, str], there: Table, hint: str) -> Iterator[Finding]:
    missing, differs = KINDS[kind]
    for name, definition in promised.items():
        subject, found = f"{table}.{name}", there[kind].get(name)
        if found == definition:
            continue
        idle = name in there.get("not_in_force", ())
        if found is not None:
            yield finding(differs, subject, expected=definition, found=found)
        elif idle and kind == "indexes":
            yield finding("index_invalid", subject, expected=definition, found="not valid", hint=f"REINDEX {name}")
        else:
            said = "present but not in force" if idle else "not present"
            yield finding(missing, subject, expected=definition, found=said, hint="" if idle else hint)


def _security(table: str, promised: Mapping[str, Any], there: Mapping[str, Any], hint: str) -> Iterator[Finding]:
    if promised["enabled"] and not there["enabled"]:
        yield finding("rls_missing", table, expected="row-level security", found="disabled", hint=hint)
    if promised["forced"] and not there["forced"]:
        yield finding("rls_not_forced", table, expected="forced for the owner too", found="not forced", hint=hint)
    for name in sorted({*promised["policies"], *there["policies"]}):
        wanted, found = promised["policies"].get(name, "none"), there["policies"].get(name, "none")
        if wanted != found:
            yield finding("policy_differs", f"{table}.{name}", expected=wanted, found=found)

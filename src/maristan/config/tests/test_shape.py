"""The shape of the house: what a machine can hold is held from the first commit, and each rule can fail."""

import ast
import inspect
import pkgutil
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models

import maristan
from maristan.config import documents, roles
from maristan.config.tests import routes
from maristan.kernel import events, jobs, options
from maristan.kernel.api import SIGNED_IN
from maristan.kernel.tenancy import Owned, OwnedById

PACKAGE = Path(maristan.__file__).parent
TIERS = ("kernel", "directory", "agenda", "comms", "work", "academics", "timetable", "config")
TIER_OF = {"kernel": 0, "directory": 1, "agenda": 2, "comms": 2, "work": 2, "academics": 3, "timetable": 4, "config": 9}
GLOBAL_TABLES = {
    "kernel_user",
    "kernel_apitoken",
    "directory_institution",
    "kernel_user_groups",
    "kernel_user_user_permissions",
}
CHAINS = {"kernel_journalline", "kernel_journalseal"}  # a line without institution belongs to the platform's chain


def own_models() -> list[type[models.Model]]:
    return [model for label in TIERS for model in apps.get_app_config(label).get_models()]


def modules(part: str) -> Iterator[ModuleType]:
    for info in pkgutil.walk_packages([str(PACKAGE)], "maristan."):
        names = info.name.split(".")
        if len(names) > 2 and names[2] == part and "tests" not in names:
            yield import_module(info.name)


def sources() -> Iterator[tuple[Path, ast.Module]]:
    for file in sorted(PACKAGE.rglob("*.py")):
        if "migrations" not in file.parts:
            yield file, ast.parse(file.read_text(encoding="utf-8"))


# --- tables -------------------------------------------------------------------------------------------------------


def wrong_foreign_keys(found: list[type[models.Model]]) -> list[str]:
    wrong = []
    for model in found:
        for field in model._meta.concrete_fields:
            target = field.related_model
            if not isinstance(target, type) or target._meta.app_label not in TIER_OF:
                continue
            here, there = model._meta.app_label, target._meta.app_label
            if TIER_OF[there] > TIER_OF[here] or (TIER_OF[there] == TIER_OF[here] and here != there):
                wrong.append(f"{model.__name__}.{field.name} points up or sideways")
            if here != there and field.remote_field.related_name != "+":
                wrong.append(f"{model.__name__}.{field.name} is visible from {there}")
    return wrong


def test_foreign_keys_point_down_and_are_invisible_from_below() -> None:
    owned = [model for model in own_models() if model._meta.app_label != "kernel"]
    assert [each for each in wrong_foreign_keys(owned) if ".institution " not in each + " "] == []


def test_a_foreign_key_that_points_up_is_found() -> None:
    session = apps.get_model("timetable.Session")

    class Planted(models.Model):
        session = models.ForeignKey("timetable.Session", models.CASCADE)

        class Meta:
            app_label = "directory"
            managed = False

    try:
        assert len(wrong_foreign_keys([Planted])) == 2
    finally:
        del apps.all_models["directory"]["planted"]
        session._meta._expire_cache()
        apps.clear_cache()


@pytest.mark.django_db
def test_every_institution_owned_table_is_protected_and_forced() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname, relrowsecurity, relforcerowsecurity FROM pg_class WHERE relkind = 'r'")
        protected = {row[0] for row in cursor.fetchall() if row[1] and row[2]}
    tables = {model._meta.db_table for model in own_models()} - GLOBAL_TABLES | {"directory_institution"}
    assert sorted(tables - protected) == []


def test_every_institution_owned_table_has_a_non_null_institution() -> None:
    for model in own_models():
        if model._meta.db_table in GLOBAL_TABLES | CHAINS:
            continue
        assert issubclass(model, Owned | OwnedById), model
        assert model._meta.get_field("institution" if issubclass(model, Owned) else "institution_id").null is False


@pytest.mark.django_db
def test_no_table_of_the_database_is_left_out() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        there = {row[0] for row in cursor.fetchall()}
    ours = {each for each in there if each.split("_")[0] in TIERS}
    assert sorted(ours - {model._meta.db_table for model in own_models()} - GLOBAL_TABLES) == []


# --- actions and code ---------------------------------------------------------------------------------------------


def public_functions(found: ModuleType) -> list[Any]:
    return [
        value
        for name, value in vars(found).items()
        if inspect.isfunction(inspect.unwrap(value) if callable(value) else value)
        and not name.startswith("_")
        and getattr(value, "__module__", "") == found.__name__
    ]


def wrong_actions(found: list[Any]) -> list[str]:
    wrong = []
    for function in found:
        parameters = inspect.signature(function).parameters.values()
        if "by" not in [each.name for each in parameters]:
            wrong.append(f"{function.__module__}.{function.__name__} takes no `by`")
        if any(each.kind is not each.KEYWORD_ONLY for each in parameters):
            wrong.append(f"{function.__module__}.{function.__name__} is not keyword-only")
    return wrong


# Parts of actions that several modules of one app share; they write nothing by themselves for a caller outside.
SHARED_PARTS = {
    "maristan.timetable.actions.publishing", "maristan.timetable.actions.grid.write_rows",
    "maristan.timetable.actions.grid.write_cells", "maristan.timetable.actions.grid.cell_row",
    "maristan.timetable.actions.grid.annotate",
}  # fmt: skip


def own_actions() -> list[Any]:
    found = [function for module in modules("actions") for function in public_functions(module)]
    names = SHARED_PARTS
    return [
        each for each in found if each.__module__ not in names and f"{each.__module__}.{each.__name__}" not in names
    ]


def test_every_action_is_keyword_only_and_takes_by() -> None:
    assert wrong_actions(own_actions()) == []


def test_an_action_without_by_is_found() -> None:
    def planted(pk: int) -> None: ...

    assert len(wrong_actions([planted])) == 2


def unjournaled(found: list[Any]) -> list[str]:
    silent = []
    for function in found:
        if getattr(function, "unjournaled", ""):
            continue
        module = inspect.getsource(inspect.getmodule(function) or function)
        if not any(call in module for call in ("journal.record(", "journal.record_each(", "grid.save(")):
            silent.append(f"{function.__module__}.{function.__name__}")
    return silent


def test_every_module_of_actions_writes_the_journal_or_says_why_not() -> None:
    assert unjournaled(own_actions()) == []


def long_ones(file: Path, tree: ast.Module) -> list[str]:
    found = [
        f"{file.name}:{node.name} has {(node.end_lineno or 0) - node.lineno + 1} lines"
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (node.end_lineno or 0) - node.lineno >= 50
    ]
    lines = len(file.read_text(encoding="utf-8").splitlines())
    return [*found, f"{file.name} has {lines} lines"] if lines > 500 else found


# A table of rows, not a function of steps.
LONG_FOR_A_REASON = {"environment.py:_table"}


def test_no_module_above_500_lines_and_no_function_above_50() -> None:
    found = [each for file, tree in sources() for each in long_ones(file, tree)]
    assert sorted(each for each in found if each.split(" ")[0] not in LONG_FOR_A_REASON) == []
    assert {each.split(" ")[0] for each in found} >= LONG_FOR_A_REASON


def broad_handlers(file: Path, tree: ast.Module) -> list[str]:
    return [
        f"{file.name}:{node.lineno}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id in {"Exception", "BaseException"}))
    ]


def test_no_broad_except_outside_of_config_and_job_runners() -> None:
    found = [
        each
        for file, tree in sources()
        if "config" not in file.parts and file.name != "jobs.py"
        for each in broad_handlers(file, tree)
    ]
    assert found == []


HTTP = ("django.http", "django.shortcuts", "django.views", "django.urls", "ninja")


def test_no_http_below_api() -> None:
    parts = {
        "actions",
        "queries",
        "models",
        "rules",
        "jobs",
        "actions.py",
        "queries.py",
        "models.py",
        "rules.py",
        "jobs.py",
    }
    found = []
    for file, tree in sources():
        place = file.relative_to(PACKAGE).parts
        if len(place) < 2 or place[0] in ("kernel", "config") or place[1] not in parts:
            continue
        for node in ast.walk(tree):
            name = node.module if isinstance(node, ast.ImportFrom) else None
            if name and name.startswith(HTTP):
                found.append(f"{file.name} imports {name}")
    assert found == []


def test_forbidden_names_of_files() -> None:
    words = {"utils", "helpers", "common", "manager", "handler", "new", "v2", "final", "enhanced", "unified"}
    assert [file.name for file, _ in sources() if words & set(file.stem.split("_"))] == []


# --- routes, permissions, events, settings, jobs ------------------------------------------------------------------

PUBLIC = {
    "GET /api/v1/agenda/feeds/{token}/calendar.ics": "the secret token in the path is the key",
    "GET /api/v1/directory/invitations/accept/{token}/": "whoever is invited has no account yet",
    "POST /api/v1/directory/invitations/accept/": "whoever is invited has no account yet",
}


def test_every_route_demands_a_permission_or_is_public_for_a_stated_reason() -> None:
    public = {route.name for route in routes.every() if route.public}
    assert public == set(PUBLIC)
    assert [route.name for route in routes.every() if not route.public and not route.permission] == []


def test_every_permission_of_a_route_is_in_the_table_of_roles() -> None:
    asked = {route.permission for route in routes.every() if route.permission} - {SIGNED_IN}
    assert sorted(asked - set(roles.TABLE)) == []


def test_every_permission_of_the_rules_is_in_the_table_of_roles() -> None:
    declared = {
        str(member)
        for module in modules("rules")
        for value in vars(module).values()
        if inspect.isclass(value) and value.__name__ == "Perm" and value.__module__ == module.__name__
        for member in value
    }
    assert sorted(declared - set(roles.TABLE)) == []


def test_every_list_has_an_export_beside_it_or_says_why_not() -> None:
    paths = {route.path for route in routes.every() if route.method == "get"}
    schemas = routes.description()["paths"]
    lists = {
        path for path in paths if "{" not in path and "Page_" in str(schemas[path]["get"]["responses"].get(200, {}))
    }
    without = {
        "/api/v1/comms/notifications/", "/api/v1/work/inbox-items/", "/api/v1/academics/students/imports/",
        "/api/v1/directory/faculty/imports/", "/api/v1/timetable/weeks/", "/api/v1/students/",
    }  # fmt: skip
    assert sorted(path for path in lists - without if f"{path}export/" not in paths) == []


def test_every_setting_is_read_by_somebody() -> None:
    code = "".join(file.read_text(encoding="utf-8") for file, _ in sources() if file.name != "options.py")
    assert [key for key in options.declared() if f'"{key}"' not in code] == []


def test_event_types_are_nouns_and_participles() -> None:
    for kind in events.declared():
        noun, _, verb = kind.partition(".")
        assert noun.replace("_", "").isalpha(), kind
        assert verb.replace("_", "").isalpha(), kind


def test_every_periodic_job_has_a_schedule() -> None:
    assert jobs.periodic_jobs["kernel.seal_journal"] == "* * * * *"


@pytest.mark.parametrize("path", sorted(documents.all_documents()))
def test_generated_documents_are_fresh(path: str) -> None:
    assert not documents.differs(path, documents.all_documents()[path]), "run make docs"


@pytest.mark.django_db
def test_models_and_migrations_agree() -> None:
    from django.core.management import call_command

    call_command("makemigrations", "--check", "--dry-run", verbosity=0)

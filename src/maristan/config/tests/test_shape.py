"""The shape of the house: what a machine can hold is held from the first commit, and each rule can fail."""

import ast
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models

import maristan
from maristan.kernel.tenancy import Owned, OwnedById

PACKAGE = Path(maristan.__file__).parent
TIERS = (
    "kernel", "directory", "agenda", "comms", "work", "academics", "timetable", "attendance", "assessment",
    "operations", "config",
)  # fmt: skip
TIER_OF = {"kernel": 0, "directory": 1, "agenda": 2, "comms": 2, "work": 2, "academics": 3, "timetable": 4,
           "attendance": 5, "assessment": 6, "operations": 6, "config": 9}  # fmt: skip
GLOBAL_TABLES = {
    "kernel_user",
    "kernel_apitoken",
    "kernel_jobnote",
    "kernel_signinfailure",
    "kernel_periodicrun",
    "directory_institution",
    "kernel_user_groups",
    "kernel_user_user_permissions",
    *(f"operations_{each}" for each in (
        "alert", "appliedmigration", "backupset", "deployment", "integrityrun", "maintenancewindow", "metrictotal",
        "process",
        "release", "restorerun", "sample", "verification",
    )),
}  # fmt: skip
# A line without institution belongs to the platform's chain; an answer without one was given to an operator.
OF_NONE = {"kernel_journalline", "kernel_journalseal", "kernel_storedreply"}


def own_models() -> list[type[models.Model]]:
    return [model for label in TIERS for model in apps.get_app_config(label).get_models()]


def modules(part: str) -> Iterator[ModuleType]:
    for info in pkgutil.walk_packages([str(PACKAGE)], "maristan."):
        names = info.name.split(".")
        if len(names) > 2 and names[2] == part and "tests" not in names:
            yield import_module(info.name)


def files() -> list[Path]:
    return [file for file in sorted(PACKAGE.rglob("*.py")) if "migrations" not in file.parts]


def sources(*, of: Callable[[Path, str], bool] = lambda _file, _text: True) -> Iterator[tuple[Path, ast.Module]]:
    """Files read as trees, which takes long: `of` says which of them, and by what text, could break a rule at all."""
    for file in files():
        text = file.read_text(encoding="utf-8")
        if of(file, text):
            yield file, ast.parse(text)


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


def unprotected() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname, relrowsecurity, relforcerowsecurity FROM pg_class WHERE relkind = 'r'")
        protected = {row[0] for row in cursor.fetchall() if row[1] and row[2]}
    tables = {model._meta.db_table for model in own_models()} - GLOBAL_TABLES | {"directory_institution"}
    return sorted(tables - protected)


def as_owner(statement: str) -> None:
    """Run a statement as the owner of the tables, within the test's transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE none")
        cursor.execute(statement)


@pytest.mark.django_db
def test_every_institution_owned_table_is_protected_and_forced() -> None:
    assert unprotected() == []
    as_owner("ALTER TABLE directory_place NO FORCE ROW LEVEL SECURITY")
    as_owner("ALTER TABLE directory_leave DISABLE ROW LEVEL SECURITY")
    assert unprotected() == ["directory_leave", "directory_place"]


def without_institution(found: list[type[models.Model]]) -> list[str]:
    wrong = []
    for model in found:
        if model._meta.db_table in GLOBAL_TABLES | OF_NONE:
            continue
        if not issubclass(model, Owned | OwnedById):
            wrong.append(f"{model.__name__} belongs to nobody")
        elif model._meta.get_field("institution" if issubclass(model, Owned) else "institution_id").null:
            wrong.append(f"{model.__name__} may belong to nobody")
    return wrong


def test_every_institution_owned_table_has_a_non_null_institution() -> None:
    assert without_institution(own_models()) == []


def test_a_table_without_an_institution_is_found() -> None:
    class PlantedAlone(models.Model):
        class Meta:
            app_label = "directory"
            managed = False

    class PlantedLoose(OwnedById):
        institution_id = models.BigIntegerField(null=True)

        class Meta:
            app_label = "directory"
            managed = False

    try:
        wrong = without_institution([PlantedAlone, PlantedLoose])
        assert wrong == ["PlantedAlone belongs to nobody", "PlantedLoose may belong to nobody"]
    finally:
        for name in ("plantedalone", "plantedloose"):
            del apps.all_models["directory"][name]
        apps.clear_cache()


def left_out() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        there = {row[0] for row in cursor.fetchall()}
    ours = {each for each in there if each.split("_")[0] in TIERS}
    return sorted(ours - {model._meta.db_table for model in own_models()} - GLOBAL_TABLES)


@pytest.mark.django_db
def test_no_table_of_the_database_is_left_out() -> None:
    assert left_out() == []
    as_owner("CREATE TABLE directory_planted (id bigint)")
    assert left_out() == ["directory_planted"]


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
    "maristan.timetable.actions.grid.annotate", "maristan.assessment.actions.computing.Judging",
    "maristan.assessment.actions.computing.entry_of", "maristan.assessment.actions.computing.outside",
    "maristan.assessment.actions.exams.must_be_drafts", "maristan.assessment.actions.candidates.audience_of",
    *(f"maristan.assessment.actions.marks.{each}" for each in ("load", "read", "differs", "must_be_open")),
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


def long_ones(file: Path, tree: ast.Module) -> list[str]:
    found = [
        f"{file.name}:{node.name} has {(node.end_lineno or 0) - node.lineno + 1} lines"
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (node.end_lineno or 0) - node.lineno >= 50
    ]
    lines = len(file.read_text(encoding="utf-8").splitlines())
    return [*found, f"{file.name} has {lines} lines"] if lines > 500 else found


def test_a_long_function_and_a_long_module_are_found(tmp_path: Path) -> None:
    file = tmp_path / "planted.py"
    file.write_text("def short():\n    pass\n\n\ndef long():\n" + "    pass\n" * 50 + "x = 1\n" * 460)
    tree = ast.parse(file.read_text())
    assert long_ones(file, tree) == ["planted.py:long has 51 lines", "planted.py has 515 lines"]


def test_no_module_above_500_lines_and_no_function_above_50() -> None:
    long = sources(of=lambda _, text: text.count("\n") >= 50)
    assert sorted(each for file, tree in long for each in long_ones(file, tree)) == []


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
        for file, tree in sources(of=lambda _, text: "except:" in text or "Exception" in text)
        if "config" not in file.parts and file.name != "jobs.py"
        for each in broad_handlers(file, tree)
    ]
    assert found == []


def test_a_broad_except_is_found() -> None:
    caught = ("", " Exception", " KeyError")
    tree = ast.parse("".join(f"try:\n    x\nexcept{each}:\n    y\n" for each in caught))
    assert broad_handlers(Path("planted.py"), tree) == ["planted.py:3", "planted.py:7"]


HTTP = ("django.http", "django.shortcuts", "django.views", "django.urls", "ninja")


BELOW_API = {"actions", "queries", "models", "rules", "jobs"}


def is_below_api(file: Path, _text: str = "") -> bool:
    place = file.relative_to(PACKAGE).parts
    return len(place) > 1 and place[0] not in ("kernel", "config") and place[1].removesuffix(".py") in BELOW_API


def http_below_api(file: Path, tree: ast.Module) -> list[str]:
    if not is_below_api(file):
        return []
    names = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    names += [each.name for node in ast.walk(tree) if isinstance(node, ast.Import) for each in node.names]
    return [f"{file.name} imports {name}" for name in names if name.startswith(HTTP)]


def test_no_http_below_api() -> None:
    assert [each for file, tree in sources(of=is_below_api) for each in http_below_api(file, tree)] == []


def test_http_below_api_is_found() -> None:
    tree = ast.parse("from django.http import HttpRequest\nimport ninja\nimport json")
    wrong = ["planted.py imports django.http", "planted.py imports ninja"]
    assert http_below_api(PACKAGE / "directory" / "actions" / "planted.py", tree) == wrong
    assert http_below_api(PACKAGE / "directory" / "api" / "planted.py", tree) == []


WORDS_TO_AVOID = {
    "utils", "helpers", "common", "manager", "handler", "new", "v2", "final", "enhanced", "unified",
}  # fmt: skip


def ill_named(files: list[Path]) -> list[str]:
    return [file.name for file in files if WORDS_TO_AVOID & set(file.stem.split("_"))]


def test_forbidden_names_of_files() -> None:
    assert ill_named(files()) == []
    assert ill_named([Path("a_utils.py"), Path("renewal.py"), Path("new_places.py")]) == ["a_utils.py", "new_places.py"]

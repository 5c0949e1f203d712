"""Migrations are held against what the database recorded, and each is judged for the code that runs before it."""

from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from maristan.kernel.access import platform
from maristan.operations.actions import migrations as actions
from maristan.operations.models import AppliedMigration
from maristan.operations.queries import health, migrations
from maristan.operations.rules.compatibility import Compatibility, Step, verdict
from maristan.operations.rules.findings import Severity
from maristan.operations.rules.migrations import Applied, compare, pending_apps

BREAKING, COMPATIBLE = Compatibility.BREAKING, Compatibility.COMPATIBLE


def promised() -> dict[tuple[str, str], str]:
    return {(each.app, each.name): each.sha256 for each in migrations.of_build()}


@pytest.mark.django_db
def test_every_applied_migration_is_remembered_with_its_file() -> None:
    notes = {(row.app, row.name): row.sha256 for row in AppliedMigration.objects.all()}
    assert notes == promised()
    assert compare(promised(), migrations.applied()) == []


@pytest.mark.django_db
def test_it_is_remembered_once_and_forgotten_when_taken_back() -> None:
    assert actions.remember(by=platform(None)) == 0
    AppliedMigration.objects.filter(app="operations").update(sha256="a" * 64)
    AppliedMigration.objects.create(
        app="operations", name="9999_gone", sha256="b" * 64, build_id="x", applied_at="2026-01-01T00:00Z"
    )
    assert actions.remember(by=platform(None)) == 0
    assert not AppliedMigration.objects.filter(name="9999_gone").exists()
    assert set(AppliedMigration.objects.filter(app="operations").values_list("sha256", flat=True)) == {"a" * 64}
    AppliedMigration.objects.filter(app="operations").delete()
    assert actions.remember(by=platform(None)) == len([key for key in promised() if key[0] == "operations"])


def test_what_waits_what_is_unknown_and_what_was_changed_have_names_of_their_own() -> None:
    files = {("a", "0001"): "1" * 64, ("a", "0002"): "2" * 64}
    there = [Applied("a", "0001", "f" * 64, False), Applied("a", "0003", "3" * 64, True), Applied("b", "0001")]
    found = [(each.code, each.subject, each.severity) for each in compare(files, there)]
    assert found == [
        ("migration_pending", "a.0002", Severity.FAIL),
        ("migration_unknown", "a.0003", Severity.FAIL),
        ("migration_unknown", "b.0001", Severity.FAIL),
        ("migration_changed", "a.0001", Severity.FAIL),
    ]
    assert pending_apps(files, there) == {"a"}
    (harmless,) = compare({}, [Applied("a", "0003", "3" * 64, False)])
    assert (harmless.code, harmless.severity) == ("migration_unknown", Severity.WARN)


def test_a_hash_from_before_hashes_were_kept_is_no_difference() -> None:
    assert compare({("a", "0001"): "1" * 64}, [Applied("a", "0001")]) == []
    assert compare({("a", "0001"): "1" * 64}, [Applied("a", "0001", "1" * 64)]) == []


def test_what_differs_is_named_in_order_and_by_the_beginnings_of_its_hashes() -> None:
    promised = {("b", "2"): "b" * 64, ("a", "2"): "a" * 64, ("b", "1"): "c" * 64, ("a", "1"): "d" * 64}
    applied = [Applied(app, name, "f" * 64) for app in "ba" for name in "31"]
    found = compare(promised, applied)
    assert [each.subject for each in found] == ["a.2", "b.2", "a.3", "b.3", "a.1", "b.1"]
    assert (found[-1].expected, found[-1].found) == ("f" * 12, "c" * 12)
    assert pending_apps({("a", "1"): "", ("b", "2"): ""}, [Applied("a", "1"), Applied("b", "1")]) == {"b"}


NEW = Step("CreateModel", "a_b")
HARMLESS_KINDS = (
    "CreateModel", "AddIndex", "AddIndexConcurrently", "RemoveIndex", "RenameIndex", "RemoveConstraint",
    "AlterModelOptions", "AlterModelManagers", "AlterModelTableComment", "RunPython", "CreateExtension",
)  # fmt: skip


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([Step("CreateModel", "a_b"), Step("AddConstraint", "a_b"), Step("RunSQL", text="CREATE POLICY p ON a_b")],
         COMPATIBLE),
        ([Step("AddField", "a_b", "c", optional=True)], COMPATIBLE),
        ([Step("AddField", "a_b", "c", optional=False)], BREAKING),
        ([Step("RemoveField", "a_b", "c")], BREAKING),
        ([Step("RenameField", "a_b", "c")], BREAKING),
        ([Step("DeleteModel", "a_b")], BREAKING),
        ([Step("AlterField", "a_b", "c", optional=False)], BREAKING),
        ([Step("AddConstraint", "a_b")], BREAKING),
        ([Step("AddIndex", "a_b")], COMPATIBLE),
        ([Step("RunSQL", text="ALTER TABLE a_b ENABLE ROW LEVEL SECURITY")], BREAKING),
        ([Step("RunSQL", text="CREATE TRIGGER t BEFORE UPDATE ON a_b FOR EACH ROW EXECUTE FUNCTION f()")], BREAKING),
        ([Step("RunSQL", text="UPDATE a_b SET c = 1")], COMPATIBLE),
        ([Step("Unheard", "a_b")], BREAKING),
        ([Step("AlterField", "a_b", "c", optional=True)], COMPATIBLE),
        ([Step("CreateModel", "a_b"), Step("RemoveField", "a_c", "d")], BREAKING),
        ([Step("RemoveField", "a_c", "d"), Step("AddIndex", "a_b")], BREAKING),
        ([Step("CreateModel", "a_b"), Step("RunSQL", text="DROP FUNCTION f()")], BREAKING),
        ([NEW, Step("RunSQL", text="CREATE TRIGGER t BEFORE INSERT OR UPDATE OF c OR DELETE ON a_b FOR EACH ROW")],
         COMPATIBLE),
        ([NEW, Step("RunSQL", text="CREATE POLICY p ON a_b; DELETE FROM a_c WHERE id > 7")], BREAKING),
        ([NEW, Step("RunSQL", text="CREATE POLICY p ON a_b; DROP TABLE IF EXISTS a_c")], BREAKING),
        ([NEW, Step("RunSQL", text="CREATE POLICY p ON a_b; TRUNCATE a_c")], BREAKING),
        ([NEW, Step("RunSQL", text="CREATE POLICY p ON a_b; DELETE FROM a_b")], COMPATIBLE),
        ([NEW, Step("RunSQL", text="CREATE TRIGGER t BEFORE TRUNCATE ON a_b FOR EACH STATEMENT EXECUTE FUNCTION f()")],
         COMPATIBLE),
        ([NEW, Step("RunSQL", text="CREATE TRIGGER t BEFORE TRUNCATE OR DELETE ON a_b EXECUTE FUNCTION f()")],
         COMPATIBLE),
        ([NEW, Step("RunSQL", text="ALTER TABLE public.a_b FORCE ROW LEVEL SECURITY")], COMPATIBLE),
        ([NEW, Step("RunSQL", text="ALTER TABLE public.a_c FORCE ROW LEVEL SECURITY")], BREAKING),
        ([NEW, Step("RunSQL", text="ALTER TABLE a_b ADD CONSTRAINT f FOREIGN KEY (c) REFERENCES a_c "
                                   "ON DELETE CASCADE ON UPDATE CASCADE; CREATE RULE r AS ON INSERT TO a_b")],
         COMPATIBLE),
        ([NEW, Step("RunSQL", text="CREATE POLICY p ON a_b USING (EXISTS (SELECT FROM a_c JOIN d ON a_b.id = d.b))")],
         COMPATIBLE),
        *(([Step(kind, "a_b")], COMPATIBLE) for kind in HARMLESS_KINDS),
    ],
)  # fmt: skip
def test_a_migration_breaks_former_code_or_not(steps: list[Step], expected: Compatibility) -> None:
    assert verdict(steps) == expected


def test_a_file_may_say_that_it_is_harmless(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db.migrations.loader import MigrationLoader

    migration = MigrationLoader(None).disk_migrations["operations", "0001_initial"]
    monkeypatch.setattr(type(migration), "compatibility", "breaking", raising=False)
    assert migrations._described(migration).compatibility == BREAKING


def test_our_migrations_are_numbered_once_and_say_all_of_the_models() -> None:
    assert migrations.duplicates() == {}
    assert migrations.unwritten() == {}


def test_two_files_of_one_number_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "migrations"
    folder.mkdir()
    for name in ("0001_initial.py", "0009_a.py", "0009_b.py", "__init__.py"):
        (folder / name).touch()
    monkeypatch.setattr(apps.get_app_config("operations"), "path", str(tmp_path))
    assert migrations.duplicates() == {"operations 0009": ["0009_a.py", "0009_b.py"]}


def test_a_field_without_migration_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import models

    from maristan.operations.models import Process

    field: Any = models.BooleanField(default=False)
    field.set_attributes_from_name("planted")
    monkeypatch.setattr(Process._meta, "local_fields", [*Process._meta.local_fields, field])
    assert list(migrations.unwritten()) == ["operations"]


@pytest.mark.django_db
def test_migrating_anew_changes_nothing_that_is_remembered() -> None:
    before = list(AppliedMigration.objects.values_list("app", "name", "sha256", "applied_at"))
    actions.remember(by=platform(None))
    assert list(AppliedMigration.objects.values_list("app", "name", "sha256", "applied_at")) == before


@pytest.mark.django_db
def test_health_asks_whether_an_unknown_migration_breaks_this_code() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE none")
        cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('operations', '0999_new', now())")
        there = health.applied(cursor)
        assert health._migrations(cursor, there) == (0, False)
        AppliedMigration.objects.create(
            app="operations", name="0999_new", sha256="c" * 64, build_id="new", breaks_former_code=True,
            applied_at="2026-01-01T00:00Z",
        )  # fmt: skip
        assert health._migrations(cursor, there) == (0, True)

"""Routes, permissions, exports, settings, jobs and documents keep to their tables."""

import inspect
from collections.abc import Collection

import pytest

from maristan.config import documents, roles
from maristan.config.tests import routes
from maristan.config.tests.test_query_counts import lists
from maristan.config.tests.test_shape import files, modules
from maristan.kernel import jobs, options
from maristan.kernel.api import SIGNED_IN

PUBLIC = {
    "GET /api/v1/agenda/feeds/{token}/calendar.ics": "the secret token in the path is the key",
    "GET /api/v1/directory/invitations/accept/{token}/": "whoever is invited has no account yet",
    "POST /api/v1/directory/invitations/accept/": "whoever is invited has no account yet",
    "GET /api/v1/transcripts/verify/{code}/": "whoever holds the paper may know whether it is genuine",
    "GET /api/v1/transcripts/signed/": "the signed token in the address is the key",
    **{
        f"{route} /api/v1/academics/apply/{rest}": "whoever applies has no account"
        for route, rest in (
            ("GET", "intakes/"), ("POST", ""), ("GET", "{token}/"), ("PATCH", "{token}/"),
            ("GET", "{token}/papers/{kind}/"), ("POST", "{token}/papers/{kind}/"),
            ("DELETE", "{token}/papers/{kind}/"), ("POST", "{token}/moves/submit/"),
            ("POST", "{token}/moves/withdraw/"),
        )
    },
}  # fmt: skip
# Lists without an export beside them, and why.
NO_EXPORT: dict[str, str] = {}


def test_every_route_demands_a_permission_or_is_public_for_a_stated_reason() -> None:
    public = {route.name for route in routes.every() if route.public}
    assert public == set(PUBLIC)
    assert [route.name for route in routes.every() if not route.public and not route.permission] == []


def unknown_to_roles(permissions: Collection[str | None]) -> list[str]:
    return sorted({each for each in permissions if each} - {SIGNED_IN} - set(roles.TABLE))


def test_every_permission_of_a_route_is_in_the_table_of_roles() -> None:
    assert unknown_to_roles([route.permission for route in routes.every()]) == []


def test_every_permission_of_the_rules_is_in_the_table_of_roles() -> None:
    declared = {
        str(member)
        for module in modules("rules")
        for value in vars(module).values()
        if inspect.isclass(value) and value.__name__ == "Perm" and value.__module__ == module.__name__
        for member in value
    }
    assert len(declared) > 30
    assert unknown_to_roles(declared) == []


def test_a_permission_that_no_role_is_asked_for_is_found() -> None:
    assert unknown_to_roles(["week.view", "week.dream", SIGNED_IN, None]) == ["week.dream"]


def without_export(paths: Collection[str], every: Collection[str]) -> set[str]:
    return {path for path in paths if f"{path}export/" not in every}


def test_every_list_has_an_export_beside_it_or_says_why_not() -> None:
    every = {route.path for route in routes.every() if route.method == "get"}
    assert without_export([route.path for route in lists()], every) == set(NO_EXPORT)


def test_a_list_without_an_export_is_found_also_below_an_object() -> None:
    every = ["/a/", "/a/export/", "/a/{pk}/b/", "/c/"]
    assert without_export(["/a/", "/a/{pk}/b/", "/c/"], every) == {"/a/{pk}/b/", "/c/"}


def unread(keys: Collection[str], code: str) -> list[str]:
    return [key for key in keys if f'"{key}"' not in code]


def test_every_setting_is_read_by_somebody() -> None:
    code = "".join(file.read_text(encoding="utf-8") for file in files() if file.name != "options.py")
    assert unread(list(options.declared()), code) == []
    assert unread(["a.b", "a.c"], 'setting("a.b")') == ["a.c"]


def test_every_periodic_job_has_a_schedule() -> None:
    assert jobs.periodic_jobs["kernel.seal_journal"] == "* * * * *"


@pytest.mark.parametrize("path", sorted(documents.all_documents()))
def test_generated_documents_are_fresh(path: str) -> None:
    assert not documents.differs(path, documents.all_documents()[path]), "run make docs"


def test_a_document_that_says_something_else_is_found() -> None:
    assert documents.differs("docs/generated/access.md", "Everybody may everything.")
    assert documents.differs("docs/generated/none.md", "")


@pytest.mark.django_db
def test_models_and_migrations_agree() -> None:
    from django.core.management import call_command

    call_command("makemigrations", "--check", "--dry-run", verbosity=0)

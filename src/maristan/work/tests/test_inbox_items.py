"""Inbox items: open once for a cause, seen by those it is for, closed with the cause."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from maristan.directory.tests import factories as make
from maristan.kernel import tenancy
from maristan.kernel.access import Actor, platform
from maristan.kernel.tests.client import Client
from maristan.work import actions, queries
from maristan.work.models import InboxItem
from maristan.work.rules import Waiting

pytestmark = pytest.mark.django_db
URL = "/api/v1/work/inbox-items/"


def here() -> Actor:
    return platform(tenancy.current())


def waiting(cause: int = 1, *audience: str, **values: Any) -> Waiting:
    params = {"title": f"Verify week {cause}", "detail": "MBBS", "week": cause, **values}
    return Waiting("test.first", "week_plan", cause, audience or ("role:coordinator",), f"/weeks/{cause}", params)


def titles(who: Any, query: str = "") -> list[str]:
    return [each["title"] for each in Client(who).get(URL + query).json["results"]]


def test_an_item_shows_what_waits_and_where_to_act() -> None:
    make.institution()
    alice = make.member("Alice", "coordinator")
    actions.open_items(items=[waiting(7)], by=here())
    (item,) = Client(alice).get(URL).json["results"]
    assert {key: item[key] for key in ("kind", "title", "detail", "params", "url", "closed_at")} == {
        "kind": "test.first", "title": "Verify week 7", "detail": "MBBS",
        "params": {"title": "Verify week 7", "detail": "MBBS", "week": 7}, "url": "/weeks/7", "closed_at": None,
    }  # fmt: skip
    assert Client(alice).get("/api/v1/me/").json["open_inbox_items"] == 1


def test_an_item_is_one_for_somebody_who_holds_several_of_its_keys() -> None:
    make.institution()
    alice = make.member("Alice", "coordinator", "admin")
    actions.open_items(items=[waiting(7, "role:coordinator", "role:admin", f"person:{alice.pk}")], by=here())
    assert titles(alice) == ["Verify week 7"]


def test_a_key_with_a_scope_reaches_only_those_who_hold_the_role_there() -> None:
    make.institution()
    alice = make.member("Alice", "coordinator", scope=("program", 5))
    bob = make.member("Bob", "coordinator", scope=("program", 6))
    everywhere = make.member("Emil", "coordinator")
    actions.open_items(items=[waiting(7, "role:coordinator:program:5", "role:coordinator:institution")], by=here())
    assert [titles(who) for who in (alice, bob, everywhere)] == [["Verify week 7"], [], ["Verify week 7"]]


def test_opening_again_keeps_one_item_and_says_what_is_true_now() -> None:
    make.institution()
    actions.open_items(items=[waiting(7), waiting(8)], by=here())
    first = InboxItem.objects.get(cause_id=7)
    actions.open_items(items=[waiting(7, detail="3 sessions")], by=here())
    again = InboxItem.objects.get(cause_id=7)
    assert (again.pk, again.created_at, again.detail) == (first.pk, first.created_at, "3 sessions")
    assert InboxItem.objects.get(cause_id=8).detail == "MBBS"


def test_an_item_closes_with_its_cause_and_may_open_again() -> None:
    make.institution()
    alice = make.member("Alice", "coordinator")
    actions.open_items(items=[waiting(7), waiting(8)], by=here())
    actions.close_items(kind="test.first", cause_kind="week_plan", cause_ids=[7], by=here())
    assert titles(alice) == ["Verify week 8"]
    assert titles(alice, "?status=closed") == ["Verify week 7"]
    actions.open_items(items=[waiting(7)], by=here())
    assert titles(alice) == ["Verify week 7", "Verify week 8"]
    assert titles(alice, "?status=all") == ["Verify week 7", "Verify week 8", "Verify week 7"]


def test_keeping_only_some_closes_the_others_and_no_other_kind() -> None:
    make.institution()
    params = {"title": "Publish", "detail": ""}
    other = Waiting("test.second", "week_plan", 7, ("role:coordinator",), params=params)
    actions.open_items(items=[waiting(7), waiting(8), waiting(9), other], by=here())
    kept = InboxItem.objects.get(cause_id=8).pk
    actions.keep_only(kind="test.first", cause_kind="week_plan", items=[waiting(8)], among=[7, 8], by=here())
    assert InboxItem.objects.get(cause_id=8).pk == kept
    assert sorted(InboxItem.objects.filter(closed_at=None).values_list("kind", "cause_id")) == [
        ("test.first", 8), ("test.first", 9), ("test.second", 7),
    ]  # fmt: skip
    actions.keep_only(kind="test.first", cause_kind="week_plan", items=[waiting(10)], by=here())
    assert [item.cause_id for item in queries.open_items(kind="test.first", cause_kind="week_plan")] == [10]


def test_an_item_for_nobody_is_not_opened() -> None:
    make.institution()
    actions.open_items(
        items=[Waiting("test.first", "week_plan", 7, (), params={"title": "Verify", "detail": ""})], by=here()
    )
    assert not InboxItem.objects.exists()


def test_the_database_refuses_a_second_open_item_of_a_cause_and_one_for_nobody() -> None:
    make.institution()
    actions.open_items(items=[waiting(7)], by=here())
    values = {"kind": "test.first", "cause_kind": "week_plan", "title": "again"}
    with pytest.raises(IntegrityError, match="work_inboxitem_one_open"), transaction.atomic():
        InboxItem.objects.create(**values, cause_id=7, audience=["role:admin"])
    with pytest.raises(IntegrityError, match="work_inboxitem_has_audience"), transaction.atomic():
        InboxItem.objects.create(**values, cause_id=8, audience=[])


def test_items_of_another_institution_are_not_there() -> None:
    make.institution()
    actions.open_items(items=[waiting(7, "institution")], by=here())
    make.institution("other")
    zara = make.member("Zara", "coordinator")
    assert titles(zara, "?status=all") == []
    actions.close_items(kind="test.first", cause_kind="week_plan", cause_ids=[7], by=here())
    assert InboxItem.objects.count() == 0


def test_someone_signed_out_or_without_a_role_is_refused() -> None:
    make.institution()
    assert Client().get(URL).status == 401
    refused = Client(make.member("Nobody")).get(URL)
    assert (refused.status, refused.code) == (403, "not_allowed")


def test_items_are_searched_ordered_and_exported() -> None:
    make.institution()
    alice = make.member("Alice", "coordinator")
    actions.open_items(items=[waiting(1), waiting(2)], by=here())
    assert titles(alice, "?search=week 2") == ["Verify week 2"]
    assert titles(alice, "?ordering=title&status=OPEN") == ["Verify week 1", "Verify week 2"]
    assert Client(alice).get(f"{URL}?ordering=audience").status == 422
    assert "Verify week 2" in Client(alice).get(f"{URL}export/").body.decode()


def test_each_reader_reads_in_the_language_asked_for() -> None:
    make.institution()
    alice = make.member("Alice", "coordinator")
    actions.open_items(items=[waiting(7)], by=here())
    (item,) = Client(alice).get(URL, **{"Accept-Language": "ur"}).json["results"]
    assert (item["title"], item["detail"]) == ("کام: \u2068Verify week 7\u2069", "\u200f\u2068MBBS\u2069")
    assert titles(alice) == ["Verify week 7"]
    exported = Client(alice).get(f"{URL}export/", **{"Accept-Language": "ur"}).body.decode()
    assert "کام: Verify week 7" in exported


def test_an_item_of_before_says_what_was_kept_of_it() -> None:
    make.institution()
    alice = make.member("Alice", "coordinator")
    known = {"cause_kind": "week_plan", "audience": ["role:coordinator"], "params": {"week": 7}}
    InboxItem.objects.create(kind="test.first", cause_id=7, title="The old words", **known)
    InboxItem.objects.create(kind="gone.by", cause_id=8, title="Other old words", **known)
    assert titles(alice) == ["Other old words", "The old words"]


def test_an_item_that_is_not_declared_or_lacks_a_value_is_not_opened() -> None:
    make.institution()
    unknown = Waiting("nobody.declared", "week_plan", 7, ("role:coordinator",))
    lacking = Waiting("test.first", "week_plan", 7, ("role:coordinator",), params={"title": "Half"})
    for wrong, fault in ((unknown, "lacks a declaration"), (lacking, "lacks detail")):
        with pytest.raises(ValueError, match=fault):
            actions.open_items(items=[wrong], by=here())
    assert not InboxItem.objects.exists()

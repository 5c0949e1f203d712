"""Acting as another person is short, never secret, and never more than that person could have done alone."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from maristan.directory.models import Institution
from maristan.directory.tests import factories as make
from maristan.kernel import clock, tenancy
from maristan.kernel.access import platform
from maristan.kernel.errors import NotFound
from maristan.kernel.journal import lines_of
from maristan.kernel.models import User
from maristan.kernel.tests.client import Answer, Client
from maristan.operations import jobs
from maristan.operations.actions import impersonation as actions
from maristan.operations.models import Impersonation
from maristan.operations.tests import factories as run

pytestmark = pytest.mark.django_db
START, STOP = "/api/admin/impersonation/start/", "/api/admin/impersonation/stop/"
WHY = "Bob cannot find his register."
ME = "/api/v1/me/"


def started(client: Client, person: Any, reason: str = WHY, url: str = START) -> Answer:
    return client.post(url, {"user_id": person.user_id, "reason": reason})


@pytest.fixture
def people() -> tuple[Client, Any, Any]:
    make.institution()
    alice, bob = make.member("Alice", "admin"), make.member("Bob", "faculty")
    return Client(alice), alice, bob


@pytest.mark.parametrize("prefix", ["/api", "/api/v1"])
def test_an_admin_acts_as_a_member_until_stopping(people: tuple[Client, Any, Any], prefix: str) -> None:
    client, alice, bob = people
    answer = started(client, bob, url=f"{prefix}/admin/impersonation/start/")
    assert (answer.status, answer.json["target"]) == (200, {"id": bob.user_id, "name": "Bob"})
    shown = client.get(ME).json
    assert (shown["user"]["id"], shown["roles"], shown["impersonation"]["name"]) == (
        bob.user_id, ["faculty"], "Bob (Alice)",
    )  # fmt: skip
    assert client.post("/api/v1/directory/departments/", {"name": "X", "code": "X"}).status == 403
    assert client.post(f"{prefix}/admin/impersonation/stop/").status == 200
    shown = client.get(ME).json
    assert (shown["user"]["id"], shown["impersonation"]) == (alice.user_id, None)
    assert client.post(STOP).status == 404
    row = Impersonation.objects.get()
    assert (row.actor_id, row.target_id, row.ended_by) == (alice.user_id, bob.user_id, alice.user_id)


def test_what_is_no_account_has_nothing_to_end() -> None:
    with pytest.raises(NotFound):
        actions.stop_elsewhere(by=platform(None, "command line"))


def test_each_line_of_the_journal_carries_both_names(people: tuple[Client, Any, Any]) -> None:
    client, _, bob = people
    make.membership(bob, "registrar")
    assert started(client, bob).status == 200
    changed = client.patch(f"/api/v1/directory/persons/{bob.pk}/", {"father_name": "Yusuf"}, version=1)
    assert changed.status == 200, changed.body
    assert client.post(STOP).status == 200
    row = Impersonation.objects.get()
    ended, begun = lines_of("impersonation", row.pk)
    assert (begun.kind, begun.by_name, begun.reason) == ("impersonation.started", "Alice", WHY)
    assert (ended.kind, ended.by_name) == ("impersonation.stopped", "Bob (Alice)")
    written = lines_of("person", bob.pk)[0]
    assert (written.by_name, written.by_user_id) == ("Bob (Alice)", bob.user_id)


def test_it_ends_by_itself(people: tuple[Client, Any, Any]) -> None:
    client, alice, bob = people
    begun = clock.now()
    with clock.stopped_at(begun):
        assert started(client, bob).status == 200
    with clock.stopped_at(begun + timedelta(minutes=9, seconds=59)):
        assert client.get(ME).json["user"]["id"] == bob.user_id
    with clock.stopped_at(begun + timedelta(minutes=10)):
        assert client.get(ME).json["user"]["id"] == alice.user_id
        assert started(client, bob).status == 200
    first, second = Impersonation.objects.order_by("id")
    assert (first.ended_at, second.ended_at) == (first.expires_at, None)


def test_leaving_ends_it(people: tuple[Client, Any, Any]) -> None:
    client, alice, bob = people
    assert started(client, bob).status == 200
    assert client.django.delete("/_allauth/browser/v1/auth/session").status_code == 401
    assert client.get(ME).status == 401
    client.django.force_login(User.objects.get(pk=alice.user_id), backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(ME).json["user"]["id"] == alice.user_id
    assert Impersonation.objects.get().ended_at is not None


def test_some_people_are_nobodys_to_act_as(people: tuple[Client, Any, Any]) -> None:
    client, alice, bob = people
    auditor, admin, gone = make.member("Olga", "auditor"), make.member("Ann", "admin"), make.member("Gone", "faculty")
    gone.is_active = False
    gone.save()
    staff = make.member("Omar", "faculty")
    User.objects.filter(pk=staff.user_id).update(is_operator=True)
    for person in (alice, auditor, admin, gone, staff):
        refused = started(client, person)
        assert (refused.status, refused.code) == (403, "not_impersonable")
    refused = started(Client(make.member("Reg", "registrar")), bob)
    assert (refused.status, refused.code) == (403, "not_allowed")
    assert started(Client(run.operator()), bob).status == 403
    here = tenancy.current()
    make.institution("other")
    zara = make.member("Zara", "faculty")
    assert started(client, zara).status == 404
    tenancy.enter(here)
    assert not Impersonation.objects.exists()


def test_a_reason_is_needed(people: tuple[Client, Any, Any]) -> None:
    client, _, bob = people
    for reason, code in (("short", "too_short"), (" " * 20, "too_short"), ("x" * 501, "too_long")):
        assert started(client, bob, reason).pointers == [("/reason", code)]
    assert not Impersonation.objects.exists()


@pytest.mark.parametrize(
    ("method", "url"),
    [
        ("get", "/api/v1/directory/persons/export/?format=csv"),
        ("get", "/_allauth/browser/v1/auth/sessions"),
        ("get", "/_allauth/browser/v1/account/authenticators"),
        ("post", "/_allauth/browser/v1/account/password/change"),
        ("post", "/_allauth/browser/v1/auth/reauthenticate"),
    ],
)
def test_meanwhile_nothing_is_signed_granted_or_taken_away(
    people: tuple[Client, Any, Any], method: str, url: str
) -> None:
    client, _, bob = people
    assert started(client, bob).status == 200
    refused = getattr(client, method)(url)
    assert (refused.status, refused.code) == (403, "impersonating")
    again = started(client, bob)
    assert (again.status, again.code) == (403, "impersonating")
    assert client.get("/api/v1/directory/departments/").status == 200


def test_ten_times_an_hour_at_most(people: tuple[Client, Any, Any]) -> None:
    client, _, bob = people
    begun = clock.now()
    with clock.stopped_at(begun):
        for _ in range(10):
            assert (started(client, bob).status, client.post(STOP).status) == (200, 200)
        refused = started(client, bob)
        assert (refused.status, refused.headers["Retry-After"]) == (429, "3600")
    with clock.stopped_at(begun + timedelta(hours=1, seconds=1)):
        assert started(client, bob).status == 200


@pytest.fixture
def elsewhere(people: tuple[Client, Any, Any]) -> tuple[Institution, Any]:
    """Another institution that Alice administers too, and Zara there."""
    _, alice, _ = people
    other = make.institution("other")
    make.membership(make.person("Alice", user=User.objects.get(pk=alice.user_id)), "admin")
    return other, make.member("Zara", "faculty")


def test_what_expired_in_one_institution_hinders_nobody_in_another(
    people: tuple[Client, Any, Any], elsewhere: tuple[Institution, Any]
) -> None:
    client, alice, bob = people
    other, zara = elsewhere
    begun = clock.now()
    with clock.stopped_at(begun):
        assert started(client, bob).status == 200
        there = Client(alice)
        assert there.post("/api/v1/me/institution/", {"code": other.code}).status == 200
        refused = started(there, zara)
        assert (refused.status, refused.code) == (403, "impersonating")  # one at a time, wherever
    with clock.stopped_at(begun + timedelta(minutes=11)):
        assert started(there, zara).status == 200
    tenancy.enter(bob.institution_id)
    (row,) = Impersonation.objects.all()
    assert (row.ended_at, row.ended_by) == (row.expires_at, None)
    assert [line.kind for line in lines_of("impersonation", row.pk)] == [
        "impersonation.stopped", "impersonation.started",
    ]  # fmt: skip


def test_ten_times_an_hour_are_those_of_all_institutions(
    people: tuple[Client, Any, Any], elsewhere: tuple[Institution, Any]
) -> None:
    client, alice, bob = people
    other, zara = elsewhere
    there = Client(alice)
    assert there.post("/api/v1/me/institution/", {"code": other.code}).status == 200
    with clock.stopped_at(clock.now()):
        for _ in range(5):
            assert (started(client, bob).status, client.post(STOP).status) == (200, 200)
            assert (started(there, zara).status, there.post(STOP).status) == (200, 200)
        assert (started(client, bob).status, started(there, zara).status) == (429, 429)


def test_an_end_by_time_is_written_down_by_the_platform(people: tuple[Client, Any, Any]) -> None:
    client, _, bob = people
    begun, here = clock.now(), tenancy.current()
    with clock.stopped_at(begun):
        assert started(client, bob).status == 200
        jobs.end_impersonations.func(0)
        tenancy.enter(here)
        assert Impersonation.objects.get().ended_at is None
    with clock.stopped_at(begun + timedelta(minutes=10)):
        for _ in range(2):
            jobs.end_impersonations.func(0)
        tenancy.enter(here)
        row = Impersonation.objects.get()
        assert (row.ended_at, row.ended_by) == (begun + timedelta(minutes=10), None)
        written = lines_of("impersonation", row.pk)
        assert [(line.kind, line.by_name) for line in written] == [
            ("impersonation.stopped", "Maristan"), ("impersonation.started", "Alice"),
        ]  # fmt: skip


def test_another_session_of_the_admin_stays_the_admins_and_cannot_begin_a_second(
    people: tuple[Client, Any, Any],
) -> None:
    client, alice, bob = people
    assert started(client, bob).status == 200
    other = Client(alice)
    assert other.get(ME).json["user"]["id"] == alice.user_id
    refused = started(other, bob)
    assert (refused.status, refused.code) == (403, "impersonating")


def test_what_was_begun_in_a_browser_that_is_closed_is_ended_from_another_session(
    people: tuple[Client, Any, Any], elsewhere: tuple[Institution, Any]
) -> None:
    client, alice, bob = people
    other, zara = elsewhere
    tenancy.enter(bob.institution_id)
    begun = datetime(2026, 1, 2, 10, 0, tzinfo=UTC)
    with clock.stopped_at(begun):
        assert started(client, bob).status == 200
    with clock.stopped_at(begun + timedelta(minutes=1)):
        there, chosen = Client(alice), {"code": other.code}
        assert there.post("/api/v1/me/institution/", chosen).status == 200
        refused = started(there, zara)
        assert (refused.status, refused.code) == (403, "impersonating")
        assert "another session until 10:10 UTC" in refused.json["detail"]
        assert refused.json["expires_at"] == "2026-01-02T10:10:00+00:00"
        assert Client(bob).post(STOP).status == 404  # another's is not one's own
        assert there.post(STOP).status == 200
        assert client.get(ME).json["user"]["id"] == alice.user_id
        assert client.django.get("/_allauth/browser/v1/account/authenticators").status_code == 200
        assert client.post(STOP).status == there.post(STOP).status == 404
        assert started(there, zara).status == 200
        assert client.post(STOP).status == 200  # what the first session began is over; this ends the other's
    tenancy.enter(bob.institution_id)
    (row,) = Impersonation.objects.all()
    assert (row.ended_at, row.ended_by) == (begun + timedelta(minutes=1), alice.user_id)
    ended, _ = lines_of("impersonation", row.pk)
    assert (ended.kind, ended.by_name, ended.by_user_id) == ("impersonation.stopped", "Alice", alice.user_id)


def test_whoever_loses_the_right_or_is_deactivated_is_oneself_again(people: tuple[Client, Any, Any]) -> None:
    client, alice, bob = people
    assert started(client, bob).status == 200
    bob.is_active = False
    bob.save()
    assert client.get(ME).json["user"]["id"] == alice.user_id


def test_a_session_ends_after_a_day_however_busy(people: tuple[Client, Any, Any], settings: Any) -> None:
    settings.SESSION_ABSOLUTE_AGE = 86_400
    client, *_ = people
    begun = clock.now()
    with clock.stopped_at(begun + timedelta(hours=23, minutes=59)):
        assert client.get(ME).status == 200
    with clock.stopped_at(begun + timedelta(hours=24, seconds=1)):
        assert client.get(ME).status == 401


def test_what_has_no_account_acts_as_nobody_and_what_is_over_is_not_ended_again(
    people: tuple[Client, Any, Any],
) -> None:
    client, _, bob = people
    with pytest.raises(NotFound):
        actions.start(user_id=bob.user_id, reason=WHY, by=platform(tenancy.current()))
    assert not Impersonation.objects.exists()
    assert started(client, bob).status == 200
    assert client.post(STOP).status == 200
    row = Impersonation.objects.get()
    with pytest.raises(NotFound):
        actions.stop(pk=row.pk, by=platform(tenancy.current()))
    assert Impersonation.objects.get().ended_at == row.ended_at
    assert len(lines_of("impersonation", row.pk)) == 2

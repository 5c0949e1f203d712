"""Invitations: sent by those who may, mailed or printed once, accepted once (D4)."""

import time
from collections.abc import Callable, Iterator
from threading import Barrier, Thread
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.db import IntegrityError, connection, connections, transaction

from maristan.directory.actions import acceptance, invitations
from maristan.directory.models import ContactInfo, Invitation, Person
from maristan.directory.queries import invitations as queries
from maristan.directory.queries import scoped_people
from maristan.directory.tests import factories as make
from maristan.kernel import clock, tenancy
from maristan.kernel.errors import NotFound
from maristan.kernel.languages import language
from maristan.kernel.models import ApiToken, JournalLine, User
from maristan.kernel.tests.client import Answer, Client
from maristan.kernel.tests.worker import run_jobs

INVITATIONS = "/api/v1/directory/invitations/"
ACCEPT = f"{INVITATIONS}accept/"
PASSWORD = "quiet lamp over the river"


@pytest.fixture(autouse=True)
def no_knocks_before() -> Iterator[None]:
    """Nobody has tried a token yet."""
    cache.clear()
    yield
    cache.clear()


def token_of(link: str) -> str:
    return link.rsplit("/", 1)[1]


def invite(who: Person, by: str = "registrar", **body: object) -> Answer:
    """What somebody with a role gets for inviting a person."""
    return Client(make.member("Bob", by)).post(INVITATIONS, {"person": who.pk, **body})


def slip(who: Person, **body: object) -> str:
    """The token on a printed slip."""
    return token_of(invite(who, **body).json["link"])


def mailed() -> str:
    """The token in the last mail."""
    run_jobs()
    (line,) = [each for each in str(mail.outbox[-1].body).splitlines() if "/invitation/" in each]
    return token_of(line)


@pytest.mark.django_db
def test_without_an_address_the_link_is_shown_once_and_opens_an_account() -> None:
    make.institution()
    amina = make.person("Amina Yusuf", proposed_username="amina.yusuf")
    sent = invite(amina)
    assert (sent.status, sent.json["state"], sent.json["purpose"]) == (201, "live", "join")
    token = token_of(sent.json["link"])
    nobody = Client()
    assert nobody.get(f"{ACCEPT}{token}/").json == {
        "institution": "FMU", "username": "amina.yusuf", "purpose": "join",
    }  # fmt: skip
    answer = nobody.post(ACCEPT, {"token": token, "password": PASSWORD})
    assert (answer.status, answer.json) == (200, {"institution": "FMU", "username": "amina.yusuf"})
    amina.refresh_from_db()
    assert User.objects.get(pk=amina.user_id).check_password(PASSWORD)
    assert list(JournalLine.objects.order_by("id").values_list("kind", "by_name")) == [
        ("invitation.sent", "Bob"), ("invitation.accepted", "Amina Yusuf"),
    ]  # fmt: skip
    assert mail.outbox == []


@pytest.mark.django_db
def test_the_token_is_kept_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    make.institution()
    amina = make.person("Amina")
    token = slip(amina)
    ContactInfo.objects.create(person=amina, kind="email", value="amina@example.edu")
    invite(amina)
    mailed_token = mailed()
    with connection.cursor() as cursor:
        for table in ("directory_invitation", "kernel_journalline", "procrastinate_jobs", "kernel_storedreply"):
            cursor.execute(f"SELECT count(*) FROM {table} AS t WHERE t::text LIKE %s OR t::text LIKE %s",
                           [f"%{token}%", f"%{mailed_token}%"])  # fmt: skip
            assert cursor.fetchone() == (0,), table
    assert token not in caplog.text
    assert mailed_token not in caplog.text


@pytest.mark.django_db
def test_with_an_address_the_link_goes_by_mail_alone() -> None:
    make.institution()
    amina = make.person("Amina")
    ContactInfo.objects.create(person=amina, kind="email", value="amina@example.edu")
    sent = invite(amina)
    assert (sent.status, sent.json["link"], sent.json["email"]) == (201, None, "amina@example.edu")
    token = mailed()
    assert mail.outbox[0].to == ["amina@example.edu"]
    answer = Client().post(ACCEPT, {"token": token, "username": "amina", "password": PASSWORD})
    assert answer.status == 200
    account = User.objects.get(username="amina")
    proven = EmailAddress.objects.get(user=account)
    assert (account.email, proven.email, proven.verified) == ("amina@example.edu",) * 2 + (True,)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("locale", "subject", "line"),
    [
        ("en-GB", "fmu: your account", "Open this link once, before {day} {month} {year}:"),
        ("ur-PK", "\u200f\u2068fmu\u2069: آپ کا اکاؤنٹ", "{day} {month} {year} سے پہلے یہ لنک ایک بار کھولیں:"),
    ],
)
def test_an_invitation_speaks_the_language_of_the_institution(locale: str, subject: str, line: str) -> None:
    here = make.institution()
    here.locale = locale
    here.save(update_fields=["locale"])
    amina = make.person("Amina")
    ContactInfo.objects.create(person=amina, kind="email", value="amina@example.edu")
    invite(amina)
    mailed()
    last = Invitation.objects.get().expires_at.astimezone(ZoneInfo(here.time_zone)).date()
    months = language(locale).months
    said = line.format(day=last.day, month=months[last.month - 1], year=last.year)
    assert mail.outbox[0].subject == subject.replace("fmu", here.name)
    assert said in str(mail.outbox[0].body)


@pytest.mark.django_db
def test_a_new_invitation_voids_the_old_one() -> None:
    make.institution()
    amina = make.person("Amina")
    old, new = slip(amina), slip(amina)
    for answer in (Client().get(f"{ACCEPT}{old}/"), Client().post(ACCEPT, {"token": old, "password": PASSWORD})):
        assert (answer.status, answer.code) == (410, "invitation_spent")
    assert Client().get(f"{ACCEPT}{new}/").status == 200
    states = [each["state"] for each in Client(make.member("Rab", "registrar")).get(INVITATIONS).json["results"]]
    assert states == ["live", "voided"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.update(voided_at=None)


@pytest.mark.django_db
def test_an_invitation_closes_when_its_time_is_over_and_leaves_a_line_once() -> None:
    make.institution()
    amina = make.person("Amina")
    token = slip(amina)
    sent = Invitation.objects.get()
    by = make.acting_as("admin")
    assert invitations.expire(by=by) == 0
    with clock.stopped_at(sent.expires_at):
        assert (invitations.expire(by=by), invitations.expire(by=by)) == (1, 0)
        bob = Client(make.member("Rab", "registrar"))
        assert [each["state"] for each in bob.get(INVITATIONS).json["results"]] == ["expired"]
        assert Client().post(ACCEPT, {"token": token, "username": "amina", "password": PASSWORD}).status == 410
    assert JournalLine.objects.filter(kind="invitation.expired", subject_id=str(sent.pk)).count() == 1


@pytest.mark.django_db
def test_used_expired_and_unknown_links_say_nothing_of_the_person() -> None:
    make.institution()
    amina, hina = make.person("Amina"), make.person("Hina")
    used, expired = slip(amina), slip(hina)
    body = {"username": "amina", "password": PASSWORD}
    assert Client().post(ACCEPT, {"token": used, **body}).status == 200
    assert Client().post(ACCEPT, {"token": used, **body}).status == 410
    listed = Client(make.member("Rab", "registrar")).get(INVITATIONS).json["results"]
    assert {each["person"]["name"]: each["state"] for each in listed} == {"Amina": "used", "Hina": "live"}
    with clock.stopped_at(Invitation.objects.get(person=hina).expires_at):
        late = Client().post(ACCEPT, {"token": expired, **body})
        assert late.status == 410
        assert Client().get(f"{ACCEPT}{expired}/").status == 410
    unknown = Client().post(ACCEPT, {"token": "no-such-token", **body})
    assert (unknown.status, unknown.code) == (404, "not_found")
    assert Client().get(f"{ACCEPT}no-such-token/").status == 404
    assert b"Hina" not in late.body + unknown.body
    assert set(late.json) - {"request_id"} == set(unknown.json) - {"request_id"}
    hina.refresh_from_db()
    assert hina.user_id is None


@pytest.mark.django_db
def test_an_invitation_that_goes_while_it_is_opened_is_as_unknown_as_any_other(monkeypatch: pytest.MonkeyPatch) -> None:
    make.institution()
    token, enter = slip(make.person("Amina")), tenancy.enter

    def too_late(institution: int) -> None:
        enter(institution)
        Invitation.objects.all().delete()

    monkeypatch.setattr(tenancy, "enter", too_late)
    with pytest.raises(NotFound):
        queries.opened_by(token)


@pytest.mark.django_db
def test_the_institution_says_how_long_an_invitation_lasts() -> None:
    make.institution()
    Client(make.member("Alice", "admin")).put("/api/v1/directory/settings/directory.invitation_days/", {"value": 2})
    with clock.stopped_at("2026-03-01T12:00:00+00:00"):
        invite(make.person("Amina"))
    assert Invitation.objects.get().expires_at.isoformat() == "2026-03-03T12:00:00+00:00"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({"username": "amina", "password": "short"}, {("/password", "password_too_short")}),
        ({"username": "amina.yusuf", "password": "amina.yusuf"}, {("/password", "password_too_similar")}),
        ({"username": "amina"}, {("/password", "required")}),
        ({"password": PASSWORD}, {("/username", "required")}),
        ({"username": "a@b.org", "password": PASSWORD}, {("/username", "bad_username")}),
        ({"username": "TAKEN", "password": PASSWORD}, {("/username", "username_taken")}),
        ({"username": "Promised", "password": PASSWORD}, {("/username", "username_taken")}),
    ],
)
def test_a_weak_password_or_a_taken_name_is_refused_and_the_link_lives(
    body: dict[str, str], pointers: set[tuple[str, str]]
) -> None:
    make.institution()
    make.user("taken")
    make.person("Hina", proposed_username="promised")
    amina = make.person("Amina")
    token = slip(amina)
    answer = Client().post(ACCEPT, {"token": token, **body})
    assert answer.status == 422
    assert pointers <= set(answer.pointers)
    amina.refresh_from_db()
    assert amina.user_id is None
    assert Client().get(f"{ACCEPT}{token}/").status == 200


@pytest.mark.django_db
def test_an_account_of_that_address_proves_itself_by_signing_in() -> None:
    make.institution("other")
    elsewhere = make.member("Amina elsewhere")
    User.objects.filter(pk=elsewhere.user_id).update(email="Amina@example.edu")
    make.institution("fmu")
    amina = make.person("Amina")
    invite(amina, email="amina@EXAMPLE.edu")
    token = mailed()
    refused = Client().post(ACCEPT, {"token": token, "username": "amina", "password": PASSWORD})
    assert (refused.status, refused.code) == (409, "sign_in_first")
    stranger = Client(make.member("Stranger")).post(ACCEPT, {"token": token})
    assert (stranger.status, stranger.code) == (409, "sign_in_first")
    amina.refresh_from_db()
    assert amina.user_id is None
    answer = Client(elsewhere).post(ACCEPT, {"token": token})
    assert answer.status == 200
    amina.refresh_from_db()
    assert amina.user_id == elsewhere.user_id
    assert Client(elsewhere).post(ACCEPT, {"token": token}).status == 410


@pytest.mark.django_db
def test_another_page_cannot_link_an_account_behind_its_owners_back() -> None:
    make.institution()
    amina, owner = make.person("Amina"), make.member("Owner")
    User.objects.filter(pk=owner.user_id).update(email="amina@example.edu")
    invite(amina, email="amina@example.edu")
    token = mailed()
    client = Client(owner)
    client.django.handler.enforce_csrf_checks = True
    answer = client.post(ACCEPT, {"token": token})
    assert (answer.status, answer.code) == (403, "csrf_failed")
    amina.refresh_from_db()
    assert amina.user_id is None


@pytest.mark.django_db
def test_an_account_is_one_person_of_an_institution() -> None:
    make.institution()
    owner, twin = make.member("Owner"), make.person("Twin")
    User.objects.filter(pk=owner.user_id).update(email="owner@example.edu")
    invite(twin, email="owner@example.edu")
    answer = Client(owner).post(ACCEPT, {"token": mailed()})
    assert (answer.status, answer.code) == (409, "already_here")


@pytest.mark.django_db
def test_a_reset_sets_a_new_password_and_signs_out() -> None:
    here = make.institution()
    amina = make.member("Amina")
    account = User.objects.get(pk=amina.user_id)
    before = Client()
    signed_in = {"username": account.username, "password": "correct horse"}
    assert before.post("/_allauth/browser/v1/auth/login", signed_in).status == 200
    program = ApiToken.objects.create(user=account, institution_id=here.pk, name="sync", token_hash="0" * 64)
    wrong = {"username": account.username, "password": "wrong horse"}
    assert [Client().post("/_allauth/browser/v1/auth/login", wrong).status for _ in range(6)] == [400] * 5 + [429]
    token = slip(amina)
    assert Client().get(f"{ACCEPT}{token}/").json["purpose"] == "reset"
    assert Client().post(ACCEPT, {"token": token, "password": "short"}).pointers[0][0] == "/password"
    answer = Client().post(ACCEPT, {"token": token, "username": "ignored", "password": PASSWORD})
    assert (answer.status, answer.json["username"]) == (200, account.username)
    account.refresh_from_db()
    assert account.check_password(PASSWORD)
    program.refresh_from_db()
    assert program.revoked_at is not None
    assert before.get("/api/v1/me/").status == 401


@pytest.mark.django_db
def test_a_reset_goes_to_the_accounts_own_address() -> None:
    make.institution()
    amina = make.member("Amina")
    User.objects.filter(pk=amina.user_id).update(email="amina@example.edu")
    refused = invite(amina, email="mallory@example.edu")
    assert refused.pointers == [("/email", "not_of_account")]
    assert invite(amina).json["link"] is None
    run_jobs()
    assert mail.outbox[-1].to == ["amina@example.edu"]


@pytest.mark.django_db
def test_an_account_that_opens_two_institutions_is_not_reset_by_a_slip() -> None:
    make.institution("other")
    elsewhere = make.member("Amina elsewhere")
    make.institution("fmu")
    amina = make.person("Amina", user_id=elsewhere.user_id)
    answer = invite(amina, by="admin")
    assert (answer.status, answer.code) == (409, "account_is_shared")
    assert not Invitation.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "body", "code"),
    [
        ({"is_active": False}, {}, "person_inactive"),
        ({"user": True}, {"purpose": "JOIN"}, "has_account"),
        ({}, {"purpose": "reset"}, "no_account"),
    ],
)
def test_an_invitation_that_makes_no_sense_is_refused(values: dict[str, Any], body: dict[str, str], code: str) -> None:
    make.institution()
    amina = make.person("Amina", **{key: make.user() if key == "user" else each for key, each in values.items()})
    answer = invite(amina, **body)
    assert (answer.status, answer.code) == (409, code)
    assert not Invitation.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["department_head", "faculty", "office_assistant", "student", "auditor"])
def test_others_invite_nobody(role: str) -> None:
    make.institution()
    answer = invite(make.person("Amina"), by=role)
    assert (answer.status, answer.code) == (403, "not_allowed")
    assert not Invitation.objects.exists()


@pytest.mark.django_db
def test_a_registrar_does_not_open_an_administrators_door() -> None:
    make.institution()
    alice = make.person("Alice")
    make.membership(alice, "admin")
    assert invite(alice).status == 403
    assert invite(alice, by="admin").status == 201


@pytest.fixture
def program_of() -> Iterator[dict[int, list[int]]]:
    """Students of programs, as somebody above knows them."""
    known: dict[int, list[int]] = {}
    before = list(scoped_people._people_of_programs)
    scoped_people.register_program_people(
        lambda reach: [person for pk in reach.programs for person in known.get(pk, [])]
    )
    yield known
    scoped_people._people_of_programs[:] = before


@pytest.mark.django_db
def test_a_coordinator_invites_students_of_own_programs_alone(program_of: dict[int, list[int]]) -> None:
    make.institution()
    sara, other, clerk, tutor = (make.person(name) for name in ("Sara", "Other", "Clerk", "Tutor"))
    for who, role in ((sara, "student"), (clerk, "finance"), (tutor, "student"), (tutor, "faculty")):
        make.membership(who, role)
    program_of.update({7: [sara.pk, clerk.pk, tutor.pk], 8: [other.pk]})
    cora = Client(make.member("Cora", "coordinator", scope=("program", 7)))
    assert cora.post(INVITATIONS, {"person": sara.pk}).status == 201
    for stranger in (other, clerk, tutor):
        assert cora.post(INVITATIONS, {"person": stranger.pk}).status == (422 if stranger is other else 403)
    invite(other)
    assert [each["person"]["name"] for each in cora.get(INVITATIONS).json["results"]] == ["Sara"]


@pytest.mark.django_db
def test_whoever_tries_tokens_is_slowed_down() -> None:
    make.institution()
    token = slip(make.person("Amina"))
    answers = [Client().get(f"{ACCEPT}guess-{number}/").status for number in range(9)]
    answers.append(Client().post(ACCEPT, {"token": "guess", "password": "x"}).status)
    assert answers == [404] * 10
    slowed = Client().get(f"{ACCEPT}once-more/")
    assert (slowed.status, slowed.code) == (429, "too_many_requests")
    assert slowed.headers["Retry-After"] == "60"
    assert Client().get(f"{ACCEPT}{token}/").status == 200


@pytest.mark.django_db
def test_a_campus_behind_one_address_accepts_its_invitations() -> None:
    make.institution()
    tokens = [slip(make.person(f"Person {number}")) for number in range(12)]
    assert [Client().get(f"{ACCEPT}{token}/").status for token in tokens] == [200] * 12


@pytest.mark.django_db
def test_mail_that_comes_too_late_is_not_sent() -> None:
    make.institution()
    amina = make.person("Amina")
    invite(amina, email="amina@example.edu")
    Invitation.objects.update(used_at=clock.now())
    assert run_jobs() == ["comms.send_mail"]
    assert mail.outbox == []


def test_pressed_twice_at_once_it_opens_one_account(
    own_database: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(acceptance, "validate_password", lambda *_: time.sleep(0.2))
    with transaction.atomic():
        make.institution()
        token = slip(make.person("Amina"))
    answers: list[Answer] = []
    barrier = Barrier(2)

    def press(number: int) -> None:
        try:
            barrier.wait()
            body = {"token": token, "username": f"amina{number}", "password": PASSWORD}
            answers.append(Client().post(ACCEPT, body))
        finally:
            connections.close_all()

    presses = [Thread(target=press, args=[number]) for number in range(2)]
    for each in presses:
        each.start()
    for each in presses:
        each.join()
    assert sorted(each.status for each in answers) == [200, 410]
    with transaction.atomic():
        tenancy.enter(tenancy.institution_ids()[0])
        assert User.objects.filter(username__startswith="amina").count() == 1
        assert JournalLine.objects.filter(kind="invitation.accepted").count() == 1


@pytest.mark.django_db
def test_another_institution_sees_and_sends_none() -> None:
    make.institution("fmu")
    amina = make.person("Amina")
    invite(amina)
    make.institution("other")
    zara = Client(make.member("Zara", "admin"))
    assert zara.get(INVITATIONS).json["count"] == 0
    assert zara.post(INVITATIONS, {"person": amina.pk}).pointers == [("/person", "unknown_reference")]


@pytest.mark.django_db
def test_somebody_deactivated_or_linked_since_is_not_let_in() -> None:
    make.institution()
    gone, linked = make.person("Gone"), make.person("Linked")
    tokens = [slip(gone), slip(linked)]
    Person.objects.filter(pk=gone.pk).update(is_active=False)
    Person.objects.filter(pk=linked.pk).update(user=make.user("linked"))
    before = User.objects.count()
    for token in tokens:
        answer = Client().post(ACCEPT, {"token": token, "username": "amina", "password": PASSWORD})
        assert (answer.status, answer.code) == (410, "invitation_spent")
    assert User.objects.count() == before

"""The frame of every route: order of judgement, problem documents, one transaction."""

import json

import pytest

from maristan.directory.models import Department
from maristan.directory.tests import factories as make
from maristan.kernel.api import Routes, needs
from maristan.kernel.tests.client import Client

pytestmark = pytest.mark.django_db
URL = "/api/v1/directory/departments/"


def test_nobody_signed_in_is_401_before_anything_else() -> None:
    answer = Client().post(URL, {"nonsense": 1})
    assert (answer.status, answer.code) == (401, "not_signed_in")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json["request_id"] == answer.headers["X-Request-ID"]


def test_every_fault_of_the_shape_is_named_at_once() -> None:
    make.institution()
    answer = Client(make.member("Alice", "admin")).post(
        URL, {"code": "X" * 31, "kind": "castle", "colour": "red", "version": 3}
    )
    assert answer.status == 422
    assert sorted(answer.pointers) == [
        ("/code", "too_long"), ("/colour", "unknown_field"), ("/kind", "bad_value"), ("/name", "required"),
        ("/version", "read_only_field"),
    ]  # fmt: skip
    assert not Department.objects.exists()


def test_the_shape_is_judged_before_the_permission() -> None:
    make.institution()
    assert Client(make.member("Bob", "registrar")).post(URL, {}).status == 422
    assert Client(make.member("Bob2", "registrar")).post(URL, {"code": "A", "name": "B"}).status == 403


def test_what_is_not_there_is_404_before_the_permission_and_the_version() -> None:
    make.institution()
    bob = Client(make.member("Bob", "registrar"))
    assert bob.patch(f"{URL}999/", {"name": "X"}).status == 404
    assert bob.patch(f"{URL}{make.department().pk}/", {"name": "X"}).status == 403


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", "not_json"),
        (b"[1, 2", "not_json"),
        (b'{"name": "\\u0000", "code": "A"}', "nul_character"),
        (b"\xff\xfe", "not_json"),
        (b'{"name": NaN}', "not_json"),
    ],
)
def test_a_body_that_is_no_json_or_holds_nul_is_422(body: bytes, code: str) -> None:
    make.institution()
    client = Client(make.member("Alice", "admin"))
    response = client.django.post(URL, body, content_type="application/json")
    assert response.status_code == 422
    assert json.loads(response.content)["code"] == code
    assert not Department.objects.exists()


@pytest.mark.parametrize("path", [f"{URL}99999999999999999999/", "/api/v1/nothing/", "/api/nothing"])
def test_a_path_that_leads_nowhere_is_a_problem_document(path: str) -> None:
    make.institution()
    answer = Client(make.member("Alice", "admin")).get(path)
    assert (answer.status, answer.code) == (404, "not_found")


@pytest.mark.parametrize(
    ("query", "pointer"),
    [("page=0", "?page"), ("page_size=201", "?page_size"), ("page=x", "?page"), ("ordering=password", "?ordering")],
)
def test_a_bad_query_names_its_parameter(query: str, pointer: str) -> None:
    make.institution()
    answer = Client(make.member("Alice", "admin")).get(f"{URL}?{query}")
    assert answer.status == 422
    assert [each for each, _ in answer.pointers] == [pointer]


def test_a_nul_in_a_query_is_a_fault_and_no_crash() -> None:
    make.institution()
    answer = Client(make.member("Alice", "admin")).get(f"{URL}?search=%00")
    assert (answer.status, answer.code) == (422, "nul_character")
    assert answer.pointers == [("?search", "nul_character")]


def test_a_nul_is_named_by_the_parameter_or_the_field_that_holds_it() -> None:
    make.institution()
    client = Client(make.member("Alice", "admin"))
    answer = client.get(f"{URL}?page=1&search=a%00b&ordering=%00&n%00=1")
    assert [pointer for pointer, _ in answer.pointers] == ["?", "?ordering", "?search"]
    body = {"name": "A\0", "code": "A", "a/b~": [{"c": "x"}, {"c": "\0"}], "d": {"\0": "x"}}
    answer = client.post(URL, body)
    assert sorted(pointer for pointer, _ in answer.pointers) == ["/a~1b~0/1/c", "/d", "/name"]
    assert (answer.status, answer.code) == (422, "nul_character")
    assert not Department.objects.exists()
    answer = client.post(URL, {"name": "How \\u0000 is written", "code": "A"})
    assert (answer.status, answer.json["name"]) == (201, "How \\u0000 is written")


@pytest.mark.parametrize(
    "path", ["/verify/ab%00cd", "/sign-in%00", "/api/v1/transcripts/verify/ab%00cd/", "/media/a%00b", "/static/a%00b"]
)
def test_no_address_holds_a_nul(db: None, path: str) -> None:
    answer = Client(None).get(path)
    assert (answer.status, answer.code) == (404, "not_found")


@pytest.mark.parametrize("path", ["/verify/abcd", "/sign-in"])
def test_a_nul_in_the_query_of_a_page_is_a_fault_and_no_crash(db: None, path: str) -> None:
    answer = Client(None).get(f"{path}?next=%00")
    assert (answer.status, answer.code) == (422, "nul_character")


def test_a_list_is_paged_and_bounded() -> None:
    make.institution()
    for number in range(3):
        make.department(f"D{number}")
    alice = Client(make.member("Alice", "admin"))
    first = alice.get(f"{URL}?page_size=2").json
    assert (first["count"], len(first["results"]), first["previous"]) == (3, 2, None)
    assert len(alice.get(first["next"]).json["results"]) == 1


def test_both_addresses_of_the_api_answer_alike() -> None:
    make.institution()
    make.department("Pathology")
    alice = Client(make.member("Alice", "admin"))
    assert alice.get("/api/directory/departments/").json["results"] == alice.get(URL).json["results"]


def test_a_session_without_the_csrf_token_writes_nothing() -> None:
    make.institution()
    alice = Client(make.member("Alice", "admin"))
    alice.django.handler.enforce_csrf_checks = True
    answer = alice.post(URL, {"code": "A", "name": "B"})
    assert (answer.status, answer.code) == (403, "csrf_failed")
    assert not Department.objects.exists()


def test_a_route_without_a_permission_is_refused_when_it_is_written() -> None:
    with pytest.raises(TypeError, match="names no permission"):
        Routes().get("/open/")(lambda request: None)


def test_an_answer_given_without_asking_for_the_permission_is_withheld(monkeypatch: pytest.MonkeyPatch) -> None:
    from maristan.directory.queries import places

    make.institution()
    pathology = make.department()
    monkeypatch.setattr(places, "departments", lambda actor: Department.objects.all())
    with pytest.raises(RuntimeError, match=r"without asking for department\.view"):
        Client(make.member("Alice", "admin")).get(f"{URL}{pathology.pk}/")
    assert needs("x.y") == {"openapi_extra": {"x-permission": "x.y"}}


def test_a_file_is_safe_to_open_in_a_spreadsheet() -> None:
    make.institution()
    make.department('=HYPERLINK("http://x")', code="X")
    answer = Client(make.member("Alice", "admin")).get(f"{URL}export/?format=csv")
    assert answer.status == 200
    assert "\"'=HYPERLINK" in answer.body.decode("utf-8-sig")

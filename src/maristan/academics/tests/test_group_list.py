"""The list of a group on paper."""

from typing import Any

import pytest

from maristan.academics.queries import group_list
from maristan.academics.tests import factories as make
from maristan.directory.tests import factories as directory
from maristan.kernel import clock, typesetting
from maristan.kernel.tests.client import Client

pytestmark = pytest.mark.django_db
URL = "/api/v1/academics/groups/"


def typeset(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What reaches the template."""
    seen: list[dict[str, Any]] = []
    real = typesetting.pdf

    def watched(template: Any, data: Any, **options: Any) -> bytes:
        seen.append(dict(data))
        return real(template, data, **options)

    monkeypatch.setattr(typesetting, "pdf", watched)
    return seen


def test_a_group_is_listed_by_registration_number_with_who_is_on_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    directory.institution()
    group = make.group(make.batch(name="2031 Batch"), "A")
    make.student(group, reg_no="M-2", person=directory.person("Bilal <b>"))
    make.student(group, reg_no="M-1", person=directory.person("سارہ"), status="on_leave")
    make.student(group, reg_no="M-3", person=directory.person("Gone"), status="graduated")
    make.student(make.group(group.batch), reg_no="M-4", person=directory.person("Omar"))
    seen = typeset(monkeypatch)
    answer = Client(directory.member("Alice", "registrar")).get(f"{URL}{group.pk}/pdf/")
    assert (answer.status, answer.headers["Content-Type"], answer.body[:5]) == (200, "application/pdf", b"%PDF-")
    assert 'filename="2031-batch-a.pdf"' in answer.headers["Content-Disposition"]
    assert seen[0]["students"] == [
        {"reg_no": "M-1", "name": "سارہ", "mark": "on leave"}, {"reg_no": "M-2", "name": "Bilal <b>", "mark": ""},
    ]  # fmt: skip


def test_an_empty_group_is_a_page_that_says_so_in_the_institutions_language() -> None:
    directory.institution(locale="ur")
    group = make.group()
    made = group_list.document(group, actor=directory.acting_as("registrar"), now=clock.now())
    assert made.content[:5] == b"%PDF-"


def test_a_group_of_another_institution_is_unknown_and_strangers_see_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    directory.institution()
    group = make.group()
    make.student(group)
    seen = typeset(monkeypatch)
    assert Client(directory.member("Sara", "student")).get(f"{URL}{group.pk}/pdf/").status == 200
    assert seen[0]["students"] == []
    directory.institution("other")
    assert Client(directory.member("Zara", "registrar")).get(f"{URL}{group.pk}/pdf/").status == 404

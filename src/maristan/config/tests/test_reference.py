"""The page of the API for people: it lists every route, runs nothing, and is made when somebody first asks."""

import re
from html import escape
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client

from maristan.config import reference
from maristan.config.api import api
from maristan.config.tests import routes

VOID = {"meta", "br", "link"}


class Page(HTMLParser):
    """Titles, tags and attributes of a page; every element that is opened is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.titles: list[str] = []
        self.tags: set[str] = set()
        self.attributes: dict[str, set[str]] = {}
        self.open: list[str] = []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            self.attributes.setdefault(name, set()).add(value or "")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "h3":
            self.titles.append(data)


def harmless(page: Page) -> None:
    """Nothing in it runs, and nothing comes from elsewhere."""
    assert not page.tags & {"script", "iframe", "object", "embed", "link", "img", "form", "base"}
    assert not {each for each in page.attributes if each.startswith("on") or each in ("style", "src", "srcdoc")}
    assert all(each.startswith(("#", "/")) for each in page.attributes["href"])


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/api/docs/", "/api/v1/docs/"])
def test_everybody_reads_every_route_with_its_permission_as_in_the_description(path: str) -> None:
    asked = Client().get(path)
    assert (asked.status_code, asked["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert Client().get(path.replace("docs", "schema")).status_code == 200
    page = Page(asked.content.decode())
    harmless(page)
    known = list(routes.every())
    assert len(known) > 500
    assert sorted(page.titles) == sorted(each.name for each in known)
    text = asked.content.decode()
    for each in known:
        _, _, rest = text.partition(f"<h3>{each.name}</h3>")
        said = rest.partition("</article>")[0]
        assert (f"<code>{each.permission}</code>" if each.permission else f"Open: {escape(each.public or '')}") in said


@pytest.mark.django_db
def test_its_styles_are_known_by_the_word_of_the_request_and_the_rest_is_made_once(monkeypatch: Any) -> None:
    reference._page.cache_clear()
    made, written = [], reference.written
    monkeypatch.setattr(reference, "written", lambda said: made.append(1) or written(said))
    pages = [Client().get("/api/docs/") for _ in range(2)]
    words = [re.findall(r'nonce="(.+?)"', each.content.decode()) for each in pages]
    assert [f"'nonce-{word}'" in each["Content-Security-Policy"] for each, (word,) in zip(pages, words, strict=True)]
    assert words[0] != words[1]
    assert (made, "unsafe-inline" in pages[0]["Content-Security-Policy"].split("script-src")[1].split(";")[0]) == (
        [1], False,
    )  # fmt: skip


def test_what_a_description_says_is_text_wherever_it_stands() -> None:
    evil = '"><script>alert(1)</script><b onclick=x>'
    described: Any = {"info": {"title": evil, "description": evil}, "components": {"schemas": {
        "In": {"properties": {evil: {"enum": [evil]}}, "required": [evil]}}}, "paths": {f"/{evil}": {"post": {
            "tags": [evil], "summary": evil, "description": evil,
            "parameters": [{"name": evil, "in": evil, "schema": {"type": evil}}],
            "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/In"}}}},
            "responses": {evil: {"content": {"application/json": {"schema": {"$ref": f"#/{evil}"}}}}}}}}}  # fmt: skip
    said = described["paths"][f"/{evil}"]["post"]
    for name in ("x-permission", "x-public"):
        said[name] = evil
        page = Page(reference.written(described))
        harmless(page)
        assert page.titles == [f"POST /{evil}"]
        del said[name]


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        ({"type": "integer"}, "integer"), ({"type": "string", "format": "date"}, "date"),
        ({"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]}, "date or null"),
        ({"type": "array", "items": {"$ref": "#/components/schemas/CourseOut"}}, "list of CourseOut"),
        ({"enum": ["a", "b"], "type": "string"}, "a | b"), ({}, "anything"),
    ],
)  # fmt: skip
def test_a_kind_is_said_in_a_few_words(schema: Any, said: str) -> None:
    assert reference.kind(schema) == said


def test_a_body_is_told_field_by_field() -> None:
    described = api.get_openapi_schema(path_prefix="/api/v1/")
    (found,) = (
        each for each in reference.operations(described)
        if (each.method, each.path) == ("POST", "/api/v1/directory/leaves/")
    )  # fmt: skip
    bodies = {each.name: each.is_required for each in found.fields if each.place == "body"}
    assert bodies["start_date"] is True
    assert found.answers[0].startswith("201 ")

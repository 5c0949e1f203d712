"""Addresses that the server puts into messages, inbox items, search hits and calendars open a page of the client."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import maristan

PACKAGE = Path(maristan.__file__).parent
WEB = PACKAGE.parents[1] / "web" / "src"
ROUTE = re.compile(r'\bpath: "([^"/ ][^" ]*)"')
CALLS_WITH_ADDRESSES = {"Hit", "_tell", "Waiting", "Message"}
# Pages that the client does not have yet; a page that came is taken off the list.
TO_COME: dict[str, str] = {}
# Addresses that end in one of some words, each of which is a page.
ENDINGS = {"/assessment/exams/1/1": ("/assessment/exams/1/marks", "/assessment/exams/1/results")}


def pages() -> list[re.Pattern[str]]:
    """Every route of the client as a pattern."""
    found = {path for file in WEB.rglob("*.tsx") for path in ROUTE.findall(file.read_text(encoding="utf-8"))}
    return [re.compile("/" + re.sub(r"\\?\$\w*", "[^/]+", re.escape(path))) for path in sorted(found)]


def written(node: ast.expr) -> str | None:
    """What a string looks like once `1` stands for each of its values."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "1" for part in node.values)
    return None


def candidates(tree: ast.AST) -> Iterator[ast.expr]:
    """Values of arguments, variables and keys called `url`, and what is given to calls that take addresses."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from (each.value for each in node.keywords if each.arg == "url")
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in CALLS_WITH_ADDRESSES:
                yield from node.args
        if isinstance(node, ast.Assign) and any(getattr(each, "id", "") == "url" for each in node.targets):
            yield node.value
        if isinstance(node, ast.Dict):
            yield from (
                value for key, value in zip(node.keys, node.values, strict=True)
                if isinstance(key, ast.Constant) and key.value == "url"
            )  # fmt: skip


def addresses() -> dict[str, str]:
    """Each address with the file that makes it."""
    found = {}
    for file in sorted(PACKAGE.rglob("*.py")):
        if "tests" in file.parts or "migrations" in file.parts:
            continue
        for node in candidates(ast.parse(file.read_text(encoding="utf-8"))):
            address = (written(node) or "").partition("?")[0]
            if address.startswith("/") and not address.startswith("/api/"):
                found[address] = str(file.relative_to(PACKAGE))
    return found


def test_every_address_that_the_server_makes_opens_a_page() -> None:
    known = pages()
    dead = {
        address: file
        for address, file in addresses().items()
        if not all(any(page.fullmatch(one) for page in known) for one in ENDINGS.get(address, (address,)))
    }
    assert set(ENDINGS) <= set(addresses()), "an address with endings is made no more"
    assert {address: file for address, file in dead.items() if address not in TO_COME} == {}
    assert set(TO_COME) <= set(dead), "a page that has come is no longer to come"


def test_addresses_are_found_where_they_are_made() -> None:
    found = addresses()
    assert {"/timetable/weeks/1", "/directory/leave/1", "/requests/1", "/academics/students/1"} <= set(found)
    assert len(pages()) > 40
    assert not any(page.fullmatch("/leaves/1") for page in pages())

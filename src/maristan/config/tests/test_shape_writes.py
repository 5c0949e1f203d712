"""Every action that writes leaves a journal line, and every declared event is published by somebody."""

import ast
import inspect
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from maristan.config.tests.test_shape import PACKAGE, modules, own_actions, sources
from maristan.kernel import events

RECORDS = {"record", "record_each", "record_all"}
# Declared with the vocabulary of the specification; what would publish them is not built yet.
UNPUBLISHED = {
    "import.previewed": "a preview writes nothing but itself",
}  # fmt: skip


class Module:
    """What the functions of a module of actions call: names of its own, and functions of other modules of actions."""

    def __init__(self, name: str, source: str) -> None:
        tree = ast.parse(source)
        self.name = name
        self.parts = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
        self.imported: dict[str, str] = {}
        for node in tree.body:
            if isinstance(node, ast.ImportFrom) and node.module:
                self.imported.update({each.asname or each.name: f"{node.module}.{each.name}" for each in node.names})

    def calls(self, part: str) -> Iterator[str]:
        """The full names of what a function calls, its helpers within the same module included by name."""
        for node in ast.walk(self.parts[part]):
            if not isinstance(node, ast.Call):
                continue
            function = node.func
            if isinstance(function, ast.Name):
                yield self.imported.get(function.id, f"{self.name}.{function.id}")
            elif isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
                yield f"{self.imported.get(function.value.id, function.value.id)}.{function.attr}"


def writes_a_line(name: str, found: dict[str, Module], seen: frozenset[str] = frozenset()) -> bool:
    """Whether a function, given by its full name, reaches the journal through functions of actions."""
    if name in {f"maristan.kernel.journal.{each}" for each in RECORDS}:
        return True
    module, _, part = name.rpartition(".")
    if name in seen or module not in found or part not in found[module].parts:
        return False
    return any(writes_a_line(each, found, seen | {name}) for each in found[module].calls(part))


@cache
def action_modules() -> dict[str, Module]:
    """Every module of actions by name."""
    return {module.__name__: Module(module.__name__, inspect.getsource(module)) for module in modules("actions")}


def silent(functions: list[Any], found: dict[str, Module]) -> list[str]:
    """Actions that reach no journal line and say no reason."""
    names = {f"{each.__module__}.{each.__name__}": each for each in functions}
    return [
        name for name, each in names.items() if not getattr(each, "unjournaled", "") and not writes_a_line(name, found)
    ]


def test_every_action_writes_the_journal_or_says_why_not() -> None:
    assert silent(own_actions(), action_modules()) == []


PLANTED = """
from maristan.kernel import journal
from maristan.kernel.unjournaled import unjournaled

def create(*, by): _done(by)
def delete(*, by): rows.delete(by)
def again(*, by): again(by=by)
def _done(by): journal.record("a.created", ("a", 1), by=by)
"""


def test_an_action_without_a_line_is_found_beside_one_with_a_line() -> None:
    planted = ModuleType("planted")
    exec(PLANTED, planted.__dict__)
    functions = [planted.create, planted.delete, planted.again]
    assert silent(functions, {"planted": Module("planted", PLANTED)}) == ["planted.delete", "planted.again"]
    planted.delete.unjournaled = "a reason"
    assert silent(functions, {"planted": Module("planted", PLANTED)}) == ["planted.again"]


# --- events -------------------------------------------------------------------------------------------------------


def declarations(tree: ast.Module) -> set[int]:
    """The nodes below an assignment to `EVENTS`."""
    return {
        id(below)
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name) and target.id == "EVENTS"
        for below in ast.walk(node)
    }


def named_in(tree: ast.Module) -> set[str]:
    """Every text of a module but those of its `EVENTS`."""
    left_out = declarations(tree)
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in left_out
    }


def published() -> set[str]:
    """Texts of the modules that write: actions, the kernel, and the tables of the rules that name a kind of line."""
    writing = {"actions", "rules", "kernel", "management", "demo"}

    def writes(file: Path, _text: str) -> bool:
        return "tests" not in file.parts and bool(writing & {*file.relative_to(PACKAGE).parts, file.stem})

    return {text for _, tree in sources(of=writes) for text in named_in(tree)}


def test_every_declared_event_is_published_or_says_why_not() -> None:
    told = published()
    assert {kind for kind in events.declared() if kind not in told} == set(UNPUBLISHED)


def test_an_event_that_is_only_declared_is_found() -> None:
    tree = ast.parse('EVENTS = {"a.made": "Made."}\nKINDS = {"make": "b.made"}')
    assert named_in(tree) == {"make", "b.made"}


def ill_named(kinds: Iterator[str] | list[str]) -> list[str]:
    parts = [(kind, *kind.split(".")) for kind in kinds]
    return [each[0] for each in parts if len(each) != 3 or not all(x.replace("_", "").isalpha() for x in each[1:])]


def test_event_types_are_nouns_and_participles() -> None:
    assert ill_named(list(events.declared())) == []
    assert ill_named(["week_plan.published", "week", "week.", "a.b.c", "week.2"]) == [
        "week",
        "week.",
        "a.b.c",
        "week.2",
    ]


@pytest.mark.parametrize("kind", sorted(UNPUBLISHED))
def test_what_is_not_published_is_declared(kind: str) -> None:
    assert kind in events.declared()

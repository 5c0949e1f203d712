"""Every message that the server can send is there in every language, with the same values."""

import ast
from pathlib import Path

import pytest

import maristan
from maristan.config import subscribers, wiring
from maristan.kernel.languages import LANGUAGES
from maristan.kernel.messages import Text

MESSAGES: dict[str, Text] = {
    kind: each for source in wiring.MESSAGE_SOURCES for kind, each in source.MESSAGES.items()
}  # fmt: skip
# Subscribers that open items, fill calendars or move sessions: they tell nobody by the kind of the line.
SILENT = {name for name, (follow, _) in subscribers.SUBSCRIBERS.items() if not follow.__name__.startswith("tell_")}
PACKAGE = Path(maristan.__file__).parent


def faults(texts: dict[str, Text]) -> list[str]:
    found = []
    for kind, each in texts.items():
        if each.words is not None:
            continue
        if set(each.templates) != set(LANGUAGES):
            found.append(f"{kind}: not in every language")
        read = {code: template.placeholders() for code, template in each.templates.items()}
        if len({frozenset(one) for one in read.values()}) != 1:
            found.append(f"{kind}: other values in another language")
        if any({name for name, _ in one} != each.params for one in read.values()):
            found.append(f"{kind}: other values than declared")
    return found


def test_every_message_says_the_same_values_in_every_language() -> None:
    assert len(MESSAGES) > 20
    assert faults(MESSAGES) == []


@pytest.mark.parametrize(
    ("part", "fault"),
    [("{day:day}", "other values in another language"), ("{name}", "other values than declared")],
)
def test_a_value_left_out_or_read_otherwise_is_found(part: str, fault: str) -> None:
    from maristan.kernel.messages import Template, text

    broken = {"a.kind": text("day", "reason", en=Template("{day} {reason}"), ur=Template(f"{part} {{reason}}"))}
    assert any(fault in each for each in faults(broken))
    assert faults({"a.kind": text("day", en=Template("{day}"))}) == ["a.kind: not in every language"]


def test_every_line_that_people_are_told_of_has_a_message() -> None:
    told = {
        kind for name, (_, kinds) in subscribers.SUBSCRIBERS.items() if name not in SILENT for kind in kinds
    }  # fmt: skip
    assert len(told) > 10
    assert told - set(MESSAGES) == set()


def test_every_message_declared_is_sent_somewhere() -> None:
    """By the kind of a journal line, or by a constant that stands in an action."""
    told = {kind for _, (_, kinds) in subscribers.SUBSCRIBERS.items() for kind in kinds}
    written = {
        node.value
        for file in PACKAGE.rglob("*.py")
        if "tests" not in file.parts and (file.name != "messages.py" or file.parent.name == "config")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert set(MESSAGES) - told - written == set()

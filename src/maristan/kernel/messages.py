"""What people are told: each kind of message declared once, by the app that sends it, in every language.

A message is stored as its kind and parameters; it becomes sentences when it is read or mailed, in the language of the
reader. In a template, `{name}` is text of any script, and what follows a colon says how a value is read:
`{start:day}` an ISO date, `{dates:days}` a first and last ISO date, `{texts:lines}` one line for each text,
`{count:row|rows}` a number with its noun, `{colour:r=red|g=green}` a word for a code, or words for several.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from string import Formatter
from types import MappingProxyType
from typing import Any

from maristan.kernel.languages import ENGLISH, Language, language

Params = Mapping[str, Any]
NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Said:
    """A message in one language."""

    title: str
    body: str = ""


@dataclass(frozen=True, slots=True)
class Template:
    """A title and the sentences of a body; a sentence one of whose values is empty is left out."""

    title: str
    body: tuple[str, ...] = ()

    def say(self, params: Params, spoken: Language) -> Said:
        """The message with its values filled in."""
        written = _Writer(spoken)
        sentences = [each for each in self.body if all(params[name] for name, _ in placeholders(each))]
        body = " ".join(written.vformat(each, (), params) for each in sentences)
        return Said(spoken.directed(written.vformat(self.title, (), params)), _each_line(body, spoken))

    def placeholders(self) -> set[tuple[str, str]]:
        """The names of values, each with the way in which it is read: `day`, `days`, `lines`, `words` or ``."""
        return {each for text in (self.title, *self.body) for each in placeholders(text)}


@dataclass(frozen=True, slots=True)
class Text:
    """One kind of message: a template for each language, or a function that words it; it needs all of `params`."""

    params: frozenset[str]
    templates: Mapping[str, Template] = field(default_factory=dict)
    words: Callable[[Params, Language], tuple[str, str]] | None = None

    def say(self, params: Params, spoken: Language) -> Said:
        """The message in a language."""
        if self.words is None:
            return self.templates[spoken.code].say(params, spoken)
        title, body = self.words(params, spoken)
        return Said(spoken.directed(title), _each_line(body, spoken))


def text(*params: str, **templates: Template) -> Text:
    """A kind of message by its parameters and its templates by language."""
    return Text(frozenset(params), templates)


class Told(str):
    """A text that is English as it stands, and that `in_language` says in any."""

    say: Callable[[Language], str]

    def __new__(cls, say: Callable[[Language], str]) -> "Told":
        """From what says it."""
        made = super().__new__(cls, say(ENGLISH))
        made.say = say
        return made


@dataclass(frozen=True, slots=True)
class Sentence:
    """What a requirement says beyond its label: a template for each language."""

    templates: Mapping[str, str]

    def told(self, **params: Any) -> Told:
        """The sentence with its values."""
        return Told(lambda spoken: Template(self.templates[spoken.code]).say(params, spoken).title)


def sentence(**templates: str) -> Sentence:
    """A sentence by its templates by language."""
    return Sentence(templates)


def together(parts: Iterable[str], between: Callable[[Language], str] = lambda spoken: spoken.comma) -> Told:
    """Texts as one, with what stands `between` them in each language."""
    told = tuple(parts)
    return Told(lambda spoken: between(spoken).join(in_language(each, spoken) for each in told))


def in_language(text: str, spoken: Language) -> str:
    """A text in a language, where it can be said in any; otherwise as it is."""
    return text.say(spoken) if isinstance(text, Told) else text


def _each_line(body: str, spoken: Language) -> str:
    return "\n".join(map(spoken.directed, body.split("\n")))


def placeholders(template: str) -> Iterator[tuple[str, str]]:
    """Name and way of reading of each value of a template."""
    for _, name, wanted, _ in Formatter().parse(template):
        if name is not None:
            yield name, "words" if "|" in (wanted or "") else wanted or ""


class _Writer(Formatter):
    def __init__(self, spoken: Language) -> None:
        self.spoken = spoken

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, Told):
            return value.say(self.spoken)
        if format_spec == "day":
            return self.spoken.day(date.fromisoformat(value))
        if format_spec == "days":
            return self._days(*value)
        if format_spec == "lines":
            return "\n".join(map(self.spoken.isolated, value))
        if "=" in format_spec:
            known = dict(each.split("=", 1) for each in format_spec.split("|"))
            codes = value if isinstance(value, list) else [value]
            return self.spoken.comma.join(
                known.get(each) or self.spoken.isolated(str(each).replace("_", " ")) for each in codes
            )
        if "|" in format_spec:
            one, many = format_spec.split("|")
            return f"{value} {one if value == 1 else many}"
        return str(value) if isinstance(value, int) else self.spoken.isolated(str(value))

    def _days(self, first: str, last: str | None) -> str:
        pattern = DAYS[self.spoken.code][0 if last is None else 1 if last == first else 2]
        return self.vformat(pattern, (), {"first": first, "last": last})


# From a day on; one day; from one day to another.
DAYS = {
    "en": ("from {first:day}", "on {first:day}", "from {first:day} to {last:day}"),
    "ur": ("{first:day} سے", "{first:day} کو", "{first:day} سے {last:day} تک"),
}
_declared: dict[str, Text] = {}
_families: dict[str, str] = {}
_digested: set[str] = set()


def declare(texts: Mapping[str, Text], families: Mapping[str, str] = NONE, digested: Collection[str] = ()) -> None:
    """Make kinds known; called once for each app by `config.wiring`. Raises `ValueError` for one declared twice.

    `families` say by the noun of a kind (what stands before its point) what it is about; `digested` kinds come by mail
    in a digest unless their reader wants them at once.
    """
    for kind, each in texts.items():
        if kind in _declared:
            raise ValueError(f"the message {kind} is declared twice")
        _declared[kind] = each
    _families.update(families)
    _digested.update(digested)


def family(kind: str) -> str:
    """What a kind of message is about; nothing for one that belongs to no family."""
    return _families.get(kind, "") or _families.get(kind.partition(".")[0], "")


def is_digested(kind: str) -> bool:
    """Whether a kind waits for a digest unless its reader wants it at once."""
    return kind in _digested


def declared() -> dict[str, Text]:
    """Every kind known."""
    return dict(_declared)


def kinds_saying(wanted: str, spoken: Language) -> list[str]:
    """The kinds whose own words in a language contain a text: a message is stored in one language and read in any."""
    return sorted(kind for kind, each in _declared.items() if wanted.casefold() in _own_words(each, spoken))


def _own_words(each: Text, spoken: Language) -> str:
    template = each.templates.get(spoken.code)
    said = (template.title, *template.body) if template is not None else ()
    return "\n".join(part for text in said for part, *_ in Formatter().parse(text)).casefold()


def compose(kind: str, params: Params, locale: str) -> Said:
    """A message that is being sent; raises `ValueError` for an unknown kind or one that lacks a parameter."""
    lacking = _declared[kind].params.difference(params) if kind in _declared else {"a declaration"}
    if lacking:
        raise ValueError(f"the message {kind} lacks {', '.join(sorted(lacking))}")
    return _declared[kind].say(params, language(locale))


def said(kind: str, params: Params, spoken: Language, *, stored: Said) -> Said:
    """A stored message in a language; as it was stored where its kind or parameters are no longer those declared."""
    known = _declared.get(kind)
    return stored if known is None or known.params.difference(params) else known.say(params, spoken)

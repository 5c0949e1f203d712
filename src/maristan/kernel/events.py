"""Who hears what: journal kinds delivered as jobs after commit, or within the writer's transaction."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Protocol

import orjson
from django.db import connection

from maristan.kernel import tenancy

Listener = Callable[[Any], None]


class Line(Protocol):
    """What a subscriber may judge a journal line by before it gets a job."""

    pk: Any
    kind: Any
    changes: Any


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that machines are told of an object: what it means, and a value such as it has."""

    meaning: str
    example: str | int | bool


@dataclass(frozen=True, slots=True)
class Subject:
    """What machines are told of the objects of a noun, beyond what every event says.

    `url` is the client's page of an object, with `{id}` in it. `read` gives the values of `fields` by id and leaves out
    what is not there any more; `filters` are the fields by which a machine chooses its events. Names of people,
    addresses, phone numbers, marks and medical facts are never among the fields.
    """

    url: str = ""
    fields: Mapping[str, Field] = field(default_factory=dict)
    filters: tuple[str, ...] = ()
    read: Callable[[Collection[int]], Mapping[int, Mapping[str, Any]]] | None = None


TOGETHER = 10_000
_waiting: ContextVar[list[Line] | None] = ContextVar("waiting", default=None)
_kinds: dict[str, str] = {}
_apps: dict[str, str] = {}
_subjects: dict[str, Subject] = {}
_watches: dict[str, tuple[Callable[[str], Sequence[str]], str]] = {}
_subscribers: dict[str, list[str]] = defaultdict(list)
_deliveries: dict[str, Callable[[int], None]] = {}
_concerns: dict[str, Callable[[Line], bool]] = {}
_within: dict[type, list[Listener]] = defaultdict(list)


def declare(kinds: Mapping[str, str], app_name: str = "") -> None:
    """Make event types of an app known (kind → one sentence); each app's `EVENTS`, called by `config.wiring`."""
    for kind, sentence in kinds.items():
        if _kinds.get(kind, sentence) != sentence:
            raise ValueError(f"the event {kind} is declared twice")
        _kinds[kind] = sentence
        _apps.setdefault(kind, app_name)


def declared() -> dict[str, str]:
    """Every event type with its sentence."""
    return dict(_kinds)


def app_of(kind: str) -> str:
    """The app that declares an event type."""
    return _apps[kind]


def describe(subjects: Mapping[str, Subject]) -> None:
    """Say what machines are told of objects (the noun of their events → what); called by `config.wiring`."""
    _subjects.update(subjects)


def subject_of(kind: str) -> Subject:
    """What machines are told of the object of an event type."""
    return _subjects.get(kind.partition(".")[0], Subject())


def must_be_declared(kind: str) -> None:
    """Raise `KeyError` for a kind that no app declares."""
    if kind not in _kinds:
        raise KeyError(f"the event {kind} is declared by no app")


def subscribe(
    name: str, deliver: Callable[[int], None], *kinds: str, concerns: Callable[[Line], bool] | None = None
) -> None:
    """Call `deliver(line_id)` in a job of its own for each journal line of these kinds; `name` is stable.

    With `concerns` only the lines that it accepts become a job.
    """
    _deliveries[name] = deliver
    if concerns is not None:
        _concerns[name] = concerns
    for kind in kinds:
        must_be_declared(kind)
        if name not in _subscribers[kind]:
            _subscribers[kind].append(name)


def watch(name: str, deliver: Callable[[int], None], words: Callable[[str], Sequence[str]], asked: str) -> None:
    """Call `deliver(line_id)` in a job of its own for each line, of any kind, that somebody may want to hear of.

    Whether somebody does is asked in the statement that enqueues: `asked` is a condition of SQL on `wanted.words`, the
    `words` of a kind. A kind without words is never wanted.
    """
    _deliveries[name] = deliver
    _watches[name] = (words, asked)


ENQUEUE = """
SELECT procrastinate_defer_jobs_v1(array_agg(
  ROW('default', 'kernel.deliver_line', 0, NULL, NULL, wanted.args, NULL)::procrastinate_job_to_defer_v1
  ORDER BY wanted.place))
FROM jsonb_to_recordset(%s::jsonb) AS wanted(place int, args jsonb, watch text, words text[])
WHERE {asked}
HAVING count(*) > 0
"""


@contextmanager
def gathered() -> Iterator[None]:
    """Enqueue what the lines of a block cause together at its end, in its transaction; nothing when it fails."""
    lines: list[Line] = []
    token = _waiting.set(lines)
    try:
        yield
    finally:
        _waiting.reset(token)
    for start in range(0, len(lines), TOGETHER):
        deliver(lines[start : start + TOGETHER])


def deliver(lines: Sequence[Line]) -> None:
    """Enqueue, in the present transaction and one statement, a job for each line and each subscriber it concerns."""
    waiting = _waiting.get()
    if waiting is not None:
        waiting.extend(lines)
        return
    wanted = [*_subscribed(lines), *_watched(lines)]
    if not wanted:
        return
    conditions = [
        "wanted.watch IS NULL",
        *(f"wanted.watch = '{name}' AND {asked}" for name, (_, asked) in _watches.items()),
    ]
    rows = [{"place": place, **each} for place, each in enumerate(wanted)]
    with connection.cursor() as cursor:
        cursor.execute(ENQUEUE.format(asked=" OR ".join(conditions)), [orjson.dumps(rows).decode()])


def _subscribed(lines: Sequence[Line]) -> Iterator[dict[str, Any]]:
    for line in lines:
        for name in _subscribers.get(line.kind, ()):
            if name not in _concerns or _concerns[name](line):
                yield {"args": _arguments(name, line)}


def _watched(lines: Sequence[Line]) -> Iterator[dict[str, Any]]:
    if tenancy.current() is None:
        return
    for name, (words, _) in _watches.items():
        for line in lines:
            if said := words(line.kind):
                yield {"args": _arguments(name, line), "watch": name, "words": said}


def _arguments(name: str, line: Line) -> dict[str, Any]:
    return {"institution_id": tenancy.current(), "subscriber": name, "line_id": line.pk}


def subscriber(name: str) -> Callable[[int], None]:
    """The function behind a subscriber's name; raises `KeyError`."""
    return _deliveries[name]


def listen_within(kind: type, listener: Listener) -> None:
    """Run `listener` inside the writer's transaction for each `publish_within` of that dataclass."""
    if listener not in _within[kind]:
        _within[kind].append(listener)


def publish_within(event: Any) -> None:
    """Tell listeners whose rows must be true in the same instant."""
    for listener in _within[type(event)]:
        listener(event)

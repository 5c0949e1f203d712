"""Documents that apps can make, by name: what a print desk and jobs ask for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from maristan.kernel.access import Actor
from maristan.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class Document:
    """A finished file."""

    filename: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Report:
    """A kind of document: who may have it and how it is made from parameters."""

    name: str
    title: str
    permission: str
    make: Callable[[Actor, Mapping[str, Any]], Document]


_reports: dict[str, Report] = {}


def register(report: Report) -> None:
    """Add an app's report; called once for each by `config.wiring`."""
    _reports[report.name] = report


def available(*, actor: Actor) -> list[Report]:
    """The reports that the actor may have."""
    return [report for report in _reports.values() if actor.may(report.permission)]


def make(name: str, *, actor: Actor, parameters: Mapping[str, Any]) -> Document:
    """Make a document. Raises `NotFound` for an unknown name and `NotAllowed` without its permission."""
    if name not in _reports:
        raise NotFound()
    report = _reports[name]
    actor.demand(report.permission)
    return report.make(actor, parameters)

"""What upper apps tell the directory; `config.wiring` fills it."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from maristan.directory.models import Department

WeekGuard = Callable[[], bool]
NamesOf = Callable[[Iterable[int]], Mapping[int, str]]
SessionsOf = Callable[[int, date, date | None], int]

_week_guards: list[WeekGuard] = []
_scopes: dict[str, NamesOf] = {}
_sessions_of: list[SessionsOf] = []


def register_week_guard(weeks_exist: WeekGuard) -> None:
    """Add somebody who knows whether a week has been planned in the institution in context."""
    if weeks_exist not in _week_guards:
        _week_guards.append(weeks_exist)


def weeks_exist() -> bool:
    """True once a week has been planned; then the institution's week and time zone stay."""
    return any(guard() for guard in _week_guards)


def register_scope_check(kind: str, names_of: NamesOf) -> None:
    """Tell how scopes of a kind (`program`, `batch`) are known: ids → name of each that exists here."""
    _scopes[kind] = names_of


def scope_names(kind: str, ids: Iterable[int]) -> Mapping[int, str]:
    """Names of those scopes of a kind that exist here; of a kind nobody registered none does. One query."""
    wanted = set(ids)
    if not wanted:
        return {}
    if kind == "department":
        return dict(Department.objects.filter(pk__in=wanted).values_list("pk", "name"))
    return _scopes[kind](wanted) if kind in _scopes else {}


def register_leave_sessions(count: SessionsOf) -> None:
    """Tell how many live sessions a person has from one date to another (none: no end)."""
    _sessions_of[:] = [count]


def sessions_within(person: int, first: date, last: date | None) -> int | None:
    """How many live sessions fall into a leave; none where nobody plans sessions."""
    return _sessions_of[0](person, first, last) if _sessions_of else None

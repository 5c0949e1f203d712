"""Which tests a label of `maristan test` means."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

CHECKOUT = Path(__file__).resolve().parents[3]
WHOLE = ("src", "e2e")
# Labels that operators and their scripts know from the systems before, and the suites that answer for them today.
NAMED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "tests.test_performance_load": (
            "src/maristan/config/tests/test_query_counts.py",
            "src/maristan/config/tests/test_budgets.py",
            "src/maristan/agenda/tests/test_window_speed.py",
        ),
        "tests.test_performance_load.CalendarPerformanceTestCase.test_calendar_aggregation_performance": (
            "src/maristan/agenda/tests/test_window_speed.py",
        ),
        "tests.test_e2e_integration_workflows": ("e2e/test_story.py", "e2e/test_term.py"),
    }
)


class UnknownLabel(Exception):
    """No suite, app, module or test is called so."""


def paths(label: str, root: Path = CHECKOUT) -> tuple[str, ...]:
    """What pytest is given for a label: one of `NAMED`, a path, or the dotted name of an app, a module or a test.

    Without a label everything. Raises `UnknownLabel`.
    """
    if not label:
        return WHOLE
    if label in NAMED:
        return NAMED[label]
    if (root / label.partition("::")[0]).exists():
        return (label,)
    parts = label.split(".")
    for base in (root / "src", root):
        for at in range(len(parts), 0, -1):
            folder, file = base.joinpath(*parts[:at]), base.joinpath(*parts[: at - 1], f"{parts[at - 1]}.py")
            if at == len(parts) and folder.is_dir():
                return (str(folder.relative_to(root)),)
            if file.is_file():
                return ("::".join([str(file.relative_to(root)), *parts[at:]]),)
    raise UnknownLabel(label)

"""Documents generated from the code: states, access, tables, API, events, environment."""

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.apps import apps

from maristan.academics.rules import (
    admissions,
    enrolments,
    materials,
    obligations,
    periods,
    programs,
    requests,
    students,
)
from maristan.assessment.rules import corrections as result_corrections
from maristan.assessment.rules import documents as issued_documents
from maristan.assessment.rules import exams, results
from maristan.attendance.rules import corrections, registers
from maristan.attendance.rules import policies as attendance_policies
from maristan.comms.queries import catalogue
from maristan.config import roles, variables
from maristan.directory.rules import identity_documents, leaves
from maristan.kernel import events, messages
from maristan.kernel.access import Role
from maristan.kernel.languages import LANGUAGES
from maristan.kernel.workflow import Workflow
from maristan.operations.rules import alerts, prometheus
from maristan.timetable.rules import sessions, week_plan

ROOT = Path(__file__).resolve().parents[3]
OWN_APPS = (
    "kernel", "directory", "agenda", "comms", "work", "academics", "timetable", "attendance", "assessment",
    "operations",
)  # fmt: skip


def all_documents() -> dict[str, str]:
    """Path in the checkout → content."""
    return {
        "docs/generated/states.md": states(),
        "docs/generated/access.md": access(),
        "docs/generated/erd.md": tables(),
        "docs/generated/openapi.json": openapi(),
        "docs/generated/events.md": event_types(),
        "docs/generated/messages.md": message_texts(),
        "docs/operations/env.md": env_table(),
        ".env.example": env_example(),
        "deploy/monitoring/maristan.rules.yml": prometheus.written(usual_limits()),
    }


def differs(path: str, text: str) -> bool:
    """True when the file is missing or says something else."""
    file = ROOT / path
    return not file.is_file() or file.read_text(encoding="utf-8") != text


def write(path: str, text: str) -> None:
    """Write one document."""
    file = ROOT / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def workflows() -> Iterator[Workflow[Any]]:
    """Every workflow of the rules, by name."""
    seen: dict[str, Workflow[Any]] = {}
    of_people = (students, enrolments, leaves, admissions, requests, identity_documents, obligations, materials)
    of_marks = (registers, corrections, attendance_policies, exams, results, result_corrections, issued_documents)
    for module in (week_plan, sessions, programs, periods, *of_marks, *of_people, alerts):
        for value in vars(module).values():
            if isinstance(value, Workflow):
                seen[value.name] = value
    yield from (seen[name] for name in sorted(seen))


def states() -> str:
    """The state diagrams."""
    parts = ["# States\n\nGenerated from the transition tables; do not edit.\n"]
    for flow in workflows():
        lines = [f"\n## {flow.name}\n\n```mermaid\nstateDiagram-v2"]
        for move in flow.transitions:
            lines.extend(f"  {source} --> {move.target}: {move.name}" for source in sorted(move.sources))
        lines.append("```\n\n| move | from | to | permission | reason |\n|---|---|---|---|---|")
        lines.extend(
            f"| {move.name} | {', '.join(sorted(move.sources))} | {move.target} | `{move.permission}` "
            f"| {'yes' if move.needs_reason else ''} |"
            for move in flow.transitions
        )
        parts.append("\n".join(lines) + "\n")
    return "".join(parts)


def access() -> str:
    """Which role may do what."""
    names = [role.value for role in (*roles.COLUMNS, Role.OPERATOR)]
    lines = [
        "# Access",
        "",
        "Generated from `config/roles.py`; do not edit. **all**: everywhere; scope: within the scope of the role;",
        "own: one's own. *In person*: not by somebody who acts as the person.",
        "",
        "| permission | " + " | ".join(names) + " | in person |",
        "|---|" + "---|" * (len(names) + 1),
    ]
    shown = {"all": "**all**", "scope": "scope", "own": "own", "": "–"}
    for permission, by_role in roles.TABLE.items():
        cells = " | ".join(shown[str(by_role.get(name, ""))] for name in names)
        lines.append(f"| `{permission}` | {cells} | {'yes' if roles.in_person(permission) else '–'} |")
    return "\n".join(lines) + "\n"


def tables() -> str:
    """Tables and what they refer to."""
    parts = ["# Tables\n\nGenerated from the models; do not edit.\n"]
    for label in OWN_APPS:
        lines = [f"\n## {label}\n\n```mermaid\nerDiagram"]
        for model in sorted(apps.get_app_config(label).get_models(), key=lambda each: each._meta.db_table):
            for field in model._meta.concrete_fields:
                target = field.related_model
                if target is not None and field.name != "institution":
                    lines.append(f'  {target._meta.db_table} ||--o{{ {model._meta.db_table} : "{field.name}"')
            lines.append(f"  {model._meta.db_table} {{")
            lines.extend(f"    {field.get_internal_type()} {field.column}" for field in model._meta.concrete_fields)
            lines.append("  }")
        parts.append("\n".join(lines) + "\n```\n")
    return "".join(parts)


def openapi() -> str:
    """The API's own description."""
    from maristan.config.api import api

    return json.dumps(api.get_openapi_schema(path_prefix="/api/v1/"), indent=1, sort_keys=True, default=str) + "\n"


EVENTS_INTRODUCTION = """# Events

Generated from each app's `EVENTS` and `SUBJECTS`; do not edit.

A webhook is sent `{"type", "timestamp", "institution", "sequence", "data"}` as minified JSON in UTF-8, signed by the
Standard Webhooks specification (headers `webhook-id`, `webhook-timestamp`, `webhook-signature`). `sequence` is the
number of the journal line: it orders events, which may arrive in any order, and twice under the same `webhook-id`.
`data` is thin: fetch the object at the API for more.

"""


def event_types() -> str:
    """Every event type, by app and noun, with the schema of its `data` and an example."""
    parts = [EVENTS_INTRODUCTION]
    by_app: dict[str, dict[str, list[str]]] = {}
    for kind in sorted(events.declared()):
        by_app.setdefault(events.app_of(kind), {}).setdefault(kind.partition(".")[0], []).append(kind)
    for app_name, nouns in sorted(by_app.items()):
        parts.append(f"## {app_name}\n\n")
        parts.extend(_noun(noun, kinds) for noun, kinds in sorted(nouns.items()))
    return "".join(parts)[:-1]


def _noun(noun: str, kinds: list[str]) -> str:
    filters = ", ".join(f"`{each}`" for each in events.subject_of(kinds[0]).filters)
    lines = [f"### {noun}", "", "| event | meaning |", "|---|---|"]
    lines.extend(f"| `{kind}` | {events.declared()[kind]} |" for kind in kinds)
    lines.extend(["", f"Filters: {filters or 'none'}. Schema of `data`:", "", "```json"])
    lines.extend([json.dumps(catalogue.schema(kinds[0]), ensure_ascii=False), "```", "", "```json"])
    lines.extend(json.dumps(catalogue.example(kind), ensure_ascii=False, separators=(",", ":")) for kind in kinds)
    return "\n".join([*lines, "```", "", ""])


def message_texts() -> str:
    """Every message and inbox item in every language."""
    lines = [
        "# Messages",
        "",
        "Generated from each app's `MESSAGES`; do not edit. Kinds without a dot are items of the inbox.",
        "",
        "| kind | values | " + " | ".join(LANGUAGES) + " |",
        "|---|---|" + "---|" * len(LANGUAGES),
    ]
    for kind, text in sorted(messages.declared().items()):
        said = [_template(text.templates.get(code)) for code in LANGUAGES]
        lines.append(f"| `{kind}` | {', '.join(sorted(text.params))} | {' | '.join(said)} |")
    return "\n".join(lines) + "\n"


def _template(template: messages.Template | None) -> str:
    if template is None:
        return "sentences about each session"
    return "<br>".join((template.title, *template.body)).replace("|", "\\|")


def env_table() -> str:
    """Every environment variable."""
    lines = [
        "# Environment",
        "",
        "Generated from `config/variables.py`; do not edit. Every secret can be given as `NAME_FILE` too.",
    ]
    group = ""
    for variable in variables.TABLE:
        if variable.group != group:
            group = variable.group
            lines.extend(["", f"## {group}", "", "| variable | default | meaning |", "|---|---|---|"])
        default = "" if variable.default in (None, "", ()) else f"`{_shown(variable.default)}`"
        lines.append(f"| `{variable.name}`{' (secret)' if variable.secret else ''} | {default} | {variable.note} |")
    return "\n".join(lines) + "\n"


def usual_limits() -> dict[str, float]:
    """The thresholds of alerts where nobody set others."""
    named = {each.name.removeprefix("ALERT_"): each.default for each in variables.ALERTS}
    return {name: float(value) for name, value in named.items() if isinstance(value, int | Decimal)}


def env_example() -> str:
    """A commented `.env` with every variable."""
    lines = ["# Copy to .env and uncomment what differs. Generated; do not edit."]
    for variable in variables.TABLE:
        default = "" if variable.default in (None, ()) else _shown(variable.default)
        lines.extend([f"# {variable.note}", f"#{variable.name}={default}"])
    return "\n".join(lines) + "\n"


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(value) if isinstance(value, tuple) else str(value)

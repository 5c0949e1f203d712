"""Log lines: one JSON object each, with the request they belong to, and never with what people typed or hold secret."""

import logging
import os
import re
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import structlog

request_id: ContextVar[str] = ContextVar("request_id", default="")
actor_id: ContextVar[int | None] = ContextVar("actor_id", default=None)

WELL_FORMED = re.compile(r"[A-Za-z0-9-]{8,64}")
FIRST = ("time", "level", "logger", "event", "request_id", "actor", "institution")
# What a line may say beyond its event; nothing else that a caller adds is written.
FIGURES = (
    "actor", "institution", "route", "method", "status", "duration_ms", "db_queries", "db_ms", "job", "job_id", "queue",
    "statement", "code", "count",
)  # fmt: skip
FRAMES = 20
NAMED = re.compile(r"(web|worker|scheduler|command)-(\d{4}-\d{2}-\d{2})\.jsonl")
SERVING = ("web", "worker", "scheduler")
Line = structlog.typing.EventDict

_facts: dict[str, Callable[[], Any]] = {}
_kind = ["command"]


def know(name: str, fact: Callable[[], Any]) -> None:
    """Let every line say `name`, as `fact` gives it when the line is written; what is none or empty is left out."""
    _facts[name] = fact


def serve_as(kind: str) -> None:
    """Say of what kind this process is: it decides about its file and its stream."""
    _kind[0] = kind


def kind() -> str:
    """Of what kind this process is; a command unless it said otherwise."""
    return _kind[0]


know("request_id", request_id.get)
know("actor", actor_id.get)
know("host", lambda: os.uname().nodename)
know("pid", os.getpid)


def _with_facts(_logger: Any, _name: str, line: Line) -> Line:
    for name, fact in _facts.items():
        if name not in line and (value := fact()) not in (None, ""):
            line[name] = value
    return line


def _own_words(_logger: Any, _name: str, line: Line) -> Line:
    """What others log is named by its kind: their sentences hold paths, headers and arguments."""
    record: logging.LogRecord = line["_record"]
    if record.name.startswith("procrastinate"):
        line["event"] = str(getattr(record, "action", "") or "queue")
        said = getattr(record, "job", None)
        if isinstance(said, Mapping):
            line["job"], line["job_id"] = said.get("task_name"), said.get("id")
    elif record.name.startswith("django."):
        line["event"] = record.name.replace(".", "_").lower()
        line["status"] = getattr(record, "status_code", None)
    return line


def _fault(_logger: Any, _name: str, line: Line) -> Line:
    """The kind of a fault and where it arose; its words may hold what somebody typed."""
    found = line.pop("exc_info", None)
    error = found[1] if isinstance(found, tuple) else found
    if isinstance(error, BaseException):
        line["error"] = type(error).__name__
        if error.__cause__ is not None:
            line["caused_by"] = type(error.__cause__).__name__
        line["trace"] = _trace(error)
    return line


def _trace(error: BaseException) -> Sequence[str]:
    frames = [(frame.f_code, number) for frame, number in traceback.walk_tb(error.__traceback__)]
    return [f"{_short(code.co_filename)}:{number} {code.co_name}" for code, number in frames[-FRAMES:]]


def _short(file: str) -> str:
    return re.sub(r"^.*/(site-packages|src)/", "", file)


def _arranged(_logger: Any, _name: str, line: Line) -> Line:
    return {**{name: line[name] for name in FIRST if name in line}, **line}


def _written(line: Any, **_options: Any) -> str:
    return orjson.dumps(line, default=str, option=orjson.OPT_NON_STR_KEYS).decode()


def formatter(shape: str = "json") -> logging.Formatter:
    """The formatter of the handlers: `json` lines, or `console` for a person."""
    last: Any = (
        structlog.processors.JSONRenderer(serializer=_written)
        if shape == "json"
        else structlog.dev.ConsoleRenderer(timestamp_key="time")
    )
    return structlog.stdlib.ProcessorFormatter(
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        foreign_pre_chain=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
            structlog.stdlib.ExtraAdder(allow=FIGURES),
            _own_words,
            _fault,
            _with_facts,
            _arranged,
        ],
    )


def _line(handler: logging.Handler, record: logging.LogRecord) -> str:
    """A record as a handler writes it; what another one has written by the same formatter is not written anew."""
    kept = record.__dict__.get("_line")
    if kept is None or kept[0] is not handler.formatter:
        kept = record.__dict__["_line"] = (handler.formatter, handler.format(record))
    return str(kept[1])


class Out(logging.Handler):
    """Standard output of what serves; standard error of a command, whose output may be read by a machine."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        stream = sys.stdout if kind() in SERVING else sys.stderr
        with suppress(OSError, ValueError):  # whoever listened is gone
            stream.write(_line(self, record) + "\n")
            stream.flush()


class Files(logging.Handler):
    """A file for each kind of process and day of UTC, to which many processes append; old ones are removed."""

    def __init__(self, folder: str | Path, keep_days: int) -> None:
        super().__init__()
        self.folder = Path(folder)
        self.keep_days = keep_days
        self._name = ""
        self._file = -1

    def emit(self, record: logging.LogRecord) -> None:
        """Append one line by one write, so that lines of several processes never mix."""
        line = (_line(self, record) + "\n").encode()
        with suppress(OSError):  # a full disk takes nobody's work along; standard output has the line
            self._turn(f"{kind()}-{datetime.now(UTC):%Y-%m-%d}.jsonl")
            os.write(self._file, line)

    def _turn(self, name: str) -> None:
        if name == self._name:
            return
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._shut()
        self._file = os.open(self.folder / name, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self._name = name
        for each in outdated(self.folder, datetime.now(UTC).date(), self.keep_days):
            each.unlink(missing_ok=True)

    def _shut(self) -> None:
        if self._file >= 0:
            os.close(self._file)
        self._file, self._name = -1, ""

    def close(self) -> None:
        """Close the file of today."""
        self._shut()
        super().close()


def outdated(folder: Path, today: date, keep_days: int) -> list[Path]:
    """The files of days that lie more than `keep_days` back; what has another name is nobody's to remove."""
    first = today - timedelta(days=keep_days)
    named = [(file, NAMED.fullmatch(file.name)) for file in sorted(folder.iterdir())]
    return [file for file, found in named if found and date.fromisoformat(found[2]) < first]

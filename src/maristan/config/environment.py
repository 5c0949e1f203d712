"""Every environment variable in one typed table; all faults are reported at once, and never a secret's value."""

import os
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from maristan.config import deployment
from maristan.config.deployment import Weakness
from maristan.config.variables import ALIASES, TABLE, Variable
from maristan.kernel.names import nearest

OWN_PREFIXES = ("MARISTAN_", "BACKUP_", "THROTTLE_", "ALERT_")
WITHOUT_EFFECT = re.compile(r"^(CELERY_.*|RQ_.*|CACHE_BACKEND|SESSION_ENGINE|DB_ENGINE|AWS_S3_CUSTOM_DOMAIN)$")
WORDS_OF_PROCESSES = {
    "MARISTAN_DB_OWNER", "MARISTAN_DB_POOL", "MARISTAN_CHECK", "MARISTAN_NO_DATABASE", "MARISTAN_DB_MAY_BE_AWAY",
}  # fmt: skip
UNREAD = ("maristan.E008", "docs/operations/env.md says what each variable takes.")
UNKNOWN = ("maristan.E009", "Unset it, or write a name that stands in docs/operations/env.md.")
CONTRADICTING = ("maristan.E010", "Set both so that they fit together, or unset one.")
NONE_WHEN_EMPTY = {"LOG_DIR"}  # all others are unset when they are empty


class EnvironmentFault(Exception):
    """The environment cannot be used; `faults` has one line for each thing wrong."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__("\n".join(faults))


@dataclass(slots=True)
class Environment:
    """The values read, by name; which names were given; warnings about what has no effect here."""

    values: dict[str, Any] = field(default_factory=dict)
    given: set[str] = field(default_factory=set)
    warnings: list[str] = field(default_factory=list)
    sources: dict[str, str] = field(default_factory=dict)
    faults: list[Weakness] = field(default_factory=list)  # only where `maristan check` shows them
    is_checked: bool = False

    def __getitem__(self, name: str) -> Any:
        return self.values[name]


def dotenv(file: Path) -> dict[str, str]:
    """The assignments of a `.env` file; empty when there is none. Raises `OSError` for one that may not be read."""
    found: dict[str, str] = {}
    try:
        written = file.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return found
    for line in written.splitlines():
        name, sign, value = line.partition("=")
        if sign and not name.strip().startswith("#"):
            found[name.strip().removeprefix("export ")] = value.strip().strip("\"'")
    return found


def spellings(variable: Variable) -> list[str]:
    """The names under which a variable is given: its own, its alias, and either with `_FILE` for a secret."""
    names = [variable.name, *([ALIASES[variable.name]] if variable.name in ALIASES else [])]
    return names + [f"{name}_FILE" for name in names if variable.secret]


def _raw(variable: Variable, source: Mapping[str, str], faults: list[str]) -> str:
    given = [name for name in spellings(variable) if source.get(name, "").strip()]
    files = [name for name in given if variable.secret and name.endswith("_FILE")]
    if files and len(given) > 1:
        faults.append(f"{variable.name}: set either {' or '.join(given)}, not both")
        return ""
    if not files:
        return source[given[0]].strip() if given else ""
    try:
        found = re.sub(r"\r?\n\Z", "", Path(source[files[0]].strip()).read_text(encoding="utf-8"))
        if found.strip():
            return found
        faults.append(f"{files[0]}: expected a file that is not empty")
    except OSError as error:
        faults.append(f"{files[0]}: expected a readable file ({error.strerror})")
    except UnicodeDecodeError:
        faults.append(f"{files[0]}: expected a file of UTF-8 text")
    return ""


def _known_names() -> set[str]:
    return {name for variable in TABLE for name in spellings(variable)} | WORDS_OF_PROCESSES


def _strange(source: Mapping[str, str], environment: Environment, faults: list[str]) -> None:
    known = _known_names()
    for name in sorted(source):
        if WITHOUT_EFFECT.match(name):
            environment.warnings.append(f"{name}: has no effect here")
        elif name.startswith(OWN_PREFIXES) and name not in known:
            near = nearest(name, known, most=1)
            faults.append(f"{name}: unknown name" + (f"; did you mean {near}?" if near else ""))


def _contradictions(environment: Environment) -> list[str]:
    found, given = [], environment.given
    if "DATABASE_URL" not in given and len(given & {"POSTGRES_DB", "POSTGRES_USER"}) == 1:
        missing = "POSTGRES_USER" if "POSTGRES_DB" in given else "POSTGRES_DB"
        found.append(f"{missing}: expected together with the other POSTGRES_ variables")
    if environment["DATABASE_POOL"] == "transaction":
        needed = ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_DIRECT_URL")
        found += [f"{name}: expected with DATABASE_POOL=transaction" for name in needed if name not in given]
    if environment["DB_POOL_MIN_SIZE"] > environment["DB_POOL_MAX_SIZE"]:
        found.append("DB_POOL_MIN_SIZE: expected at most DB_POOL_MAX_SIZE")
    is_bucket = environment["STORAGE_BACKEND"] == "s3"
    if is_bucket and not environment["AWS_STORAGE_BUCKET_NAME"]:
        found.append("AWS_STORAGE_BUCKET_NAME: expected with STORAGE_BACKEND=s3")
    if environment["BACKUP_MEDIA"] == "reference" and not is_bucket:
        found.append("BACKUP_MEDIA: expected copy or none; reference needs STORAGE_BACKEND=s3")
    if environment["EMAIL_BACKEND"] == "smtp" and not environment["EMAIL_HOST"]:
        found.append("EMAIL_HOST: expected with EMAIL_BACKEND=smtp")
    if environment["EMAIL_USE_SSL"] and "EMAIL_USE_TLS" in given and environment["EMAIL_USE_TLS"]:
        found.append("EMAIL_USE_TLS: expected false together with EMAIL_USE_SSL")
    return found


def _disagreements(environment: Environment) -> list[str]:
    """DATABASE_URL wins over POSTGRES_*; say where they name something else."""
    if not environment["DATABASE_URL"]:
        return []
    split = urlsplit(environment["DATABASE_URL"])
    named = {
        "POSTGRES_HOST": parse_qs(split.query).get("host", [split.hostname])[-1],
        "POSTGRES_PORT": split.port or 5432,
        "POSTGRES_DB": unquote(split.path.lstrip("/")),
        "POSTGRES_USER": unquote(split.username or ""),
    }
    return [
        f"{name}: differs from DATABASE_URL, which is used"
        for name, value in named.items()
        if name in environment.given and environment[name] != value
    ]


def mail(environment: Environment) -> str:
    """How mail leaves: what EMAIL_BACKEND says, else SMTP where a server is named, a folder in development, or not."""
    unsaid = "file" if deployment.is_local(environment.values) else "off"
    return str(environment["EMAIL_BACKEND"] or ("smtp" if environment["EMAIL_HOST"] else unsaid))


def _numbered(lines: Iterable[str], kind: tuple[str, str]) -> list[Weakness]:
    number, hint = kind
    split = [line.partition(": ") for line in lines]
    return [Weakness(name, fault, hint, number) for name, _, fault in split]


def _place(fault: Weakness) -> int:
    """Where a fault is listed: by the variable's place in the table, after all of them what is of no single one."""
    places = {name: place for place, each in enumerate(TABLE) for name in spellings(each)}
    return len(TABLE) if fault.number in (UNKNOWN[0], CONTRADICTING[0]) else places.get(fault.name, -1)


def weak(environment: Environment) -> list[Weakness]:
    """What only a developer may have; of a value that could not be read nothing is known."""
    unread = {each.name.removesuffix("_FILE") for each in environment.faults}
    return [each for each in deployment.weaknesses(environment.values) if each.name not in unread]


def hides_database(environment: Environment) -> bool:
    """Whether nobody can say where the database is; only `maristan check` goes on then, and asks none."""
    wrong = {each.name for each in (*environment.faults, *weak(environment))}
    names = {name for each in TABLE if each.group == "database" for name in spellings(each)}
    return environment.is_checked and bool(wrong & names)


def read(source: Mapping[str, str], faults: Iterable[str] = ()) -> Environment:
    """Read every variable of the table from `source`.

    Raises `EnvironmentFault` naming everything wrong at once, with `faults` found before; secrets' values are never
    part of it. `maristan check` shows all of it with numbers and hints instead (MARISTAN_CHECK=all), and
    `maristan release verify` what only a developer may have (MARISTAN_CHECK=1).
    """
    environment = Environment(is_checked=source.get("MARISTAN_CHECK") == "all")
    found, unknown = list(faults), list[str]()
    for variable in TABLE:
        environment.values[variable.name] = variable.default
        raw = _raw(variable, source, found)
        if raw:
            environment.given.add(variable.name)
            try:
                environment.values[variable.name] = variable.read(raw)
            except ValueError as error:
                found.append(f"{variable.name}: expected {error}")
        elif variable.name in NONE_WHEN_EMPTY and variable.name in source:
            environment.values[variable.name] = None
    _strange(source, environment, unknown)
    environment.faults = [
        *_numbered(found, UNREAD), *_numbered(unknown, UNKNOWN), *_numbered(_contradictions(environment), CONTRADICTING)
    ]  # fmt: skip
    stopping = [*environment.faults, *(weak(environment) if source.get("MARISTAN_CHECK") != "1" else [])]
    if stopping and not environment.is_checked:
        raise EnvironmentFault([f"{each.name}: {each.fault}" for each in sorted(stopping, key=_place)])
    environment.warnings.extend(_disagreements(environment))
    if mail(environment) == "off" and "EMAIL_BACKEND" not in environment.given:
        environment.warnings.append("EMAIL_HOST: unset, so no mail leaves; EMAIL_BACKEND=off says that it is meant")
    return environment


def home() -> Path:
    """MARISTAN_HOME, else the checkout this package stands in, else the working folder."""
    named = os.environ.get("MARISTAN_HOME", "").strip()
    if named:
        with suppress(RuntimeError):  # of a user that nobody knows: its reader says so
            return Path(named).expanduser().resolve()
        return Path(named).resolve()
    checkout = Path(__file__).resolve().parents[3]
    return checkout if (checkout / "pyproject.toml").is_file() else Path.cwd()


def load() -> Environment:
    """The environment of this process; `.env` in MARISTAN_HOME never overrides the real one, empty counts as unset."""
    faults = []
    real = {name: value for name, value in os.environ.items() if value.strip() or name in NONE_WHEN_EMPTY}
    try:
        written = dotenv(home() / ".env")
    except UnicodeDecodeError:
        written = {}
        faults.append(".env: expected UTF-8 text")
    except OSError as error:
        written = {}
        faults.append(f".env: expected a readable file ({error.strerror})")
    for variable in TABLE:
        if any(name in real for name in spellings(variable)):
            written = {name: value for name, value in written.items() if name not in spellings(variable)}
    environment = read({**written, **real}, faults)
    environment.values["MARISTAN_HOME"] = home()
    environment.sources = {name: _source(name, real) for name in environment.given}
    return environment


def _source(name: str, real: Mapping[str, str]) -> str:
    """Where the value of a variable that was given comes from: `file`, `environment` or `env_file`."""
    variable = next(each for each in TABLE if each.name == name)
    named = [each for each in spellings(variable) if each in real]
    if not named:
        return "env_file"
    return "file" if variable.secret and named[0].endswith("_FILE") else "environment"

"""Finds the program, batch and group that a row of a student import names, or plans what is missing (I3)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from maristan.academics.rules.batch_names import graduation_year, program_code, study_years
from maristan.kernel.names import TakenNames, match_key
from maristan.kernel.tables.outcomes import Note
from maristan.kernel.tables.row_reader import RowReader

PROGRAM_NAME_LENGTH = 255
BATCH_NAME_LENGTH = 100
GROUP_NAME_LENGTH = 100


@dataclass(frozen=True, slots=True)
class KnownProgram:
    """A program of the institution; one that is not `in_scope` of the importer counts as unknown."""

    id: int
    code: str
    in_scope: bool = True


@dataclass(frozen=True, slots=True)
class KnownBatch:
    """A batch of a known program."""

    id: int
    graduation_year: int


@dataclass(frozen=True, slots=True)
class KnownPlaces:
    """All programs by name, batches by (program id, name), groups by (batch id, name); names as they are written."""

    programs: Mapping[str, KnownProgram] = field(default_factory=dict)
    batches: Mapping[tuple[int, str], KnownBatch] = field(default_factory=dict)
    groups: Mapping[tuple[int, str], int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NewProgram:
    """A program the commit creates: YEARLY, DRAFT."""

    name: str
    code: str


@dataclass(frozen=True, slots=True)
class NewBatch:
    """A batch the commit creates."""

    program_name: str
    name: str
    intake_year: int
    graduation_year: int


@dataclass(frozen=True, slots=True)
class NewGroup:
    """A group the commit creates."""

    program_name: str
    batch_name: str
    name: str


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a row places its student; an id is None where the thing is created at commit."""

    program: NewProgram
    program_id: int | None
    batch: NewBatch
    batch_id: int | None
    group: NewGroup
    group_id: int | None


class PlaceFinder:
    """Matches names ignoring case and blanks; remembers what has been planned, under its first spelling."""

    def __init__(self, known: KnownPlaces, *, auto_create: bool, this_year: int) -> None:
        self._auto_create, self._this_year = auto_create, this_year
        self._codes = TakenNames(program.code for program in known.programs.values())
        self._programs: dict[str, tuple[NewProgram, int | None]] = {}
        self._hidden: set[str] = set()
        self._batches: dict[tuple[str, str], tuple[NewBatch, int | None]] = {}
        self._groups: dict[tuple[str, str, str], tuple[NewGroup, int | None]] = {}
        self.new_programs: dict[NewProgram, None] = {}
        self.new_batches: dict[NewBatch, None] = {}
        self.new_groups: dict[NewGroup, None] = {}
        self._learn(known)

    def find(self, reader: RowReader) -> Destination | None:
        """The row's destination, or None with the fault noted at the first name that leads nowhere."""
        program_name = reader.text("program_name", PROGRAM_NAME_LENGTH, required=True)
        batch_name = reader.text("batch_name", BATCH_NAME_LENGTH, required=True)
        group_name = reader.text("group_name", GROUP_NAME_LENGTH, required=True)
        if not (program_name and batch_name and group_name):
            return None
        program = self._program(reader, program_name)
        batch = program and self._batch(reader, program[0], batch_name)
        group = batch and self._group(reader, batch[0], group_name)
        if not (program and batch and group):
            return None
        return Destination(*program, *batch, *group)

    def plan(self, destination: Destination) -> list[Note]:
        """Put what does not exist yet on the list of things to create; a note for each not listed before."""
        notes = []
        program, batch, group = destination.program, destination.batch, destination.group
        if destination.program_id is None and program not in self.new_programs:
            self.new_programs[program] = None
            notes.append(Note("program_created", f"The program {program.name} ({program.code}) will be created."))
        if destination.batch_id is None and batch not in self.new_batches:
            self.new_batches[batch] = None
            years = f"{batch.intake_year} to {batch.graduation_year}"
            notes.append(Note("batch_created", f"The batch {batch.name} of {program.name}, {years}, will be created."))
        if destination.group_id is None and group not in self.new_groups:
            self.new_groups[group] = None
            notes.append(Note("group_created", f"The group {group.name} of {batch.name} will be created."))
        return notes

    def _learn(self, known: KnownPlaces) -> None:
        program_names, batch_names = {}, {}
        for name, program in known.programs.items():
            key = match_key(name)
            program_names[program.id] = name
            self._programs[key] = NewProgram(name, program.code), program.id
            if not program.in_scope:
                self._hidden.add(key)
        for name, program in known.programs.items():
            self._learn_code(match_key(program.code), match_key(name))
        for (program_id, name), batch in known.batches.items():
            program_name = program_names[program_id]
            batch_names[batch.id] = program_name, name
            intake = batch.graduation_year - study_years(program_name)
            found = NewBatch(program_name, name, intake, batch.graduation_year)
            self._batches[match_key(program_name), match_key(name)] = found, batch.id
        for (batch_id, name), group_id in known.groups.items():
            names = (*batch_names[batch_id], name)
            self._groups[match_key(names[0]), match_key(names[1]), match_key(name)] = NewGroup(*names), group_id

    def _learn_code(self, code: str, name: str) -> None:
        """A program is found by its code as well, unless another one has that for a name."""
        if code not in self._programs:
            self._programs[code] = self._programs[name]
            self._hidden.update({code} if name in self._hidden else ())

    def _program(self, reader: RowReader, name: str) -> tuple[NewProgram, int | None] | None:
        key = match_key(name)
        if key in self._hidden or (key not in self._programs and not self._auto_create):
            reader.note("program_name", "unknown_program", f"There is no program '{name}'.")
            return None
        if key not in self._programs:
            self._programs[key] = NewProgram(name, program_code(name, self._codes)), None
        return self._programs[key]

    def _batch(self, reader: RowReader, program: NewProgram, name: str) -> tuple[NewBatch, int | None] | None:
        key = match_key(program.name), match_key(name)
        if key in self._batches:
            return self._batches[key]
        if not self._auto_create:
            reader.note("batch_name", "unknown_batch", f"There is no batch '{name}' in {program.name}.")
            return None
        duration = study_years(program.name)
        year = graduation_year(name, duration, self._this_year)
        if year is None:
            reader.note("batch_name", "batch_year_unknown", f"'{name}' does not tell the year of graduation.")
            return None
        self._batches[key] = NewBatch(program.name, name, year - duration, year), None
        return self._batches[key]

    def _group(self, reader: RowReader, batch: NewBatch, name: str) -> tuple[NewGroup, int | None] | None:
        key = match_key(batch.program_name), match_key(batch.name), match_key(name)
        if key not in self._groups and not self._auto_create:
            reader.note("group_name", "unknown_group", f"There is no group '{name}' in {batch.name}.")
            return None
        if key not in self._groups:
            self._groups[key] = NewGroup(batch.program_name, batch.name, name), None
        return self._groups[key]

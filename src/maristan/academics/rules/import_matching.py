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
    """All programs by name, batches by (program id, name), groups by (batch id, name); names as they are written.

    `may_create_programs` says whether the importer may enter a program at all.
    """

    programs: Mapping[str, KnownProgram] = field(default_factory=dict)
    batches: Mapping[tuple[int, str], KnownBatch] = field(default_factory=dict)
    groups: Mapping[tuple[int, str], int] = field(default_factory=dict)
    may_create_programs: bool = True


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
class Program:
    """A program that exists, or (without id) one to be created."""

    id: int | None
    name: str
    code: str


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch that exists, or (without id) one to be created."""

    id: int | None
    name: str
    graduation_year: int


@dataclass(frozen=True, slots=True)
class Group:
    """A group that exists, or (without id) one to be created."""

    id: int | None
    name: str


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a row places its student."""

    program: Program
    batch: Batch
    group: Group


class PlaceFinder:
    """Matches names ignoring case and blanks; remembers what has been planned, under its first spelling."""

    def __init__(self, known: KnownPlaces, *, auto_create: bool, this_year: int) -> None:
        self._auto_create, self._this_year = auto_create, this_year
        self._creates_programs = auto_create and known.may_create_programs
        self._codes = TakenNames(program.code for program in known.programs.values())
        self._programs: dict[str, Program] = {}
        self._hidden: set[str] = set()
        self._batches: dict[tuple[str, str], Batch] = {}
        self._groups: dict[tuple[str, str, str], Group] = {}
        self.new_programs: dict[NewProgram, None] = {}
        self.new_batches: dict[NewBatch, None] = {}
        self.new_groups: dict[NewGroup, None] = {}
        self._learn_programs(known)
        self._learn_batches(known)

    def find(self, reader: RowReader) -> Destination | None:
        """The row's destination, or None with the fault noted at the first name that leads nowhere."""
        program_name = reader.text("program_name", PROGRAM_NAME_LENGTH, required=True)
        batch_name = reader.text("batch_name", BATCH_NAME_LENGTH, required=True)
        group_name = reader.text("group_name", GROUP_NAME_LENGTH, required=True)
        if not (program_name and batch_name and group_name):
            return None
        program = self._program(reader, program_name)
        batch = program and self._batch(reader, program, batch_name)
        group = program and batch and self._group(reader, program, batch, group_name)
        return Destination(program, batch, group) if program and batch and group else None

    def plan(self, destination: Destination) -> list[Note]:
        """Put what does not exist yet on the list of things to create; a note for each not listed before."""
        program, batch, group = destination.program, destination.batch, destination.group
        intake = batch.graduation_year - study_years(program.name)
        new_program = NewProgram(program.name, program.code)
        new_batch = NewBatch(program.name, batch.name, intake, batch.graduation_year)
        new_group = NewGroup(program.name, batch.name, group.name)
        notes = []
        if program.id is None and new_program not in self.new_programs:
            self.new_programs[new_program] = None
            notes.append(Note("program_created", f"The program {program.name} ({program.code}) will be created."))
        if batch.id is None and new_batch not in self.new_batches:
            self.new_batches[new_batch] = None
            years = f"{intake} to {batch.graduation_year}"
            notes.append(Note("batch_created", f"The batch {batch.name} of {program.name}, {years}, will be created."))
        if group.id is None and new_group not in self.new_groups:
            self.new_groups[new_group] = None
            notes.append(Note("group_created", f"The group {group.name} of {batch.name} will be created."))
        return notes

    def _learn_programs(self, known: KnownPlaces) -> None:
        """By name and, unless another program has that for a name, by code as well."""
        for name, program in known.programs.items():
            self._programs[match_key(name)] = Program(program.id, name, program.code)
        for named in list(self._programs.values()):
            self._programs.setdefault(match_key(named.code), named)
        in_scope = {program.id for program in known.programs.values() if program.in_scope}
        self._hidden = {key for key, named in self._programs.items() if named.id not in in_scope}

    def _learn_batches(self, known: KnownPlaces) -> None:
        program_keys = {program.id: match_key(name) for name, program in known.programs.items()}
        batch_keys = {}
        for (program_id, name), batch in known.batches.items():
            key = program_keys[program_id], match_key(name)
            batch_keys[batch.id] = key
            self._batches[key] = Batch(batch.id, name, batch.graduation_year)
        for (batch_id, name), group_id in known.groups.items():
            self._groups[(*batch_keys[batch_id], match_key(name))] = Group(group_id, name)

    def _program(self, reader: RowReader, name: str) -> Program | None:
        key = match_key(name)
        if key in self._hidden or (key not in self._programs and not self._creates_programs):
            reader.note("program_name", "unknown_program", f"There is no program '{name}'.")
            return None
        if key not in self._programs:
            self._programs[key] = Program(None, name, program_code(name, self._codes))
        return self._programs[key]

    def _batch(self, reader: RowReader, program: Program, name: str) -> Batch | None:
        key = match_key(program.name), match_key(name)
        if key in self._batches:
            return self._batches[key]
        if not self._auto_create:
            reader.note("batch_name", "unknown_batch", f"There is no batch '{name}' in {program.name}.")
            return None
        year = graduation_year(name, study_years(program.name), self._this_year)
        if year is None:
            reader.note("batch_name", "batch_year_unknown", f"'{name}' does not tell the year of graduation.")
            return None
        self._batches[key] = Batch(None, name, year)
        return self._batches[key]

    def _group(self, reader: RowReader, program: Program, batch: Batch, name: str) -> Group | None:
        key = match_key(program.name), match_key(batch.name), match_key(name)
        if key not in self._groups and not self._auto_create:
            reader.note("group_name", "unknown_group", f"There is no group '{name}' in {batch.name}.")
            return None
        return self._groups.setdefault(key, Group(None, name))

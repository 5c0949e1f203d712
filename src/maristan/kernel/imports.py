"""Bulk files in two phases: a preview that writes nothing but itself, then a commit, all-or-nothing or partial.

What is stored of an upload is its table without the columns that nobody asked for: no password reaches disk.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Func, Q, QuerySet

from maristan.kernel import clock, events, exports, files, jobs, journal, tenancy
from maristan.kernel.access import Actor
from maristan.kernel.errors import Invalid, NotFound, NotNow
from maristan.kernel.models import ImportRow, ImportRun
from maristan.kernel.tables.cells import Cell, Row, Table
from maristan.kernel.tables.outcomes import ImportMode, RowAction, RowOutcome
from maristan.kernel.tables.reading import read_table
from maristan.kernel.tables.writing import TableFormat, csv_stream, error_stream, xlsx_stream
from maristan.kernel.unjournaled import unjournaled

BATCH = 1000
WORKBOOK = b"PK\x03\x04"
SEE_ALL = "setting.manage"
Outcomes = Sequence[RowOutcome[Any]]
Report = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Importer:
    """One kind of bulk file.

    `preview(rows, mode, options, by)` gives an outcome for each row and writes nothing;
    `commit(outcomes, options, by, report)` writes the rows to be created and updated and gives what the commit's answer
    says, and may give as `entered` the ids that it entered, which are kept with the run; `template(by)` gives rows, in
    the order of `known`, that pass the preview as they are; `settled(options)` completes what was asked for with what
    the institution sets, as it stands when the file arrives. `columns(options)` gives the columns of one file where
    they follow from what was asked for, and stands for `known` then.
    """

    kind: str
    permission: str
    required: tuple[str, ...]
    known: tuple[str, ...]
    preview: Callable[[Sequence[Row], ImportMode, Mapping[str, Any], Actor], Outcomes]
    commit: Callable[[Outcomes, Mapping[str, Any], Actor, Report], dict[str, Any]]
    template: Callable[[Actor], Sequence[Sequence[object]]]
    settled: Callable[[Mapping[str, Any]], dict[str, Any]] = dict
    columns: Callable[[Mapping[str, Any]], tuple[str, ...]] | None = None
    refuses_unknown: bool = False

    def known_by(self, options: Mapping[str, Any]) -> tuple[str, ...]:
        """The columns that a file may have."""
        return self.known if self.columns is None else self.columns(options)


_importers: dict[str, Importer] = {}


def register(importer: Importer) -> None:
    """Add an app's importer; called once for each by `config.wiring`."""
    _importers[importer.kind] = importer


def importer(kind: str) -> Importer:
    """The importer of a kind; raises `KeyError`."""
    return _importers[kind]


def visible_to(kind: str, *, actor: Actor) -> "QuerySet[ImportRun]":
    """Runs of a kind: one's own; all of them for whoever manages the institution's settings, its administrators."""
    actor.demand(importer(kind).permission)
    runs = ImportRun.objects.filter(kind=kind).select_related("job")
    return runs if actor.may(SEE_ALL) else runs.filter(user_id=actor.user_id or 0)


def entered(kind: str, *, actor: Actor) -> "QuerySet[Any]":
    """The ids that one's own committed files of a kind entered, as a subquery."""
    return _entered(ImportRun.objects.filter(kind=kind, user_id=actor.user_id or 0))


def entered_by(run: int) -> "QuerySet[Any]":
    """The ids that one committed file entered, as a subquery."""
    return _entered(ImportRun.objects.filter(pk=run))


def _entered(runs: "QuerySet[ImportRun]") -> "QuerySet[Any]":
    return runs.filter(entered__isnull=False).values_list(Func(F("entered"), function="unnest"), flat=True)


def get(kind: str, pk: int, *, actor: Actor, lock: bool = False) -> ImportRun:
    """One run; raises `NotFound`."""
    runs = visible_to(kind, actor=actor)
    found = (runs.select_for_update(of=("self",)) if lock else runs).filter(pk=pk).first()
    if found is None:
        raise NotFound()
    return found


@transaction.atomic
def upload(
    *, kind: str, filename: str, content: bytes, mode: ImportMode, options: Mapping[str, Any], by: Actor
) -> ImportRun:
    """Read a file and enqueue its preview.

    Raises `NotAllowed`, `TooLarge`, and `Invalid` (`not_a_table`, `no_rows`, `header_mismatch`, or `unknown_column` for
    a kind that refuses such): then nothing is kept.
    """
    chosen = importer(kind)
    by.demand(chosen.permission)
    table = read_table(content, filename, required=chosen.required, known=chosen.known_by(options))
    if chosen.refuses_unknown and table.unknown_columns:
        unknown = ", ".join(table.unknown_columns)
        raise Invalid.at("/file", "unknown_column", f"Unknown: {unknown}.", columns=list(table.unknown_columns))
    sha256 = hashlib.sha256(content).hexdigest()
    kept_as = TableFormat.XLSX if content.startswith(WORKBOOK) else TableFormat.CSV
    stored = files.store(
        _without_strangers(table, kept_as), name=f"table.{kept_as}", content_type=exports.CONTENT_TYPES[kept_as], by=by
    )
    run = ImportRun.objects.create(
        kind=kind,
        mode=mode,
        options=chosen.settled(options),
        file=stored,
        filename=filename[-255:],
        sha256=sha256,
        warnings=_warnings(table, kind, sha256, mode),
        job=jobs.start(f"import.{kind}.preview", by=by, total=len(table.rows)),
        user_id=by.user_id or 0,
        user_name=by.name,
    )
    preview_import.defer(institution_id=by.institution_id, job_id=run.job_id, run_id=run.pk)
    return run


def _warnings(table: Table, kind: str, sha256: str, mode: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if table.password_ignored:
        found.append({"code": "password_ignored", "detail": "The column password was dropped unread."})
    if table.unknown_columns:
        found.append({"code": "unknown_column", "detail": ", ".join(table.unknown_columns)})
    same = ImportRun.objects.filter(kind=kind, sha256=sha256, mode=mode, status=ImportRun.Status.COMMITTED).first()
    if same is not None:
        found.append({"code": "duplicate_of", "detail": f"This file was imported as number {same.pk}.", "id": same.pk})
    return found


def _without_strangers(table: Table, kept_as: TableFormat) -> bytes:
    """The known columns in the format of the upload, so that dates of a sheet stay dates; blank lines are kept, so that
    row numbers stay those of the upload."""

    def lines() -> Iterator[list[object]]:
        number = 2
        for row in table.rows:
            while number < row.number:
                yield [""] * len(table.columns)
                number += 1
            yield [_written(row.cell(column), kept_as) for column in table.columns] + list(row.surplus)
            number += 1

    write = xlsx_stream if kept_as is TableFormat.XLSX else csv_stream
    return b"".join(write(table.columns, lines()))


def _written(cell: Cell, kept_as: TableFormat) -> object:
    return cell.native if kept_as is TableFormat.XLSX and cell.native is not None else cell.text


def _table(run: ImportRun) -> Table:
    chosen = importer(run.kind)
    known = chosen.known_by(run.options)
    return read_table(files.content(run.file), run.filename, required=chosen.required, known=known)


def reopen(run_id: int) -> None:
    """Let a run whose commit failed be committed again."""
    ImportRun.objects.filter(pk=run_id, status=ImportRun.Status.COMMITTING).update(status=ImportRun.Status.PREVIEWED)


def fail(run_id: int) -> None:
    """A preview that failed cannot be committed."""
    ImportRun.objects.filter(pk=run_id, status=ImportRun.Status.PREVIEWING).update(status=ImportRun.Status.FAILED)


@jobs.long_job("kernel.preview_import", queue="imports", on_failure=fail)
def preview_import(run_id: int, report: Report) -> dict[str, Any]:
    """Find out what a commit would do with each row; writes only the run and its rows."""
    run = ImportRun.objects.select_related("file").get(pk=run_id)
    table = _table(run)
    report(0, len(table.rows), "reading")
    outcomes = importer(run.kind).preview(table.rows, ImportMode(run.mode), run.options, _uploader(run))
    by_number = {row.number: row for row in table.rows}
    for start in range(0, len(outcomes), BATCH):
        part = outcomes[start : start + BATCH]
        ImportRow.objects.bulk_create([_row(run, each, by_number[each.row]) for each in part])
        report(start + len(part), len(outcomes), "checking")
    counts = summary(outcomes)
    run.summary = counts
    run.status = ImportRun.Status.PREVIEWED
    run.save(update_fields=["summary", "status"])
    return dict(counts)


def _row(run: ImportRun, outcome: RowOutcome[Any], source: Row) -> ImportRow:
    return ImportRow(
        run=run,
        row=outcome.row,
        action=outcome.action,
        cells={column: cell.text for column, cell in source.cells.items()},
        faults=[asdict(each) for each in outcome.faults],
        notes=[asdict(each) for each in outcome.notes],
    )


def summary(outcomes: Iterable[RowOutcome[Any]]) -> dict[str, int]:
    """How many rows would be created, updated, skipped, and are wrong."""
    counts = {action.value: 0 for action in RowAction}
    for outcome in outcomes:
        counts[outcome.action.value] += 1
    return {**counts, "total": sum(counts.values())}


def _uploader(run: ImportRun) -> Actor:
    """The one who uploaded, as the permissions stand now; raises `NotAllowed` when they no longer import."""
    by = actor_of(run.user_id)
    by.demand(importer(run.kind).permission)
    return by


_actor_of: list[Callable[[int], Actor]] = []


def register_actor_of(actor_of: Callable[[int], Actor]) -> None:
    """Tell how a user's actor in the institution in context is found."""
    _actor_of[:] = [actor_of]


@unjournaled("the commit job writes the line once the rows are in")
@transaction.atomic
def commit(*, kind: str, pk: int, confirm: bool, partial: bool, by: Actor) -> ImportRun:
    """Enqueue the commit of a previewed run; a committed one is answered as the first time.

    Raises `NotFound`, `Invalid` without `confirm`, `NotNow` (`not_previewed`, `in_progress`, `rows_have_faults`).
    """
    run = get(kind, pk, actor=by, lock=True)
    if not confirm:
        raise Invalid.at("/confirm", "required", "Say confirm: true.")
    if run.status == ImportRun.Status.COMMITTED:
        return run
    if run.status in (ImportRun.Status.PREVIEWING, ImportRun.Status.COMMITTING):
        raise NotNow("in_progress", "It is being worked on.")
    if run.status != ImportRun.Status.PREVIEWED:
        raise NotNow("not_previewed", "Upload the file again.")
    if run.summary.get("error") and not partial:
        raise NotNow("rows_have_faults", "Some rows are wrong; mend them, or import the others alone.")
    run.status = ImportRun.Status.COMMITTING
    run.job = jobs.start(f"import.{kind}.commit", by=by, total=run.summary["total"])
    run.options = {**run.options, "partial": partial}
    run.save(update_fields=["status", "job", "options"])
    commit_import.defer(institution_id=by.institution_id, job_id=run.job_id, run_id=run.pk)
    return run


@jobs.long_job("kernel.commit_import", queue="imports", on_failure=reopen, attempts=3)
def commit_import(run_id: int, report: Report) -> dict[str, Any]:
    """Check every row again as things stand now, then write all of them in one transaction."""
    _take_turns()
    run = ImportRun.objects.select_related("file").select_for_update(of=("self",)).get(pk=run_id)
    by = _uploader(run)
    table = _table(run)
    chosen = importer(run.kind)
    outcomes = chosen.preview(table.rows, ImportMode(run.mode), run.options, by)
    counts = summary(outcomes)
    if counts["error"] and not run.options.get("partial"):
        raise NotNow("rows_have_faults", "Some rows have become wrong since the preview.")
    report(0, counts["total"], "writing")
    with events.gathered():
        result = {**counts, **chosen.commit(outcomes, run.options, by, report)}
    run.entered = result.pop("entered", None)
    run.status = ImportRun.Status.COMMITTED
    run.summary, run.committed_at = result, clock.now()
    run.save(update_fields=["status", "summary", "committed_at", "entered"])
    journal.record("import.committed", ("import_run", run.pk), by=by, changes={"kind": run.kind, **counts})
    return result


def _take_turns() -> None:
    """Let one import commit at a time in an institution.

    Usernames are proposed for all institutions alike; when two propose the same at once, the later one tries again.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('kernel.imports.commit'), %s::int)", [tenancy.current() or 0]
        )


def matching(runs: "QuerySet[ImportRun]", text: str) -> "QuerySet[ImportRun]":
    """Runs whose file name, or the name of who uploaded it, contains the text."""
    wanted = " ".join(text.split())
    return runs.filter(Q(filename__icontains=wanted) | Q(user_name__icontains=wanted)) if wanted else runs


def rows_of(run: ImportRun, *, action: str = "", code: str = "", text: str = "") -> "QuerySet[ImportRow]":
    """Rows of a preview, of one action, with one fault, or with the text in one of their cells."""
    found: QuerySet[ImportRow] = ImportRow.objects.filter(run=run)
    if action:
        found = found.filter(action=action)
    if text:
        pattern = f"%{connection.ops.prep_for_like_query(text)}%"
        found = found.extra(
            where=["EXISTS (SELECT 1 FROM jsonb_each_text(cells) c WHERE c.value ILIKE %s)"], params=[pattern]
        )
    return found.filter(faults__contains=[{"code": code}]) if code else found


def fault_counts(run: ImportRun) -> dict[str, int]:
    """How often each fault occurs in a run."""
    counts: dict[str, int] = {}
    for faults in ImportRow.objects.filter(run=run, action=RowAction.ERROR).values_list("faults", flat=True):
        for code in {fault["code"] for fault in faults}:
            counts[code] = counts.get(code, 0) + 1
    return counts


def template_file(kind: str, wanted: str, *, actor: Actor) -> Iterator[bytes]:
    """A file to begin with: the columns, and rows that pass the preview; `wanted` is `csv` or `xlsx`."""
    chosen = importer(kind)
    actor.demand(chosen.permission)
    return exports.stream(wanted, chosen.known, chosen.template(actor))


def error_file(run: ImportRun, wanted: str) -> Iterator[bytes]:
    """The wrong rows as they were uploaded, with `error_message`; `wanted` is `csv` or `xlsx`."""
    wrong = ImportRow.objects.filter(run=run, action=RowAction.ERROR).values_list("row", "faults")
    messages = {row: "; ".join(_sentence(fault) for fault in each) for row, each in wrong}
    return error_stream(_table(run), messages, TableFormat(wanted))


def _sentence(fault: Mapping[str, str]) -> str:
    return f"{fault['column']}: {fault['detail']}" if fault["column"] else fault["detail"]


def actor_of(user_id: int) -> Actor:
    """Whoever asked for a job, with the rights of now."""
    return _actor_of[0](user_id)

"""Files of marks: previewed against the grid, and written like its cells (section 8)."""

from collections.abc import Mapping, Sequence
from typing import Any

from maristan.academics.queries.learners import match_key
from maristan.assessment.actions import candidates, marks
from maristan.assessment.actions.computing import Judging
from maristan.assessment.actions.marks import Cell
from maristan.assessment.models import Candidate
from maristan.assessment.queries import exams as queries
from maristan.assessment.queries import mark_files
from maristan.assessment.queries.mark_files import KIND
from maristan.assessment.rules.mark_files import PASSED_OVER, PERSON, plan
from maristan.assessment.rules.states import ExamStatus, Perm
from maristan.kernel import imports
from maristan.kernel.access import Actor
from maristan.kernel.imports import Importer, Outcomes, Report
from maristan.kernel.models import ImportRun
from maristan.kernel.tables.cells import Row
from maristan.kernel.tables.outcomes import ImportMode
from maristan.kernel.unjournaled import unjournaled


@unjournaled("the commit writes the line")
def upload(*, exam_id: int, filename: str, content: bytes, by: Actor) -> ImportRun:
    """Read a file of marks of an exam and enqueue its preview.

    Raises `NotFound`, `NotAllowed`, `TooLarge`, `Invalid` (`not_a_table`, `no_rows`, `header_mismatch`,
    `unknown_column`).
    """
    mark_files.to_enter(exam_id, actor=by)
    return imports.upload(
        kind=KIND, filename=filename, content=content, mode=ImportMode.UPSERT, options={"exam": exam_id}, by=by
    )


def _preview(rows: Sequence[Row], mode: ImportMode, options: Mapping[str, Any], by: Actor) -> Outcomes:
    # Locked, so that a commit overwrites nothing that came after the look at what stands there.
    exam = queries.get(int(options["exam"]), actor=by, lock=True)
    by.demand(Perm.RESULT_ENTER, within=queries.may_in(exam, by)(Perm.RESULT_ENTER))
    return plan(rows, mark_files.known(exam, rows, actor=by), key=match_key)


def _commit(outcomes: Outcomes, options: Mapping[str, Any], by: Actor, report: Report) -> dict[str, Any]:
    """Write the changed cells, as the exam stands under its lock now."""
    exam = queries.get(int(options["exam"]), actor=by, lock=True)
    if exam.requires_eligibility and exam.status == ExamStatus.MARKING:
        candidates.settle(exam=exam, by=by)
    wanted = [each.values for each in outcomes if each.values is not None]
    named = Candidate.objects.filter(exam=exam, pk__in=[each.candidate for each in wanted])
    sheet = marks.load(exam, Judging(exam), list(named))
    values = {
        Cell(row.candidate, each.component, each.state): each.marks for row in wanted for each in row.cells
    }  # fmt: skip
    cells = [cell for cell, value in values.items() if marks.differs(sheet.entry(cell), cell.state, value)]
    marks.must_be_open(sheet, cells)
    marks.write(sheet=sheet, cells=cells, wanted=values, by=by)
    report(len(outcomes), len(outcomes), "written")
    return {"cells_changed": len(cells)}


IMPORTER = Importer(
    kind=KIND,
    permission=Perm.RESULT_ENTER,
    required=(),
    known=(*PERSON, *PASSED_OVER),
    preview=_preview,
    commit=_commit,
    template=lambda _by: (),  # the template of an exam is its grid
    columns=mark_files.columns,
    refuses_unknown=True,
)

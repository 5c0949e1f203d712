"""Exams of the demonstration: one in each state, with what follows from them: a correction, a gradebook, documents."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from maristan.academics.models import Section
from maristan.assessment.actions import (
    components,
    corrections,
    documents,
    exam_moves,
    examiners,
    exams,
    gradebook,
    marks,
    result_moves,
    schemes,
)
from maristan.assessment.models import Candidate, Document, ExamComponent, Result
from maristan.assessment.rules.documents import CertificateKind, DocumentLanguage
from maristan.assessment.rules.states import EntryState
from maristan.config.demo import attending
from maristan.config.demo.diary import Diary
from maristan.config.demo.institution import Demo
from maristan.kernel.access import Actor

THEORY = {"name": "Theory", "max_marks": Decimal(60), "pass_marks": Decimal(30), "is_mandatory_to_pass": True}
VIVA = {"name": "Viva", "max_marks": Decimal(40), "pass_marks": Decimal(20)}
WHOLE = {"name": "Paper", "max_marks": Decimal(50), "pass_percent": Decimal(50)}
WHY_CORRECTED = "The last page of the script was not counted."
HONOURS = (("75", "H1", False), ("60", "H2", False), ("50", "P", False), ("0", "F", True))
WEIGHTS = {"quiz": 40, "slides": 25, "viva": 35}


@dataclass
class Exams:
    """The exams of the demonstration as they come into being, by a short name."""

    demo: Demo
    diary: Diary
    by: Mapping[str, Actor]
    section: Section
    made: dict[str, int]

    def draft(self, name: str, title: str, day: int, hour: int, *parts: Mapping[str, Any], **values: Any) -> None:
        """Draft an exam for a day, counted from today; the teacher of the section examines it."""
        by = self.by["exam_cell"]
        values = {
            "title": title, "scheduled_at": self.diary.moment(day, hour), "duration_minutes": 90,
            "pass_total_percent": Decimal(60), "section": self.section.pk, "show_statistics": True,
            "audience": [[f"section:{self.section.pk}"]], **values,
        }  # fmt: skip
        made = self.made[name] = exams.create(values=values, by=by).pk
        for part in parts:
            components.create(exam_id=made, values=part, by=by)
        examiners.name(exam_id=made, person=int(self.section.faculty_id or 0), component=None, by=by)

    def move(self, name: str, move: str, reason: str | None = None) -> None:
        """One move of an exam."""
        exam_moves.move(pk=self.made[name], name=move, reason=reason, by=self.by["exam_cell"])

    def move_results(self, name: str, move: str, role: str = "exam_cell") -> None:
        """One move of all its results."""
        result_moves.move_all(exam_id=self.made[name], name=move, possible=True, by=self.by[role])

    def mark(self, name: str, *, leaves_out: bool = False) -> None:
        """The teacher enters marks; of some nothing yet."""
        parts = list(ExamComponent.objects.filter(exam=self.made[name]).order_by("sequence"))
        sits = Candidate.objects.filter(exam=self.made[name], admission="admitted").order_by("student__reg_no")
        cells = [
            _cell(candidate.pk, at, place, part)
            for at, candidate in enumerate(sits)
            for place, part in enumerate(parts)
            if not (leaves_out and (at % 5 == 4 or (place and at % 3 == 2)))
        ]
        marks.enter(exam_id=self.made[name], cells=cells, by=self.by["faculty"])


def _cell(candidate: int, at: int, place: int, part: ExamComponent) -> marks.Cell:
    """Marks spread between a third and the whole; now and then somebody is absent."""
    if at % 17 == 11:
        return marks.Cell(candidate, part.pk, EntryState.ABSENT)
    share = Decimal(38 + (27 + at * 23 + place * 31 + at * at % 7) % 60) / 100
    return marks.Cell(candidate, part.pk, EntryState.MARKED, str((share * part.max_marks).quantize(Decimal("0.5"))))


def note(demo: Demo, diary: Diary, by: Mapping[str, Actor]) -> None:
    """Every exam with its days."""
    section = Section.objects.get(name="Journal Club")
    of = Exams(demo, diary, by, section, {})
    diary.on(-21, 9, partial(_draft_scheme, by["admin"]))
    _note_held(of, "quiz", "Pathology quiz: cell injury", -15, "midterm", (THEORY, VIVA), to="freeze")
    _note_held(of, "viva", "Pathology viva: inflammation", -8, "viva", (VIVA,), to="publish")
    _note_held(of, "slides", "Slide identification", -5, "practical", (WHOLE,), to="verify")
    _note_midterm(of)
    _note_to_come(of)
    diary.on(-1, 10, partial(_weigh, of))
    _note_documents(of)
    diary.on(-3, 12, partial(_propose, of, "viva", Decimal(2)))


def _note_held(
    of: Exams, name: str, title: str, day: int, kind: str, parts: tuple[Mapping[str, Any], ...], *, to: str
) -> None:
    """An exam of the section that was sat, and how far its results came."""
    diary = of.diary
    diary.on(day - 5, 9, partial(of.draft, name, title, day, 10, *parts, exam_type=kind))
    diary.on(day - 4, 9, partial(of.move, name, "announce"))
    diary.on(day, 10, partial(of.move, name, "start_marking"))
    diary.on(day + 1, 16, partial(of.mark, name))
    diary.on(day + 2, 9, partial(of.move_results, name, "verify", "coordinator"))
    if to in ("publish", "freeze"):
        diary.on(day + 3, 9, partial(of.move_results, name, "publish"))
    if to == "freeze":
        diary.on(day + 4, 9, partial(of.move_results, name, "freeze"))
        diary.on(-4, 9, partial(of.move, name, "complete"))


def _note_midterm(of: Exams) -> None:
    """The midterm of the batch: sat by those who may, its marks not all entered."""
    diary, demo = of.diary, of.demo
    ahead = diary.today + timedelta(days=2)
    monday = (ahead - timedelta(days=ahead.weekday()) - diary.today).days
    values = {
        "section": None, "academic_period": demo.period.pk, "course": demo.courses["ANA101"].pk,
        "exam_type": "midterm", "requires_eligibility": True, "audience": [[f"batch:{demo.batches[0].pk}"]],
    }  # fmt: skip
    diary.on(-20, 9, partial(of.draft, "midterm", "Anatomy midterm", monday - 7, 15, THEORY, VIVA, **values))
    diary.on(-19, 9, partial(of.move, "midterm", "announce"))
    first, last = (diary.today + timedelta(days=monday - each) for each in (21, 10))
    diary.on(monday - 9, 10, partial(_list, of, first, last))
    diary.on(monday - 7, 15, partial(of.move, "midterm", "start_marking"))
    diary.on(monday - 6, 16, partial(of.mark, "midterm", leaves_out=True))


def _list(of: Exams, first: date, last: date) -> None:
    exam = of.made["midterm"]
    row = attending.list_for(of.demo, exam=exam, first=first, last=last, by=of.by["exam_cell"])
    attending.condone(row, asks=of.by["coordinator"], grants=of.by["exam_cell"])


def _note_to_come(of: Exams) -> None:
    """Exams that nobody has sat: announced, drafted, called off."""
    diary, demo = of.diary, of.demo
    batch = {
        "section": None, "academic_period": demo.period.pk, "audience": [[f"batch:{demo.batches[0].pk}"]],
        "exam_type": "final",
    }  # fmt: skip
    physiology = {**batch, "course": demo.courses["PHY101"].pk, "place": demo.rooms["Lecture Hall 2"].pk}
    diary.on(-6, 9, partial(of.draft, "to come", "Physiology of the heart: final", 12, 9, THEORY, VIVA, **physiology))
    diary.on(-5, 9, partial(of.move, "to come", "announce"))
    cancelled = {**batch, "course": demo.courses["COM101"].pk, "exam_type": "quiz"}
    diary.on(-6, 10, partial(of.draft, "off", "Vital statistics: quiz", 6, 9, WHOLE, **cancelled))
    diary.on(-5, 10, partial(of.move, "off", "announce"))
    diary.on(-1, 9, partial(of.move, "off", "cancel", "The field visit takes the whole day."))
    drafted = {**batch, "course": demo.courses["BIO101"].pk}
    diary.on(-1, 11, partial(of.draft, "draft", "Biochemistry of cells: final", 20, 9, THEORY, VIVA, **drafted))


def _draft_scheme(by: Actor) -> None:
    bands = [{"min_percent": Decimal(least), "letter": letter, "is_fail": fails} for least, letter, fails in HONOURS]
    schemes.create(name="Honours", scope_key="institution", bands=bands, by=by)


def _weigh(of: Exams) -> None:
    for name, weight in WEIGHTS.items():
        gradebook.add(section=of.section.pk, exam=of.made[name], weight=Decimal(weight), by=of.by["faculty"])


def _propose(of: Exams, name: str, more: Decimal) -> int | None:
    """The teacher proposes more marks in the first part for the first whose script has room for them."""
    part = ExamComponent.objects.filter(exam=of.made[name]).order_by("sequence")[0]
    found = Result.objects.filter(
        exam=of.made[name], is_current=True, entries__component=part, entries__marks__lte=part.max_marks - more
    )
    result = found.order_by("person_id").first()
    if result is None:
        return None
    marked = result.entries.get(component=part)
    cells = [corrections.Proposed(part.pk, EntryState.MARKED, str(marked.marks + more))]
    made = corrections.propose(result=result.pk, cells=cells, reason=WHY_CORRECTED, by=of.by["faculty"])
    return made.pk


def _note_documents(of: Exams) -> None:
    """Transcripts of three students: a correction supersedes the first, the second holds, the third is revoked."""
    diary = of.diary
    diary.on(-9, 12, partial(_transcripts, of))
    diary.on(-7, 9, partial(_correct, of))
    diary.on(-2, 15, partial(_revoke, of))


def _transcripts(of: Exams) -> None:
    by = of.by["registrar"]
    results = Result.objects.filter(exam=of.made["quiz"], is_current=True).order_by("person_id")
    for at, result in enumerate(results[:3]):
        language = DocumentLanguage.BOTH if at == 1 else DocumentLanguage.ENGLISH
        made = documents.issue_one(
            kind=CertificateKind.TRANSCRIPT, person=result.person_id, language=language, renew=False, by=by
        )
        documents.finish(document=made.pk, by=by)


def _correct(of: Exams) -> None:
    pk = _propose(of, "quiz", Decimal(3))
    if pk is None:
        return
    corrections.move(pk=pk, name="approve", reason=None, by=of.by["exam_cell"])
    revised = Result.objects.filter(exam=of.made["quiz"], is_current=True, revision=2).first()
    former = revised and Result.objects.get(exam=of.made["quiz"], person=revised.person_id, revision=1)
    made = former and documents.supersede(result=former.pk, person=former.person_id, by=of.demo.by)
    if made:
        documents.finish(document=made.pk, by=of.demo.by)


def _revoke(of: Exams) -> None:
    held = list(Document.objects.filter(kind="transcript", status="issued").order_by("pk"))
    if len(held) > 2:
        why = "Issued under a name that was spelt wrongly."
        documents.revoke(pk=held[1].pk, reason=why, by=of.by["registrar"])

"""The words on the papers of an exam: its marks sheet and its gazette."""

from collections.abc import Iterable

from maristan.assessment.rules.states import EntryState, Outcome

WORDS = {
    "en": {
        "sheet": "Marks sheet", "gazette": "Result gazette", "number": "No.", "seat": "Seat",
        "reg_no": "Registration no.", "name": "Name", "total": "Total", "marks": "Marks", "percentage": "Percent",
        "letter": "Grade", "outcome": "Result", "nobody": "The exam has no candidates.", "page": "Page", "of": "of",
        "absent": "AB", "exempt": "EX", "legend": "AB absent · EX exempt", "not_admitted": "not admitted",
        "examiner": "Examiner", "checked": "Checked by", "date": "Date", "controller": "Controller of examinations",
        "pass": "Pass", "fail": "Fail", "pending": "Pending", "all": "Results",
        "as_of": "Results as published until",
    },
    "ur": {
        "sheet": "نمبروں کی شیٹ", "gazette": "نتائج کا گزٹ", "number": "نمبر", "seat": "نشست",
        "reg_no": "رجسٹریشن نمبر", "name": "نام", "total": "کل", "marks": "نمبر", "percentage": "فیصد",
        "letter": "گریڈ", "outcome": "نتیجہ", "nobody": "اس امتحان میں کوئی امیدوار نہیں۔", "page": "صفحہ", "of": "از",
        "absent": "AB", "exempt": "EX", "legend": "AB غیر حاضر · EX مستثنیٰ", "not_admitted": "اجازت نہیں",
        "examiner": "ممتحن", "checked": "جانچنے والا", "date": "تاریخ", "controller": "ناظم امتحانات",
        "pass": "پاس", "fail": "فیل", "pending": "زیر التوا", "all": "نتائج",
        "as_of": "شائع شدہ نتائج، بوقت",
    },
}  # fmt: skip


def written(state: str, marks: object, words: dict[str, str]) -> str:
    """A cell as a paper shows it: marks, or the mark of an absent or exempt candidate."""
    return words[state] if state in (EntryState.ABSENT, EntryState.EXEMPT) else f"{marks:.2f}"


def tally(outcomes: Iterable[str]) -> list[tuple[str, int]]:
    """How many results there are, and how often each outcome occurs: passes, failures, and the pending if any."""
    listed = list(outcomes)
    counted = [(each.value, listed.count(each)) for each in Outcome]
    return [("all", len(listed)), *((key, count) for key, count in counted if count or key != Outcome.PENDING)]

"""Learning material of the demonstration: a file and links, read by some; a draft; what was put away."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from maristan.academics.actions import materials
from maristan.academics.models import Enrollment, Section
from maristan.config.demo.acting import acting_as
from maristan.config.demo.diary import Diary
from maristan.config.demo.institution import Demo
from maristan.config.demo.papers import certificate
from maristan.directory.models import Person
from maristan.kernel.access import Actor

SLIDES = certificate("Cell injury", "Reversible and irreversible", "What the microscope shows after an hour")
READERS = 7


def note(demo: Demo, diary: Diary, by: Mapping[str, Actor]) -> None:
    """What teachers and coordinator share, and who opened it."""
    section = Section.objects.get(name="Journal Club")
    here, batch = [[f"section:{section.pk}"]], [[f"batch:{demo.batches[0].pk}"]]
    faculty, coordinator = by["faculty"], by["coordinator"]
    slides = {"title": "Cell injury: slides of the lecture", "kind": "file", "audience": here}
    atlas = {
        "title": "An atlas of slides", "kind": "link", "url": "https://pathology.example.org/atlas", "audience": here,
        "description": "Begin with the kidney.",
    }  # fmt: skip
    handbook = {
        "title": "ہدایات برائے سال اوّل",
        "kind": "link",
        "url": "https://farabi.example.org/handbook",
        "audience": batch,
    }
    quiz = {"title": "Old questions", "kind": "link", "url": "https://farabi.example.org/old", "audience": here}
    reading = {"title": "Reading for week five", "kind": "file", "audience": here}
    diary.on(-11, 9, partial(_share, slides, faculty, section, READERS))
    diary.on(-10, 9, partial(_share, atlas, faculty, section, 3))
    diary.on(-9, 9, partial(_share, handbook, coordinator, section, 0))
    diary.on(-8, 9, partial(_share, quiz, faculty, section, 2, archives=True))
    diary.on(-1, 9, partial(materials.create, values=reading, by=faculty))


def _share(values: Mapping[str, Any], by: Actor, section: Section, readers: int, *, archives: bool = False) -> None:
    made = materials.create(values=values, by=by)
    if made.kind == "file":
        materials.attach(pk=made.pk, version=None, name="cell-injury.pdf", content=SLIDES, by=by)
    materials.move(pk=made.pk, name="publish", by=by)
    seats = Enrollment.objects.filter(section=section).select_related("student").order_by("-student__reg_no")[:readers]
    for person in Person.objects.filter(pk__in=[each.student.person_id for each in seats]).order_by("pk"):
        materials.open_for(pk=made.pk, by=acting_as(person))
    if archives:
        materials.move(pk=made.pk, name="archive", by=by)

"""Learning material: what its authors keep, what its readers find, and who opened it."""

from datetime import datetime, timedelta
from typing import Any

from django.core import signing
from django.db.models import CharField, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import RawSQL

from maristan.academics.models import Course, Material, Receipt, Section
from maristan.academics.rules.materials import LINK_SECONDS, MATERIAL, MaterialFacts
from maristan.academics.rules.states import MaterialKind, MaterialStatus, Perm
from maristan.directory.queries import audiences, people
from maristan.directory.queries.settings import local_today, setting
from maristan.kernel import clock
from maristan.kernel.access import Actor
from maristan.kernel.errors import Gone, NotFound

SALT = "academics.material"
ORDERINGS = ("title", "status", "published_at", "created_at", "id")
FEED_ORDERINGS = ("course", "title", "published_at", "id")
# The first course, by name, that some key of the audience names itself or by a section of it.
COURSE = """(
SELECT min(c.name) FROM jsonb_array_elements(academics_material.audience) AS clause
CROSS JOIN jsonb_array_elements_text(clause) AS key
JOIN academics_course c ON c.id = CASE split_part(key, ':', 1) WHEN 'course' THEN split_part(key, ':', 2)::bigint
  WHEN 'section' THEN (SELECT s.course_id FROM academics_section s WHERE s.id = split_part(key, ':', 2)::bigint) END)"""


def visible_to(*, actor: Actor) -> "QuerySet[Material]":
    """Every material for those who may reach everybody, else one's own."""
    reach = actor.demand(Perm.MATERIAL_PUBLISH)
    rows = Material.objects.all()
    return rows if reach.everything else rows.filter(created_by=actor.person_id or 0)


def open_to(*, actor: Actor, now: datetime) -> "QuerySet[Any]":
    """Material that the actor may read now (L1), with its course and the actor's own receipt."""
    actor.demand(Perm.MATERIAL_VIEW)
    mine = Receipt.objects.filter(material=OuterRef("pk"), person=actor.person_id or 0)
    return audiences.open_to(_current(now), actor).annotate(
        opened_at=Subquery(mine.values("last_opened_at")[:1]),
        course=RawSQL(COURSE, (), output_field=CharField()),  # noqa: S611 - nothing of it is anybody's text
    )


def _current(now: datetime) -> "QuerySet[Material]":
    begun = Q(available_from__isnull=True) | Q(available_from__lte=now)
    lasting = Q(available_until__isnull=True) | Q(available_until__gt=now)
    return Material.objects.filter(begun, lasting, status=MaterialStatus.PUBLISHED)


def readable(pk: int, *, actor: Actor) -> Material:
    """Material that the actor reads, or keeps; raises `NotFound`."""
    found: Material | None = open_to(actor=actor, now=clock.now()).filter(pk=pk).first()
    if found is None and actor.may(Perm.MATERIAL_PUBLISH):
        found = visible_to(actor=actor).filter(pk=pk).first()
    if found is None:
        raise NotFound()
    return found


def facts(row: Material, *, actor: Actor) -> MaterialFacts:
    """What the rules look at."""
    return MaterialFacts(
        status=MaterialStatus(row.status),
        has_content=row.file_id is not None if row.kind == MaterialKind.FILE else bool(row.url),
        has_audience=bool(row.audience),
        beyond=audiences.beyond(audiences.read(row.audience), actor, Perm.MATERIAL_PUBLISH),
        available_until=row.available_until,
    )


def moves(row: Material, *, actor: Actor) -> list[dict[str, Any]]:
    """What may be done with it now."""
    found = MATERIAL.moves(facts(row, actor=actor), actor, clock.now())
    return [each.as_dict() for each in found]


def courses_of(rows: list[Any]) -> dict[int, list[str]]:
    """The courses that material belongs to by its audience, by name: two queries for any number of rows."""
    named = {row.pk: {key for clause in row.audience for key in clause} for row in rows}
    sections = audiences.ids_of(set().union(*named.values()), "section")
    courses = audiences.ids_of(set().union(*named.values()), "course")
    titles = {courses[pk]: name for pk, name in Course.objects.filter(pk__in=courses).values_list("pk", "name")}
    taught = Section.objects.filter(pk__in=sections).values_list("pk", "course__name")
    titles |= {sections[pk]: name for pk, name in taught}
    return {pk: sorted({titles[key] for key in keys if key in titles}) for pk, keys in named.items()}


def link(row: Material, *, actor: Actor, now: datetime) -> tuple[str, datetime]:
    """A path to the file for this actor alone, and the instant at which it ends."""
    until = now.replace(microsecond=0) + timedelta(seconds=LINK_SECONDS)
    token = signing.dumps([row.pk, actor.user_id, until.isoformat()], salt=SALT)
    return f"/api/v1/academics/materials/{row.pk}/file/?token={token}", until


def by_link(pk: int, token: str, *, actor: Actor, now: datetime) -> Material:
    """The material whose file a link opens for this actor; raises `NotFound`, `Gone` (`link_expired`)."""
    try:
        named, user, until = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        raise NotFound() from None
    found = readable(pk, actor=actor)
    if [named, user] != [pk, actor.user_id] or found.file_id is None:
        raise NotFound()
    if now > datetime.fromisoformat(until):
        raise Gone("link_expired", "The link has ended; open the material again.")
    return found


def belonging(row: Material) -> set[int]:
    """Who belongs to the audience today, but the author."""
    return audiences.people(audiences.read(row.audience), local_today()) - {row.created_by_id or 0}


def readers(row: Material) -> "QuerySet[Any]":
    """People of the audience today and whoever opened it, each with the receipt; nobody twice."""
    receipts = Receipt.objects.filter(material=row.pk)
    opened = receipts.filter(person=OuterRef("pk"))
    found = belonging(row) | set(receipts.values_list("person_id", flat=True))
    return people.among(found).annotate(
        first_opened_at=Subquery(opened.values("first_opened_at")[:1]),
        last_opened_at=Subquery(opened.values("last_opened_at")[:1]),
        opens=Subquery(opened.values("opens")[:1]),
    )


def reach_of(row: Material) -> dict[str, int]:
    """How many belong to the audience today, and how many people opened it."""
    opened = Receipt.objects.filter(material=row.pk).count()
    return {"audience_count": len(belonging(row)) if row.audience else 0, "opened_count": opened}


def most_bytes() -> int:
    """How large a file of learning material may be, in bytes."""
    return int(setting("academics.material_megabytes")) * 2**20


def matching(found: "QuerySet[Any]", text: str) -> "QuerySet[Any]":
    """Those whose title or description contains the text."""
    wanted = " ".join(text.split())
    return found.filter(Q(title__icontains=wanted) | Q(description__icontains=wanted)) if wanted else found


def untold(*, now: datetime) -> "QuerySet[Material]":
    """Published material that can be read by now and of which its audience did not hear yet, oldest first."""
    return _current(now).filter(told_at=None).order_by("published_at", "id")

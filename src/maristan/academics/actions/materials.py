"""Writes of learning material: drafted, given its file, published, archived; and receipts of who opened it (L1-L3)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from maristan.academics.models import Material
from maristan.academics.queries import materials as queries
from maristan.academics.rules.materials import DRAFT, MATERIAL, check_content, check_url, check_window
from maristan.academics.rules.states import MaterialKind, MaterialStatus, Perm
from maristan.comms.actions import notifications as comms
from maristan.directory.queries import audiences
from maristan.kernel import clock, files, journal, rows, tenancy
from maristan.kernel.access import Actor
from maristan.kernel.errors import Invalid, NotFound, NotNow, TooLarge
from maristan.kernel.formats import shared_type
from maristan.kernel.models import JournalLine
from maristan.kernel.pictures import redrawn
from maristan.kernel.unjournaled import unjournaled
from maristan.kernel.workflow import Requirement

NOUN = "material"
KINDS = {"publish": "material.published", "archive": "material.archived", "restore": "material.restored"}
NAME_LENGTH = 120
TOLD_AT_ONCE = 100
OPENED = """
INSERT INTO academics_receipt (institution_id, created_at, updated_at, material_id, person_id, first_opened_at,
  last_opened_at, opens)
VALUES (%(institution)s, %(now)s, %(now)s, %(material)s, %(person)s, %(now)s, %(now)s, 1)
ON CONFLICT ON CONSTRAINT academics_receipt_once
DO UPDATE SET last_opened_at = %(now)s, updated_at = %(now)s, opens = academics_receipt.opens + 1
"""


@transaction.atomic
def create(*, values: Mapping[str, Any], by: Actor) -> Material:
    """Draft learning material; a file is added afterwards.

    Raises `NotAllowed` (`audience_out_of_scope`), `Invalid` (`unknown_audience_key`, `invalid_url`, times).
    """
    by.demand(Perm.MATERIAL_PUBLISH)
    row = Material(created_by_id=by.person_id, created_by_name=by.name, **_checked(values, by))
    _check(row)
    row.save()
    changes = {name: [None, getattr(row, name)] for name in ("title", "kind", "audience")}
    journal.record("material.created", (NOUN, row.pk), by=by, changes=changes)
    return row


@transaction.atomic
def update(*, pk: int, version: int | None, values: Mapping[str, Any], by: Actor) -> Material:
    """Change material; once published its kind stays, and it is never without content.

    Raises `NotFound`, `NotAllowed`, `Stale`, `VersionRequired`, `Invalid`, `NotNow` (`not_a_draft`, what publishing
    asks for).
    """
    row = _own(pk, by)
    rows.must_match(row, version, (NOUN, pk))
    changes = rows.change(row, _checked(values, by))
    if "kind" in changes and row.status != DRAFT:
        raise NotNow("not_a_draft", "Material that was published keeps its kind.")
    _check(row)
    _must_hold(row, by)
    if changes:
        rows.save_changes(row, changes)
        journal.record("material.updated", (NOUN, pk), by=by, changes=changes)
    return row


@transaction.atomic
def attach(*, pk: int, version: int | None, name: str, content: bytes, by: Actor) -> Material:
    """Give material its file, in place of the one before.

    Raises `NotFound`, `NotAllowed`, `Stale`, `TooLarge` (`file_too_large`), `Invalid` (`file_type_not_allowed`,
    `not_a_link`).
    """
    row = _own(pk, by)
    rows.must_match(row, version, (NOUN, pk), required=False)
    if row.kind != MaterialKind.FILE:
        raise Invalid.at("/file", "not_a_file", "Material that is a link has no file.")
    limit = queries.most_bytes()
    if len(content) > limit:
        raise TooLarge("file_too_large", f"At most {limit // 2**20} MB.", limit=limit)
    found = shared_type(name, content)
    if found is None:
        raise Invalid.at(
            "/file", "file_type_not_allowed", "The file is of no kind that is shared, or not what it says."
        )
    content = redrawn(content) if found[1].startswith("image/") else content
    stored = files.store(content, name=name, content_type=found[1], by=by, limit=limit)
    former = row.file_id
    changes = rows.change(
        row,
        {
            "file_id": stored.pk,
            "filename": name[-NAME_LENGTH:],
            "mime": found[1],
            "size_bytes": len(content),
        },
    )
    rows.save_changes(row, changes)
    files.drop_id(former)
    journal.record("material.updated", (NOUN, pk), by=by, changes=changes)
    return row


@transaction.atomic
def delete(*, pk: int, by: Actor) -> None:
    """Delete a draft with its file. Raises `NotFound`, `NotAllowed`, `NotNow` (`not_a_draft`)."""
    row = _own(pk, by)
    if row.status != DRAFT:
        raise NotNow("not_a_draft", "Material that was published is archived, not deleted.")
    journal.record("material.deleted", (NOUN, pk), by=by, changes={"title": [row.title, None]})
    row.delete()
    files.drop_id(row.file_id)


@transaction.atomic
def move(*, pk: int, name: str, version: int | None = None, by: Actor) -> tuple[Requirement, ...]:
    """Publish, archive or restore material; gives the warnings.

    Raises `NotFound`, `NotAllowed`, `Stale`, `NotNow` (`has_audience`, `audience_in_scope`, `content_present`,
    `window_not_over`).
    """
    if name not in KINDS:
        raise NotFound()
    row = _own(pk, by)
    rows.must_match(row, version, (NOUN, pk), required=False)
    now = clock.now()
    transition, warnings = MATERIAL.check(queries.facts(row, actor=by), name, by, now)
    values: dict[str, Any] = {"status": MaterialStatus(transition.target)}
    if name == "publish":
        values["published_at"] = now
    changes = rows.change(row, values)
    rows.save_changes(row, changes)
    journal.record(KINDS[name], (NOUN, pk), by=by, changes=changes)
    return warnings


def _own(pk: int, by: Actor) -> Material:
    by.demand(Perm.MATERIAL_PUBLISH)
    return rows.one(queries.visible_to(actor=by), pk, lock=True)


def _checked(values: Mapping[str, Any], by: Actor) -> dict[str, Any]:
    """The values with link and audience as they are stored."""
    found = dict(values)
    if found.get("url"):
        found["url"] = check_url(found["url"])
    if found.get("audience"):
        audience = audiences.must_be_known(found["audience"])
        audiences.must_be_within(audience, by, Perm.MATERIAL_PUBLISH)
        found["audience"] = audiences.written(audience)
    return found


def _check(row: Material) -> None:
    check_content(MaterialKind(row.kind), row.url, row.file_id is not None)
    check_window(row.available_from, row.available_until)


def _must_hold(row: Material, by: Actor) -> None:
    """What is published stays fit to be published."""
    if row.status == MaterialStatus.PUBLISHED:
        facts = queries.facts(row, actor=by)
        if not facts.has_content or not facts.has_audience:
            raise Invalid.at("/url" if facts.has_audience else "/audience", "required", "Published material needs it.")


@unjournaled("a receipt is the record of it")
@transaction.atomic
def open_for(*, pk: int, by: Actor) -> tuple[str, datetime | None]:
    """Where the content is read, and until when that address holds (none: for good); writes the reader's receipt.

    Authors leave no receipt. Raises `NotFound` for material that is not the actor's to read.
    """
    row, now = queries.readable(pk, actor=by), clock.now()
    if by.person_id is not None and by.person_id != row.created_by_id and row.status == MaterialStatus.PUBLISHED:
        with connection.cursor() as cursor:
            named = {"institution": tenancy.current(), "now": now, "material": row.pk, "person": by.person_id}
            cursor.execute(OPENED, named)
    if row.kind == MaterialKind.LINK:
        return row.url, None
    if row.file_id is None:
        raise NotFound()
    return queries.link(row, actor=by, now=now)


@unjournaled("a message repeats what the tables say")
@transaction.atomic
def tell(*, by: Actor, pk: int | None = None) -> int:
    """Tell the audiences of material that can be read by now, once; gives how many materials were told of."""
    found = queries.untold(now=clock.now())
    if pk is not None:
        found = found.filter(pk=pk)
    told = list(found.select_for_update(skip_locked=True)[:TOLD_AT_ONCE])
    titles = queries.courses_of(told)
    for row in told:
        params = {"title": row.title, "course": ", ".join(titles[row.pk]), "by": row.created_by_name}
        message = comms.Message(
            event="material.published", url=f"/materials/{row.pk}", params=params, once=f"material:{row.pk}"
        )
        comms.notify(messages=dict.fromkeys(sorted(queries.belonging(row)), message), by=by)
    Material.objects.filter(pk__in=[row.pk for row in told]).update(told_at=clock.now())
    return len(told)


@unjournaled("a message repeats a journal line")
def follow(*, line_id: int, by: Actor) -> None:
    """Tell the audience of material that was published, if its time has begun."""
    tell(pk=int(JournalLine.objects.get(pk=line_id).subject_id), by=by)

"""Writes of a person's photo."""

from django.db import transaction

from maristan.directory.models import Person
from maristan.directory.queries import people as queries
from maristan.directory.rules.states import Perm
from maristan.kernel import files, journal, rows
from maristan.kernel.access import Actor
from maristan.kernel.errors import Invalid, TooLarge
from maristan.kernel.pictures import picture_type

MAX_BYTES = 2**20


@transaction.atomic
def put(*, pk: int, content: bytes, by: Actor) -> Person:
    """Give a person a photo, JPEG or PNG. Raises `NotFound`, `NotAllowed`, `TooLarge`, `Invalid` (`file_type`)."""
    person = _editable(pk, by)
    if len(content) > MAX_BYTES:
        raise TooLarge(detail="A photo has at most 1 MB.", limit=MAX_BYTES)
    content_type = picture_type(content)
    if content_type is None:
        raise Invalid.at("/file", "file_type", "A photo is a whole JPEG or PNG picture.")
    name = "photo.png" if content_type == "image/png" else "photo.jpg"
    return _set(person, files.store(content, name=name, content_type=content_type, by=by).pk, by)


@transaction.atomic
def remove(*, pk: int, by: Actor) -> Person:
    """Take a person's photo away. Raises `NotFound`, `NotAllowed`."""
    return _set(_editable(pk, by), None, by)


def _editable(pk: int, by: Actor) -> Person:
    person = queries.get(pk, actor=by, lock=True)
    by.demand(Perm.CONTACT_EDIT, within=by.reach(Perm.CONTACT_EDIT).covers(own=pk == by.person_id))
    return person


def _set(person: Person, photo: int | None, by: Actor) -> Person:
    changes = rows.change(person, {"photo_id": photo})
    if changes:
        rows.save_changes(person, changes)
        journal.record("person.updated", ("person", person.pk), by=by, changes=changes)
    return person

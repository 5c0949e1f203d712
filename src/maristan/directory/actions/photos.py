"""Writes of a person's photo."""

from django.db import transaction

from maristan.directory.models import Person
from maristan.directory.queries import people as queries
from maristan.directory.rules.states import Perm
from maristan.kernel import files, journal, papers, rows
from maristan.kernel.access import Actor


@transaction.atomic
def put(*, pk: int, content: bytes, by: Actor) -> Person:
    """Give a person a photo, JPEG or PNG. Raises `NotFound`, `NotAllowed`, `TooLarge`, `Invalid` (`file_type`)."""
    person = _editable(pk, by)
    return _set(person, papers.picture(content, stem="photo").keep(by=by).pk, by)


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
        files.drop_id(changes["photo_id"][0])
        journal.record("person.updated", ("person", person.pk), by=by, changes=changes)
    return person

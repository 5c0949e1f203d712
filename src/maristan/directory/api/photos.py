"""Routes of photos."""

from typing import Any

from django.http import HttpRequest
from ninja import File
from ninja.files import UploadedFile

from maristan.directory.actions import photos as actions
from maristan.directory.queries import people as queries
from maristan.directory.queries import person_pages as pages
from maristan.directory.rules.states import Perm
from maristan.kernel import files, papers
from maristan.kernel.api import Id, Routes, actor, file_response, needs, no_content
from maristan.kernel.pictures import picture_type
from maristan.kernel.uploads import received

routes = Routes()


@routes.get("/persons/{int:pk}/photo/", response=None, **needs(Perm.PERSON_VIEW))
def get_photo(request: HttpRequest, pk: Id) -> Any:
    """A person's photo."""
    found = pages.photo(queries.get(pk, actor=actor(request)))
    return file_response(files.content(found), found.content_type, found.name)


@routes.post("/persons/{int:pk}/photo/", response={204: None}, **needs(Perm.CONTACT_EDIT))
def put_photo(request: HttpRequest, pk: Id, file: File[UploadedFile]) -> Any:
    """Give a person a photo: JPEG or PNG, at most 1 MB."""
    actions.put(pk=pk, content=received(file, papers.PICTURE_BYTES, picture_type), by=actor(request))
    return no_content()


@routes.delete("/persons/{int:pk}/photo/", response={204: None}, **needs(Perm.CONTACT_EDIT))
def remove_photo(request: HttpRequest, pk: Id) -> Any:
    """Take a person's photo away."""
    actions.remove(pk=pk, by=actor(request))
    return no_content()

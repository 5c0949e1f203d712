"""Routes of the directory."""

from maristan.directory.api import (
    contacts,
    departments,
    holidays,
    imports,
    institutions,
    invitations,
    leaves,
    memberships,
    people,
    photos,
    places,
)
from maristan.kernel.api import Routes

routes = Routes()
PARTS = (
    institutions,
    people,
    photos,
    contacts,
    departments,
    places,
    memberships,
    invitations,
    leaves,
    holidays,
    imports,
)
for part in PARTS:
    routes.add_router("", part.routes)

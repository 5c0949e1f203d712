"""Routes of the directory."""

from maristan.directory.api import (
    contacts,
    departments,
    holidays,
    imports,
    institutions,
    invitations,
    leave_attachments,
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
    leave_attachments,
    holidays,
    imports,
)
for part in PARTS:
    routes.add_router("", part.routes)

"""Routes of the directory."""

from maristan.directory.api import (
    addresses,
    contacts,
    departments,
    holidays,
    identity_documents,
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
    addresses,
    identity_documents,
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

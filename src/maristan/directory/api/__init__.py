"""Routes of the directory."""

from maristan.directory.api import departments
from maristan.kernel.api import Routes

routes = Routes()
for part in (departments,):
    routes.add_router("", part.routes)

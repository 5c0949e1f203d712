"""Routes of operations."""

from maristan.kernel.api import Routes
from maristan.operations.api import jobs, maintenance, platform, releases

routes = Routes()
for part in (platform, jobs, maintenance, releases):
    routes.add_router("", part.routes)

"""Routes of operations."""

from maristan.kernel.api import Routes
from maristan.operations.api import alerts, jobs, maintenance, platform, releases

routes = Routes()
for part in (platform, alerts, jobs, maintenance, releases):
    routes.add_router("", part.routes)

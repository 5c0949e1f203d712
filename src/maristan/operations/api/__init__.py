"""Routes of operations."""

from maristan.kernel.api import Routes
from maristan.operations.api import alerts, deployments, jobs, maintenance, platform, releases

routes = Routes()
for part in (platform, alerts, jobs, maintenance, releases, deployments):
    routes.add_router("", part.routes)

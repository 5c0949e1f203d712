"""Routes of operations."""

from maristan.kernel.api import Routes
from maristan.operations.api import jobs, maintenance, platform

routes = Routes()
for part in (platform, jobs, maintenance):
    routes.add_router("", part.routes)

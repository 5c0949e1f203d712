"""Routes of operations."""

from maristan.kernel.api import Routes
from maristan.operations.api import maintenance, platform

routes = Routes()
for part in (platform, maintenance):
    routes.add_router("", part.routes)

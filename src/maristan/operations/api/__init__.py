"""Routes of operations."""

from maristan.kernel.api import Routes
from maristan.operations.api import (
    alerts,
    backups,
    deployments,
    integrity,
    jobs,
    journal,
    maintenance,
    platform,
    progress,
    releases,
    settings,
)

routes = Routes()
for part in (
    platform,
    alerts,
    jobs,
    maintenance,
    releases,
    deployments,
    integrity,
    progress,
    backups,
    settings,
    journal,
):
    routes.add_router("", part.routes)

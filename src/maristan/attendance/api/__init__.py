"""Routes of attendance."""

from maristan.attendance.api import corrections, registers
from maristan.kernel.api import Routes

routes = Routes()
for part in (registers, corrections):
    routes.add_router("", part.routes)

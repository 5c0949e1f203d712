"""Routes of attendance."""

from maristan.attendance.api import registers
from maristan.kernel.api import Routes

routes = Routes()
for part in (registers,):
    routes.add_router("", part.routes)

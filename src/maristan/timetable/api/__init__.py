"""Routes of the timetable."""

from maristan.kernel.api import Routes
from maristan.timetable.api import views, weeks

routes = Routes()
for part in (weeks, views):
    routes.add_router("", part.routes)

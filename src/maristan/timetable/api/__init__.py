"""Routes of the timetable."""

from maristan.kernel.api import Routes
from maristan.timetable.api import availabilities, documents, sessions, views, weeks

routes = Routes()
for part in (availabilities, weeks, views, sessions, documents):
    routes.add_router("", part.routes)

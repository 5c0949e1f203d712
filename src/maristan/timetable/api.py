"""Routes of the app `timetable`."""

from maristan.kernel.api import Routes

routes = Routes()

"""Routes of the app `academics`."""

from maristan.kernel.api import Routes

routes = Routes()

"""Routes of sessions and of views across plans."""

from maristan.kernel.api import Routes

routes = Routes()

"""Routes of comms."""

from maristan.comms.api import announcements, deliveries, notifications, preferences
from maristan.kernel.api import Routes

routes = Routes()
PARTS = (notifications, preferences, announcements, deliveries)
for part in PARTS:
    routes.add_router("", part.routes)

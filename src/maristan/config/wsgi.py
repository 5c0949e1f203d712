"""Entry point of the web server."""

import gc
import os

from django.core.wsgi import get_wsgi_application

gc.disable()  # nothing that is loaded here is garbage, and looking for some would be a quarter of the start
os.environ.setdefault("MARISTAN_DB_POOL", "1")  # requests share connections; commands and workers hold their own
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "maristan.config.settings")
application = get_wsgi_application()

from maristan.kernel import logs  # noqa: E402 - these need the settings
from maristan.kernel.access import platform  # noqa: E402
from maristan.operations.actions import draining  # noqa: E402
from maristan.operations.management.heart import Heart  # noqa: E402
from maristan.operations.rules.states import ProcessKind  # noqa: E402

logs.serve_as(ProcessKind.WEB)
draining.end(by=platform(None))
Heart(ProcessKind.WEB).start()
gc.freeze()
gc.enable()

"""The API: every app's routes in one place, one mapping from refusals to problem documents."""

import threading
from typing import Any

from ninja import NinjaAPI

from maristan.academics.api import routes as academics
from maristan.academics.api.students import aliases as students
from maristan.agenda.api import routes as agenda
from maristan.assessment.api import routes as assessment
from maristan.assessment.api import transcripts
from maristan.attendance.api import routes as attendance
from maristan.comms.api import routes as comms
from maristan.comms.api.webhooks import routes as webhooks
from maristan.config.identity import SignedIn
from maristan.config.me import routes as me
from maristan.config.reference import Reference
from maristan.config.refusals import answer_refusals
from maristan.config.setup import routes as setup_routes
from maristan.directory.api import routes as directory
from maristan.kernel.api import OrjsonParser, OrjsonRenderer, declare_read_only
from maristan.operations.api import routes as operations
from maristan.operations.api.impersonation import routes as impersonation
from maristan.operations.api.releases import about_routes
from maristan.timetable.api import routes as timetable
from maristan.work.api import routes as work

MOUNTED_AGAIN = "webhooks, under permits"
_described: dict[str, Any] = {}
_describing = threading.Lock()


class OneAPI(NinjaAPI):
    """The API; operations of a router that is mounted a second time have ids of their own there."""

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: Any = None) -> Any:
        """Described once for each address: it takes seconds, and does not change while a process lives."""
        prefix = self.get_root_path(path_params or {}) if path_prefix is None else path_prefix
        with _describing:  # whoever asks again because nobody answered waits for the same description
            if prefix not in _described:
                _described[prefix] = super().get_openapi_schema(path_prefix=prefix)
        return _described[prefix]

    def get_openapi_operation_id(self, operation: Any) -> str:
        """As the framework's, told apart where it would be given twice."""
        name = super().get_openapi_operation_id(operation)
        return f"{name}_again" if operation.tags == [MOUNTED_AGAIN] else name


api = OneAPI(
    title="Maristan",
    version="1",
    description="One API for every line of work; lists, errors, versions and replays behave alike everywhere.",
    auth=SignedIn(),
    parser=OrjsonParser(),
    renderer=OrjsonRenderer(),
    openapi_url="/schema/",
    docs=Reference(),
    docs_url="/docs/",
    urls_namespace="api",
)
api.add_router("", me, tags=["platform"])
api.add_router("", setup_routes, tags=["platform"])
api.add_router("", about_routes, tags=["platform"])
api.add_router("directory", directory, tags=["directory"])
api.add_router("academics", academics, tags=["academics"])
api.add_router("students", students, tags=["academics"])
api.add_router("timetable", timetable, tags=["timetable"])
api.add_router("attendance", attendance, tags=["attendance"])
api.add_router("assessment", assessment, tags=["assessment"])
api.add_router("transcripts", transcripts, tags=["assessment"])
api.add_router("agenda", agenda, tags=["agenda"])
api.add_router("comms", comms, tags=["comms"])
# The same records under the address of permits, where their integrators look for them.
api.add_router("comms/webhooks", webhooks, tags=["webhooks"], url_name_prefix="comms")
api.add_router("ptw/webhooks", webhooks, tags=[MOUNTED_AGAIN], url_name_prefix="ptw")
api.add_router("work", work, tags=["work"])
api.add_router("admin/impersonation", impersonation, tags=["operations"])
api.add_router("operations", operations, tags=["operations"])

declare_read_only("reg_no", "enrolled_count", "source")
answer_refusals(api)

"""The API: every app's routes in one place, one mapping from refusals to problem documents."""

from ninja import NinjaAPI

from maristan.academics.api import routes as academics
from maristan.academics.api.students import aliases as students
from maristan.agenda.api import routes as agenda
from maristan.assessment.api import routes as assessment
from maristan.attendance.api import routes as attendance
from maristan.comms.api import routes as comms
from maristan.config.identity import SignedIn
from maristan.config.me import routes as me
from maristan.config.refusals import answer_refusals
from maristan.config.setup import routes as setup_routes
from maristan.directory.api import routes as directory
from maristan.kernel.api import OrjsonParser, OrjsonRenderer, declare_read_only
from maristan.timetable.api import routes as timetable
from maristan.work.api import routes as work

api = NinjaAPI(
    title="Maristan",
    version="1",
    description="One API for every line of work; lists, errors, versions and replays behave alike everywhere.",
    auth=SignedIn(),
    parser=OrjsonParser(),
    renderer=OrjsonRenderer(),
    openapi_url="/schema/",
    docs_url=None,
    urls_namespace="api",
)
api.add_router("", me, tags=["platform"])
api.add_router("", setup_routes, tags=["platform"])
api.add_router("directory", directory, tags=["directory"])
api.add_router("academics", academics, tags=["academics"])
api.add_router("students", students, tags=["academics"])
api.add_router("timetable", timetable, tags=["timetable"])
api.add_router("attendance", attendance, tags=["attendance"])
api.add_router("assessment", assessment, tags=["assessment"])
api.add_router("agenda", agenda, tags=["agenda"])
api.add_router("comms", comms, tags=["comms"])
api.add_router("work", work, tags=["work"])

declare_read_only("reg_no", "enrolled_count", "source")
answer_refusals(api)

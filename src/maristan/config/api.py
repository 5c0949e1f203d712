"""The API: every app's routes in one place, one mapping from refusals to problem documents."""

import logging
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import DataError, IntegrityError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from maristan.academics.api import routes as academics
from maristan.academics.api.students import aliases as students
from maristan.agenda.api import routes as agenda
from maristan.comms.api import routes as comms
from maristan.config.identity import SignedIn
from maristan.config.me import routes as me
from maristan.config.setup import routes as setup_routes
from maristan.directory.api import routes as directory
from maristan.kernel.api import OrjsonParser, OrjsonRenderer, shape_faults
from maristan.kernel.errors import Invalid, NotFound, NotNow, Refusal, TooLarge
from maristan.kernel.problems import problem_response
from maristan.timetable.api import routes as timetable
from maristan.work.api import routes as work

log = logging.getLogger("maristan.api")

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
api.add_router("agenda", agenda, tags=["agenda"])
api.add_router("comms", comms, tags=["comms"])
api.add_router("work", work, tags=["work"])


@api.exception_handler(Refusal)
def refused(_request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Every refusal of the lower layers."""
    return problem_response(refusal)


@api.exception_handler(ValidationError)
def misshapen(_request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Input that does not have the declared shape."""
    return problem_response(shape_faults(error.errors))


@api.exception_handler(Http404)
def unknown(_request: HttpRequest, _error: Http404) -> HttpResponse:
    """A path or object that is not there."""
    return problem_response(NotFound())


@api.exception_handler(HttpError)
def http_error(_request: HttpRequest, error: HttpError) -> HttpResponse:
    """What the framework itself refuses; a body that cannot be parsed is a fault of its shape."""
    if isinstance(error.__cause__, Refusal):
        return problem_response(error.__cause__)
    refusal = Refusal("bad_request", str(error))
    refusal.status = error.status_code
    return problem_response(refusal)


@api.exception_handler(RequestDataTooBig)
def too_big(_request: HttpRequest, _error: RequestDataTooBig) -> HttpResponse:
    """A body above the limit."""
    return problem_response(TooLarge())


@api.exception_handler(DataError)
def out_of_range(_request: HttpRequest, error: DataError) -> HttpResponse:
    """A value that the database cannot hold."""
    log.warning("data_error", extra={"sqlstate": getattr(error.__cause__, "sqlstate", "")})
    return problem_response(Invalid.at("", "out_of_range", "A value is outside what can be stored."))


@api.exception_handler(IntegrityError)
def constraint(_request: HttpRequest, error: IntegrityError) -> HttpResponse:
    """A constraint refused what a rule did not foresee, such as two people pressing at once."""
    diagnosis: Any = getattr(error.__cause__, "diag", None)
    name = getattr(diagnosis, "constraint_name", None) or "constraint"
    log.warning("constraint %s", name)
    return problem_response(NotNow("conflict", "Somebody else was faster, or it exists already.", constraint=name))


@api.exception_handler(OperationalError)
def contention(_request: HttpRequest, error: OperationalError) -> HttpResponse:
    """A deadlock, a lock or statement that took too long: the client may try again."""
    log.warning("operational_error %s", getattr(error.__cause__, "sqlstate", ""))
    refusal = Refusal("try_again", "The system is busy with this object; try again.")
    refusal.status = 503
    return problem_response(refusal)

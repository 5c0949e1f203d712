"""The API: every app's routes in one place, one mapping from refusals to problem documents."""

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import DataError, Error, IntegrityError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
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
from maristan.kernel.api import OrjsonParser, OrjsonRenderer, declare_read_only, shape_faults
from maristan.kernel.errors import Invalid, NotFound, Refusal, TooLarge
from maristan.kernel.problems import problem_response, refusal_of
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
api.add_router("agenda", agenda, tags=["agenda"])
api.add_router("comms", comms, tags=["comms"])
api.add_router("work", work, tags=["work"])

declare_read_only("reg_no", "enrolled_count", "source")


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


@api.exception_handler(MultiPartParserError)
@api.exception_handler(TooManyFieldsSent)
@api.exception_handler(TooManyFilesSent)
def unreadable_form(_request: HttpRequest, error: Exception) -> HttpResponse:
    """A multipart body that cannot be taken apart."""
    return problem_response(Invalid.at("", "bad_multipart", str(error)))


@api.exception_handler(DataError)
@api.exception_handler(IntegrityError)
@api.exception_handler(OperationalError)
def refused_by_the_database(_request: HttpRequest, error: Error) -> HttpResponse:
    """What the database refuses and no rule foresaw."""
    return problem_response(refusal_of(error))

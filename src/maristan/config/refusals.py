"""How an API answers what it refuses: one mapping for every instance."""

import sys
from collections.abc import Callable
from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import DataError, Error, IntegrityError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.views.defaults import server_error
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from maristan.kernel.api import shape_faults
from maristan.kernel.errors import Invalid, NotFound, Refusal, TooLarge
from maristan.kernel.problems import problem_response, refusal_of


def refused(_request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Every refusal of the lower layers."""
    return problem_response(refusal)


def misshapen(_request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Input that does not have the declared shape."""
    return problem_response(shape_faults(error.errors))


def unknown(_request: HttpRequest, _error: Http404) -> HttpResponse:
    """A path or object that is not there."""
    return problem_response(NotFound())


def http_error(_request: HttpRequest, error: HttpError) -> HttpResponse:
    """What the framework itself refuses; a body that cannot be parsed is a fault of its shape."""
    if isinstance(error.__cause__, Refusal):
        return problem_response(error.__cause__)
    refusal = Refusal("bad_request", str(error))
    refusal.status = error.status_code
    return problem_response(refusal)


def too_big(_request: HttpRequest, _error: RequestDataTooBig) -> HttpResponse:
    """A body above the limit."""
    return problem_response(TooLarge())


def unreadable_form(_request: HttpRequest, error: Exception) -> HttpResponse:
    """A multipart body that cannot be taken apart."""
    return problem_response(Invalid.at("", "bad_multipart", str(error)))


def refused_by_the_database(_request: HttpRequest, error: Error) -> HttpResponse:
    """What the database refuses and no rule foresaw."""
    return problem_response(refusal_of(error))


def fault(request: HttpRequest) -> HttpResponse:
    """What nobody foresaw, outside the API; a database that does not answer is for the client to try again."""
    error = sys.exc_info()[1]
    if isinstance(error, OperationalError | InterfaceError):
        return problem_response(refusal_of(error))
    return server_error(request)


ANSWERS: dict[type[Exception], Callable[..., Any]] = {
    Refusal: refused,
    ValidationError: misshapen,
    Http404: unknown,
    HttpError: http_error,
    RequestDataTooBig: too_big,
    MultiPartParserError: unreadable_form,
    TooManyFieldsSent: unreadable_form,
    TooManyFilesSent: unreadable_form,
    DataError: refused_by_the_database,
    IntegrityError: refused_by_the_database,
    OperationalError: refused_by_the_database,
}


def answer_refusals(api: NinjaAPI) -> None:
    """Let an API answer every refusal as a problem document."""
    for kind, answer in ANSWERS.items():
        api.add_exception_handler(kind, answer)

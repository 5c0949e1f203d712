"""Refusals as problem documents (RFC 9457)."""

import logging
from http import HTTPStatus

import orjson
from django.db import DataError, Error, IntegrityError
from django.http import HttpResponse
from django.http.response import HttpResponseBase

from maristan.kernel import logs
from maristan.kernel.errors import Invalid, NotNow, Refusal
from maristan.kernel.rows import violated

log = logging.getLogger("maristan.api")
AWAY = ("08", "53", "57P")  # SQLSTATE: no connection, no room for one more, the server ends or begins
CODES = {HTTPStatus.METHOD_NOT_ALLOWED: "method_not_allowed", HTTPStatus.INTERNAL_SERVER_ERROR: "internal_error"}


def problem_response(refusal: Refusal) -> HttpResponse:
    """The one mapping from a refusal to `application/problem+json`."""
    document = {
        "type": "about:blank",
        "title": HTTPStatus(refusal.status).phrase,
        "status": refusal.status,
        **refusal.problem(),
        "request_id": logs.request_id.get(),
    }
    body = orjson.dumps(document, default=str, option=orjson.OPT_NON_STR_KEYS)
    response = HttpResponse(body, status=refusal.status, content_type="application/problem+json")
    if refusal.status == HTTPStatus.TOO_MANY_REQUESTS:
        response["Retry-After"] = str(refusal.extra.get("retry_after", 60))
    return response


def refusal_of(error: Error) -> Refusal:
    """The one mapping from what the database refuses to a refusal.

    A constraint that a rule did not foresee is a conflict (two people press at once); a deadlock, a lock or statement
    that took too long, or no answer at all is for the client to try again.
    """
    sqlstate = getattr(error.__cause__, "sqlstate", None)
    if isinstance(error, DataError):
        log.warning("data_error %s", sqlstate)
        return Invalid.at("", "out_of_range", "A value is outside what can be stored.")
    if isinstance(error, IntegrityError):
        name = violated(error) or "constraint"
        log.warning("constraint %s", name)
        return NotNow("conflict", "Somebody else was faster, or it exists already.", constraint=name)
    log.warning("operational_error %s", sqlstate)
    if sqlstate is None or sqlstate.startswith(AWAY):
        refusal = Refusal("unavailable", "The database does not answer; try again in a moment.")
    else:
        refusal = Refusal("try_again", "The system is busy with this object; try again.")
    refusal.status = HTTPStatus.SERVICE_UNAVAILABLE
    return refusal


def as_problem(response: HttpResponseBase) -> HttpResponseBase:
    """An error of the framework (a page of HTML) as a problem document; every other answer as it is."""
    if response.status_code < HTTPStatus.BAD_REQUEST or "json" in response.get("Content-Type", ""):
        return response
    refusal = Refusal(CODES.get(HTTPStatus(response.status_code), "bad_request"))
    refusal.status = response.status_code
    problem = problem_response(refusal)
    if "Allow" in response:
        problem["Allow"] = response["Allow"]
    return problem

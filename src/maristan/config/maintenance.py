"""Maintenance at the door: what it keeps out is answered 503, and nothing behind it has begun."""

import re
from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string

from maristan.config import headers, identity
from maristan.kernel import clock
from maristan.kernel.errors import Refusal
from maristan.kernel.problems import problem_response
from maristan.operations.queries import maintenance
from maristan.operations.rules.maintenance import State

PASS = "X-Maristan-Bypass"  # noqa: S105 - the name of a header
CLIENT_FILES = ("/assets/", "/static/")
IN_MINUTES = 120  # what is left is said in minutes up to here, then in hours; readers may live by another clock
# Who may pass has to be able to say who they are; what else an account can do about itself waits.
SIGNING_IN = re.compile(
    r"^(/sign-in/?|/accounts/login/"
    r"|/_allauth/[^/]+/v1/(config|auth/(session|login|2fa/authenticate|webauthn/(login|authenticate))))$"
)


class Maintenance:
    """Lets through what maintenance does not keep out, those who bypass it, and runs of the command line."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        state = maintenance.state()
        if not state.keeps_out(request.method or "GET") or _is_exempt(request) or _may_pass(request):
            return self.get_response(request)
        return closed(request, state)


def _is_exempt(request: HttpRequest) -> bool:
    return request.path.startswith(CLIENT_FILES) or SIGNING_IN.match(request.path) is not None


def _may_pass(request: HttpRequest) -> bool:
    try:
        return maintenance.is_bypass(request.headers.get(PASS, "")) or identity.is_operator(request)
    except Error:  # without the database nobody knows who asks
        return False


def closed(request: HttpRequest, state: State) -> HttpResponse:
    """503: a page for people with a browser, a problem document for everything else."""
    now = clock.now()
    wait = state.retry_after(now, settings.MAINTENANCE_RETRY_AFTER)
    if "text/html" in request.headers.get("Accept", "") and not request.path.startswith("/api/"):
        minutes = state.minutes_left(now)
        context = {
            "message": state.message, "until": state.until, "minutes": minutes, "wait": wait,
            "hours": round(minutes / 60) if minutes > IN_MINUTES else 0, "nonce": headers.nonce(request),
        }  # fmt: skip
        page = render_to_string("maintenance.html", context)
        response = HttpResponse(page, status=HTTPStatus.SERVICE_UNAVAILABLE)
    else:
        refusal = Refusal("maintenance", state.message, level=state.level.value, until=state.until)
        refusal.status = HTTPStatus.SERVICE_UNAVAILABLE
        response = problem_response(refusal)
    response["Retry-After"] = str(wait)
    response["Cache-Control"] = "no-store"
    response._has_been_logged = response.is_meant = True  # type: ignore[attr-defined]  # no error to look into
    return response

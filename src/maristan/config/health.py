"""Probes, answered before anything that needs a host name, TLS, a session or the pool of connections."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase

from maristan.kernel.errors import Refusal
from maristan.kernel.problems import problem_response
from maristan.operations.queries import draining, health
from maristan.operations.rules import health as rules

READINESS = "/readiness/"
PATHS = {"/api/health/", "/api/v1/health/", "/health/", "/healthz/", READINESS}
SUMMARIES = {"/health/summary/", "/api/health/summary/", "/api/v1/health/summary/"}
LIVENESS = "/liveness/"


class HealthFirst:
    """Answers probes by whatever address and host name they come."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path not in PATHS | SUMMARIES | {LIVENESS}:
            return self.get_response(request)
        if request.method not in {"GET", "HEAD"}:
            return _wrong_method()
        response = JsonResponse(**_answer(request.path))
        response["Cache-Control"] = "no-store"
        return response


def _wrong_method() -> HttpResponse:
    refusal = Refusal("method_not_allowed")
    refusal.status = HTTPStatus.METHOD_NOT_ALLOWED
    response = problem_response(refusal)
    response["Allow"] = "GET, HEAD"
    return response


def _answer(path: str) -> Mapping[str, Any]:
    if path == LIVENESS:
        return {"data": {"status": "alive"}}
    seen = health.look()
    if path in SUMMARIES:
        status, summary = rules.summary(seen)
        return {"data": summary, "status": status}
    body = rules.body(seen)
    serves = rules.is_well(seen)
    if path == READINESS and draining.is_on():
        body, serves = {**body, "draining": True}, False
    return {"data": body, "status": HTTPStatus.OK if serves else HTTPStatus.SERVICE_UNAVAILABLE}

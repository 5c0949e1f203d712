"""`/metrics` for Prometheus: to whoever has the token, or asks from this host; for all others it is not there."""

import hmac
from collections.abc import Callable
from ipaddress import ip_address

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from maristan.kernel.errors import NotFound
from maristan.kernel.problems import problem_response
from maristan.operations.queries import metrics

PATH = "/metrics"
FORMAT = "text/plain; version=0.0.4; charset=utf-8"
FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip", "Via")


class Metrics:
    """Answers before host names, sessions and maintenance, as probes are."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path.rstrip("/") != PATH:
            return self.get_response(request)
        if request.method not in {"GET", "HEAD"} or not may_read(request):
            return problem_response(NotFound())
        try:
            response = HttpResponse(metrics.exposition(), content_type=FORMAT)
        except Error:  # the probe of health says what is wrong; a scrape that fails is an alert of its own
            response = HttpResponse(status=503, content_type=FORMAT)
        response["Cache-Control"] = "no-store"
        return response


def may_read(request: HttpRequest) -> bool:
    """With the token; without one set or given, from this host and through no proxy."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if token:
        wanted = settings.METRICS_TOKEN or ""
        is_right = hmac.compare_digest(token.strip().encode(), wanted.encode())
        return bool(wanted) and scheme.lower() == "bearer" and is_right
    return _is_of_this_host(request) and not any(name in request.headers for name in FORWARDED)


def _is_of_this_host(request: HttpRequest) -> bool:
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False

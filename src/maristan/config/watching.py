"""Every request, counted and written as one line: by its route, never by the path that somebody typed."""

import logging
import re
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from maristan.config import health
from maristan.kernel import metering

log = logging.getLogger("maristan.request")
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
PROBES = health.PATHS | health.SUMMARIES | {health.LIVENESS, "/metrics"}
BOUNDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0)  # seconds


class Watched:
    """Counts statements, seconds and answers, and writes the line of a request when it is answered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        meter, began = metering.Meter(), time.perf_counter()
        with connection.execute_wrapper(meter):
            response = self.get_response(request)
        seconds = time.perf_counter() - began
        of = {
            "method": request.method if request.method in METHODS else "OTHER",
            "route": route_of(request),
            "status": str(response.status_code),
        }
        has_failed = response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR and not getattr(
            response, "is_meant", False
        )
        if of["route"] not in PROBES:
            _count(of, response.status_code, has_failed, seconds, meter)
        level = logging.ERROR if has_failed else _level(of["route"], seconds)
        log.log(level, "request", extra=_figures(request, of, response.status_code, seconds, meter))
        return response


def route_of(request: HttpRequest) -> str:
    """The template of the route that answered; a word where none did."""
    if request.path in PROBES:
        return request.path
    match = request.resolver_match
    if match is None:
        return "assets" if request.path.startswith(("/assets/", "/static/")) else "none"
    if match.route.startswith("^") or "(?P" in match.route:
        return str(getattr(match.func, "__name__", "page"))
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", match.route)


def _count(of: dict[str, Any], status: int, has_failed: bool, seconds: float, meter: metering.Meter) -> None:
    metering.sample(
        http_requests=1,
        http_seconds=seconds,
        http_slow=seconds * 1000 > settings.SLOW_REQUEST_MS,
        http_5xx=has_failed,
        http_404=status == HTTPStatus.NOT_FOUND,
        db_queries=meter.queries,
        db_seconds=meter.seconds,
        db_slow=meter.slow,
    )
    metering.total("maristan_http_requests_total", 1, of)
    at = {"method": of["method"], "route": of["route"]}
    metering.total("maristan_http_request_seconds_sum", seconds, at)
    metering.total("maristan_http_request_seconds_count", 1, at)
    bound = next((str(each) for each in BOUNDS if seconds <= each), "+Inf")
    metering.total("maristan_http_request_seconds_bucket", 1, {**at, "le": bound})
    metering.total("maristan_http_database_seconds_total", meter.seconds, at)
    metering.total("maristan_http_database_queries_total", meter.queries, at)


def _figures(
    request: HttpRequest, of: dict[str, Any], status: int, seconds: float, meter: metering.Meter
) -> dict[str, Any]:
    by = getattr(request, "actor", None)
    figures = {
        "route": of["route"], "method": of["method"], "status": status, "duration_ms": round(seconds * 1000, 1),
        "db_queries": meter.queries, "db_ms": round(meter.seconds * 1000, 1),
        "actor": getattr(by, "user_id", None), "institution": getattr(by, "institution_id", None),
    }  # fmt: skip
    return {name: value for name, value in figures.items() if value is not None}


def _level(route: str, seconds: float) -> int:
    if seconds * 1000 > settings.SLOW_REQUEST_MS:
        return logging.WARNING
    return logging.DEBUG if route in PROBES or route == "assets" else logging.INFO

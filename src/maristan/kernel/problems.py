"""Refusals as problem documents (RFC 9457)."""

from http import HTTPStatus

import orjson
from django.http import HttpResponse

from maristan.kernel import logs
from maristan.kernel.errors import Refusal


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

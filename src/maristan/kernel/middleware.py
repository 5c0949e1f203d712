"""The frame of every request: an id, one transaction, replays of POSTs."""

import re
import uuid
from collections.abc import Callable

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from maristan.kernel import idempotency, logs, tenancy
from maristan.kernel.access import Actor, consulted
from maristan.kernel.errors import Invalid, Refusal
from maristan.kernel.problems import problem_response

Answer = Callable[[HttpRequest], HttpResponseBase]
KEPT_HEADERS = ("Content-Type", "ETag", "Location")
KEY = re.compile(r"^[\x21-\x7e]{1,128}$")


class RequestId:
    """Gives each request an id (or keeps a well-formed one) and returns it as `X-Request-ID`."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        offered = request.headers.get("X-Request-ID", "")
        logs.request_id.set(offered if re.fullmatch(r"[\w.-]{8,64}", offered) else uuid.uuid4().hex)
        response = self.get_response(request)
        response["X-Request-ID"] = logs.request_id.get()
        return response


class OneTransaction:
    """Runs each API request in one transaction; whatever answers with an error leaves nothing behind."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith("/api/"):
            return self.get_response(request)
        if "%00" in request.META.get("QUERY_STRING", ""):
            return problem_response(Invalid.at("?", "nul_character", "Text may not contain the character U+0000."))
        asked = consulted.set(set())
        try:
            with transaction.atomic():
                response = self.get_response(request)
                if response.status_code >= 400:
                    transaction.set_rollback(True)
                else:
                    keep_reply(request, response)
            return response
        except Refusal as refusal:  # a deferred constraint may refuse only at commit
            return problem_response(refusal)
        finally:
            consulted.reset(asked)
            if tenancy.current() is not None and not connection.in_atomic_block:
                tenancy.forget()


def replayed(request: HttpRequest, *, institution_id: int, user_id: int) -> HttpResponse | None:
    """The stored answer of the same POST, or none after claiming its Idempotency-Key.

    Raises `Invalid` for a malformed key or one that belongs to another request.
    """
    key = request.headers.get("Idempotency-Key", "")
    if request.method != "POST" or not key:
        return None
    if not KEY.match(key):
        raise Invalid.at("/", "bad_idempotency_key", "An Idempotency-Key has 1 to 128 visible ASCII characters.")
    body = b"" if (request.content_type or "").startswith("multipart/") else request.body
    reply = idempotency.claim(
        institution_id=institution_id, user_id=user_id, key=key, target=f"POST {request.path}", body=body
    )
    if reply is None:
        return None
    response = HttpResponse(reply.body, status=reply.status)
    for name, value in reply.headers.items():
        response[name] = value
    response["Idempotent-Replay"] = "true"
    return response


def keep_reply(request: HttpRequest, response: HttpResponseBase) -> None:
    """Keep a successful answer to a POST that claimed an Idempotency-Key, for replays."""
    by: Actor | None = getattr(request, "actor", None)
    key = request.headers.get("Idempotency-Key", "")
    if by is None or by.institution_id is None or by.user_id is None or request.method != "POST" or not key:
        return
    if not isinstance(response, HttpResponse) or "Idempotent-Replay" in response:
        return
    headers = {name: response[name] for name in KEPT_HEADERS if name in response}
    reply = idempotency.Reply(response.status_code, bytes(response.content), headers)
    idempotency.keep(institution_id=by.institution_id, user_id=by.user_id, key=key, reply=reply)


def csrf_failure(_request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 as a problem document when the CSRF token is missing or wrong."""
    from maristan.kernel.errors import NotAllowed

    return problem_response(NotAllowed("csrf_failed", "Reload the page and try again."))

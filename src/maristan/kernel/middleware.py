"""The frame of every request: an id, errors as problem documents, one transaction, replays of POSTs."""

import hashlib
import re
import uuid
from collections.abc import Callable
from urllib.parse import parse_qsl

import orjson
from django.db import Error, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from maristan.kernel import idempotency, languages, logs, tenancy
from maristan.kernel.access import Actor, consulted
from maristan.kernel.errors import NO_NUL, NUL, Fault, Invalid, NotFound, NotNow
from maristan.kernel.problems import as_problem, problem_response, refusal_of

Answer = Callable[[HttpRequest], HttpResponseBase]
KEPT_HEADERS = ("Content-Type", "ETag", "Location")
KEY = re.compile(r"^[\x21-\x7e]{1,128}$")


class RequestId:
    """Gives each request an id (or keeps a well-formed one) and returns it as `X-Request-ID`."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        offered = request.headers.get("X-Request-ID", "")
        given = offered if logs.WELL_FORMED.fullmatch(offered) else uuid.uuid4().hex
        named, acting = logs.request_id.set(given), logs.actor_id.set(None)
        try:
            response = self.get_response(request)
        finally:
            logs.request_id.reset(named)
            logs.actor_id.reset(acting)
        response["X-Request-ID"] = given
        return response


class ProblemDocuments:
    """Below /api/ every error is a problem document, also one that the framework answers before or after ours."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        return as_problem(response) if request.path.startswith("/api/") else response


class OneTransaction:
    """Runs each API request in one transaction; whatever answers with an error leaves nothing behind.

    No address holds U+0000, which no text of the database can.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if "\0" in request.path:
            return problem_response(NotFound())
        if "%00" in request.META.get("QUERY_STRING", ""):
            return problem_response(Invalid([Fault(f"?{name}", NUL, NO_NUL) for name in _holding_nul(request)]))
        if not request.path.startswith("/api/"):
            return self.get_response(request)
        asked = consulted.set(set())
        read = languages.reading.set(languages.accepted(request.headers.get("Accept-Language", "")))
        try:
            with transaction.atomic():
                response = self.get_response(request)
                if response.status_code >= 400:
                    transaction.set_rollback(True)
                else:
                    keep_reply(request, response)
            return response
        except Error as error:  # the database does not answer, or a deferred constraint refuses at commit
            return problem_response(refusal_of(error))
        finally:
            consulted.reset(asked)
            languages.reading.reset(read)
            if tenancy.current() is not None and not connection.in_atomic_block:
                tenancy.forget()


def _holding_nul(request: HttpRequest) -> list[str]:
    """The parameters whose text holds U+0000; one whose own name does has no name."""
    asked = parse_qsl(request.META["QUERY_STRING"], keep_blank_values=True)
    return sorted({"" if "\0" in name else name for name, value in asked if "\0" in name + value})


def replayed(request: HttpRequest, *, institution_id: int | None, user_id: int) -> HttpResponse | None:
    """The stored answer of the same POST, or none after claiming its Idempotency-Key.

    Raises `Invalid` for a malformed key or one that belongs to another request, and `NotNow` (`answer_not_kept`) when
    the work was done and its answer was a secret or a stream, which is told once and never stored.
    """
    key = request.headers.get("Idempotency-Key", "")
    if request.method != "POST" or not key:
        return None
    if not KEY.match(key):
        raise Invalid.at("/", "bad_idempotency_key", "An Idempotency-Key has 1 to 128 visible ASCII characters.")
    reply = idempotency.claim(
        institution_id=institution_id, user_id=user_id, key=key, target=f"POST {request.path}", digest=_digest(request)
    )
    if reply is None:
        return None
    if reply.body is None:
        raise NotNow("answer_not_kept", "This was done the first time; its answer was told once and is not kept.")
    response = HttpResponse(reply.body, status=reply.status)
    for name, value in reply.headers.items():
        response[name] = value
    response["Idempotent-Replay"] = "true"
    return response


def _digest(request: HttpRequest) -> str:
    """SHA-256 of the body; of a form, over its fields and files, because its boundary differs each time."""
    if not (request.content_type or "").startswith("multipart/"):
        return hashlib.sha256(request.body).hexdigest()
    found = hashlib.sha256(orjson.dumps(sorted(request.POST.lists())))
    for field, files in sorted(request.FILES.lists()):
        for file in files:
            found.update(orjson.dumps([field, file.name, file.size]))
            for chunk in file.chunks():
                found.update(chunk)
            file.seek(0)
    return found.hexdigest()


def keep_secret(request: HttpRequest) -> None:
    """Never store the answer to this request: it holds what is told once."""
    request.answer_is_secret = True  # type: ignore[attr-defined]


def keep_reply(request: HttpRequest, response: HttpResponseBase) -> None:
    """Keep a successful answer to a POST that claimed an Idempotency-Key, for replays; a secret without its body."""
    by: Actor | None = getattr(request, "actor", None)
    key = request.headers.get("Idempotency-Key", "")
    if by is None or by.user_id is None or request.method != "POST" or not key:
        return
    if not isinstance(response, HttpResponse) or "Idempotent-Replay" in response:
        return
    headers = {name: response[name] for name in KEPT_HEADERS if name in response}
    body = None if getattr(request, "answer_is_secret", False) else bytes(response.content)
    reply = idempotency.Reply(response.status_code, body, headers)
    idempotency.keep(institution_id=by.institution_id, user_id=by.user_id, key=key, reply=reply)


def csrf_failure(_request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 as a problem document when the CSRF token is missing or wrong."""
    from maristan.kernel.errors import NotAllowed

    return problem_response(NotAllowed("csrf_failed", "Reload the page and try again."))

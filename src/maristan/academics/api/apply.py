"""Routes of those who apply: no account, a one-time link, little said to strangers (A15)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Any

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from ninja import File, Query, Schema
from ninja.files import UploadedFile
from ninja.responses import Status
from pydantic import Field

from maristan.academics.actions import applying as actions
from maristan.academics.api.application_shapes import SAID, Fields, Said
from maristan.academics.queries import admissions as queries
from maristan.kernel import clock, files, papers, throttle
from maristan.kernel.api import (
    Id,
    In,
    MoveIn,
    Out,
    Routes,
    expected_version,
    file_response,
    no_content,
    public,
    versioned,
)
from maristan.kernel.errors import Gone, NotFound
from maristan.kernel.names import match_key
from maristan.kernel.uploads import received

routes = Routes()
PUBLIC = public("whoever applies has no account")
Token = Annotated[str, Field(min_length=1, max_length=200)]
InstitutionCode = Annotated[str, Field(max_length=40)]
APPLICANT_MOVES = ("submit", "withdraw")
STARTED = "If the address is right, a link is on its way to it."


class WhereTo(Schema):
    """The institution's code; none where the installation has one institution."""

    institution: InstitutionCode = ""


class OpenIntakeOut(Out):
    """An intake that one may apply for now."""

    id: int
    program: str
    batch: str
    opens_at: datetime
    closes_at: datetime
    seats: int


class OpenIntakesOut(Out):
    """What an institution is open for; its times are meant in its zone."""

    institution: str
    time_zone: str
    intakes: list[OpenIntakeOut]


class StartIn(In):
    """Where the link goes; `website` is left empty by people."""

    institution: InstitutionCode = ""
    intake: Id
    email: Annotated[str, Field(min_length=3, max_length=254)]
    language: Annotated[str, Field(pattern="^(en|ur)?$")] = ""
    website: Annotated[str, Field(max_length=500)] = ""


class StartedOut(Out):
    """The same answer for everybody."""

    detail: str


class OwnApplicationOut(Said):
    """An application as the applicant sees it."""

    institution: str
    institution_code: str
    time_zone: str
    language: str
    program_name: str
    batch_name: str
    opens_at: datetime
    closes_at: datetime
    link_expires_at: datetime


def _address(request: HttpRequest) -> str:
    return str(get_adapter(request).get_client_ip(request))


@contextmanager
def _slowed(request: HttpRequest) -> Iterator[None]:
    """Slow down whoever tries links: those that lead nowhere count."""
    try:
        yield
    except (NotFound, Gone):
        throttle.count("apply_link", _address(request), limit=10, seconds=60)
        raise


@contextmanager
def _written(request: HttpRequest) -> Iterator[None]:
    """Count a write of this client, ten a minute."""
    throttle.count("apply_write", _address(request), limit=10, seconds=60)
    with _slowed(request):
        yield


def _own(application: Any, response: HttpResponse) -> Any:
    versioned(response, application.version)
    intake, house = application.intake, queries.house()
    listed = queries.moves(application, [], actor=queries.applicant(), names=APPLICANT_MOVES)
    return {
        **{field: getattr(application, field) for field in SAID},
        "decision_reason": queries.told_reason(application),
        "institution": house.name,
        "institution_code": house.code,
        "time_zone": house.time_zone,
        "language": application.language,
        "program_name": intake.program.name,
        "batch_name": intake.batch.name,
        "opens_at": intake.opens_at,
        "closes_at": intake.closes_at,
        "link_expires_at": application.token_expires_at,
        "papers": queries.papers(application),
        "moves": [each.as_dict() for each in listed],
    }


@routes.get("/apply/intakes/", response=OpenIntakesOut, **PUBLIC)
def list_open_intakes(request: HttpRequest, where: Query[WhereTo]) -> Any:
    """What one may apply for now."""
    with _slowed(request):
        queries.enter(where.institution)
    shown = [
        {
            "id": each.pk, "program": each.program.name, "batch": each.batch.name, "opens_at": each.opens_at,
            "closes_at": each.closes_at, "seats": each.seats,
        }
        for each in queries.open_intakes(clock.now())
    ]  # fmt: skip
    house = queries.house()
    return {"institution": house.name, "time_zone": house.time_zone, "intakes": shown}


@routes.post("/apply/", response={202: StartedOut}, **PUBLIC)
def start_application(request: HttpRequest, body: StartIn) -> Any:
    """Begin or resume: a link goes to the address, and nothing else is told."""
    throttle.count("apply_write", _address(request), limit=10, seconds=60)
    throttle.count("apply_start", match_key(body.email), limit=5, seconds=3600)
    if not body.website:
        queries.enter(body.institution)
        actions.start(intake=body.intake, email=body.email, language=body.language, by=queries.applicant())
    return Status(202, {"detail": STARTED})


@routes.get("/apply/{token}/", response=OwnApplicationOut, **PUBLIC)
def get_own_application(request: HttpRequest, token: Token, response: HttpResponse) -> Any:
    """What was filled in so far, or where the application stands."""
    with _slowed(request):
        return _own(queries.opened_by(token), response)


@routes.patch("/apply/{token}/", response=OwnApplicationOut, **PUBLIC)
def save_own_application(request: HttpRequest, token: Token, body: Fields, response: HttpResponse) -> Any:
    """Save a step."""
    with _written(request):
        saved = actions.save(token=token, version=expected_version(request), values=body.given(), by=None)
        return _own(saved, response)


@routes.get("/apply/{token}/papers/{kind}/", response=None, **PUBLIC)
def get_own_paper(request: HttpRequest, token: Token, kind: str) -> Any:
    """One of one's own papers."""
    with _slowed(request):
        found = queries.paper(queries.opened_by(token), kind)
        return file_response(files.content(found), found.content_type, found.name)


@routes.post("/apply/{token}/papers/{kind}/", response={204: None}, **PUBLIC)
def put_own_paper(request: HttpRequest, token: Token, kind: str, file: File[UploadedFile]) -> Any:
    """Attach a photo of at most 1 MB, or a document of at most 3 MB."""
    with _written(request):
        content = received(file, papers.DOCUMENT_BYTES, papers.judge(is_picture=kind == queries.PHOTO))
        actions.put_paper(token=token, kind=kind, content=content, by=None)
        return no_content()


@routes.delete("/apply/{token}/papers/{kind}/", response={204: None}, **PUBLIC)
def remove_own_paper(request: HttpRequest, token: Token, kind: str) -> Any:
    """Take a paper away."""
    with _written(request):
        actions.remove_paper(token=token, kind=kind, by=None)
        return no_content()


@routes.post("/apply/{token}/moves/submit/", response=OwnApplicationOut, **PUBLIC)
def submit_own_application(request: HttpRequest, token: Token, body: MoveIn, response: HttpResponse) -> Any:
    """Hand the application in."""
    with _written(request):
        return _own(actions.submit(token=token, version=expected_version(request), by=None), response)


@routes.post("/apply/{token}/moves/withdraw/", response=OwnApplicationOut, **PUBLIC)
def withdraw_own_application(request: HttpRequest, token: Token, body: MoveIn, response: HttpResponse) -> Any:
    """Take the application back before it is decided."""
    with _written(request):
        return _own(actions.withdraw(token=token, version=expected_version(request), by=None), response)

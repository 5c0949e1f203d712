"""How long work is answered, and where one sees how far it is."""

import time
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Query, Schema
from pydantic import Field

from maristan.kernel.api import Id, Out, Routes, actor, needs
from maristan.operations.queries import progress as queries
from maristan.operations.rules.states import Perm

routes = Routes()
EVERY = 0.5  # seconds between two looks


class LongWork(Out):
    """It is queued; where to look how far it is."""

    job_id: int
    progress_url: str


class ProgressWanted(Schema):
    """For how many seconds the answer may wait for the end."""

    wait: Annotated[int, Field(ge=0, le=20)] = 0


class ProgressOut(Out):
    """How far it is; `result` is there once something came of it."""

    status: Literal["queued", "running", "succeeded", "failed"]
    percent: int
    step: str
    message: str
    result: dict[str, Any] | None


def queued(job_id: int) -> dict[str, Any]:
    """What is answered to whoever asked for long work."""
    return {"job_id": job_id, "progress_url": f"/api/v1/operations/progress/{job_id}/"}


@routes.get("progress/{int:pk}/", response=ProgressOut, **needs(Perm.VIEW))
def get_progress(request: HttpRequest, pk: Id, wanted: Query[ProgressWanted]) -> Any:
    """How far long work is; with `wait` the answer comes when it ends, or after so many seconds."""
    until = time.monotonic() + wanted.wait
    found = queries.progress(pk, actor=actor(request))
    while found["status"] in ("queued", "running") and time.monotonic() < until:
        time.sleep(EVERY)
        found = queries.progress(pk, actor=actor(request))
    return found

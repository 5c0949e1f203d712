"""A smoke test of what is served (C2): every role does what it may and is refused what it may not.

Each step names itself and its evidence; none passes on having seen nothing.
"""

import time
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from django.conf import settings

from maristan.agenda import actions as agenda
from maristan.config import calendar, release, second_factor, smoke_people
from maristan.config.calling import Answer, Caller, Unreachable
from maristan.config.roles import TABLE
from maristan.config.smoke_people import Somebody
from maristan.config.verification import without_secret
from maristan.directory.models import Holiday
from maristan.kernel import clock, tenancy
from maristan.kernel.access import Actor, Role, platform
from maristan.operations.actions import smoke as actions
from maristan.operations.queries import maintenance, servers
from maristan.operations.rules import integrity as rules

API = "/api/v1"
HOME = (f"{API}/work/inbox-items/", f"{API}/comms/notifications/")
OPERATORS_HOME = (f"{API}/operations/jobs/", f"{API}/operations/processes/")
JOB_WITHIN = 120  # seconds
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n%%EOF\n"

Step = dict[str, Any]
COMMAND = platform(None, "command line")


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of the API and the permission that it asks for."""

    path: str
    permission: str


NOTHING_NEW = "found nothing new"


class Failed(Exception):
    """What was seen instead of what was expected."""


def run(base_url: str = "", *, is_quick: bool = False, by: Actor | None = None, patience: float = 0.0) -> list[Step]:
    """Every step as `{name, passed, evidence}`; what was made for it is removed, and one line of the journal stays.

    A quick run signs every role in and looks at its home; it needs no worker. Two runs would take each other's people
    away: raises `Busy` when another has not ended after `patience` seconds.
    """
    where = base_url or settings.SITE_URL
    with servers.alone("smoke", patience=patience):
        begun = time.monotonic()
        with smoke_people.gathered() as people, maintenance.passing("smoke") as passing:
            here = smoke_people.present()
            steps = [*_steps({role: Caller(where, passing) for role in people}, people, is_quick)]
    actions.keep(
        steps=steps, institution=here, base_url=without_secret(where), seconds=time.monotonic() - begun,
        by=by or COMMAND,
    )  # fmt: skip
    return steps


def unchecked() -> list[str]:
    """What this build has no steps for, because it does not have the thing."""
    there = {f"{each['method']} {each['path']}" for each in release.routes()[0]}
    return [] if f"POST {API}/work/tasks/" in there else ["tasks: this build has none"]


def _steps(callers: Mapping[Role, Caller], people: Mapping[Role, Somebody], is_quick: bool) -> Iterator[Step]:
    for role, who in people.items():
        yield step(f"{role}: sign in", lambda c=callers[role], w=who: _sign_in(c, w))  # type: ignore[misc]
        yield step(f"{role}: home", lambda c=callers[role], r=role: _home(c, r))  # type: ignore[misc]
        if is_quick:
            continue
        yield step(f"{role}: allowed lists", lambda c=callers[role], r=role: allowed(c, r))  # type: ignore[misc]
        yield step(f"{role}: forbidden lists", lambda c=callers[role], r=role: forbidden(c, r))  # type: ignore[misc]
    if is_quick:
        return
    yield step("calendar", lambda: _calendar(callers[Role.STUDENT]))
    yield step("file", lambda: _file(callers[Role.STUDENT], callers[Role.FACULTY]))
    queued: dict[str, Any] = {}
    yield step("job", lambda: _job(callers[Role.OPERATOR], queued))
    yield step("integrity", lambda: _integrity(callers[Role.OPERATOR], queued))


def step(name: str, look: Callable[[], str]) -> Step:
    """One step: passed with what was seen, or failed with what was seen instead."""
    try:
        return {"name": name, "passed": True, "evidence": look()}
    except (Failed, Unreachable) as fault:
        return {"name": name, "passed": False, "evidence": str(fault)}
    except (LookupError, TypeError) as fault:  # JSON, but not of the shape that the API describes
        return {
            "name": name,
            "passed": False,
            "evidence": f"answered in another shape ({type(fault).__name__}: {fault})",
        }


def must(answer: Answer, status: int, what: str) -> Answer:
    """The answer, if it has this status."""
    if answer.status != status:
        raise Failed(f"{what}: {answer.status} {answer.code} instead of {status}".replace("  ", " "))
    return answer


def read(answer: Answer, status: int, what: str) -> Any:
    """What an answer of this status says; a page in its place, as of a proxy that leads elsewhere, is a fault."""
    said = must(answer, status, what).json
    if not isinstance(said, dict | list):
        raise Failed(f"{what}: {answer.kind or 'nothing'} instead of JSON")
    return said


def _sign_in(caller: Caller, who: Somebody) -> str:
    must(caller.sign_in(who.username, who.password), 302, "POST /accounts/login/")
    if not caller.has_session:
        raise Failed("no cookie of a session was given")
    if not who.secret:
        return f"{who.username} has a session"
    must(caller.get(f"{API}/me/"), 401, "me without the second factor")
    must(caller.get("/_allauth/browser/v1/auth/session"), 401, "session")  # gives the token that changes need
    given = {"code": second_factor.code_of(who.secret)}
    must(caller.post("/_allauth/browser/v1/auth/2fa/authenticate", given), 200, "second factor")
    return f"{who.username} has a session, by a second factor"


def _home(caller: Caller, role: Role) -> str:
    me = read(caller.get(f"{API}/me/"), 200, "me")
    name = me["user"]["username"] if "user" in me else me["username"]
    if name != f"{smoke_people.PREFIX}{role}":
        raise Failed(f"me says {name}")
    lists = OPERATORS_HOME if role == Role.OPERATOR else HOME
    counts = [f"{path} {_count(caller.get(path), path)}" for path in lists]
    return f"is {name}; {', '.join(counts)}"


def _count(answer: Answer, path: str) -> int:
    said = read(answer, 200, path)
    if (
        not isinstance(said, dict)
        or not isinstance(said.get("results"), list)
        or not isinstance(said.get("count"), int)
    ):
        raise Failed(f"{path}: is no list")
    return int(said["count"])


def allowed(caller: Caller, role: Role) -> str:
    """One page of each list that the role may see."""
    wanted = [each for each in listings() if role in TABLE[each.permission]]
    wrong = _wrong(wanted, lambda each: _count(caller.get(f"{each.path}?page_size=5"), each.path))
    return _all(wanted, wrong, "answered 200 with a page")


def forbidden(caller: Caller, role: Role) -> str:
    """Every list that the role may not see is refused."""
    wanted = [each for each in listings() if role not in TABLE[each.permission]]
    wrong = _wrong(wanted, lambda each: must(caller.get(each.path), 403, f"{each.path} ({each.permission})"))
    return _all(wanted, wrong, "refused with 403")


def _wrong(wanted: Collection[Listing], look: Callable[[Listing], object]) -> list[str]:
    found = []
    for each in wanted:
        try:
            look(each)
        except Failed as fault:
            found.append(str(fault))
    return found


def _all(wanted: Collection[Listing], wrong: list[str], what: str) -> str:
    if wrong or not wanted:
        raise Failed("; ".join(wrong[:10]) or "there is no such list")
    return f"{len(wanted)} of {len(wanted)} lists {what}"


@cache
def listings() -> tuple[Listing, ...]:
    """Every list of the API whose path names no object, with its permission."""
    from maristan.config.api import api

    described = api.get_openapi_schema(path_prefix=f"{API}/")
    schemas = described["components"]["schemas"]
    found = []
    for path, operations in described["paths"].items():
        said = operations.get("get", {})
        permission = said.get("x-permission", "")
        is_asked = any(each.get("required") for each in said.get("parameters", ()))
        if "{" not in path and permission in TABLE and not is_asked and _is_page(said, schemas):
            found.append(Listing(path, permission))
    return tuple(found)


def _is_page(said: Mapping[str, Any], schemas: Mapping[str, Any]) -> bool:
    content = said.get("responses", {}).get(200, {}).get("content", {})
    named = content.get("application/json", {}).get("schema", {}).get("$ref", "").rpartition("/")[2]
    return {"count", "results"} <= set(schemas.get(named, {}).get("properties", ()))


def _calendar(student: Caller) -> str:
    """A holiday that was put into the calendar is what a student sees there."""
    here, today = smoke_people.present(), clock.now().date()
    assert here is not None
    with tenancy.acting_in(here):
        Holiday.objects.create(name="Smoke", start_date=today, end_date=today)
        shown = calendar.holidays_shown(by=platform(here))
        agenda.put(owner_kind=calendar.HOLIDAY, entries=[each for each in shown.values() if each], by=platform(here))
    first, last = (today + timedelta(days=days) for days in (-1, 1))
    path = f"{API}/agenda/entries/?start_date={first}&end_date={last}"
    said = read(student.get(path), 200, "calendar")
    titles = [each["title"] for each in (said["results"] if isinstance(said, dict) else said)]
    if "Smoke" not in titles:
        raise Failed(f"the entry of today is not among {len(titles)} entries")
    return f"{len(titles)} entries, that of this run among them"


def _file(owner: Caller, other: Caller) -> str:
    """A paper is uploaded, fetched by its owner, and refused to somebody else."""
    today = clock.now().date().isoformat()
    asked = owner.post(f"{API}/directory/leaves/", {"kind": "medical", "start_date": today, "end_date": today})
    path = f"{API}/directory/leaves/{read(asked, 201, 'leave')['id']}/attachment/"
    must(owner.upload(path, "note.pdf", PDF), 204, "upload")
    fetched = must(owner.get(path), 200, "fetched by its owner")
    if fetched.body != PDF:
        raise Failed(f"{len(fetched.body)} bytes came back instead of {len(PDF)}")
    must(other.get(path), 404, "fetched by somebody else")
    return f"{len(PDF)} bytes came back the same; 404 to somebody else"


def _job(operator: Caller, queued: dict[str, Any]) -> str:
    """A job is queued, taken by a worker, and runs to its end."""
    asked = read(operator.post(f"{API}/operations/integrity/"), 202, "queue")
    begun = time.monotonic()
    while True:
        said = read(operator.get(f"{asked['progress_url']}?wait=5"), 200, "progress")
        seconds = time.monotonic() - begun
        if said["status"] in ("succeeded", "failed") or seconds > JOB_WITHIN:
            break
    if said["status"] != "succeeded":
        raise Failed(
            f"job {asked['job_id']} is {said['status']} after {seconds:.0f} s: {said['message'] or said['step']}"
        )
    queued.update(said["result"])
    return f"job {asked['job_id']} ended after {seconds:.1f} s"


def _integrity(operator: Caller, queued: Mapping[str, Any]) -> str:
    """The check that the job made found nothing that the one before, which nobody made for a smoke test, did not find.

    What was there before a release came is no fault of it, and would keep any other away, also that which mends it.
    """
    if "run" not in queued:
        raise Failed("the job that checks did not end")
    listed = read(operator.get(f"{API}/operations/integrity/?page_size=100"), 200, "integrity")["results"]
    made = [each for each in listed if each["id"] == queued["run"]]
    if not made:
        raise Failed(f"run {queued['run']} is not listed")
    found, whole = made[0]["findings"], [each for each in listed if not each["app"] and each["id"] < queued["run"]]
    earlier = [each for each in whole if not each["started_by"].startswith(smoke_people.PREFIX)]
    nothing: dict[str, Any] = {"id": 0, "findings": []}
    before = max(earlier, key=lambda each: int(each["id"]), default=nothing)
    if more := rules.grown(found, before["findings"]):
        raise Failed("; ".join(more[:10]))
    took = f"after {made[0]['seconds']} s"
    if not found:
        return f"run {queued['run']} has no findings {took}"
    known = ", ".join(f"{each['app']} {each['code']}: {each['count']}" for each in found[:10])
    return f"run {queued['run']} {NOTHING_NEW} {took}; as in run {before['id']}: {known}"

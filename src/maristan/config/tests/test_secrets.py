"""Marked secrets go in at every door; nothing that is written down or answered in refusal has any of them."""

import hashlib
import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client as Browser

from maristan.config import sentry
from maristan.config.tests import routes
from maristan.config.tests.test_isolation import address
from maristan.config.tests.world import World, world
from maristan.directory.tests import factories as make
from maristan.kernel import clock, logs
from maristan.kernel.models import ApiToken
from maristan.operations.tests.factories import operator
from maristan.timetable.tests import factories as timetable

PASSWORD, TOKEN, COOKIE, CODE = "marked-password-7", "marked-token-7", "marked-cookie-7", "774411"
BODY, QUERY, NATIONAL_ID = "marked-body-7", "marked-query-7", "35202-7654321-9"
MARKS = (PASSWORD, TOKEN, COOKIE, BODY, QUERY, NATIONAL_ID, "3520276543219")
# Fields that would refuse a marked word keep the value of their shape; what else is text carries a mark.
SECRET_FIELDS = {"password": PASSWORD, "token": TOKEN, "code": CODE, "national_id": NATIONAL_ID}


@pytest.fixture
def written(tmp_path: Path, settings: Any) -> Iterator[Path]:
    """Where this process writes every line, also the most talkative, for the length of a test."""
    handler = logs.Files(tmp_path / "logs", 14)
    handler.setFormatter(logs.formatter())
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield tmp_path / "logs"
    root.setLevel(before)
    root.removeHandler(handler)
    handler.close()


def marked(value: Any, name: str = "") -> Any:
    """A body of the right shape whose texts are marked."""
    if isinstance(value, dict):
        return {key: marked(each, key) for key, each in value.items()}
    if isinstance(value, list):
        return [marked(each, name) for each in value]
    if name in SECRET_FIELDS:
        return SECRET_FIELDS[name]
    return BODY if value == "x" else value


class Watch:
    """Sends marked requests, each undone, and keeps what they would leave behind."""

    def __init__(self, of: World) -> None:
        self.of = of
        self.leaks: dict[str, str] = {}
        self.refusals = 0
        self.jobs = 0

    def send(self, browser: Browser, method: str, url: str, name: str, **options: Any) -> None:
        """One request; what is refused, and the arguments of the jobs it queues, are looked through."""
        with transaction.atomic():
            answer = getattr(browser, method)(url, **options)
            content = b"" if answer.streaming else answer.content
            if answer.status_code >= 400:
                self.refusals += 1
                self.look(f"answer to {name}", content.decode("utf-8", "replace"))
            if method != "get":
                self.look_at_jobs(name)
            transaction.set_rollback(True)

    def look_at_jobs(self, name: str) -> None:
        """What the present transaction queued."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT task_name, args::text FROM procrastinate_jobs WHERE id > %s", [self.last])
            for task, arguments in cursor.fetchall():
                self.jobs += 1
                self.look(f"arguments of {task} by {name}", arguments)

    @property
    def last(self) -> int:
        """The newest job of the world itself."""
        if not hasattr(self, "_last"):
            with connection.cursor() as cursor:
                cursor.execute("SELECT coalesce(max(id), 0) FROM procrastinate_jobs")
                self._last = int(cursor.fetchone()[0])
        return self._last

    def look(self, where: str, text: str) -> None:
        """Note every mark in a text."""
        for mark in MARKS:
            if mark in text:
                self.leaks[where] = f"{mark}: …{text[max(0, text.index(mark) - 80) :][:160]}…"


def bearer(person: Any, token: str) -> Browser:
    """Somebody whose program calls with a token; it is one of the marks, and so is a cookie that goes along."""
    hashed = hashlib.sha256(token.encode()).hexdigest()
    ApiToken.objects.create(
        user_id=person.user_id, institution_id=getattr(person, "institution_id", None), name="x", token_hash=hashed
    )
    browser = Browser(raise_request_exception=False, headers={"Authorization": f"Bearer {token}"})
    browser.cookies["other"] = COOKIE
    return browser


def place(route: routes.Route, of: World) -> str:
    """Its address, with a marked token where no object of the world stands."""
    try:
        return address(route, of)
    except KeyError:
        return re.sub(r"\{\w+\}", TOKEN, route.path) + (f"?{route.query}" if route.query else "")


def knock(watch: Watch, browser: Browser, route: routes.Route, **more: Any) -> None:
    """One route with a marked body, query, cookie and headers."""
    url = place(route, watch.of)
    url += f"{'&' if '?' in url else '?'}search={QUERY}&password={PASSWORD}&ordering={QUERY}"
    options: dict[str, Any] = {"HTTP_USER_AGENT": BODY, "HTTP_REFERER": f"https://a.example/{TOKEN}", **more}
    if route.method not in ("get", "delete"):
        body = {**marked(route.body or {}), "password": PASSWORD, "note_of_nobody": BODY}
        options |= {"data": json.dumps(body), "content_type": "application/json", "HTTP_IF_MATCH": '"1"'}
    watch.send(browser, route.method, url, route.name, **options)


def knock_well(watch: Watch, browser: Browser, route: routes.Route) -> None:
    """The same with nothing but what the shape asks for, so that the work itself is tried."""
    options = {"data": json.dumps(marked(route.body or {})), "content_type": "application/json"}
    url = place(route, watch.of)
    url += f"{'&' if '?' in url else '?'}note={QUERY}"
    watch.send(browser, route.method, url, route.name, **options, HTTP_IF_MATCH='"1"')


def doors(watch: Watch) -> None:
    """Everything that answers beside the API."""
    send = {"content_type": "application/json"}
    stranger = Browser(raise_request_exception=False)
    for path, body in (
        ("auth/login", {"username": BODY, "password": PASSWORD}), ("auth/reauthenticate", {"password": PASSWORD}),
        ("auth/2fa/authenticate", {"code": CODE}), ("auth/password/request", {"email": f"{BODY}@a.example"}),
        ("auth/password/reset", {"key": TOKEN, "password": PASSWORD}), ("auth/webauthn/login", {"credential": TOKEN}),
        ("account/password/change", {"current_password": PASSWORD, "new_password": PASSWORD}),
    ):  # fmt: skip
        watch.send(stranger, "post", f"/_allauth/browser/v1/{path}?next={QUERY}", path, data=json.dumps(body), **send)
    watch.send(stranger, "post", "/accounts/login/", "form", data={"login": BODY, "password": PASSWORD})
    for path in (
        "", "api/v1/", "api/v1/agenda/feeds/", "api/v1/transcripts/verify/", "api/v1/transcripts/signed/?token=",
        "api/v1/directory/invitations/accept/", "api/v1/academics/apply/", "verify/", "media/", "static/", "metrics?",
    ):  # fmt: skip
        watch.send(stranger, "get", f"/{path}{TOKEN}", path)
        watch.send(stranger, "get", f"/{path}{TOKEN}/", path)
    watch.send(stranger, "get", "/api/v1/me/", "bearer", HTTP_AUTHORIZATION=f"Bearer {TOKEN}")
    watch.send(stranger, "get", "/api/v1/me/", "host", HTTP_HOST=f"{BODY}.example")
    watch.send(stranger, "get", "/api/v1/me/", "request id", HTTP_X_REQUEST_ID=f"{TOKEN}\n{PASSWORD}")
    watch.send(stranger, "post", "/api/v1/academics/apply/", "no json", data=f"{{{BODY}", **send)


@pytest.mark.django_db
def test_no_marked_secret_is_written_down_or_answered(written: Path) -> None:
    with clock.stopped_at(timetable.CLOCK):
        watch = Watch(world("fmu"))
        adam, omar = bearer(make.member("Adam", "admin"), TOKEN), bearer(operator(), f"{TOKEN}-of-operator")
        stranger = Browser(raise_request_exception=False, headers={"Authorization": f"Bearer {TOKEN}-of-nobody"})
        for number, route in enumerate(routes.every()):
            who = omar if route.is_of_platform else adam
            if route.path.endswith("/export/"):  # the list beside it does the same work for who may
                who = stranger
            writes = route.method not in ("get", "delete") and not route.is_upload
            if writes:
                knock_well(watch, who, route)
            if not writes or number % 4 == 0:
                knock(watch, who, route)
        doors(watch)
        watch.look("metrics", omar.get("/metrics", HTTP_HOST="localhost", REMOTE_ADDR="127.0.0.1").content.decode())
    said = "".join(file.read_text() for file in written.iterdir())
    watch.look("the log", said)
    assert watch.leaks == {}
    assert said.count('"event":"request"') > 400
    assert watch.refusals > 200
    assert watch.jobs > 10


def test_a_leak_is_found() -> None:
    watch = Watch(None)  # type: ignore[arg-type]
    watch.look("the log", f"somebody typed {PASSWORD}")
    assert list(watch.leaks) == ["the log"]


def test_what_leaves_for_sentry_has_none_of_them() -> None:
    frame = {"filename": "a.py", "function": "f", "lineno": 1, "vars": {"password": PASSWORD}, "context_line": BODY}
    event = {
        "event_id": "1", "request": {"cookies": COOKIE, "query_string": QUERY, "data": BODY}, "user": {"id": TOKEN},
        "breadcrumbs": {"values": [{"message": BODY}]}, "extra": {"code": CODE}, "message": NATIONAL_ID,
        "exception": {"values": [{"type": "ValueError", "value": PASSWORD, "stacktrace": {"frames": [frame]}}]},
    }  # fmt: skip
    sent = json.dumps(sentry.without_data(event))
    assert [mark for mark in (*MARKS, CODE) if mark in sent] == []
    assert "ValueError" in sent

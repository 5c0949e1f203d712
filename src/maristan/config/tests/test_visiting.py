"""Whoever verifies what is served waits for a process that has just begun, and not for ever."""

from collections.abc import Sequence
from typing import Any

import pytest

from maristan.config.visiting import Visitor
from maristan.operations.queries import certificates
from maristan.operations.rules.served import Reply

AT = ("registry.example", 8443)
SCHEMA = Reply(200, {}, b'{"paths": {"/api/v1/a/": {"get": {}}}}')


@pytest.mark.parametrize(
    ("answers", "found"),
    [([SCHEMA], {"GET a/"}), ([None, None, SCHEMA], {"GET a/"}), ([None] * 3, None), ([Reply(500), SCHEMA], None)],
)
def test_the_description_of_the_api_is_asked_for_three_times(
    answers: Sequence[Reply | None], found: set[str] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    coming = iter([*answers, SCHEMA])
    monkeypatch.setattr(Visitor, "fetch", lambda _self, path: next(coming))
    assert Visitor("http://127.0.0.1").schema() == found


@pytest.mark.parametrize(
    ("days", "least", "found"), [(21.0, 21, []), (20.9, 21, ["21"]), (20.9, 14, []), (0.0, 14, ["0"]), (None, 21, [])]
)
def test_a_certificate_that_ends_is_told_from_when_on_its_alert_fires(
    days: float | None, least: int, found: list[str], monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.ALERTS = {**settings.ALERTS, "CERTIFICATE_EXPIRING": least}
    monkeypatch.setattr(Visitor, "fetch", lambda _self, path: Reply(301, {"location": "https://registry.example/"}))
    monkeypatch.setattr(certificates, "days_left", lambda host, port, _now: days if (host, port) == AT else None)
    said = Visitor("https://registry.example:8443").transport()
    assert [(each.code, each.subject, each.found) for each in said] == [
        ("certificate_expiring", "registry.example", each) for each in found
    ]


@pytest.mark.parametrize(
    ("reply", "codes"),
    [
        (Reply(308, {"location": "https://registry.example/"}), []),
        (Reply(200, {}), ["http_not_redirected"]),
        (Reply(302, {"location": "http://registry.example/home"}), ["http_not_redirected"]),
        (None, []),
    ],
)
def test_who_comes_without_tls_has_to_be_sent_to_it(
    reply: Reply | None, codes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Visitor, "fetch", lambda _self, path: reply)
    monkeypatch.setattr(certificates, "days_left", lambda *_: None)
    assert [each.code for each in Visitor("https://registry.example").transport()] == codes
    assert Visitor("http://registry.example").transport() == []

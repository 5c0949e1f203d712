"""Whoever verifies what is served waits for a process that has just begun, and not for ever."""

from collections.abc import Sequence

import pytest

from maristan.config.visiting import Visitor
from maristan.operations.rules.served import Reply

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

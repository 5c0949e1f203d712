"""Kinds of items whose title and detail are given, declared for these tests alone."""

import pytest

from maristan.kernel import messages
from maristan.kernel.messages import Template, text


@pytest.fixture(autouse=True)
def _declared(monkeypatch: pytest.MonkeyPatch) -> None:
    said = text(
        "title", "detail",
        en=Template("{title}", ("{detail}",)),
        ur=Template("کام: {title}", ("{detail}",)),
    )  # fmt: skip
    for kind in ("test.first", "test.second"):
        monkeypatch.setitem(messages._declared, kind, said)

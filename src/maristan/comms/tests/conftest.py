"""A message whose title and body are given, declared for these tests alone."""

import pytest

from maristan.kernel import messages
from maristan.kernel.messages import Template, text


@pytest.fixture(autouse=True)
def _declared(monkeypatch: pytest.MonkeyPatch) -> None:
    said = text(
        "title", "body",
        en=Template("{title}", ("{body}",)),
        ur=Template("خبر: {title}", ("{body}",)),
    )  # fmt: skip
    monkeypatch.setitem(messages._declared, "test.said", said)

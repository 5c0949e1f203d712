"""A message whose title and body are given, declared for these tests alone, and a receiver of webhooks."""

from collections.abc import Iterator
from typing import Any

import pytest

from maristan.comms.tests.receiver import Receiver, listening
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


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    """A receiver on this machine, to which an operator let webhooks go."""
    settings.WEBHOOKS_ALLOW_HTTP, settings.WEBHOOKS_ALLOWED_PRIVATE_CIDRS = True, ["127.0.0.0/8"]
    with listening() as found:
        yield found

"""A second server never shares the port of the first."""

import socket
from typing import Any

import pytest
from django.core.management import CommandError, call_command


def test_a_port_that_is_taken_is_refused_before_anything_starts(settings: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        settings.WEB_BIND = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(CommandError, match="Something answers on 127"):
            call_command("serve")

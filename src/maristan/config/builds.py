"""Every answer says which build gave it, so that the client knows when a new one serves."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from maristan.operations.queries import build


class BuildNamed:
    """Adds `X-Maristan-Build`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response["X-Maristan-Build"] = build.running().build_id
        return response

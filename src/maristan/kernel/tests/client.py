"""A signed-in person at the API, as tests speak of them."""

import json
from dataclasses import dataclass
from typing import Any

from django.test import Client as DjangoClient

from maristan.kernel.models import User


@dataclass(frozen=True)
class Answer:
    """Status, problem code, body and headers of an answer."""

    status: int
    body: bytes
    headers: Any

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)

    @property
    def code(self) -> str:
        """The `code` of a problem document."""
        return str(self.json["code"])

    @property
    def pointers(self) -> list[tuple[str, str]]:
        """(pointer, code) of each fault of a 422."""
        return [(each["pointer"], each["code"]) for each in self.json["errors"]]

    @property
    def missing(self) -> list[str]:
        """Codes of unmet requirements of a 409."""
        return [each["code"] for each in self.json["missing"]]


class Client:
    """Requests of one person (or of nobody); faults of the server are raised, not hidden in a 500."""

    def __init__(self, person: Any = None) -> None:
        self.django = DjangoClient()
        if person is not None:
            self.django.force_login(
                User.objects.get(pk=person.user_id), backend="django.contrib.auth.backends.ModelBackend"
            )

    def get(self, url: str, **headers: str) -> Answer:
        """GET."""
        return self._send("get", url, None, None, headers)

    def post(self, url: str, body: Any = None, version: int | None = None, **headers: str) -> Answer:
        """POST a JSON body."""
        return self._send("post", url, {} if body is None else body, version, headers)

    def patch(self, url: str, body: Any, version: int | None = None, **headers: str) -> Answer:
        """PATCH a JSON body."""
        return self._send("patch", url, body, version, headers)

    def put(self, url: str, body: Any, version: int | None = None, **headers: str) -> Answer:
        """PUT a JSON body."""
        return self._send("put", url, body, version, headers)

    def delete(self, url: str, **headers: str) -> Answer:
        """DELETE."""
        return self._send("delete", url, None, None, headers)

    def upload(self, url: str, filename: str, content: bytes, **fields: str) -> Answer:
        """POST a multipart form with one file."""
        from django.core.files.uploadedfile import SimpleUploadedFile

        response = self.django.post(url, {"file": SimpleUploadedFile(filename, content), **fields})
        return self._answer(response)

    def _send(self, method: str, url: str, body: Any, version: int | None, headers: dict[str, str]) -> Answer:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if version is not None:
            sent["If-Match"] = f'"{version}"'
        options = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        return self._answer(getattr(self.django, method)(url, headers=sent, **options))

    @staticmethod
    def _answer(response: Any) -> Answer:
        content = b"".join(response.streaming_content) if response.streaming else response.content
        return Answer(response.status_code, content, response.headers)

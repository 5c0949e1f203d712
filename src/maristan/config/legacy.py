"""The paths of the system before this one: off, read only, or whole, as the operator says (L1-L4)."""

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from ninja import NinjaAPI

from maristan.academics.api.legacy import routes as academics
from maristan.academics.api.legacy_requests import routes as requests
from maristan.assessment.api.legacy import routes as assessments
from maristan.config.identity import SignedIn, is_known
from maristan.config.refusals import answer_refusals
from maristan.kernel.api import OrjsonParser, OrjsonRenderer
from maristan.kernel.errors import NotFound, NotNow, NotSignedIn, Refusal
from maristan.kernel.problems import problem_response

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
REASON = "Writing through these paths is switched off; use the successor version."
# What serves the work of a path now.
SUCCESSORS = {
    "enrollment": "/api/v1/academics/enrollments/",
    "requests": "/api/v1/academics/requests/",
    "assessments": "/api/v1/assessment/exams/",
}
PATHS = re.compile(r"^/api/(?:v1/)?legacy/([^/]*)")

legacy = NinjaAPI(
    title="Maristan, paths kept for integrations",
    version="1",
    auth=SignedIn(),
    parser=OrjsonParser(),
    renderer=OrjsonRenderer(),
    openapi_url=None,
    docs_url=None,
    urls_namespace="legacy",
)
legacy.add_router("", academics)
legacy.add_router("", requests)
legacy.add_router("", assessments)
answer_refusals(legacy)


class LegacyGate:
    """Stands before the paths under /api/legacy/: hides them, or refuses to write, and names the successor."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        found = PATHS.match(request.path)
        if found is None:
            return self.get_response(request)
        if not settings.ENABLE_LEGACY_MODULES:
            return problem_response(NotFound())
        refusal = _refusal(request)
        response = problem_response(refusal) if refusal else self.get_response(request)
        response["Deprecation"] = "true"
        if found[1] in SUCCESSORS:
            response["Link"] = f'<{SUCCESSORS[found[1]]}>; rel="successor-version"'
        return response


def _refusal(request: HttpRequest) -> Refusal | None:
    """Why this request goes no further; its body is not read."""
    if request.method in SAFE or settings.ALLOW_LEGACY_WRITES:
        return None
    if not is_known(request):
        return NotSignedIn(detail="Sign in first.")
    details = {"path": request.path, "method": request.method, "reason": REASON}
    return NotNow("LEGACY_WRITES_DISABLED", REASON, details=details)

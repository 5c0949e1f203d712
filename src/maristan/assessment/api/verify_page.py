"""The page behind the QR of a document: an answer for anybody, in English or Urdu, without a script."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from maristan.assessment.api.documents import count_look
from maristan.assessment.queries import documents as queries
from maristan.assessment.rules.verify_words import words
from maristan.kernel.errors import TooMany
from maristan.kernel.languages import LANGUAGES, accepted

TEMPLATE = "assessment/verify.html"


def page(request: HttpRequest, code: str) -> HttpResponse:
    """Whether the document of a code is genuine: 200 for a known code, 404 for another, 429 for too many looks."""
    wanted = request.GET.get("lang", "")
    spoken = LANGUAGES.get(wanted) or accepted(request.headers.get("Accept-Language", ""))
    try:
        count_look(request)
    except TooMany:
        found, state, status = None, "slow", 429
    else:
        found = queries.verified(code)
        state, status = ("unknown", 404) if found is None else (found["status"], 200)
    said = words(spoken.code)
    context = {
        "found": found, "state": state, "said": said["states"][state], "words": said, "language": spoken.code,
        "direction": "rtl" if spoken.is_rtl else "ltr", "other": "en" if spoken.is_rtl else "ur",
        "kind": said["kinds"][found["kind"]] if found else "",
        "issued": f"{spoken.day(found['issued_on'])} {found['issued_on'].year}" if found else "",
    }  # fmt: skip
    response = render(request, TEMPLATE, context, status=status)
    response["Cache-Control"], response["X-Robots-Tag"] = "no-store", "noindex"
    return response

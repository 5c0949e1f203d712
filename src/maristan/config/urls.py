"""Every path that the server answers; what is not the API belongs to the web client."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import include, path, re_path

from maristan.assessment.api import verify_page
from maristan.config import headers, signing_in
from maristan.config.api import api
from maristan.config.legacy import legacy
from maristan.kernel.errors import NotFound
from maristan.kernel.problems import problem_response

_patterns, _app, _namespace = api.urls
_old_patterns, _old_app, _old_namespace = legacy.urls


def client(request: HttpRequest, path: str = "") -> HttpResponseBase:
    """The page of the web client, for every route that it knows itself."""
    page = settings.WEB_BUNDLE / "index.html"
    if not page.is_file():
        raise Http404("the web client is not built; run make web")
    from django.middleware.csrf import get_token

    get_token(request)
    body = page.read_text(encoding="utf-8").replace(headers.NONCE, headers.nonce(request))
    response = HttpResponse(body)
    response["Cache-Control"] = "no-cache"
    return response


def no_such_route(_request: HttpRequest, path: str = "") -> HttpResponse:
    """404 as a problem document where no page can be, which says that not an object but the address is unknown.

    Below `/api/`; below `/media/`, where no file has an address; below `/oobc-management/`, whose addresses programs of
    other offices know and which answer once tasks and the office's calendar are there.
    """
    response = problem_response(NotFound())
    response["X-Maristan-Route"] = "none"
    return response


handler500 = "maristan.config.refusals.fault"
urlpatterns = [
    path("accounts/login/", signing_in.form),
    path("_allauth/", include("allauth.headless.urls")),
    path("api/v1/legacy/", (_old_patterns, _old_app, _old_namespace)),
    path("api/legacy/", (_old_patterns, _old_app, "legacy-short")),
    path("api/v1/", (_patterns, _app, _namespace)),
    path("api/", (_patterns, _app, "api-short")),
    re_path(r"^(?:api|media|oobc-management)/(?P<path>.*)$", no_such_route),
    re_path(r"^verify/(?P<code>[^/]{1,60})/?$", verify_page.page),
    re_path(r"^(?!static/|assets/)(?P<path>.*)$", client),
]

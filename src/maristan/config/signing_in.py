"""The limits of signing in, the same for the form, the API, codes and a repeated proof; and the form itself."""

import logging
import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import get_adapter
from allauth.account.internal import flows
from allauth.account.internal.stagekit import unstash_login
from allauth.account.models import EmailAddress, Login
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt

from maristan.config import devices, throttling
from maristan.config.proxies import client_address
from maristan.kernel import clock, lockout, proof, tenancy
from maristan.kernel.access import platform
from maristan.kernel.errors import NotAllowed, NotSignedIn, Refusal, TooMany
from maristan.kernel.models import User
from maristan.kernel.problems import problem_response
from maristan.operations.actions import account_telling
from maristan.operations.queries import impersonation
from maristan.operations.rules.impersonation import ENDS as IMPERSONATION_ENDS
from maristan.operations.rules.impersonation import KEY as IMPERSONATION
from maristan.operations.rules.impersonation import WHERE as IMPERSONATION_IN
from maristan.operations.rules.impersonation import check_account

log = logging.getLogger("maristan.accounts")
CODES = re.compile(r"^/_allauth/[^/]+/v1/auth/2fa/(authenticate|reauthenticate)$")
OWN_SESSIONS = re.compile(r"^/_allauth/[^/]+/v1/auth/sessions$")
PAGE = "/sign-in"
BEGUN, SEEN = "begun", "seen"
SEEN_EVERY = 300  # seconds


class SignInLimits:
    """Counts tries with codes, and answers a refusal of any try as a problem document."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        refused = _over_age(request) or _as_somebody_else(request) or _unproven(request)
        if refused is not None:
            return refused
        asking = _whose_code(request) if request.method == "POST" and CODES.match(request.path) else None
        if asking is None:
            response = self.get_response(request)
            devices.remember(request, response)
            return response
        try:
            attempt_id = begin(request, lockout.of_user(asking))
        except Refusal as refusal:
            return problem_response(refusal)
        response = self.get_response(request)
        if response.status_code != HTTPStatus.BAD_REQUEST:
            lockout.was_right(attempt_id=attempt_id)
        else:
            failed(request, attempt_id)
        devices.remember(request, response)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """What the adapter refuses deep inside a view of the framework."""
        return problem_response(error) if isinstance(error, Refusal) else None


def _over_age(request: HttpRequest) -> HttpResponse | None:
    """Sign out whoever has been signed in for too long, however busy; whoever is busy is not idle."""
    if not request.path.startswith(("/api/", "/_allauth/")) or settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    now = int(clock.now().timestamp())
    begun = request.session.get(BEGUN)
    if begun is None:
        return None
    if now - begun >= settings.SESSION_ABSOLUTE_AGE:
        logout(request)
    elif now - request.session.get(SEEN, begun) >= SEEN_EVERY and not throttling.FREE.match(request.path):
        request.session[SEEN] = now  # saving it moves the end of an idle session; screens that ask by themselves do not
    return None


def _as_somebody_else(request: HttpRequest) -> HttpResponse | None:
    """Passwords and second factors of one's own are out of reach while one acts as somebody else."""
    if not request.path.startswith("/_allauth/") or IMPERSONATION not in request.session:
        return None
    begun = request.session.get(IMPERSONATION_ENDS, 0) > clock.now().timestamp()
    try:
        if begun and _is_acting(request):
            check_account(request.path)
    except Refusal as refusal:
        return problem_response(refusal)
    return None


def _is_acting(request: HttpRequest) -> bool:
    """Whether it was not ended meanwhile, from another session."""
    with tenancy.acting_in(request.session[IMPERSONATION_IN]):
        row = impersonation.live(request.session[IMPERSONATION], actor_id=request.user.pk or 0)
    return row is not None


def _unproven(request: HttpRequest) -> HttpResponse | None:
    """Sessions of an account are ended by whoever has just proved that it is theirs."""
    if request.method != "DELETE" or not OWN_SESSIONS.match(request.path) or not request.user.is_authenticated:
        return None
    try:
        proof.must_be_fresh(request)
    except Refusal as refusal:
        return problem_response(refusal)
    return None


def _whose_code(request: HttpRequest) -> int | None:
    if request.user.is_authenticated:
        return request.user.pk
    login = unstash_login(request, peek=True)
    return login.user.pk if login and login.user else None


def begin(request: HttpRequest, account: str) -> int:
    """Count a try; raises `TooMany` for a locked account and for too many tries in a minute."""
    address = throttling.place(client_address(request))
    try:
        attempt_id = lockout.attempt(account=account, address=address)
    except TooMany as locked:
        log.warning("not_proved", extra={"code": locked.code})
        raise
    now = clock.now().timestamp()
    for key, rate in (
        (f"login:{account}:{address}", settings.LOGIN_RATE_LIMIT),
        (f"login:{address}", settings.LOGIN_ADDRESS_RATE),
    ):
        wait = throttling.count(key, rate, now)[0] if rate else 0
        if wait:
            lockout.was_right(attempt_id=attempt_id)
            raise TooMany(detail="Too many attempts; wait a little.", retry_after=wait)
    return attempt_id


def failed(request: HttpRequest, attempt_id: int) -> None:
    """A try was wrong: it is written down, and the owner of an account that it locks is told."""
    log.warning("not_proved", extra={"code": "code" if CODES.match(request.path) else "password"})
    owner = lockout.locked_by(attempt_id=attempt_id)
    if owner is not None:
        account_telling.ask(
            user_id=owner, event=account_telling.LOCKED, address=client_address(request), once=f"locked:{attempt_id}",
            by=platform(None),
        )  # fmt: skip


def account_of(credentials: dict[str, Any]) -> str:
    """The key of whom credentials name, found in the same way whether or not there is such an account."""
    name, email = str(credentials.get("username") or ""), str(credentials.get("email") or "")
    found = User.objects.filter(username__iexact=name).first() if name else None
    if found is None and email:
        found = User.objects.filter(email__iexact=email).first()
        if found is None:
            proven = EmailAddress.objects.filter(email__iexact=email).select_related("user").first()
            found = proven.user if proven else None
    return lockout.of_user(found.pk) if found else lockout.of_name(name or email)


def forgive(request: HttpRequest, user: AbstractBaseUser) -> None:
    """Whoever is signed in completely is no longer counted at this address."""
    lockout.unlock(user_id=user.pk, address=throttling.place(client_address(request)))


@csrf_exempt
def form(request: HttpRequest) -> HttpResponseBase:
    """`POST /accounts/login/`: username or e-mail and password, without a token; GET leads to the page."""
    if request.method in {"GET", "HEAD"}:
        return HttpResponseRedirect(PAGE)
    try:
        return _signed_in(request)
    except Refusal as refusal:
        return problem_response(refusal)


def _signed_in(request: HttpRequest) -> HttpResponseBase:
    if request.method != "POST":
        refusal = Refusal("method_not_allowed")
        refusal.status = HTTPStatus.METHOD_NOT_ALLOWED
        raise refusal
    refuse_other_sites(request)
    typed = (request.POST.get("username") or request.POST.get("login") or "").strip()
    method = "email" if "@" in typed else "username"
    credentials = {method: typed, "password": request.POST.get("password", "")}
    could_be = typed and credentials["password"] and "\0" not in typed
    user = get_adapter(request).authenticate(request, **credentials) if could_be else None
    if user is None:
        raise NotSignedIn("wrong_credentials", "The name or the password is wrong.")
    flows.login.perform_password_login(request, credentials, Login(user=user))
    if not request.user.is_authenticated:  # the second factor is asked for on the page
        return HttpResponseRedirect(PAGE)
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    return HttpResponseRedirect(wanted if is_ours else "/")


def refuse_other_sites(request: HttpRequest) -> None:
    """Raise `NotAllowed` (`cross_site`) for what a page of another site sends; a program sends neither header."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    foreign = site is not None and site not in {"same-origin", "none"}
    if origin is not None:
        split = urlsplit(origin)
        foreign = foreign or (split.scheme, split.netloc) != (request.scheme, request.get_host())
    if foreign:
        raise NotAllowed("cross_site", "Sign in on the page of this site.")

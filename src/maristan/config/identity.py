"""From a session or a bearer token to the actor of a request."""

import hashlib
from dataclasses import replace
from typing import Any

from django.http import HttpRequest
from ninja.security.base import AuthBase
from ninja.utils import check_csrf

from maristan.config import second_factor
from maristan.config.roles import TABLE, in_person
from maristan.directory.queries import identity
from maristan.kernel import clock, logs, tenancy
from maristan.kernel.access import Actor
from maristan.kernel.errors import NotAllowed, NotSignedIn
from maristan.kernel.models import ApiToken, User
from maristan.operations.queries import impersonation
from maristan.operations.rules.impersonation import KEY as IMPERSONATION
from maristan.operations.rules.states import Perm

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

# Who belongs to two institutions can still leave the one whose portal is closed, or where a second factor is asked for.
ALWAYS_OPEN = ("/api/v1/me/", "/api/me/", "/api/v1/me/institution/", "/api/me/institution/")


class SignedIn(AuthBase):
    """Session with CSRF protection, or `Authorization: Bearer`; sets the institution of the transaction."""

    openapi_type = "http"
    openapi_scheme = "bearer"
    openapi_name = "SignedIn"

    def __call__(self, request: HttpRequest) -> Actor:
        header = request.headers.get("Authorization", "")
        if header:
            actor = actor_of(*_by_token(header), is_bound=True)
        else:
            own = actor_of(*_by_session(request))
            if request.path not in ALWAYS_OPEN:
                second_factor.must_be_there(own)
            actor = acting(request, own)
        if request.path not in ALWAYS_OPEN:
            identity.must_be_open(actor)
        request.actor = actor  # type: ignore[attr-defined]
        logs.actor_id.set(actor.user_id)
        return actor


def acting(request: HttpRequest, own: Actor) -> Actor:
    """The actor of the person as whom somebody acts in this session, else their own.

    Every line of the journal meanwhile carries both names.
    """
    pk = request.session.get(IMPERSONATION)
    row = impersonation.live(pk, actor_id=own.user_id or 0) if pk else None
    if row is None:
        return own
    target = User.objects.filter(pk=row.target_id, is_active=True).first()
    found = identity.actor_for(target, own.institution_id, TABLE) if target else None
    if found is None or found.person_id is None or not own.reach(Perm.PERSON_IMPERSONATE):
        return own
    request.impersonation = row  # type: ignore[attr-defined]
    return lent(found, own.name, is_writing=request.method not in SAFE)


def lent(actor: Actor, to: str, *, is_writing: bool) -> Actor:
    """A person as somebody else acts as them: they see what the person sees, and write only what roles lend."""
    withheld = frozenset(filter(in_person, actor.permissions)) if is_writing else frozenset()
    kept = {name: reach for name, reach in actor.reaches.items() if name not in withheld}
    return replace(actor, name=f"{actor.name} ({to})", reaches=kept, is_lent=True, withheld=withheld)


def is_known(request: HttpRequest) -> bool:
    """True for a request of somebody signed in, by session or token, whose body was not looked at."""
    header = request.headers.get("Authorization", "")
    if not header:
        return bool(request.user.is_authenticated)
    try:
        _by_token(header)
    except NotSignedIn:
        return False
    return True


def account_of_token(header: str) -> int | None:
    """The account whose bearer token this is; none for a header that opens nothing."""
    try:
        return _by_token(header)[0].pk
    except NotSignedIn:
        return None


def is_operator(request: HttpRequest) -> bool:
    """True for a request of an operator of the platform, by session or token."""
    header = request.headers.get("Authorization", "")
    try:
        user: Any = _by_token(header)[0] if header else request.user
    except NotSignedIn:
        return False
    return bool(user.is_authenticated and user.is_active and user.is_operator)


def actor_of(user: User, institution_id: int | None, *, is_bound: bool = False) -> Actor:
    """Enter the institution (the user's first without a choice) and give the user's actor there.

    A token `is_bound`: it opens the institution that it was made for and no other. Raises `NotSignedIn`.
    """
    own = identity.institution_ids_of(user.pk)
    if is_bound and institution_id is not None and institution_id not in own:
        raise NotSignedIn(detail="This token is of an institution to which its owner no longer belongs.")
    chosen = institution_id if institution_id in own else (own[0] if own else None)
    tenancy.enter(chosen)
    return identity.actor_for(user, chosen, TABLE)


def _by_token(header: str) -> tuple[User, int | None]:
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise NotSignedIn(detail="Authorization takes a bearer token.")
    hashed = hashlib.sha256(token.strip().encode()).hexdigest()
    found = ApiToken.objects.select_related("user").filter(token_hash=hashed, revoked_at=None).first()
    if found is None or not found.user.is_active:
        raise NotSignedIn(detail="This token is unknown or revoked.")
    now = clock.now()
    if found.last_used_at is None or (now - found.last_used_at).total_seconds() > 60:
        ApiToken.objects.filter(pk=found.pk).update(last_used_at=now)
    return found.user, found.institution_id


def _by_session(request: HttpRequest) -> tuple[User, int | None]:
    user: Any = request.user
    if not user.is_authenticated:
        raise NotSignedIn(detail="Sign in first.")
    if request.method not in {"GET", "HEAD", "OPTIONS"} and check_csrf(request):
        raise NotAllowed("csrf_failed", "Reload the page and try again.")
    return user, request.session.get("institution_id")


def actor_by_id(user_id: int) -> Actor:
    """The actor of a user in the institution in context, as their roles stand now; for jobs."""
    return identity.actor_for(User.objects.get(pk=user_id), tenancy.current(), TABLE)

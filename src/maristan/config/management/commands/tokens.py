"""`maristan tokens create|list|revoke`: bearer tokens for programs."""

import hashlib
import secrets
from typing import Any

from django.core.management.base import CommandParser

from maristan.directory.queries import identity
from maristan.kernel import clock
from maristan.kernel.models import ApiToken, User
from maristan.operations.management.answers import Exit, OperatorCommand


class Command(OperatorCommand):
    """The token is printed once; only its hash is stored."""

    help = "create USERNAME --name N [--institution CODE] | list USERNAME | revoke USERNAME --name N"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["create", "list", "revoke"])
        parser.add_argument("username")
        parser.add_argument("--name", default="")
        parser.add_argument("--institution", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username__iexact=options["username"]).first()
        if user is None:
            self.stop(Exit.CANNOT_RUN, f"There is no account {options['username']}.")
        if options["what"] != "list" and not options["name"]:
            self.stop(Exit.CANNOT_RUN, "Give the token a name with --name.")
        getattr(self, options["what"])(user, options)

    def create(self, user: User, options: dict[str, Any]) -> None:
        """Print a new token."""
        own = {each["code"]: each["id"] for each in identity.institutions_of(user.pk)}
        if options["institution"] and options["institution"] not in own:
            self.stop(Exit.CANNOT_RUN, f"{user.username} does not belong to {options['institution']}.")
        institution_id = own.get(options["institution"]) or next(iter(own.values()), None)
        if ApiToken.objects.filter(user=user, name=options["name"]).exists():
            self.stop(Exit.REFUSED, f"{user.username} has a token of that name; revoke it or choose another.")
        token = "mrs_" + secrets.token_urlsafe(32)
        ApiToken.objects.create(
            user=user,
            institution_id=institution_id,
            name=options["name"],
            token_hash=hashlib.sha256(token.encode()).hexdigest(),
        )
        self.answer({"name": options["name"], "token": token}, token, as_json=options["as_json"])

    def list(self, user: User, options: dict[str, Any]) -> None:
        """Print names and dates, never a token."""
        found = [
            {"name": each.name, "state": "revoked" if each.revoked_at else "live", "created_at": each.created_at}
            for each in ApiToken.objects.filter(user=user).order_by("name")
        ]
        lines = [f"{each['name']}\t{each['state']}\tcreated {each['created_at']:%Y-%m-%d}" for each in found]
        self.answer({"tokens": found}, "\n".join(lines), as_json=options["as_json"])

    def revoke(self, user: User, options: dict[str, Any]) -> None:
        """Make a token stop working."""
        if not ApiToken.objects.filter(user=user, name=options["name"], revoked_at=None).update(revoked_at=clock.now()):
            self.stop(Exit.CANNOT_RUN, "There is no live token of that name.")
        self.answer({"name": options["name"], "state": "revoked"}, "revoked", as_json=options["as_json"])

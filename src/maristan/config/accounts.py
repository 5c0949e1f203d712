"""How accounts come to be: by invitation only, never by signing up."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Closes the sign-up of allauth; an invitation creates the account instead."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The peer's address, or what a trusted proxy says of it."""
        from maristan.config.proxies import client_address

        return client_address(request)

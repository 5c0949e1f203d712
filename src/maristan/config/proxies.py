"""Whom a request comes from when trusted proxies stand before the server."""

from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The address of the client: the last forwarded one that no trusted proxy added itself."""
    peer: str = request.META.get("REMOTE_ADDR") or "127.0.0.1"
    chain = [*(part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()), peer]
    for candidate in reversed(chain):
        try:
            if not is_trusted(candidate):
                return str(candidate)
        except ValueError:
            return str(peer)
    return str(chain[0])


def is_trusted(address: str) -> bool:
    """True for the address of a trusted proxy; raises `ValueError` for what is no address."""
    found = ip_address(address)
    return any(found in ip_network(each) for each in settings.TRUSTED_PROXIES)

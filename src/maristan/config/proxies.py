"""Whom a request comes from when trusted proxies stand before the server."""

from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The address of the client: the last forwarded one that no trusted proxy added itself."""
    peer: str = request.META.get("REMOTE_ADDR") or "127.0.0.1"
    networks = [ip_network(each) for each in settings.TRUSTED_PROXIES]
    chain = [*(part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()), peer]
    for candidate in reversed(chain):
        try:
            address = ip_address(candidate)
        except ValueError:
            return str(peer)
        if not any(address in network for network in networks):
            return str(candidate)
    return str(chain[0])

"""Where webhooks may go: the shape of an address (B6), and whether an IP address belongs to the public internet."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import quote, urlsplit

from maristan.kernel.errors import Invalid

PORTS = frozenset({443, 8443})
BLOCKED = "blocked_address"
LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
NUMBER = re.compile(r"0x[0-9a-f]*|[0-9]+")
KEPT = "/%:@!$&'()*+,;=~-._"
# What `is_global` lets pass in some version of Python, and addresses of clouds that answer only from inside.
NEVER = tuple(
    ip_network(each)
    for each in (
        "100.64.0.0/10", "168.63.129.16/32", "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15", "224.0.0.0/4",
        "240.0.0.0/4", "::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "3fff::/20", "5f00::/16",
        "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
    )
)  # fmt: skip
NAT64 = ip_network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class Target:
    """An address taken apart: `host` in ASCII or an IP address, `path` with its query as it is asked for."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def url(self) -> str:
        """The address in its one form."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = 443 if self.scheme == "https" else 80
        return f"{self.scheme}://{host}{'' if self.port == usual else f':{self.port}'}{self.path}"


def target(url: str, *, allow_http: bool = False) -> Target:
    """Take an address apart; raises `Invalid` (`https_required`, `invalid_url`) at `/url`."""
    if not url.isprintable() or " " in url or "\\" in url:
        raise _invalid("An address has no blanks.")
    try:
        split = urlsplit(url)
        port, name = split.port, split.hostname or ""
    except ValueError:
        raise _invalid("This is not an address.") from None
    if split.scheme not in ("https", "http") or not name:
        raise _invalid("An address begins with https:// and a name.")
    if split.scheme == "http" and not allow_http:
        raise Invalid.at("/url", "https_required", "Events leave over https alone.")
    if "@" in split.netloc or "#" in url:
        raise _invalid("An address holds neither a user nor a fragment.")
    port = (443 if split.scheme == "https" else 80) if port is None else port
    if split.scheme == "https" and port not in PORTS:
        raise _invalid("The port is 443 or 8443.")
    path = quote(split.path, safe=KEPT) or "/"
    query = f"?{quote(split.query, safe=KEPT + '?')}" if split.query else ""
    return Target(split.scheme, _host(name), port, path + query)


def _invalid(detail: str) -> Invalid:
    return Invalid.at("/url", "invalid_url", detail)


def _host(name: str) -> str:
    """A host in its one form: an IP address however it is written, else a name in ASCII."""
    if ":" in name:
        try:
            return str(IPv6Address(name.partition("%")[0] if "%" not in name else ""))
        except ValueError:
            raise _invalid("This is not an IPv6 address.") from None
    try:
        plain = name.encode("idna").decode().lower().rstrip(".")
    except UnicodeError:
        raise _invalid("This is not the name of a host.") from None
    labels = plain.split(".")
    if NUMBER.fullmatch(labels[-1]):
        return str(_ipv4(labels))
    if len(plain) > 253 or not all(LABEL.fullmatch(label) for label in labels):
        raise _invalid("This is not the name of a host.")
    return plain


def _ipv4(parts: list[str]) -> IPv4Address:
    """An IPv4 address of one to four parts, each decimal, octal or hexadecimal, the last one filling what is left."""
    try:
        *high, low = [_number(part) for part in parts]
        if len(high) > 3 or any(part > 255 for part in high) or low >= 256 ** (4 - len(high)):
            raise ValueError
        return IPv4Address(sum(part << (24 - 8 * at) for at, part in enumerate(high)) + low)
    except ValueError:
        raise _invalid("This is not an IPv4 address.") from None


def _number(part: str) -> int:
    if not NUMBER.fullmatch(part):
        raise ValueError(part)
    if part.startswith("0x"):
        return int(part, 16)
    return int(part, 8 if part.startswith("0") and len(part) > 1 else 10)


def is_blocked(address: str, *, allowed: Iterable[str] = ()) -> bool:
    """Whether events may not go to an IP address: it, or the IPv4 address inside it, is not globally routable.

    `allowed` are networks that an operator opened.
    """
    found = ip_address(address.partition("%")[0])
    forms = [found, *_inner(found)]
    if any(form in ip_network(network) for network in allowed for form in forms):
        return False
    if isinstance(found, IPv6Address) and len(forms) > 1:
        forms = forms[1:]  # such a form is as good as what stands inside
    return not all(_is_global(form) for form in forms)


def _inner(address: IPv4Address | IPv6Address) -> list[IPv4Address]:
    """The IPv4 address within a mapped, 6to4 or NAT64 address."""
    if not isinstance(address, IPv6Address):
        return []
    translated = IPv4Address(int(address) & 0xFFFFFFFF) if address in NAT64 else None
    return [each for each in (address.ipv4_mapped, address.sixtofour, translated) if each is not None]


def _is_global(address: IPv4Address | IPv6Address) -> bool:
    return address.is_global and not any(address in network for network in NEVER)

"""How often somebody may ask: a window that slides, by account where one is known, else by address."""

import hashlib
import logging
import math
import re
import secrets
import threading
from bisect import bisect_right
from collections.abc import Callable
from functools import cache
from http import HTTPStatus
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from redis import Redis
from redis.exceptions import RedisError

from maristan.config.identity import account_of_token
from maristan.config.maintenance import PASS
from maristan.config.proxies import client_address
from maristan.config.readers import Rate
from maristan.kernel import clock, metering
from maristan.kernel.errors import TooMany
from maristan.kernel.problems import problem_response
from maristan.operations.queries import maintenance

log = logging.getLogger("maristan.throttle")
COUNTED = ("/api/", "/_allauth/")
# Signing in has limits of its own; what a screen asks by itself is not held against the person before it.
FREE = re.compile(
    r"^(/_allauth/[^/]+/v1/(auth/|config$)"
    r"|/api/(v1/)?(jobs/\d+/|operations/progress/\d+/|comms/notifications/unread-count/|me/)$)"
)
SEARCHES = re.compile(r"^/api/(v1/)?search/")
PATIENCE = 0.25
KEYS_AT_MOST = 50_000
ONE_MORE = """
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[1] - ARGV[2])
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[3]) then
  return redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')[2]
end
redis.call('ZADD', KEYS[1], ARGV[1], ARGV[4])
redis.call('EXPIRE', KEYS[1], math.ceil(ARGV[2]))
return ''
"""


class Throttle:
    """429 `throttled` with Retry-After beyond the rate; nothing behind it has begun."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith(COUNTED) or FREE.match(request.path) or _verifies(request):
            return self.get_response(request)
        now = clock.now().timestamp()
        marks = []
        for key, rate in _counters(request):
            wait, mark = count(key, rate, now)
            if wait:
                metering.total("maristan_throttled_total")
                return problem_response(TooMany("throttled", "Too many requests; wait a little.", retry_after=wait))
            marks.append((key, mark))
        response = self.get_response(request)
        if response.status_code == HTTPStatus.NOT_MODIFIED:
            for key, mark in marks:
                uncount(key, mark)
        return response


def _verifies(request: HttpRequest) -> bool:
    """Whether the command line of this installation asks, which calls every endpoint once."""
    return maintenance.is_bypass(request.headers.get(PASS, ""))


def _counters(request: HttpRequest) -> list[tuple[str, Rate]]:
    account = _account(request)
    who = f"account:{account}" if account else f"address:{place(client_address(request))}"
    rates = [(who, settings.THROTTLE_USER_RATE if account else settings.THROTTLE_ANON_RATE)]
    if SEARCHES.match(request.path):
        rates.append((f"search:{who}", settings.THROTTLE_SEARCH_RATE))
    return [(key, rate) for key, rate in rates if rate is not None]


def _account(request: HttpRequest) -> int | None:
    header = request.headers.get("Authorization", "")
    if header:
        return account_of_token(header)
    user: Any = request.user
    return user.pk if user.is_authenticated else None


def place(address: str) -> str:
    """The network that one household or host holds: an IPv4 address, or the /64 of an IPv6 address."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ip_network(f"{address}/64", strict=False)) if isinstance(found, IPv6Address) else str(found)


def count(key: str, rate: Rate, now: float) -> tuple[int, str]:
    """Count one request: seconds to wait (0 when it was counted) and the mark by which it can be taken back.

    A request that is refused is not counted, so whoever waits as told is served.
    """
    mark = f"{now:.6f}:{secrets.token_hex(4)}"
    oldest = _in_redis(key, rate, now, mark) if settings.REDIS_URL else None
    if oldest is None:
        oldest = MEMORY.add(key, rate, now)
    return (max(1, math.ceil(oldest + rate.seconds - now)) if oldest else 0), mark


def uncount(key: str, mark: str) -> None:
    """Take back what was counted."""
    MEMORY.remove(key, float(mark.partition(":")[0]))
    if settings.REDIS_URL:
        try:
            _redis().zrem(_name(key), mark)
        except (RedisError, OSError):
            log.warning("throttle_without_redis")


def _in_redis(key: str, rate: Rate, now: float, mark: str) -> float | None:
    """The oldest mark of a full window, 0 when there was room; none when Redis does not answer."""
    try:
        return float(_redis().eval(ONE_MORE, 1, _name(key), now, rate.seconds, rate.limit, mark) or 0)
    except (RedisError, OSError):
        log.warning("throttle_without_redis")
        return None


def _name(key: str) -> str:
    return f"{settings.CACHE_PREFIX}:throttle:{hashlib.sha256(key.encode()).hexdigest()[:32]}"


@cache
def _redis() -> Any:
    return Redis.from_url(settings.REDIS_URL, socket_connect_timeout=PATIENCE, socket_timeout=PATIENCE)


class Memory:
    """Windows in the memory of this process: each a list of moments, oldest first."""

    def __init__(self) -> None:
        self._windows: dict[str, tuple[list[float], int]] = {}
        self._lock = threading.Lock()

    def add(self, key: str, rate: Rate, now: float) -> float:
        """0 when there was room and the moment was noted; else the oldest moment of the full window."""
        with self._lock:
            if len(self._windows) >= KEYS_AT_MOST:
                self._sweep(now)
            moments, _ = self._windows.setdefault(key, ([], rate.seconds))
            del moments[: bisect_right(moments, now - rate.seconds)]
            if len(moments) >= rate.limit:
                return moments[0]
            moments.append(now)
            return 0

    def remove(self, key: str, moment: float) -> None:
        """Forget the latest moment of a key at most as late as `moment`."""
        with self._lock:
            moments, _ = self._windows.get(key, ([], 0))
            at = bisect_right(moments, moment + 1e-5)
            if at:
                del moments[at - 1]

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._windows.clear()

    def _sweep(self, now: float) -> None:
        kept = {key: (held, span) for key, (held, span) in self._windows.items() if held and held[-1] > now - span}
        excess = sorted(kept, key=lambda key: kept[key][0][-1])[: max(0, len(kept) - KEYS_AT_MOST // 2)]
        self._windows = {key: kept[key] for key in kept.keys() - set(excess)}


MEMORY = Memory()

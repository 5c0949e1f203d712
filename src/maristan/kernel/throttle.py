"""Counters that slow down whoever knocks too often; kept in the cache, so a rolled back request counts too."""

import hashlib

from django.core.cache import cache

from maristan.kernel.errors import TooMany


def count(name: str, who: str, *, limit: int, seconds: int) -> None:
    """Count one attempt of `who` (an address, an e-mail); raises `TooMany` beyond `limit` within `seconds`."""
    key = f"throttle:{name}:{hashlib.sha256(who.encode()).hexdigest()}"
    cache.add(key, 0, timeout=seconds)
    try:
        attempts = cache.incr(key)
    except ValueError:  # it expired between the two calls
        cache.set(key, 1, timeout=seconds)
        return
    if attempts > limit:
        raise TooMany(detail="Wait a little and try again.", retry_after=seconds)

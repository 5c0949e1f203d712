"""What a drill does with a running copy: it asks over the network, reads the database, and says what it found."""

import http.client
import json
import random
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import psycopg

from maristan.config.tests.running_copy import RunningCopy

PASSWORD = "Drill-of-the-house-7"
TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1"
DIGEST = (
    """SELECT count(*), md5(coalesce(string_agg(md5(t::text), '' ORDER BY md5(t::text)), '')) FROM "{}" AS t WHERE {}"""
)

REFERRING = """SELECT c.conrelid::regclass::text,
    (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY k.n) FROM unnest(c.conkey) WITH ORDINALITY AS k(num, n)
      JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.num),
    (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY k.n) FROM unnest(c.confkey) WITH ORDINALITY AS k(num, n)
      JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.num)
  FROM pg_constraint c WHERE c.contype = 'f' AND c.confrelid = %s::regclass ORDER BY 1"""


class Wrong(Exception):
    """Something is not as it was promised; it says what."""


def must(holds: object, what: object) -> None:
    """Raises `Wrong` unless it holds."""
    if not holds:
        raise Wrong(str(what)[-1500:])


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body, read."""
        return json.loads(self.body)


def ask(port: int, path: str, method: str = "GET", *, cookie: str = "", **fields: str) -> Answer:
    """A request to a web process of this host, as a proxy passes it on; `fields` are those of a form."""
    headers = {"Host": "localhost", "X-Forwarded-Proto": "https", "Accept": "application/json"}
    body = urllib.parse.urlencode(fields) if fields else None
    if cookie:
        headers["Cookie"] = cookie
    if body is not None:
        headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": "https://localhost"}
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        link.request(method, path, body=body, headers=headers)
        answer = link.getresponse()
        return Answer(answer.status, {key.lower(): value for key, value in answer.getheaders()}, answer.read())
    finally:
        link.close()


def signed_in(port: int, username: str) -> str:
    """The cookie of somebody of the demonstration."""
    answer = ask(port, "/accounts/login/", "POST", username=username, password=PASSWORD)
    cookie = answer.headers.get("set-cookie", "")
    must("sessionid=" in cookie, f"no session for {username}: {answer.status} {answer.body[:200]!r}")
    found = [each.strip() for each in cookie.replace(",", ";").split(";") if "sessionid=" in each]
    must(ask(port, "/api/v1/me/", cookie=found[0]).status == 200, f"{username} is not signed in")
    return found[0]


def contents(
    copy: RunningCopy, *, without: tuple[str, ...], until: Mapping[str, int] | None = None
) -> dict[str, tuple[int, str]]:
    """Rows and digest of every table whose name begins with none of these; of some `until` an id."""
    names = [name for (name,) in copy.asked(TABLES) if not name.startswith(without)]
    found: dict[str, tuple[int, str]] = {}
    for name in names:
        ((rows, digest),) = copy.asked(
            DIGEST.format(name, f"id <= {until[name]}" if until and name in until else "true")
        )
        found[name] = (rows, digest)
    return found


def files(folder: Path) -> dict[str, str]:
    """The files below a folder with their hashes."""
    return {
        each.relative_to(folder).as_posix(): sha256(each.read_bytes()).hexdigest()
        for each in sorted(folder.rglob("*"))
        if each.is_file()
    }


def flipped(file: Path, chance: random.Random) -> tuple[int, bytes]:
    """Change one bit of one byte of a file; gives where, and what the file was."""
    was = file.read_bytes()
    at = chance.randrange(len(was))
    file.write_bytes(was[:at] + bytes([was[at] ^ (1 << chance.randrange(8))]) + was[at + 1 :])
    return at, was


def deleted(owner: "psycopg.Connection[Any]", table: str, condition: str, above: tuple[str, ...] = ()) -> int:
    """Delete rows and, first, all that refers to them; gives how many of the table itself."""
    for child, own, theirs in owner.execute(REFERRING, [table]).fetchall():
        if child not in (table, *above):
            which = f'({own}) IN (SELECT {theirs} FROM "{table}" WHERE {condition})'
            deleted(owner, child, which, (table, *above))
    return owner.execute(f'DELETE FROM "{table}" WHERE {condition}').rowcount  # type: ignore[arg-type]

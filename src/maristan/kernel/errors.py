"""The refusals that Maristan knows, as values that one place turns into problem documents (RFC 9457)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

NOTHING_HERE = "There is nothing of that id here."
NUL, NO_NUL = "nul_character", "Text may not contain the character U+0000."  # no text of the database can


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with the input.

    `pointer` is a JSON pointer into the body (`/cells/3/topic`) or `?name` for a query parameter.
    """

    pointer: str
    code: str
    detail: str = ""


class Refusal(Exception):
    """A request that was understood and not carried out; nothing has been written."""

    status = 400
    code = "refused"

    def __init__(self, code: str = "", detail: str = "", **extra: Any) -> None:
        self.code = code or type(self).code
        self.detail = detail
        self.extra = extra
        super().__init__(f"{self.code}: {detail}" if detail else self.code)

    def problem(self) -> dict[str, Any]:
        """The members of the problem document besides `type`, `title` and `status`."""
        return {"code": self.code, "detail": self.detail, **self.extra}


class NotSignedIn(Refusal):
    """401: nobody is known to be asking."""

    status = 401
    code = "not_signed_in"


class NotFound(Refusal):
    """404: it does not exist for the one who asks, whether or not it exists."""

    status = 404
    code = "not_found"


class NotAllowed(Refusal):
    """403: it is visible, and the one who asks may not do this with it."""

    status = 403
    code = "not_allowed"

    @classmethod
    def without(cls, permission: str) -> "NotAllowed":
        """The permission is not held, or for nothing that could be named here."""
        return cls(detail=f"Needs the permission {permission}.", permission=str(permission))

    @classmethod
    def impersonating(cls) -> "NotAllowed":
        """It is done in person only, not by somebody who acts as that person."""
        return cls("impersonating", "Stop acting as somebody else first.")


class NotNow(Refusal):
    """409: allowed in general, refused by the present state; `missing` names every unmet requirement."""

    status = 409
    code = "not_now"


class Gone(Refusal):
    """410: it was there once and has been used or has expired."""

    status = 410
    code = "gone"


class Stale(Refusal):
    """412: somebody else saved in between; `differing` names what changed."""

    status = 412
    code = "stale_version"


class TooLarge(Refusal):
    """413: more bytes than the limit allows."""

    status = 413
    code = "too_large"


class VersionRequired(Refusal):
    """428: the write would overwrite blindly, so the version must be named."""

    status = 428
    code = "version_required"


class TooMany(Refusal):
    """429: too many requests in the window."""

    status = 429
    code = "too_many_requests"


@dataclass(slots=True)
class Faults:
    """Collects faults so that a user sees all of them at once."""

    found: list[Fault] = field(default_factory=list)

    def add(self, pointer: str, code: str, detail: str = "") -> None:
        """Note one fault at `pointer`."""
        self.found.append(Fault(pointer, code, detail))

    def unknown(self, pointer: str) -> None:
        """Note a reference that names nothing for the one who asks, whether or not it exists."""
        self.add(pointer, "unknown_reference", NOTHING_HERE)

    def stop(self) -> None:
        """Raise `Invalid` if anything was noted."""
        if self.found:
            raise Invalid(self.found)


class Invalid(Refusal):
    """422: the input breaks a rule that does not depend on state; each fault names its place and rule."""

    status = 422
    code = "invalid"

    def __init__(self, faults: Iterable[Fault] = (), code: str = "", detail: str = "", **extra: Any) -> None:
        self.faults: Sequence[Fault] = tuple(faults)
        codes = {fault.code for fault in self.faults}
        super().__init__(code or (codes.pop() if len(codes) == 1 else ""), detail, **extra)

    @classmethod
    def at(cls, pointer: str, code: str, detail: str = "", **extra: Any) -> "Invalid":
        """One fault; its code is the document's code too."""
        return cls([Fault(pointer, code, detail)], code=code, detail=detail, **extra)

    @classmethod
    def unknown(cls, pointer: str) -> "Invalid":
        """A reference that names nothing for the one who asks, whether or not it exists."""
        return cls.at(pointer, "unknown_reference", NOTHING_HERE)

    def problem(self) -> dict[str, Any]:
        errors: list[Mapping[str, str]] = [
            {"pointer": fault.pointer, "code": fault.code, "detail": fault.detail} for fault in self.faults
        ]
        return {"code": self.code, "detail": self.detail, "errors": errors, **self.extra}

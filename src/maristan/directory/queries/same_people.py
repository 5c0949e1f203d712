"""Who is already known here under the identity, number or address that somebody gives."""

from collections.abc import Iterable

from maristan.directory.models import ContactInfo, IdentityDocument, Person
from maristan.directory.rules.people import CIVIC_KINDS
from maristan.directory.rules.states import ContactKind

REACHED_AT = (ContactKind.PHONE, ContactKind.WHATSAPP)


def sharing(*, civic_number: str, mobile: str, email: str) -> dict[int, frozenset[str]]:
    """Person id → which of `civic_number` (digits), `mobile` (E.164) and `email` (lower case) they share.

    Empty ones are shared by nobody. Whoever asks has asked for their own permission. Four queries.
    """
    found: dict[int, set[str]] = {}

    def note(what: str, people: Iterable[int]) -> None:
        for person in people:
            found.setdefault(person, set()).add(what)

    if civic_number:
        note("civic_number", Person.objects.filter(national_id=civic_number).values_list("pk", flat=True))
        papers = IdentityDocument.objects.filter(kind__in=CIVIC_KINDS, number=civic_number)
        note("civic_number", papers.values_list("person_id", flat=True))
    if mobile:
        note("mobile", _reached(REACHED_AT, mobile))
    if email:
        note("email", _reached((ContactKind.EMAIL,), email))
    return {person: frozenset(shared) for person, shared in found.items()}


def _reached(kinds: Iterable[str], value: str) -> Iterable[int]:
    contacts = ContactInfo.objects.filter(kind__in=list(kinds), value=value)
    return contacts.values_list("person_id", flat=True)


def names(people: Iterable[int]) -> dict[int, str]:
    """Person id → name: one query."""
    return dict(Person.objects.filter(pk__in=list(people)).values_list("pk", "name"))

"""What is taken already, for the files and forms that bring many people."""

from collections.abc import Collection

from maristan.directory.models import ContactInfo, Person
from maristan.directory.rules.states import ContactKind, Gender

GENDERS = tuple(each.value for each in Gender)


def emails_in(domain: str) -> set[str]:
    """The addresses of people here in a domain: one query."""
    rows = ContactInfo.objects.filter(kind=ContactKind.EMAIL, value__endswith=f"@{domain.lower()}")
    return set(rows.values_list("value", flat=True))


def holders(national_ids: Collection[str]) -> dict[str, int]:
    """Normalised national id → the person who has it, of those asked for: one query."""
    if not national_ids:
        return {}
    rows = Person.objects.filter(national_id__in=national_ids)
    return {number or "": pk for number, pk in rows.values_list("national_id", "pk")}

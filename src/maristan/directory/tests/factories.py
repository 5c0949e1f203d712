"""The smallest valid things of the directory, for tests."""

from collections.abc import Iterable
from datetime import date
from itertools import count
from typing import Any

from django.db import connection

from maristan.config.roles import TABLE
from maristan.directory.models import (
    Address,
    ContactInfo,
    Department,
    Holiday,
    IdentityDocument,
    Institution,
    InstitutionSetting,
    Membership,
    Person,
    Place,
    RoomFeature,
)
from maristan.directory.queries import identity
from maristan.kernel import tenancy
from maristan.kernel.access import Actor, Role
from maristan.kernel.models import User

_numbers = count(1)
LONG_AGO = date(2020, 1, 1)


def institution(code: str = "fmu", **values: Any) -> Institution:
    """An institution, entered: the rest of the test acts in it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('directory_institution', 'id'))")
        pk = cursor.fetchone()[0]
    tenancy.enter(pk)
    defaults = {"name": code.upper(), "time_zone": "Asia/Karachi", "country": "PK"}
    return Institution.objects.create(pk=pk, code=code, **{**defaults, **values})


def person(name: str = "Amina Yusuf", **values: Any) -> Person:
    """A person without an account."""
    return Person.objects.create(name=name, **values)


def user(username: str = "") -> User:
    """An account with the password `correct horse`."""
    return User.objects.create_user(username or f"user{next(_numbers)}", password="correct horse")


def member(name: str, *roles: str, scope: tuple[str, int | None] = ("institution", None), **values: Any) -> Person:
    """A person with an account who holds roles since long ago."""
    made = person(name, user=user(), **values)
    for role in roles:
        membership(made, role, scope=scope)
    return made


def membership(
    who: Person, role: str, *, scope: tuple[str, int | None] = ("institution", None), **values: Any
) -> Membership:
    """A role held since long ago."""
    dates = {"from_date": LONG_AGO, **values}
    return Membership.objects.create(person=who, role=Role(role), scope_kind=scope[0], scope_id=scope[1], **dates)


def actor(who: Person) -> Actor:
    """The actor of a person with an account, as a request would build it."""
    account = User.objects.get(pk=who.user_id)
    return identity.actor_for(account, tenancy.current(), TABLE)


def acting_as(*roles: str, scope: tuple[str, int | None] = ("institution", None)) -> Actor:
    """Somebody who holds these roles."""
    return actor(member(f"Somebody {next(_numbers)}", *roles, scope=scope))


def address(who: Person, **values: Any) -> Address:
    """Where somebody works."""
    return Address.objects.create(**{"person": who, "kind": "work", "street": "Ward 3", "country": "PK", **values})


def identity_document(who: Person, **values: Any) -> IdentityDocument:
    """A passport of somebody."""
    number = f"AB{next(_numbers):07}"
    return IdentityDocument.objects.create(**{"person": who, "kind": "passport", "number": number, **values})


def department(name: str = "Pathology", **values: Any) -> Department:
    """A department; its code is made from the name."""
    return Department.objects.create(name=name, **{"code": name[:8].upper(), **values})


def room(name: str = "Room 1", capacity: int | None = 100, **values: Any) -> Place:
    """A bookable room."""
    return Place.objects.create(kind="room", name=name, capacity=capacity, **{"code": name.replace(" ", ""), **values})


def with_feature(place: Place, code: str) -> Place:
    """The room with something of that code."""
    place.features.add(RoomFeature.objects.get_or_create(code=code, defaults={"name": code.title()})[0])
    return place


def rooms(names: Iterable[str]) -> list[Place]:
    """Several rooms."""
    return [room(name) for name in names]


def holiday(
    name: str, first: str, last: str = "", *, scope: tuple[str, int | None] = ("institution", None), **values: Any
) -> Holiday:
    """A holiday of one day unless `last` is given; dates as ISO text."""
    dates = {"start_date": date.fromisoformat(first), "end_date": date.fromisoformat(last or first)}
    return Holiday.objects.create(name=name, scope_kind=scope[0], scope_id=scope[1], **dates, **values)


def email(who: Person, address: str) -> ContactInfo:
    """A person's primary address for mail."""
    return ContactInfo.objects.create(person=who, kind="email", value=address, is_primary=True)


def setting(key: str, value: Any) -> InstitutionSetting:
    """What the institution settled."""
    return InstitutionSetting.objects.create(key=key, value=value, updated_by="Anna")

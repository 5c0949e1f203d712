"""What tests of other apps look at in the agenda."""

from django.db.models import QuerySet

from maristan.agenda.models import Booking, Entry


def bookings() -> "QuerySet[Booking]":
    """Every booking of the institution in context."""
    return Booking.objects.order_by("id")


def entries() -> "QuerySet[Entry]":
    """Every entry of the institution in context."""
    return Entry.objects.order_by("id")

"""Tables of the agenda: what happens when, for whom; what is booked; and the tokens of calendar feeds."""

from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import ExpressionWrapper, F, Q, Value
from django.db.models.lookups import GreaterThan

from maristan.kernel.tenancy import Owned

# Nearly every entry is shorter: a window finds those by their start alone, and the few long ones apart.
SHORT = timedelta(days=7)


class Entry(Owned):
    """One thing in the calendar, put there by the app that owns it and seen by holders of its audience keys."""

    owner_kind = models.CharField(max_length=40)
    owner_id = models.BigIntegerField()
    title = models.CharField(max_length=255)
    place = models.CharField(max_length=255, blank=True)
    detail = models.CharField(max_length=500, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    is_all_day = models.BooleanField(default=False)
    audience = ArrayField(models.CharField(max_length=60), default=list)
    url = models.CharField(max_length=200, blank=True)
    is_cancelled = models.BooleanField(default=False)
    cancel_reason = models.CharField(max_length=500, blank=True)
    sequence = models.PositiveIntegerField(default=0)
    is_long = models.GeneratedField(
        expression=GreaterThan(
            ExpressionWrapper(F("ends_at") - F("starts_at"), models.DurationField()),
            Value(SHORT, models.DurationField()),
        ),
        output_field=models.BooleanField(),
        db_persist=True,
    )

    class Meta:
        ordering = ["starts_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["institution", "owner_kind", "owner_id"], name="agenda_entry_owner_once"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="agenda_entry_times"),
        ]
        indexes = [
            models.Index(fields=["institution", "starts_at", "ends_at"], name="agenda_entry_window"),
            models.Index(
                fields=["institution", "starts_at"], condition=Q(is_long=True), name="agenda_entry_long_window"
            ),
        ]


class Booking(Owned):
    """A place taken for a span; two live bookings of one place never overlap."""

    place_id = models.BigIntegerField()
    owner_kind = models.CharField(max_length=40)
    owner_id = models.BigIntegerField()
    label = models.CharField(max_length=255)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        ordering = ["starts_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "owner_kind", "owner_id", "place_id"], name="agenda_booking_owner_once"
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="agenda_booking_times"),
        ]
        indexes = [models.Index(fields=["institution", "starts_at", "ends_at"], name="agenda_booking_window")]


class Feed(Owned):
    """A person's secret calendar address: the hash of its token, revocable."""

    person_id = models.BigIntegerField()
    token_hash = models.CharField(max_length=64, unique=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "person_id"],
                condition=Q(revoked_at__isnull=True),
                name="agenda_feed_one_live",
            )
        ]

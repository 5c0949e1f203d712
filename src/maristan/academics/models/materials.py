"""Learning material and who opened it."""

from django.db import models
from django.db.models import F, Q

from maristan.academics.rules import states
from maristan.kernel.tenancy import Owned


class Material(Owned):
    """A file or a link for an audience; `audience` lists alternatives of keys that a reader holds together."""

    title = models.CharField(max_length=200)
    description = models.CharField(max_length=2000, blank=True)
    kind = models.CharField(max_length=4)
    file = models.ForeignKey("kernel.StoredFile", models.PROTECT, null=True, related_name="+")
    filename = models.CharField(max_length=120, blank=True)
    url = models.CharField(max_length=2000, blank=True)
    mime = models.CharField(max_length=100, blank=True)
    size_bytes = models.PositiveIntegerField(null=True)
    audience = models.JSONField(default=list)
    available_from = models.DateTimeField(null=True)
    available_until = models.DateTimeField(null=True)
    status = models.CharField(max_length=9, default=states.MaterialStatus.DRAFT)
    created_by = models.ForeignKey("directory.Person", models.PROTECT, null=True, related_name="+")
    created_by_name = models.CharField(max_length=255)
    published_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)  # when its audience heard of it
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="file", url="") | Q(kind="link", file__isnull=True),
                name="academics_material_content",
            ),
            models.CheckConstraint(
                condition=Q(status="draft") | Q(kind="file", file__isnull=False) | (Q(kind="link") & ~Q(url="")),
                name="academics_material_not_empty",
            ),
            models.CheckConstraint(
                condition=Q(available_from__isnull=True)
                | Q(available_until__isnull=True)
                | Q(available_until__gt=F("available_from")),
                name="academics_material_window",
            ),
            models.CheckConstraint(
                condition=Q(status__in=list(states.MaterialStatus)), name="academics_material_status"
            ),
        ]
        indexes = [models.Index(fields=["institution", "status", "-published_at"], name="academics_material_feed")]


class Receipt(Owned):
    """That a person opened material: once, with the first and the last time."""

    material = models.ForeignKey(Material, models.PROTECT, related_name="+")
    person = models.ForeignKey("directory.Person", models.PROTECT, related_name="+")
    first_opened_at = models.DateTimeField()
    last_opened_at = models.DateTimeField()
    opens = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["material", "person"], name="academics_receipt_once")]

"""What is to be taught, item by item."""

from django.db import models
from django.db.models import Q

from maristan.academics.models.teaching import AcademicPeriod, Course
from maristan.kernel.tenancy import Owned


class SyllabusItem(Owned):
    """One thing to be taught in a period, in a course, or in a course during a period."""

    academic_period = models.ForeignKey(AcademicPeriod, models.PROTECT, null=True, related_name="+")
    course = models.ForeignKey(Course, models.PROTECT, null=True, related_name="+")
    code = models.CharField(max_length=40, blank=True)
    title = models.CharField(max_length=255)
    description = models.TextField(blank=True)
    learning_objectives = models.TextField(blank=True)
    order_no = models.PositiveIntegerField(default=0)
    planned_minutes = models.PositiveIntegerField(null=True)
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["order_no", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(academic_period__isnull=False) | Q(course__isnull=False),
                name="academics_syllabusitem_belongs",
            ),
        ]
        indexes = [
            models.Index(fields=["academic_period", "order_no", "id"], name="academics_syllabusitem_period"),
            models.Index(fields=["course", "order_no", "id"], name="academics_syllabusitem_course"),
        ]

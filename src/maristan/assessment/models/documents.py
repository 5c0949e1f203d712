"""Issued documents with their numbers, and documents made for a whole audience."""

from django.db import models
from django.db.models import F, Q

from maristan.assessment.models.exams import of_person
from maristan.assessment.rules.documents import CertificateKind, DocumentLanguage, DocumentStatus
from maristan.kernel.tenancy import Owned


class DocumentCounter(Owned):
    """The last number given to a kind of document in a year; its row is locked while the next one is taken."""

    kind = models.CharField(max_length=10)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["institution", "kind", "year"], name="assessment_documentcounter_once")
        ]


class Document(Owned):
    """A document as it was issued: what it says never changes, and its file is filled in once."""

    kind = models.CharField(max_length=10)
    number = models.CharField(max_length=24)
    person = of_person()
    student = models.ForeignKey("academics.Student", models.PROTECT, null=True, related_name="+")
    request = models.ForeignKey("academics.Request", models.PROTECT, null=True, related_name="+")
    language = models.CharField(max_length=4, default=DocumentLanguage.ENGLISH)
    snapshot = models.JSONField()
    result_ids = models.JSONField(default=list)
    content_hash = models.CharField(max_length=64)
    file = models.ForeignKey("kernel.StoredFile", models.PROTECT, null=True, related_name="+")
    file_sha256 = models.CharField(max_length=64, blank=True)
    code = models.CharField(max_length=26, unique=True)
    status = models.CharField(max_length=10, default=DocumentStatus.ISSUED)
    issued_at = models.DateTimeField()
    issued_by = models.CharField(max_length=255)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = of_person(null=True)
    reason = models.CharField(max_length=500, blank=True)
    superseded_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["institution", "number"], name="assessment_document_number_once"),
            models.CheckConstraint(condition=Q(kind__in=list(CertificateKind)), name="assessment_document_kind"),
            models.CheckConstraint(condition=Q(status__in=list(DocumentStatus)), name="assessment_document_status"),
            models.CheckConstraint(
                condition=Q(file__isnull=True, file_sha256="") | (Q(file__isnull=False) & ~Q(file_sha256="")),
                name="assessment_document_file_pair",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="assessment_document_revoked_pair",
            ),
            models.CheckConstraint(
                condition=Q(status="revoked", revoked_at__isnull=False)
                | (~Q(status="revoked") & Q(revoked_at__isnull=True)),
                name="assessment_document_revoked",
            ),
            models.CheckConstraint(
                condition=Q(superseded_by__isnull=True) | ~Q(superseded_by=F("id")),
                name="assessment_document_superseded_by_another",
            ),
        ]
        indexes = [models.Index(fields=["person", "kind", "status"], name="assessment_document_by_person")]


class DocumentBatch(Owned):
    """Transcripts for everybody of an audience, made one by one; the job's row shows how far it has come."""

    job = models.ForeignKey("kernel.Job", models.SET_NULL, null=True, related_name="+")
    audience = models.JSONField(default=list)
    language = models.CharField(max_length=4, default=DocumentLanguage.ENGLISH)
    sends_email = models.BooleanField(default=False)
    asked_by_name = models.CharField(max_length=255)
    asked_by_user = models.BigIntegerField(null=True)
    file = models.ForeignKey("kernel.StoredFile", models.SET_NULL, null=True, related_name="+")
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]


class DocumentBatchLine(Owned):
    """One learner of a batch: the document that was made, or the code of why there is none."""

    batch = models.ForeignKey(DocumentBatch, models.CASCADE, related_name="lines")
    person = of_person()
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+")
    is_done = models.BooleanField(default=False)
    code = models.CharField(max_length=60, blank=True)
    detail = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["batch", "person"], name="assessment_documentbatchline_once")]
        indexes = [models.Index(fields=["batch", "is_done", "id"], name="assessment_batchline_waiting")]

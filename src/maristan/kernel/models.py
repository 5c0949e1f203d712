"""Tables of the kernel: people who sign in, the journal, replays, jobs, imports and files."""

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from maristan.kernel.tenancy import CurrentInstitution, OwnedById


class User(AbstractUser):
    """Somebody who can sign in; what they may do is decided by memberships, not here.

    `language` is empty until one is chosen.
    """

    is_operator = models.BooleanField(default=False)
    language = models.CharField(max_length=5, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(models.functions.Lower("username"), name="kernel_user_username_any_case"),
            models.UniqueConstraint(
                models.functions.Lower("email"), condition=~Q(email=""), name="kernel_user_email_any_case"
            ),
        ]


class ApiToken(models.Model):
    """A bearer token for a program: its hash only, bound to one user and one institution."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    institution_id = models.BigIntegerField(null=True)
    name = models.CharField(max_length=100)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="kernel_apitoken_name_once")]


class JournalLine(models.Model):
    """What happened, to what, by whom, why; append-only. Without institution: the platform's chain."""

    institution_id = models.BigIntegerField(null=True, db_default=CurrentInstitution())
    kind = models.CharField(max_length=80)
    subject_kind = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=60)
    at = models.DateTimeField()
    by_user_id = models.BigIntegerField(null=True)
    by_person_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=255)
    changes = models.JSONField(default=dict)
    reason = models.CharField(max_length=500, blank=True)
    request_id = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["institution_id", "subject_kind", "subject_id", "-id"], name="kernel_journal_subject"),
            models.Index(fields=["institution_id", "kind", "-id"], name="kernel_journal_kind"),
            models.Index(fields=["institution_id", "-id"], name="kernel_journal_newest"),
        ]


class JournalSeal(models.Model):
    """A link of the hash chain: `digest` covers the line and the digest before it; append-only."""

    institution_id = models.BigIntegerField(null=True, db_default=CurrentInstitution())
    position = models.BigIntegerField()
    line_id = models.BigIntegerField(unique=True)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["institution_id", "position"], name="kernel_journalseal_position", nulls_distinct=False
            )
        ]


class StoredReply(models.Model):
    """The answer to a POST that carried an Idempotency-Key, kept for replays. Without institution: an operator's."""

    institution_id = models.BigIntegerField(null=True, db_default=CurrentInstitution())
    user_id = models.BigIntegerField()
    key = models.CharField(max_length=128)
    target = models.CharField(max_length=300)
    body_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.BinaryField(null=True)
    headers = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["institution_id", "user_id", "key"], name="kernel_storedreply_key_once", nulls_distinct=False
            )
        ]


class Job(OwnedById):
    """Progress of one long operation, polled by the screen that started it."""

    class Status(models.TextChoices):
        QUEUED = "queued"
        RUNNING = "running"
        SUCCEEDED = "succeeded"
        FAILED = "failed"

    kind = models.CharField(max_length=60)
    status = models.CharField(max_length=12, choices=Status, default=Status.QUEUED)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    message = models.CharField(max_length=300, blank=True)
    result = models.JSONField(null=True)
    error = models.CharField(max_length=300, blank=True)
    user_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(finished_at__isnull=False, status__in=["succeeded", "failed"])
                | Q(finished_at__isnull=True, status__in=["queued", "running"]),
                name="kernel_job_finished_iff_final",
            )
        ]


class PeriodicRun(models.Model):
    """How a job that runs by schedule went the last time, on whichever host; `error` is the kind of its fault."""

    name = models.CharField(max_length=120, primary_key=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=9, blank=True)
    error = models.CharField(max_length=120, blank=True)
    seconds = models.FloatField(null=True)


class JobNote(models.Model):
    """What the queue itself does not keep of a job: its last fault, and how often a worker died over it."""

    job_id = models.BigIntegerField(primary_key=True)
    losses = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=120, blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()


class StoredFile(OwnedById):
    """A private file: bytes in storage under `key`, reached only through a permission-checked download."""

    key = models.CharField(max_length=200, unique=True)
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    user_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True)


class RemovedFile(OwnedById):
    """Where the bytes of a file lie whose row is gone; they stay for the backups that named it."""

    key = models.CharField(max_length=200, unique=True)
    removed_at = models.DateTimeField()

    class Meta:
        ordering = ["removed_at", "id"]


class ImportRun(OwnedById):
    """One bulk file: uploaded, previewed (which writes only this row and its ImportRows), committed.

    `entered` are the ids that the importer says it entered; null before a commit and for importers that say none.
    """

    class Status(models.TextChoices):
        PREVIEWING = "previewing"
        PREVIEWED = "previewed"
        COMMITTING = "committing"
        COMMITTED = "committed"
        FAILED = "failed"

    kind = models.CharField(max_length=40)
    mode = models.CharField(max_length=20)
    options = models.JSONField(default=dict)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    filename = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    status = models.CharField(max_length=12, choices=Status, default=Status.PREVIEWING)
    summary = models.JSONField(default=dict)
    warnings = models.JSONField(default=list)
    job = models.ForeignKey(Job, models.PROTECT, related_name="+")
    user_id = models.BigIntegerField()
    user_name = models.CharField(max_length=255)
    created_at = models.DateTimeField(auto_now_add=True)
    committed_at = models.DateTimeField(null=True)
    entered = ArrayField(models.BigIntegerField(), null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["institution_id", "kind", "sha256", "mode"], name="kernel_importrun_same_file")]


class ImportRow(OwnedById):
    """What a preview found of one row: the input as text, what a commit would do, and what is wrong."""

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="rows")
    row = models.PositiveIntegerField()
    action = models.CharField(max_length=8)
    cells = models.JSONField(default=dict)
    faults = models.JSONField(default=list)
    notes = models.JSONField(default=list)

    class Meta:
        ordering = ["row"]
        constraints = [models.UniqueConstraint(fields=["run", "row"], name="kernel_importrow_once")]
        indexes = [models.Index(fields=["run", "action", "row"], name="kernel_importrow_by_action")]


class SignInFailure(models.Model):
    """One wrong password or code for an account (or for a name that is nobody's), kept until it no longer counts."""

    account = models.CharField(max_length=64)
    address = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["account", "at"], name="kernel_signinfailure_account"),
            models.Index(fields=["at"], name="kernel_signinfailure_at"),
        ]

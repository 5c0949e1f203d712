"""The words of operations: kinds, states, permissions and events."""

from enum import StrEnum


class Perm(StrEnum):
    """Permissions of operations; what has no permission here needs the machine and the owner's login."""

    VIEW = "operations.view"
    PROCESS_VIEW = "process.view"
    BACKUP_VIEW = "backup.view"
    BACKUP_CREATE = "backup.create"
    BACKUP_VERIFY = "backup.verify"
    DRILL_VIEW = "drill.view"
    DRILL_RUN = "drill.run"
    RELEASE_VIEW = "release.view"
    RELEASE_VERIFY = "release.verify"
    SETTING_INSPECT = "setting.inspect"
    JOB_VIEW = "job.view"
    JOB_RETRY = "job.retry"
    JOB_CANCEL = "job.cancel"
    INTEGRITY_RUN = "integrity.run"
    ALERT_VIEW = "alert.view"
    ALERT_ACKNOWLEDGE = "alert.acknowledge"
    ALERT_CLOSE = "alert.close"
    MAINTENANCE_MANAGE = "maintenance.manage"
    MAINTENANCE_BYPASS = "maintenance.bypass"
    JOURNAL_SEARCH = "journal.search"
    JOURNAL_EXPORT = "journal.export"
    PERSON_IMPERSONATE = "person.impersonate"


class ProcessKind(StrEnum):
    """What a process is there for."""

    WEB = "web"
    WORKER = "worker"
    SCHEDULER = "scheduler"
    COMMAND = "command"


class SetReason(StrEnum):
    """Why a backup set was made."""

    SCHEDULED = "scheduled"
    MANUAL = "manual"
    PRE_DEPLOY = "pre_deploy"
    FINAL = "final"
    PRE_RESTORE = "pre_restore"
    PRE_ROLLBACK = "pre_rollback"


class SetStatus(StrEnum):
    """How far a backup set is; only a proven one was restored and compared."""

    RUNNING = "running"
    CREATED = "created"
    PROVEN = "proven"
    DAMAGED = "damaged"
    FAILED = "failed"
    REMOVED = "removed"


class SetFormat(StrEnum):
    """How the database is written into a set."""

    CUSTOM = "custom"
    PLAIN = "plain"


class MediaMode(StrEnum):
    """How stored files come into a set."""

    COPY = "copy"
    REFERENCE = "reference"
    NONE = "none"


class RestoreKind(StrEnum):
    """Why a set was restored."""

    RESTORE = "restore"
    DRILL = "drill"
    PROVE = "prove"


class RestoreOutcome(StrEnum):
    """How a restore ended."""

    PASSED = "passed"
    FAILED = "failed"
    ROLLED_BACK = "rolled_back"


class DeploymentKind(StrEnum):
    """What a deployment does."""

    DEPLOY = "deploy"
    ROLLBACK_CODE = "rollback_code"
    ROLLBACK_MIGRATIONS = "rollback_migrations"
    ROLLBACK_FULL = "rollback_full"


class DeploymentStatus(StrEnum):
    """How far a deployment is."""

    PLANNED = "planned"
    RUNNING = "running"
    CANCELLED = "cancelled"
    REFUSED = "refused"
    SUCCEEDED = "succeeded"
    SUCCEEDED_WITH_WARNINGS = "succeeded_with_warnings"
    ROLLED_BACK = "rolled_back"
    NEEDS_OPERATOR = "needs_operator"


UNFINISHED = (DeploymentStatus.PLANNED, DeploymentStatus.RUNNING)


class VerificationScope(StrEnum):
    """How much of a release was verified."""

    QUICK = "quick"
    FULL = "full"


class VerificationResult(StrEnum):
    """What a verification found."""

    VERIFIED = "verified"
    VERIFIED_WITH_WARNINGS = "verified_with_warnings"
    NOT_VERIFIED = "not_verified"


class Presence(StrEnum):
    """Whether something that was announced was found where it runs."""

    FOUND = "found"
    NOT_FOUND = "not_found"
    NOT_CHECKED = "not_checked"


class AlertSeverity(StrEnum):
    """How urgent an alert is."""

    CRITICAL = "critical"
    WARNING = "warning"


class AlertStatus(StrEnum):
    """Where an alert stands."""

    FIRING = "firing"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"


class MaintenanceLevel(StrEnum):
    """What maintenance keeps out: writes, or everything."""

    READ_ONLY = "read_only"
    FULL = "full"


class WindowStatus(StrEnum):
    """Where a maintenance window stands."""

    PLANNED = "planned"
    OPEN = "open"
    ENDED = "ended"


class IntegrityResult(StrEnum):
    """What an integrity check found."""

    SOUND = "sound"
    FINDINGS = "findings"


SMOKE_RUN = "smoke.checked"
RESTORED = "backup.restored"

EVENTS = {
    "maintenance.planned": "Maintenance was announced.",
    "maintenance.started": "Maintenance began.",
    "maintenance.changed": "Level or message of maintenance changed.",
    "maintenance.ended": "Maintenance ended.",
    "maintenance.withdrawn": "Announced maintenance was withdrawn.",
    "backup.started": "A backup set was begun.",
    "backup.completed": "A backup set was written.",
    "backup.failed": "A backup set could not be made.",
    "backup.proven": "A backup set was restored and compared.",
    "backup.checked": "Every byte of an encrypted set was read; nobody could open it, and nothing was proven.",
    "backup.copied": "A backup set was copied off the host, and compared there.",
    "backup.offsite_failed": "A backup set could not be copied off the host, or its copy is not what it was.",
    "backup.offsite_removed": "A copy off the host was removed.",
    "backup.damaged": "A backup set is not what it was.",
    "backup.removed": "A backup set was removed.",
    "backup.drilled": "A backup set was restored beside the live database, to know that it can be.",
    RESTORED: "A backup set took the place of the database and its files.",
    "backup.restore_undone": "A restore failed or was killed; what served before serves again.",
    "backup.forgotten": "A former database and its files, kept after a restore, were dropped.",
    "backup.indexed": "The index of backup sets was brought to what lies on the disk.",
    "release.indexed": "Releases and reports that lie on the disk were entered again.",
    "account.unlocked": "An operator let an account sign in again that was locked.",
    "account.factors_removed": "An operator took the second factors off an account whose owner had lost one.",
    "impersonation.started": "Somebody acts as another person for some minutes.",
    "impersonation.stopped": "Somebody no longer acts as another person.",
    "release.verified": "What runs was held against what its release promises.",
    "release.begun": "A deployment or rollback was begun.",
    "release.advanced": "A step of a deployment or rollback ended.",
    "release.deployed": "A release was put into service.",
    "release.rolled_back": "A former release was put into service again.",
    "release.stopped": "A deployment or rollback failed; what served before serves again, or an operator is needed.",
    "integrity.checked": "Stored facts were held against what they follow from.",
    "integrity.mended": "A derived value follows again from what it is derived from.",
    SMOKE_RUN: "Every role tried what is served.",
    "job.retried": "A job was queued again.",
    "job.released": "Jobs, mails and events that a restore held go their way.",
    "job.cancelled": "A waiting job was cancelled.",
    "alert.fired": "A rule of watching found its condition true.",
    "alert.acknowledged": "An operator knows of an alert.",
    "alert.closed": "An operator closed an alert.",
    "alert.resolved": "What an alert was about is over.",
    "health.degraded": "A critical alert fires where none did.",
    "health.recovered": "No critical alert fires any more.",
}

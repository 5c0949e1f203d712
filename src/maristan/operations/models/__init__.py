"""Tables of operations: those of the platform carry no institution and nobody's data."""

from maristan.operations.models.backups import BackupSet, RestoreRun
from maristan.operations.models.impersonation import Impersonation
from maristan.operations.models.processes import MetricTotal, Process, Sample
from maristan.operations.models.releases import AppliedMigration, Deployment, IntegrityRun, Release, Verification
from maristan.operations.models.watching import Alert, MaintenanceWindow

__all__ = [
    "Alert",
    "AppliedMigration",
    "BackupSet",
    "Deployment",
    "Impersonation",
    "IntegrityRun",
    "MaintenanceWindow",
    "MetricTotal",
    "Process",
    "Release",
    "RestoreRun",
    "Sample",
    "Verification",
]

"""What a verification finds: one difference between promise and reality, and what all of them together mean."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from maristan.operations.rules.states import VerificationResult


class Severity(StrEnum):
    """Whether a finding keeps a release from being verified."""

    FAIL = "fail"
    WARN = "warn"


WARNINGS = {
    "table_unexpected", "endpoint_unexpected", "certificate_expiring", "periodic_overdue", "service_exposed",
    "legacy_enabled", "backup_old", "drill_old", "not_checked",
}  # fmt: skip
FAILURES = {
    "manifest_altered", "build_mismatch", "dependency_differs", "capability_missing", "capability_unknown",
    "duplicate_migration_number", "models_without_migration", "migration_changed",
    "migration_pending", "migration_unknown", "table_missing", "column_missing", "column_differs",
    "constraint_missing", "constraint_differs", "index_missing", "index_invalid", "rls_missing", "rls_not_forced",
    "policy_differs", "trigger_missing", "grant_differs", "runtime_role_too_strong", "journal_broken",
    "database_unreachable", "endpoint_missing", "endpoint_error", "bundle_missing", "bundle_differs",
    "bundle_served_as_html", "bundle_stale", "screen_missing", "index_cached", "proxy_route_missing",
    "security_header_missing", "http_not_redirected", "web_unreachable",
    "web_absent", "worker_absent", "worker_build_differs", "process_code_stale", "process_older_than_release",
    "queue_unserved", "periodic_missing", "bound_all_interfaces", "debug_server", "insecure_setting", "clock_skew",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """One difference; `severity` is that of its code unless it was said otherwise."""

    code: str
    subject: str
    expected: str = ""
    found: str = ""
    hint: str = ""
    severity: Severity = Severity.FAIL
    accepted_reason: str = ""

    def shown(self) -> dict[str, Any]:
        """As it is kept and answered."""
        return {**asdict(self), "severity": self.severity.value}


def finding(code: str, subject: str, *, expected: object = "", found: object = "", hint: str = "") -> Finding:
    """A finding with the severity of its code; raises `KeyError` for a code that nobody knows."""
    if code not in WARNINGS | FAILURES:
        raise KeyError(code)
    severity = Severity.WARN if code in WARNINGS else Severity.FAIL
    return Finding(code, subject, str(expected), str(found), hint, severity)


@dataclass(frozen=True, slots=True)
class Acceptance:
    """A finding that somebody answers for, and why."""

    code: str
    subject: str
    reason: str


def read_acceptance(text: str) -> Acceptance:
    """`code:subject=reason`; raises `ValueError` when one of the three is missing or the code is unknown."""
    what, _, reason = text.partition("=")
    code, _, subject = what.partition(":")
    if not (code and subject and reason.strip()) or code not in WARNINGS | FAILURES:
        raise ValueError(f"expected code:subject=reason with a known code, not {text!r}")
    return Acceptance(code, subject, reason.strip())


def joined(former: Iterable[Acceptance], more: Iterable[Acceptance]) -> list[Acceptance]:
    """Acceptances with further ones; of two for the same finding the later reason counts."""
    by_finding = {(each.code, each.subject): each for each in (*former, *more)}
    return [*by_finding.values()]


def accepted(found: Iterable[Finding], by: Iterable[Acceptance]) -> list[Finding]:
    """The findings, those that somebody answers for with the reason and as warnings."""
    reasons = {(each.code, each.subject): each.reason for each in by}
    return [
        replace(each, severity=Severity.WARN, accepted_reason=reasons[each.code, each.subject])
        if (each.code, each.subject) in reasons
        else each
        for each in found
    ]


def result(found: Iterable[Finding]) -> VerificationResult:
    """What the findings mean for the release."""
    severities = {each.severity for each in found}
    if Severity.FAIL in severities:
        return VerificationResult.NOT_VERIFIED
    return VerificationResult.VERIFIED_WITH_WARNINGS if severities else VerificationResult.VERIFIED

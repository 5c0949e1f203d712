"""Which role may do what, and how far: the one table, generated into docs/generated/access.md."""

from maristan.kernel.access import Extent, Role, Table

ALL, SCOPE, OWN = Extent.ALL, Extent.SCOPE, Extent.OWN

LETTERS = {"a": ALL, "s": SCOPE, "o": OWN}
COLUMNS = (
    Role.ADMIN,
    Role.REGISTRAR,
    Role.COORDINATOR,
    Role.DEPARTMENT_HEAD,
    Role.FACULTY,
    Role.OFFICE_ASSISTANT,
    Role.EXAM_CELL,
    Role.FINANCE,
    Role.STUDENT,
    Role.AUDITOR,
)

# a = everywhere, s = within the scope of the role, o = one's own, - = not at all
ROWS = """
institution.view        a a a a a a a a a a
setting.view            a a a a - a a a - a
setting.manage          a - - - - - - - - -
membership.view         a a - - - - - - - a
membership.grant        a - - - - - - - - -
department.view         a a a a a a a a a a
department.manage       a - - - - - - - - -
place.view              a a a a a a a a a a
place.manage            a a - - - - - - - -
holiday.view            a a a a a a a a a a
holiday.manage          a a - - - - - - - -
invitation.send         a a s - - - - - - -
person.view             a a s s a a a a o a
person.edit             a a - - o - - - o -
person.deactivate       a a - - - - - - - -
contact.view            a a s s o a a a o a
contact.edit            a a - - o a - - o -
identity.view           a a - - o - - - o -
identity.edit           a a - - - - - - - -
identity.verify         a a - - - - - - - -
leave.view              a a s s o o o o o a
leave.request           a a o o o o o o o -
leave.decide            a a s s - - - - - -
faculty.import          a a s - - - - - - -
program.view            a a a a a a a a o a
program.manage          a a s - - - - - - -
program.finalize        a a s - - - - - - -
batch.view              a a a a a a a a a a
batch.manage            a a s - - - - - - -
period.view             a a a a a a a a a a
period.manage           a a s - - - - - - -
period.open             a a s - - - - - - -
course.view             a a a a a a a a a a
course.manage           a a s - - a - - - -
section.view            a a a a a a a a a a
section.manage          a a s - - a - - - -
syllabus.view           a a a a a a a a a a
syllabus.manage         a a s - - - - - - -
student.view            a a s s o a a a o a
student.edit            a a - - - a - - - -
student.place           a a s - - - - - - -
student.place_program   a a - - - - - - - -
student.status          a a - - - - - - - -
student.import          a a s - - - - - - -
enrollment.view         a a s - o a a a o a
enrollment.manage       a a s - - a - - - -
enrollment.self         - - - - - - - - o -
intake.view             a a s - - a - - - a
intake.manage           a a s - - - - - - -
application.submit      a a s - - a - - - -
application.review      a a s - - a - - - -
application.decide      a a s - - - - - - -
request_type.view       a a a a a a a a a a
request_type.manage     a a - - - - - - - -
request.view            a a o o o o o o o a
request.create          a a a - o - - - o -
request.handle          a a o - - - o o - -
obligation.view         a a s o o o o o o a
obligation.submit       o o o o o o o o o -
obligation.define       a a - - - - - - - -
obligation.verify       a a s - - - - - - -
material.view           o o o o o o o o o o
material.publish        a - s - o - - - - -
session.view            a a a a o a a a o a
session.manage          a - s - o - - - - -
week.view               a a a a o a a a o a
week.view_drafts        a a s s - a - - - -
week.edit               a - s s - a - - - -
week.verify             a - s s - - - - - -
week.publish            a - s - - - - - - -
week.amend              a - s - - - - - - -
week.revert             a - s - - - - - - -
week.print              a a a a o a a a o a
availability.view       a a a a o a - - - a
availability.manage     a - a a o a - - - -
attendance.view         a a s s o s a - o a
attendance.mark         a - s - o s - - - -
attendance.upload       a - s - o s - - - -
attendance.submit       a - s - o - - - - -
attendance.correct      - - - - o - - - o -
attendance.decide       a - s - o - - - - -
attendance.policy       a - - - - - - - - -
attendance.repair       a - s - - - - - - -
attendance.unlock       a - s - - - - - - -
attendance.eligibility  a - s - - - a - - -
attendance.condone_request a - s - - - a - - -
attendance.condone      a - - - - - a - - -
exam.view               a a s s o a a - o a
exam.edit               a - s - - a a - - -
exam.set_rules          a - s - - - a - - -
exam.announce           a - s - - - a - - -
exam.amend              a - s - - - a - - -
result.view             a a s s o a a - o a
result.view_decided     a a s s o - a - o a
result.enter            a - - - o a a - - -
result.verify           a - s - - - a - - -
result.freeze           a - - - - - a - - -
result.publish          a - - - - - a - - -
result.propose_correction a a s - o - a - - -
result.approve_correction a - - - - - a - - -
gradebook.manage        a - s - o - a - - -
grade_scheme.manage     a - - - - - a - - -
document.view           a a o o o o a o o a
document.issue          a a - - - - a - o -
document.revoke         a a - - - - - - - -
document.send_elsewhere a a - - - - - - - -
journal.view            a a - - - - - - - a
notification.view       o o o o o o o o o o
announcement.send       a a s - o - a - - -
delivery.view           a a - - - - - - - a
delivery.retry          a - - - - - - - - -
webhook.manage          a - - - - - - - - -
agenda.view             o o o o o o o o o o
inbox.view              o o o o o o o o o o
"""

# Operations: the operator, the administrator, the auditor, and everybody else who belongs to an institution.
OPERATIONS_ROWS = """
operations.view         a - - -
process.view            a - - -
backup.view             a - - -
backup.create           a - - -
backup.verify           a - - -
drill.view              a - a -
drill.run               a - - -
release.view            a - a -
release.verify          a - - -
setting.inspect         a - - -
job.view                a a - o
job.retry               a o - -
job.cancel              a o - -
integrity.run           a - - -
alert.view              a - a -
alert.acknowledge       a - - -
alert.close             a - - -
maintenance.manage      a - - -
maintenance.bypass      a - - -
journal.search          a a a -
journal.export          a a a -
person.impersonate      - a - -
"""


# What somebody who acts as another may change; all that is not named here, also what comes later, that person does in
# person: approvals, signatures, grants, what opens or closes an account, and what speaks to others in their name.
LENT = """
place.manage holiday.manage person.edit contact.edit leave.request program.manage batch.manage period.manage
course.manage section.manage syllabus.manage student.edit student.place student.place_program student.import
enrollment.manage enrollment.self intake.manage request_type.manage request.create session.manage week.edit
availability.manage attendance.mark attendance.upload attendance.correct attendance.condone_request exam.edit
result.enter result.propose_correction gradebook.manage faculty.import week.print
"""
SEES = "view"


def in_person(permission: str) -> bool:
    """True for a permission that nobody uses in somebody else's name."""
    return permission not in LENT.split() and not permission.partition(".")[2].startswith(SEES)


def table() -> Table:
    """Permission → role → extent, read from `ROWS` and `OPERATIONS_ROWS`."""
    found: dict[str, dict[str, Extent]] = {}
    for line in ROWS.strip().splitlines():
        permission, *letters = line.split()
        found[permission] = _extents(permission, COLUMNS, letters)
    named = (Role.OPERATOR, Role.ADMIN, Role.AUDITOR)
    others = tuple(role for role in COLUMNS if role not in named)
    for line in OPERATIONS_ROWS.strip().splitlines():
        permission, *letters = line.split()
        everybody = [*letters[:3], *(letters[3] for _ in others)]
        found[permission] = _extents(permission, (*named, *others), everybody)
    return found


def _extents(permission: str, of: tuple[Role, ...], letters: list[str]) -> dict[str, Extent]:
    if len(letters) != len(of):
        raise ValueError(f"{permission} has {len(letters)} columns")
    return {role.value: LETTERS[letter] for role, letter in zip(of, letters, strict=True) if letter != "-"}


TABLE = table()

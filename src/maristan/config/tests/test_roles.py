"""The table of roles is the one that the specification gives, permission by permission."""

from maristan.config import roles
from maristan.directory.rules.memberships import UNSCOPED_ROLES
from maristan.kernel.access import Extent, Role, Table

COLUMNS = (
    Role.ADMIN, Role.REGISTRAR, Role.COORDINATOR, Role.DEPARTMENT_HEAD, Role.FACULTY, Role.OFFICE_ASSISTANT,
    Role.EXAM_CELL, Role.FINANCE, Role.STUDENT,
)  # fmt: skip
EXTENTS = {"a": Extent.ALL, "s": Extent.SCOPE, "o": Extent.OWN, "-": None}

# Section 5 of the specification of academics and timetable, a line for each permission. "y" is everywhere, but within
# the scope of the role for coordinators (programs) and department heads (subtree); "o" is one's own.
# A point stands where the specification says nothing of that role.
SPECIFIED = """
membership.grant        a - - - - - - - -
setting.manage          a - - - - - - - -
department.manage       a - - - - - - - -
place.manage            a a - - - - - - -
holiday.manage          a a - - - - - - -
invitation.send         a a s - - - - - -
person.view             a a s s a a a a o
person.edit             a a - - o - - - o
contact.edit            . . . . . a . . .
identity.view           a a - - o - - - o
identity.verify         a a - - - - - - -
leave.request           a a o o o o o o o
leave.decide            a a s s - - - - -
program.manage          a a s - - - - - -
batch.manage            a a s - - - - - -
period.manage           a a s - - - - - -
course.manage           a a s - - a - - -
section.manage          a a s - - a - - -
syllabus.manage         a a s - - - - - -
program.view            . . . . a . a a o
batch.view              . . . . a . a a .
period.view             . . . . a . a a .
course.view             . . . . a . a a .
section.view            . . . . a . a a .
syllabus.view           . . . . a . a a .
program.finalize        a a s - - - - - -
period.open             a a s - - - - - -
student.view            a a s s o a a a o
student.edit            a a - - - a - - -
student.place           a a s - - - - - -
student.status          a a - - - - - - -
student.place_program   a a - - - - - - -
student.import          a a s - - - - - -
faculty.import          a a s - - - - - -
application.review      a a s - - a - - -
application.decide      a a s - - - - - -
request.create          a a a - o . . . o
request.handle          a a o - - - o o -
enrollment.view         a a s - o a a a o
enrollment.manage       a a s - - a - - -
enrollment.self         - - - - - - - - o
week.view_drafts        a a s s - a - - -
week.edit               a - s s - a - - -
week.verify             a - s s - - - - -
week.publish            a - s - - - - - -
week.amend              a - s - - - - - -
week.revert             a - s - - - - - -
session.manage          a - s - o - - - -
"""


def differences(table: Table) -> list[str]:
    """Each cell in which a table says something else than the specification."""
    found = []
    for line in SPECIFIED.strip().splitlines():
        permission, *letters = line.split()
        for role, letter in zip(COLUMNS, letters, strict=True):
            extent = table.get(permission, {}).get(role.value)
            if letter != "." and extent != EXTENTS[letter]:
                found.append(f"{permission} of {role.value} is {extent or 'none'}")
    return found


def test_each_role_may_do_what_the_specification_says_and_no_more() -> None:
    assert differences(roles.TABLE) == []


def test_a_role_that_nothing_narrows_is_granted_in_the_whole_institution_alone() -> None:
    narrowed = {role for extents in roles.TABLE.values() for role, extent in extents.items() if extent is Extent.SCOPE}
    # Teachers belong to departments, though what they may do is their own or everybody's.
    assert {role.value for role in roles.COLUMNS} - narrowed - {"faculty"} == UNSCOPED_ROLES


def test_a_role_that_may_more_or_less_is_found() -> None:
    wider = {**roles.TABLE, "week.publish": {**roles.TABLE["week.publish"], "faculty": Extent.OWN}}
    assert differences(wider) == ["week.publish of faculty is own"]
    decide = {role: extent for role, extent in roles.TABLE["leave.decide"].items() if role != "department_head"}
    assert differences({**roles.TABLE, "leave.decide": decide}) == ["leave.decide of department_head is none"]

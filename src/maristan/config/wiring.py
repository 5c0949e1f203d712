"""The only list of who hears what, and of what each app adds to the kernel's registries."""

from maristan.academics.queries import audience
from maristan.academics.rules import options as academics_options
from maristan.academics.rules import states as academics_states
from maristan.agenda import rules as agenda_rules
from maristan.comms import rules as comms_rules
from maristan.config.identity import actor_by_id
from maristan.directory.queries import identity, scoped_people
from maristan.directory.rules import options as directory_options
from maristan.directory.rules import states as directory_states
from maristan.kernel import events, imports, options
from maristan.timetable.rules import options as timetable_options
from maristan.timetable.rules import states as timetable_states
from maristan.work import rules as work_rules

EVENT_SOURCES = (directory_states, comms_rules, agenda_rules, work_rules, academics_states, timetable_states)
OPTION_SOURCES = (directory_options, academics_options, timetable_options)


def connect() -> None:
    """Fill the registries; called once when all apps are loaded."""
    for source in EVENT_SOURCES:
        events.declare(source.EVENTS)
    for source in OPTION_SOURCES:
        options.declare(source.OPTIONS)
    imports.register_actor_of(actor_by_id)
    identity.register_audience(audience.audience_of)
    scoped_people.register_program_people(audience.people_of_programs)

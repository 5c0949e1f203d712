"""What machines are told of people, places and leave: where their pages are, and no more."""

from maristan.kernel.events import Subject

SUBJECTS = {
    "operator": Subject(),
    "file": Subject(),
    "person": Subject(url="/directory/people/{id}"),
    "leave": Subject(url="/directory/leave/{id}"),
}

"""What machines are told of announcements and of the endpoints themselves."""

from maristan.kernel.events import Subject

SUBJECTS = {
    "announcement": Subject(url="/announcements/{id}"),
    "webhook": Subject(url="/dashboard/settings/webhooks"),
}

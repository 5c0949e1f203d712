"""What an integrity check asks of the directory: who is there of those that others link to."""

from maristan.directory.models import Holiday, Leave, Place
from maristan.kernel.integrity import Owners, present

OWNERS: Owners = {
    "directory.holiday": present(Holiday),
    "holiday": present(Holiday),
    "leave": present(Leave),
    "place": present(Place),
}

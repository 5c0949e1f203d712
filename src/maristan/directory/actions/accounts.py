"""What people set of their own account."""

from django.db import transaction

from maristan.kernel.access import Actor
from maristan.kernel.models import User
from maristan.kernel.unjournaled import unjournaled


@unjournaled("the language of one's own screen and mail is nobody's record")
@transaction.atomic
def choose_language(*, code: str, by: Actor) -> str:
    """Keep the language in which somebody is addressed, such as `ur`; gives it back."""
    User.objects.filter(pk=by.user_id or 0).update(language=code)
    return code

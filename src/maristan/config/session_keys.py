"""Sessions in the database; the line by which their owner knows one goes along when its key is changed."""

from allauth.core import context
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore as InDatabase
from django.db import transaction


class SessionStore(InDatabase):
    """A key is changed by a proof, and by the first request after SECRET_KEY was replaced."""

    def cycle_key(self) -> None:
        """As the framework's, for a session that is used; one that is only looked at keeps the key its browser has."""
        request = context.request
        if request is not None and request.session is not self:
            return
        former = self.session_key
        with transaction.atomic():
            super().cycle_key()
            UserSession.objects.filter(session_key=former).update(session_key=self.session_key)

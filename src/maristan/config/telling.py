"""Tells the operators of the platform by mail, each in their language; they belong to no institution's messages."""

import logging

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import Error

from maristan.kernel.messages import compose
from maristan.kernel.models import User

FINISHED = "release.finished"
log = logging.getLogger("maristan.deploying")


def finished(*, was: str, becomes: str, status: str, report: str) -> int:
    """Say how a deployment or rollback ended; gives to how many. A mail that cannot be sent stops nothing."""
    try:
        people = list(User.objects.filter(is_operator=True, is_active=True).exclude(email="").order_by("pk"))
    except Error:
        return 0
    sent, values = 0, {"was": was or "-", "becomes": becomes, "status": status, "report": report}
    for each in people:
        language = each.language or settings.LANGUAGE_CODE
        said = compose(FINISHED, values, language)
        try:
            sent += EmailMessage(said.title, said.body, to=[each.email], headers={"Content-Language": language}).send()
        except (OSError, ValueError):  # also what the mail server refuses
            log.exception("deployment_mail_failed")
    return sent

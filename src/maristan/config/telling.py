"""Tells the operators of the platform by mail, each in their language; they belong to no institution's messages."""

import logging

from django.core.mail import send_mail
from django.db import Error

from maristan.kernel.models import User

log = logging.getLogger(__name__)
TEXTS = {
    "en": (
        "Deployment finished: {status}",
        "From {was} to {becomes}.\nResult: {status}.\nReport: {report}\n",
    ),
    "ur": (
        "تعیناتی مکمل ہوئی: {status}",
        "{was} سے {becomes} تک۔\nنتیجہ: {status}۔\nرپورٹ: {report}\n",
    ),
}  # fmt: skip


def finished(*, was: str, becomes: str, status: str, report: str) -> int:
    """Say how a deployment or rollback ended; gives to how many. A mail that cannot be sent stops nothing."""
    try:
        people = list(User.objects.filter(is_operator=True, is_active=True).exclude(email=""))
    except Error:
        return 0
    sent = 0
    for each in people:
        title, body = TEXTS.get(each.language, TEXTS["en"])
        said = {"was": was or "-", "becomes": becomes, "status": status, "report": report}
        try:
            sent += send_mail(title.format(**said), body.format(**said), None, [each.email])
        except OSError as fault:
            log.warning("mail to an operator was not sent", extra={"fault": type(fault).__name__})
    return sent

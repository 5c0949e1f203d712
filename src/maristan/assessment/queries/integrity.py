"""What an integrity check asks of assessment."""

from maristan.assessment.models import Document, Exam, Result, ResultCorrection
from maristan.assessment.rules.states import ResultStatus
from maristan.kernel.access import Actor
from maristan.kernel.integrity import Owners, present

OWNERS: Owners = {
    "assessment.exam": present(Exam),
    "assessment.marks_due": present(Exam),
    "exam": present(Exam),
    "result_correction": present(ResultCorrection),
}


def results_without_issuer(*, by: Actor) -> list[int]:
    """Published results of which nobody is known to have published them."""
    out = Result.objects.filter(status__in=(ResultStatus.PUBLISHED, ResultStatus.FROZEN), published_by=None)
    return list(out.order_by("pk").values_list("pk", flat=True))


def documents_without_issuer(*, by: Actor) -> list[int]:
    """Issued documents of which nobody is known to have issued them."""
    return list(Document.objects.filter(issued_by="").order_by("pk").values_list("pk", flat=True))

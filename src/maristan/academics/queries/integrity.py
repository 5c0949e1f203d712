"""What an integrity check asks of academics: who is there of those that others link to."""

from maristan.academics.models import AcademicPeriod, Application, Batch, Intake, Obligation, Request
from maristan.kernel.integrity import Owners, present

OWNERS: Owners = {
    "academics.intake": present(Intake),
    "academics.obligation": present(Obligation),
    "academics.period": present(AcademicPeriod),
    "application": present(Application),
    "batch": present(Batch),
    "obligation": present(Obligation),
    "request": present(Request),
}

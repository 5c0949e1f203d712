"""What becomes known of somebody who is admitted is entered once, and never over what is on record."""

import pytest

from maristan.directory.actions import admitted
from maristan.directory.actions.admitted import Known
from maristan.directory.models import IdentityDocument
from maristan.directory.tests import factories as make
from maristan.kernel.errors import NotNow
from maristan.kernel.models import JournalLine

pytestmark = pytest.mark.django_db
KNOWN = Known(email="amina@example.edu", address="Ward 3", civic_number="3520212345671")


@pytest.mark.parametrize(("kind", "entered"), [("birth_form", 0), ("cnic", 0), ("passport", 1), (None, 1)])
def test_a_civic_number_on_record_is_not_entered_again(kind: str | None, entered: int) -> None:
    make.institution()
    amina, by = make.person("Amina"), make.acting_as("registrar")
    if kind is not None:
        make.identity_document(amina, kind=kind, number=KNOWN.civic_number)
    admitted.complete(person=amina.pk, known=KNOWN, by=by)
    assert JournalLine.objects.filter(kind="identity_document.created").count() == entered
    assert IdentityDocument.objects.count() == entered + (kind is not None)
    before = JournalLine.objects.count()
    admitted.complete(person=amina.pk, known=KNOWN, by=by)
    assert JournalLine.objects.count() == before


def test_without_a_number_there_is_no_document_and_another_persons_is_refused() -> None:
    make.institution()
    amina, noor, by = make.person("Amina"), make.person("Noor"), make.acting_as("registrar")
    admitted.complete(person=amina.pk, known=Known(email="amina@example.edu"), by=by)
    assert not IdentityDocument.objects.exists()
    make.identity_document(noor, kind="cnic", number=KNOWN.civic_number)
    with pytest.raises(NotNow) as refused:
        admitted.complete(person=amina.pk, known=KNOWN, by=by)
    assert refused.value.code == "overlap"
    assert IdentityDocument.objects.get().person_id == noor.pk

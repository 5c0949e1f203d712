"""Documents that follow from what happens elsewhere: a request that was approved, a result that was corrected."""

from maristan.academics.actions import requests as desk
from maristan.academics.queries import requests as desk_queries
from maristan.assessment.actions import document_mails as mails
from maristan.assessment.actions import documents
from maristan.assessment.models import Document, Result
from maristan.assessment.queries import documents as queries
from maristan.assessment.rules.documents import ON_REQUEST, DocumentLanguage
from maristan.kernel import jobs
from maristan.kernel.access import Actor
from maristan.kernel.errors import NotNow
from maristan.kernel.models import JournalLine
from maristan.kernel.unjournaled import unjournaled


@unjournaled("the actions it calls write the lines")
def follow_request(*, line_id: int, by: Actor) -> None:
    """Issue what an approved request asks for, and complete the request under the number (T4)."""
    pk = int(JournalLine.objects.get(pk=line_id).subject_id)
    found = desk_queries.visible_to(actor=by).filter(pk=pk).first()
    if found is None or found.student is None or found.type.code not in ON_REQUEST:
        return
    if Document.objects.filter(request=pk).exists():
        return
    person, kind = found.student.person_id, ON_REQUEST[found.type.code]
    try:
        made = documents.issue_one(
            kind=kind,
            person=person,
            language=DocumentLanguage(queries.spoken_by(person).code),
            renew=True,
            purpose=found.title,
            request=pk,
            by=by,
        )
    except NotNow as refused:
        mails.tell_failed(person=person, code=refused.extra["missing"][0]["code"], job=-pk, by=by)
        return
    own = queries.own_addresses(person)
    jobs.enqueue(documents.FINISH, document=made.pk, email=own[0] if own else "")
    desk.serve(pk=pk, notes=made.number, by=by)


@unjournaled("the action it calls writes the lines")
def follow_corrected(*, line_id: int, by: Actor) -> None:
    """Let transcripts that show a corrected result be replaced (R4)."""
    old, new = JournalLine.objects.get(pk=line_id).changes["result"]
    documents.supersede(result=old, person=Result.objects.get(pk=new).person_id, by=by)

"""The journal as operators, administrators and auditors search it: the platform's chain, or that of an institution."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from maristan.kernel import jobs, journal, tenancy
from maristan.kernel.access import Actor
from maristan.kernel.errors import NotFound, NotNow
from maristan.kernel.models import JournalLine, JournalSeal, StoredFile
from maristan.operations.models import IntegrityRun
from maristan.operations.rules.states import Perm

BROKEN = "journal_broken"
PLATFORM, INSTITUTION = "platform", "institution"
READ_IN = ("", "kernel")  # a check of another app alone has read no chain


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; empty means everything."""

    kind: str = ""
    subject: str = ""
    person: int | None = None
    first: datetime | None = None
    last: datetime | None = None
    search: str = ""
    chain: str = ""

    def plain(self) -> dict[str, Any]:
        """As the argument of a job."""
        return {**asdict(self), "first": _written(self.first), "last": _written(self.last)}

    @classmethod
    def read(cls, said: dict[str, Any]) -> "Wanted":
        """What `plain` gave."""
        return cls(**{**said, "first": _instant(said["first"]), "last": _instant(said["last"])})


def _written(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def last_of_the_platform(kind: str) -> JournalLine | None:
    """The newest line of a kind in the platform's chain."""
    with tenancy.acting_in(None):
        return JournalLine.objects.filter(institution_id=None, kind=kind).order_by("-id").first()


def lines(wanted: Wanted, *, actor: Actor, needed: Perm = Perm.JOURNAL_SEARCH) -> "QuerySet[JournalLine]":
    """Lines of the chain that is wanted, newest first; raises `NotAllowed`, and `NotFound` as `chain_of` does."""
    here = chain_of(wanted.chain, actor=actor, needed=needed)
    found = JournalLine.objects.filter(institution_id=here).order_by("-id")
    if wanted.kind:
        exact = Q(kind=wanted.kind) if "." in wanted.kind else Q(kind__startswith=f"{wanted.kind}.")
        found = found.filter(exact)
    if wanted.subject:
        kind, _, pk = wanted.subject.partition(":")
        found = found.filter(subject_kind=kind, **({"subject_id": pk} if pk else {}))
    if wanted.person is not None:
        found = found.filter(by_person_id=wanted.person)
    if wanted.first is not None:
        found = found.filter(at__gte=wanted.first)
    if wanted.last is not None:
        found = found.filter(at__lt=wanted.last)
    text = wanted.search.strip()
    if text:
        found = found.filter(Q(by_name__icontains=text) | Q(reason__icontains=text) | Q(subject_id__icontains=text))
    return found


MOST_AT_ONCE = 100_000


def is_long(found: "QuerySet[JournalLine]") -> bool:
    """True for more lines than one answer holds, without counting all of them."""
    return found.order_by()[MOST_AT_ONCE : MOST_AT_ONCE + 1].exists()


def chains(*, actor: Actor, needed: Perm = Perm.JOURNAL_SEARCH) -> tuple[str, ...]:
    """The chains that the actor searches, the usual one first: the platform's is its operators', that of an institution
    is for those whose membership says so."""
    of_platform = (PLATFORM,) if actor.is_operator and actor.may(needed) else ()
    is_member = actor.institution_id is not None and actor.may_as_member(needed)
    return (*of_platform, INSTITUTION) if is_member else of_platform


def chain_of(name: str, *, actor: Actor, needed: Perm = Perm.JOURNAL_SEARCH) -> int | None:
    """The institution whose chain the actor searches, none for the platform's, entered for the rest of the request.

    Without a name it is the usual one. Raises `NotAllowed`; a chain that the actor does not search is not there:
    `NotFound`.
    """
    actor.demand(needed)
    theirs = chains(actor=actor, needed=needed)
    if not theirs or (name and name not in theirs):
        raise NotFound()
    here = None if (name or theirs[0]) == PLATFORM else actor.institution_id
    if here != tenancy.current():
        tenancy.enter(here)
    return here


def chain(name: str = "", *, actor: Actor) -> dict[str, Any]:
    """How far a chain is sealed, and what the last check of it found; raises as `chain_of` does."""
    here = chain_of(name, actor=actor)
    position, digest = journal.head(here)
    seal = JournalSeal.objects.filter(institution_id=here, position=position).first()
    sealed = JournalLine.objects.filter(pk=seal.line_id).values_list("at", flat=True).first() if seal else None
    newest = JournalLine.objects.filter(institution_id=here).order_by("-id").first()
    run = IntegrityRun.objects.filter(app__in=READ_IN).order_by("-at").first()
    broken = [each for each in (run.findings if run else ()) if each["code"] == BROKEN]
    samples = [sample for each in broken for sample in each["sample_ids"]]
    mine = [each for each in samples if each.startswith(f"{here}:") or (here is None and ":" not in each)]
    return {
        "chain": PLATFORM if here is None else INSTITUTION, "chains": chains(actor=actor),
        "position": position, "digest": digest, "sealed_to": sealed, "newest_at": newest.at if newest else None,
        "checked_at": run.at if run else None, "is_broken": bool(mine), "broken_lines": mine,
    }  # fmt: skip


def exported(pk: int, *, actor: Actor, kind: str) -> StoredFile:
    """The file that one's own job wrote; raises `NotFound`, `NotAllowed`, `NotNow` (`not_ready`)."""
    actor.demand(Perm.JOURNAL_EXPORT)
    job = jobs.get(pk, actor=actor)
    if job.kind != kind:
        raise NotFound()
    if job.status != job.Status.SUCCEEDED:
        raise NotNow("not_ready", "The file is not written yet.")
    found = StoredFile.objects.filter(pk__in=[(job.result or {}).get("file")]).first()
    if found is None:
        raise NotFound()
    return found

"""What an integrity check asks of attendance."""

from maristan.attendance.models import Condonation, Correction, EligibilityList, Excuse, Register
from maristan.kernel.integrity import Owners, present, without_owner

OWNERS: Owners = {
    "attendance.list_freeze": present(EligibilityList),
    "condonation": present(Condonation),
    "mark_correction": present(Correction),
    "register": present(Register),
}


def excuses_without_owner(owners: Owners) -> list[str]:
    """Excuses that follow from what is not there, as `kind:id`."""
    return without_owner(Excuse.objects.values_list("owner_kind", "owner_id"), owners)


def lists_without_owner(owners: Owners) -> list[str]:
    """Eligibility lists drawn up for what is not there, as `kind:id`."""
    owned = EligibilityList.objects.exclude(owner_id=None).values_list("owner_kind", "owner_id")
    return without_owner(((kind, pk) for kind, pk in owned if pk is not None), owners)

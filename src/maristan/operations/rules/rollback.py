"""Taking a release back, decided without touching anything: every reason to refuse, level by level."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from maristan.operations.rules.deploying import Pending, Unmet


@dataclass(frozen=True, slots=True)
class Target:
    """The release that is to serve again; `altered` are packaged files that are not what its manifest says, or an image
    that is another; `why` it is not kept; `fault` is why nobody could say."""

    build_id: str
    is_kept: bool
    altered: Sequence[str] = ()
    why: str = ""
    fault: str = ""

    def unmet(self, else_: str = "") -> list[Unmet]:
        """Why it cannot serve; `else_` is what goes on without it."""
        if self.fault:
            return [Unmet("hooks_present", self.fault)]
        if not self.is_kept:
            said = self.build_id or "no former release"
            return [Unmet("release_not_kept", "; ".join(each for each in (said, self.why, else_) if each))]
        return [Unmet("release_altered", ", ".join(self.altered[:10]))] if self.altered else []


def of_code(target: Target, since: Iterable[Pending]) -> list[Unmet]:
    """Why code alone cannot go back; `since` are the applied migrations that the target does not know."""
    found = target.unmet()
    if not target.is_kept:
        return found
    breaking = [each.name for each in since if each.is_breaking]
    if breaking:
        found.append(Unmet("incompatible_schema", ", ".join(breaking)))
    return found


@dataclass(frozen=True, slots=True)
class Reverse:
    """A migration that would be taken back, and what goes with it: rows by table or column."""

    app: str
    name: str
    is_reversible: bool = True
    loses: Mapping[str, int] | None = None

    @property
    def label(self) -> str:
        return f"{self.app}.{self.name}"

    def lost(self) -> list[str]:
        """What holds rows and would go."""
        return [f"{what} ({rows} rows)" for what, rows in sorted((self.loses or {}).items()) if rows]


def of_migrations(
    plan: Sequence[Reverse], *, named_apps: Collection[str], accepted: Collection[str] = (),
    with_dependants: bool = False,
) -> list[Unmet]:  # fmt: skip
    """Why migrations cannot be taken back; `accepted` are labels of those whose data may go."""
    found = []
    irreversible = [each.label for each in plan if not each.is_reversible]
    if irreversible:
        found.append(Unmet("irreversible", ", ".join(irreversible)))
    pulled = sorted({each.app for each in plan} - {*named_apps})
    if pulled and not with_dependants:
        found.append(Unmet("dependants_not_named", f"{', '.join(pulled)}; --with-dependants goes on"))
    losing = [each for each in plan if each.lost() and each.label not in accepted]
    if losing:
        said = "; ".join(f"{each.label}: {', '.join(each.lost())}" for each in losing)
        found.append(Unmet("would_lose_data", f"{said}; --accept-data-loss <app>.<migration> goes on"))
    return found


def of_needed(plan: Sequence[Reverse], needed: Collection[str], release: str) -> list[Unmet]:
    """Why the release that is to serve cannot: `needed` are labels of its own migrations, which have to stay."""
    gone = [each.label for each in plan if each.label in needed]
    said = f"{release} needs {', '.join(gone)}; --to-release goes to a release from before"
    return [Unmet("schema_needed", said)] if gone else []


def grown(accepted: Sequence[Reverse], found: Sequence[Reverse]) -> list[str]:
    """What would go beyond what was shown and accepted: more rows than then, or of other migrations."""
    then = {each.label: each.loses or {} for each in accepted}
    return [
        f"{each.label}: {what} ({rows} rows, {then.get(each.label, {}).get(what, 0)} accepted)"
        for each in found
        for what, rows in sorted((each.loses or {}).items())
        if rows > then.get(each.label, {}).get(what, 0)
    ]


def of_set(*, target: Target, keeps_code: bool) -> list[Unmet]:
    """Why a set cannot be put into service with the release that made it."""
    return [] if keeps_code else target.unmet("--keep-code migrates the set forward to this build")


def described(plan: Sequence[Reverse]) -> list[str]:
    """The reverse plan as it is printed, first what goes first."""
    return [f"take back {each.label}" + (f", losing {', '.join(each.lost())}" if each.lost() else "") for each in plan]

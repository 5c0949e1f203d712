"""A host taken out of service before its web process stops, and back in when one starts."""

from maristan.kernel.access import Actor
from maristan.kernel.unjournaled import unjournaled
from maristan.operations.actions import chain
from maristan.operations.queries import draining


@unjournaled("a file of this host, also where no database answers; it writes the host's own journal")
def begin(*, by: Actor) -> None:
    """`/readiness/` answers 503 from now on, so that whoever balances load sends nobody here."""
    flag = draining.flag()
    flag.parent.mkdir(parents=True, exist_ok=True)
    flag.touch()
    chain.on_host(kind="host.drained", subject=("host", flag.name), by=by, changes={})


@unjournaled("a file of this host; whoever starts the web process means to serve")
def end(*, by: Actor) -> None:
    """Serve again."""
    draining.flag().unlink(missing_ok=True)

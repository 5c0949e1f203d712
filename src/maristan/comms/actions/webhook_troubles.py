"""What follows when an endpoint fails: it is disabled when it is gone or failed for days, and people are told (B5)."""

from typing import Any

from maristan.comms.actions import notifications, webhooks
from maristan.comms.models import WebhookEndpoint
from maristan.comms.rules import webhooks as rules
from maristan.comms.rules.states import DisabledReason, Message, Perm
from maristan.comms.rules.webhooks import Outcome
from maristan.directory.queries import holders
from maristan.directory.queries.settings import local_today
from maristan.kernel import clock, journal
from maristan.kernel.access import Actor
from maristan.kernel.unjournaled import unjournaled


@unjournaled("how an endpoint fares is no change of it; that it is disabled leaves a line")
def note(*, endpoint: WebhookEndpoint, outcome: Outcome, is_dead: bool, by: Actor) -> None:
    """Note how a locked endpoint fares, tell people of the first event that died, and disable what is beyond hope."""
    now = clock.now()
    if outcome.succeeded:
        endpoint.last_success_at, endpoint.failing_since, endpoint.failures = now, None, 0
    else:
        endpoint.last_failure_at = now
        endpoint.failing_since = endpoint.failing_since or now
        endpoint.failures += 1
    endpoint.save(update_fields=["last_success_at", "last_failure_at", "failing_since", "failures"])
    since = endpoint.failing_since.isoformat() if endpoint.failing_since else ""
    if outcome.status_code == rules.GONE:
        disable(endpoint=endpoint, reason=DisabledReason.GONE, by=by)
    elif rules.is_given_up(endpoint.failing_since, endpoint.failures, now):
        disable(endpoint=endpoint, reason=DisabledReason.FAILING, by=by)
    elif is_dead:
        _tell(endpoint, "webhook.dead", f"webhook:{endpoint.pk}:dead:{since}", {}, by)


def disable(*, endpoint: WebhookEndpoint, reason: DisabledReason, by: Actor) -> None:
    """Send a locked endpoint nothing more; to one that is gone nothing is on its way any more either."""
    if not endpoint.enabled:
        return
    endpoint.enabled, endpoint.disabled_reason = False, reason.value
    endpoint.version += 1
    endpoint.save(update_fields=["enabled", "disabled_reason", "version", "updated_at"])
    changes: dict[str, Any] = {
        "enabled": [True, False], "disabled_reason": ["", reason.value],
        "version": [endpoint.version - 1, endpoint.version],
    }  # fmt: skip
    if reason is DisabledReason.GONE:
        changes["cancelled"] = webhooks.cancel_open(endpoint=endpoint.pk, by=by)
    journal.record("webhook.disabled", (webhooks.SUBJECT, endpoint.pk), by=by, changes=changes)
    once = f"webhook:{endpoint.pk}:disabled:{endpoint.version}"
    _tell(endpoint, "webhook.disabled", once, {"reason": reason.value}, by)


def _tell(endpoint: WebhookEndpoint, event: str, once: str, params: dict[str, str], by: Actor) -> None:
    people = holders.people(Perm.WEBHOOK_MANAGE, day=local_today()) | {endpoint.created_by or 0}
    message = Message(
        event=event, once=once, url="/dashboard/settings/webhooks", params={"name": endpoint.name, **params}
    )
    notifications.notify(messages=dict.fromkeys(sorted(people - {0}), message), by=by)

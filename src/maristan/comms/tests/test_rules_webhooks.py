"""The rules of webhooks, by tables: patterns, schedules, secrets, bodies and addresses."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from maristan.comms.rules import webhooks as rules
from maristan.comms.rules.addresses import is_blocked, target
from maristan.comms.rules.webhooks import Outcome
from maristan.kernel import encryption, signatures
from maristan.kernel.errors import Invalid

NOW = datetime(2026, 11, 21, 4, 30, tzinfo=UTC)
VECTOR = '{"type":"permit.suspended","timestamp":"2026-11-21T04:30:00Z","data":{"id":7,"reason":"گیس"}}'.encode()
SECRET = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="


def test_the_vector_of_the_specification_is_reproduced() -> None:
    at = datetime.fromtimestamp(1795235400, UTC)
    assert at == NOW
    assert signatures.signed(VECTOR, identity="evt_01JD0000000000000000000007", at=at, by=[SECRET]) == {
        "webhook-id": "evt_01JD0000000000000000000007",
        "webhook-timestamp": "1795235400",
        "webhook-signature": "v1,OHVel/qrMK2Y8vmohD04GgfZYwW1Gbtsz6vAucrmsaY=",
    }


def test_two_secrets_sign_side_by_side_the_present_one_first() -> None:
    other = signatures.new_secret()
    both = signatures.signed(VECTOR, identity="evt_1", at=NOW, by=[other, SECRET])["webhook-signature"]
    alone = [
        signatures.signed(VECTOR, identity="evt_1", at=NOW, by=[each])["webhook-signature"] for each in (other, SECRET)
    ]
    assert both == " ".join(alone)


def test_a_secret_is_32_bytes_and_is_shown_by_its_end() -> None:
    secret = signatures.new_secret()
    assert (len(secret), secret[:6]) == (6 + 44, "whsec_")
    assert secret != signatures.new_secret()
    assert rules.masked(secret[-4:]) == f"whsec_********{secret[-4:]}"


def test_a_secret_is_read_with_its_key_or_a_former_one_and_for_its_purpose_alone(settings: Any) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "first" * 12, []
    kept = encryption.encrypt(SECRET, purpose="a")
    assert SECRET not in kept
    with pytest.raises(encryption.Unreadable):
        encryption.decrypt(kept, purpose="b")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "second" * 10, ["first" * 12]
    assert encryption.decrypt(kept, purpose="a") == SECRET
    renewed = encryption.renewed(kept, purpose="a")
    settings.SECRET_KEY_FALLBACKS = []
    assert encryption.decrypt(renewed, purpose="a") == SECRET
    with pytest.raises(encryption.Unreadable):
        encryption.decrypt(kept, purpose="a")


@pytest.mark.parametrize(
    ("pattern", "kind", "expected"),
    [
        ("*", "permit.suspended", True),
        ("permit.*", "permit.suspended", True),
        ("permit.*", "permit_extension.requested", False),
        ("permit.suspended", "permit.suspended", True),
        ("permit.suspended", "permit.resumed", False),
        ("permit", "permit.suspended", False),
        ("perm*", "permit.suspended", False),
        ("*.suspended", "permit.suspended", False),
    ],
)
def test_patterns(pattern: str, kind: str, expected: bool) -> None:
    assert (pattern in rules.patterns_of(kind)) is expected


def test_a_test_goes_to_its_own_endpoint_alone() -> None:
    assert rules.patterns_of("webhook.test") == []


@pytest.mark.parametrize(
    ("filters", "attributes", "expected"),
    [
        ({}, {"batch_id": 5}, True),
        ({"batch_id": [5]}, {"batch_id": 5}, True),
        ({"batch_id": ["5"]}, {"batch_id": 5}, True),
        ({"batch_id": [6, 7]}, {"batch_id": 5}, False),
        ({"batch_id": [6]}, {}, True),
        ({"batch_id": [5], "risk_level": ["high"]}, {"batch_id": 5, "risk_level": "low"}, False),
        ({"batch_id": [5]}, {"batch_id": None}, False),
    ],
)
def test_filters_choose_by_attributes_and_let_pass_what_has_none(
    filters: dict[str, list[Any]], attributes: dict[str, Any], expected: bool
) -> None:
    assert rules.passes(filters, attributes) is expected


def test_a_pattern_that_speaks_of_nothing_and_a_strange_attribute_are_named_at_once() -> None:
    with pytest.raises(Invalid) as refused:
        rules.check_subscription(
            events=["*", "permit.dreamt", "nothing.*"], filters={"colour": ["red"]}, known=["permit.suspended"],
            attributes=["batch_id"],
        )  # fmt: skip
    assert [(fault.pointer, fault.code) for fault in refused.value.faults] == [
        ("/events/1", "unknown_event"), ("/events/2", "unknown_event"), ("/filters/colour", "unknown_filter"),
    ]  # fmt: skip


MINUTE, HOUR = 60, 3600


def test_ten_attempts_are_made_over_three_days_each_wait_a_tenth_longer_or_shorter() -> None:
    waits = [5, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR]
    for failures, wait in enumerate(waits, start=1):
        for shift in (-1.0, 0.0, 1.0):
            again = rules.retry_at(failures, NOW, shift=shift)
            assert again is not None
            assert (again - NOW).total_seconds() == pytest.approx(wait * (1 + shift / 10))
    assert rules.retry_at(10, NOW, shift=0) is None


@pytest.mark.parametrize(
    ("status", "header", "expected"),
    [
        (429, "120", timedelta(seconds=120)),
        (503, " 120 ", timedelta(seconds=120)),
        (503, "Sat, 21 Nov 2026 05:30:00 GMT", timedelta(hours=1)),
        (503, "Sat, 21 Nov 2026 03:30:00 GMT", timedelta()),
        (429, "999999999999", timedelta(hours=24)),
        (429, "Sat, 21 Nov 2099 03:30:00 GMT", timedelta(hours=24)),
        (429, "soon", None),
        (429, "-5", None),
        (429, "", None),
        (500, "120", None),
        (200, "120", None),
    ],
)
def test_what_a_busy_receiver_asks_for(status: int, header: str, expected: timedelta | None) -> None:
    assert rules.asked_to_wait(Outcome(status_code=status, retry_after=header), NOW) == expected


def test_what_is_asked_for_lengthens_a_wait_and_never_shortens_it() -> None:
    wait = timedelta(minutes=2)
    assert rules.retry_at(1, NOW, shift=0, retry_after=wait) == NOW + wait
    assert rules.retry_at(2, NOW, shift=0, retry_after=wait) == NOW + timedelta(minutes=5)


def test_only_an_answer_of_2xx_is_a_success() -> None:
    found = {status for status in range(100, 600) if Outcome(status_code=status).succeeded}
    assert found == set(range(200, 300))
    assert not Outcome(error_code="timeout").succeeded


@pytest.mark.parametrize(
    ("days", "failures", "expected"),
    [(5, 10, True), (5, 9, False), (4.99, 500, False), (9, 10, True)],
)
def test_an_endpoint_is_given_up_after_five_days_and_ten_failures(days: float, failures: int, expected: bool) -> None:
    assert rules.is_given_up(NOW - timedelta(days=days), failures, NOW) is expected
    assert not rules.is_given_up(None, failures, NOW)


@given(some.integers(1, 2**63 - 1), some.integers(1, 2**63 - 1))
def test_ids_of_events_are_stable_without_a_full_stop_and_each_its_own(one: int, other: int) -> None:
    made = rules.event_id(one, NOW)
    assert made == rules.event_id(one, NOW)
    assert (made[:4], len(made), "." in made) == ("evt_", 30, False)
    assert (made == rules.event_id(other, NOW)) is (one == other)


def test_an_event_says_its_common_fields_whatever_else_a_line_holds() -> None:
    told = rules.data(
        subject="7",
        changes={"status": ["active", "suspended"], "version": [3, 4], "email": [None, "a@b.example"], "marks": 12},
        actor={"id": 3, "name": "Alice"},
        url=None,
        told={"number": "PTW-2026-000007"},
    )
    assert told == {
        "id": 7, "status": "suspended", "previous_status": "active", "version": 4, "url": None,
        "actor": {"id": 3, "name": "Alice"}, "number": "PTW-2026-000007",
    }  # fmt: skip


def test_a_body_is_minified_utf8_with_its_keys_in_order() -> None:
    made = rules.body(kind="a.b", at=NOW, institution=3, number=9, data={"reason": "گیس"})
    expected = (
        '{"type":"a.b","timestamp":"2026-11-21T04:30:00.000Z","institution":3,"sequence":9,"data":{"reason":"گیس"}}'
    )
    assert made == expected.encode()


def test_a_body_above_20_kb_says_the_common_fields_alone() -> None:
    made = rules.body(kind="a.b", at=NOW, institution=3, number=9, data={"id": 7, "long": "x" * 20 * 1024})
    assert b'"data":{"id":7}' in made


# --- addresses ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://hooks.example.org/", "https_required"),
        ("ftp://hooks.example.org/", "invalid_url"),
        ("hooks.example.org", "invalid_url"),
        ("https://", "invalid_url"),
        ("https:///path", "invalid_url"),
        ("https://alice@hooks.example.org/", "invalid_url"),
        ("https://alice:pw@hooks.example.org/", "invalid_url"),
        ("https://hooks.example.org@10.0.0.1/", "invalid_url"),
        ("https://hooks.example.org:22/", "invalid_url"),
        ("https://hooks.example.org:0/", "invalid_url"),
        ("https://hooks.example.org:99999/", "invalid_url"),
        ("https://hooks.example.org/#top", "invalid_url"),
        ("https://hooks example.org/", "invalid_url"),
        ("https://hooks.example.org/\nX: y", "invalid_url"),
        ("https://hooks.example.org\\@10.0.0.1/", "invalid_url"),
        ("https://[fe80::1%25eth0]/", "invalid_url"),
        ("https://[::1/", "invalid_url"),
        ("https://-a.example.org/", "invalid_url"),
        ("https://a..example.org/", "invalid_url"),
        ("https://1.2.3.4.5/", "invalid_url"),
        ("https://1.2.x.4/", "invalid_url"),
        ("https://256.1.1.1/", "invalid_url"),
        ("https://0x100000000/", "invalid_url"),
    ],
)
def test_what_is_no_address_of_a_receiver(url: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        target(url)
    assert [(fault.pointer, fault.code) for fault in refused.value.faults] == [("/url", code)]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://Hooks.Example.org", "https://hooks.example.org/"),
        ("https://hooks.example.org.:443/a?b=c", "https://hooks.example.org/a?b=c"),
        ("https://hooks.example.org:8443/a b".replace(" ", "%20"), "https://hooks.example.org:8443/a%20b"),
        ("https://bücher.example/گیس", "https://xn--bcher-kva.example/%DA%AF%DB%8C%D8%B3"),
        ("https://2130706433/", "https://127.0.0.1/"),
        ("https://0x7f000001/", "https://127.0.0.1/"),
        ("https://0x7f.1/", "https://127.0.0.1/"),
        ("https://0177.0.0.01/", "https://127.0.0.1/"),
        ("https://127.1/", "https://127.0.0.1/"),
        ("https://１２７.０.０.１/", "https://127.0.0.1/"),
        ("https://[::FFFF:127.0.0.1]/", "https://[::ffff:7f00:1]/"),
    ],
)
def test_an_address_has_one_form_however_it_is_written(url: str, expected: str) -> None:
    assert target(url).url == expected


def test_http_at_any_port_only_where_the_operator_opened_it() -> None:
    assert target("http://hooks.example.org:9000/a", allow_http=True).url == "http://hooks.example.org:9000/a"


BLOCKED = [
    "127.0.0.1",
    "127.255.255.254",
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "100.100.100.200",
    "0.0.0.0",
    "0.1.2.3",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "192.0.0.192",
    "192.0.2.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "192.88.99.1",
    "168.63.129.16",
    "::",
    "::1",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fd00:ec2::254",
    "fec0::1",
    "ff02::1",
    "2001:db8::1",
    "100::1",
    "2001::1",
    "64:ff9b:1::a00:1",
    "::ffff:10.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "::10.0.0.1",
    "2002:a00:1::",
    "2002:7f00:1::1",
    "64:ff9b::a00:1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
]
OPEN = ["93.184.216.34", "1.1.1.1", "2606:4700::1111", "::ffff:1.1.1.1", "2002:101:101::1", "64:ff9b::101:101"]


@pytest.mark.parametrize("address", BLOCKED)
def test_what_does_not_belong_to_the_public_internet_is_blocked(address: str) -> None:
    assert is_blocked(address)


@pytest.mark.parametrize("address", OPEN)
def test_what_belongs_to_the_public_internet_is_open(address: str) -> None:
    assert not is_blocked(address)


def test_an_operator_opens_a_network_and_no_other() -> None:
    opened = ["10.20.0.0/16"]
    assert not is_blocked("10.20.3.4", allowed=opened)
    assert not is_blocked("::ffff:10.20.3.4", allowed=opened)
    assert is_blocked("10.21.3.4", allowed=opened)
    assert is_blocked("127.0.0.1", allowed=opened)

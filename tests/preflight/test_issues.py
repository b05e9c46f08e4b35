"""Every issue of the builder becomes one line."""

from datetime import UTC, datetime

from playground.payload.builder import build_launch_request
from playground.preflight.checks import check_launch
from playground.preflight.facts import Facts
from tests.payload import samples


def lines_of(draft):
    facts = Facts(now=datetime(2025, 3, 1, tzinfo=UTC), accounts=samples.ACCOUNTS)
    built = build_launch_request(samples.LEADS, draft, samples.ACCOUNTS)
    return check_launch(samples.LEADS, draft, built, facts).lines


def test_step_without_working_account_stops_though_the_builder_only_warns():
    lines = lines_of(samples.with_step(accounts=("old",)))

    assert [(line.code, line.severity, line.section, line.field) for line in lines][:2] == [
        ("invalid-account", "risky", "steps", "steps-search-accounts"),
        ("no-account", "stops", "steps", "steps-search-accounts"),
    ]

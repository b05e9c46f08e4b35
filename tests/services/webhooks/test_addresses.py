"""Only hosts that the operator has named are told anything, only over TLS, never a private one."""

from __future__ import annotations

import pytest

from playground.environment import places
from playground.services.webhooks import addresses
from playground.services.webhooks.addresses import UnusableAddress
from playground.upstream import network, posting


@pytest.fixture
def named(monkeypatch, settings):
    monkeypatch.setenv(
        "WEBHOOK_HOSTS", "Hooks.Example, chat.example:8443 127.0.0.1:9000 [::1]:9000"
    )
    settings.WEBHOOK_HOSTS = places("WEBHOOK_HOSTS")


@pytest.mark.parametrize(
    "address",
    [
        "https://hooks.example/services/T0/B0/x",
        "https://HOOKS.example:443/services",
        "https://hooks.example./services",
        "https://chat.example:8443/hooks/x?channel=1",
        "http://127.0.0.1:9000/x",
        "http://[::1]:9000/x",
    ],
)
def test_what_the_operator_has_named_is_taken(named, address):
    addresses.check(address)


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("http://hooks.example/x", "https"),
        ("https://hooks.example:8443/x", "WEBHOOK_HOSTS"),
        ("https://chat.example/x", "WEBHOOK_HOSTS"),
        ("https://sub.hooks.example/x", "WEBHOOK_HOSTS"),
        ("https://hooks.example.evil.example/x", "WEBHOOK_HOSTS"),
        ("https://127.0.0.1/x", "WEBHOOK_HOSTS"),
        ("http://127.0.0.1:9001/x", "WEBHOOK_HOSTS"),
        ("http://127.1:9000/x", "https"),
        ("http://2130706433:9000/x", "https"),
        ("https://169.254.169.254/latest", "WEBHOOK_HOSTS"),
        ("https://hooks.example@evil.example/x", "no user"),
        ("https://evil.example#hooks.example", "after a #"),
        ("https://evil.example\\@hooks.example/x", "no web address"),
        ("https://hooks.example/\r\nX: y", "no web address"),
        ("https://hööks.example/x", "no web address"),
        ("https://hooks.example:99999/x", "no web address"),
        ("ftp://hooks.example/x", "no web address"),
        ("javascript:alert(1)", "no web address"),
        ("hooks.example", "no web address"),
        ("", "no web address"),
        ("https://hooks.example/" + "x" * 2_000, "no web address"),
    ],
)
def test_nothing_else_is(named, address, sentence):
    with pytest.raises(UnusableAddress, match=sentence) as caught:
        addresses.check(address)
    assert len(address) < 14 or address not in caught.value.sentence


def test_without_the_setting_nobody_is_told(settings):
    settings.WEBHOOK_HOSTS = frozenset()

    with pytest.raises(UnusableAddress, match="none yet"):
        addresses.check("https://hooks.example/x")


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://hooks.example/services/T0/B0/s3cretABCD", "hooks.example/…ABCD"),
        ("https://chat.example:8443/x", "chat.example:8443"),
    ],
)
def test_no_page_shows_all_of_an_address(address, shown):
    assert addresses.shown(address) == shown


@pytest.mark.parametrize(
    "found",
    [
        *("10.0.0.1", "127.0.0.1", "169.254.169.254", "192.168.1.1", "100.64.0.1", "172.16.0.9"),
        *("::1", "fe80::1", "fc00::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::"),
        "224.0.0.1",
    ],
)
def test_a_name_of_a_private_address_is_not_connected_to(monkeypatch, found):
    monkeypatch.setattr(network, "look_up", lambda *_: ["93.184.216.34", found])

    posted = posting.post("https://hooks.example/x", b"{}", {})

    assert (posted.status, posted.is_taken) == (None, False)
    assert "private network" in posted.sentence


def test_public_addresses_are():
    for one in ("93.184.216.34", "2606:2800:220:1::1", "64:ff9b::5db8:d822"):
        assert posting._is_public(one)

"""Identifiers in addresses: a UUID however it was copied, everything else as it is."""

import pytest

from playground.web.converters import UidConverter

UID = "5a9db0c0-0004-4000-8000-00000000000a"


@pytest.mark.parametrize(
    "segment", [UID.upper(), f"{UID} ", f"{UID}\u200b", f"{UID}%20", f"{UID}\u00a0", f"{{{UID}}}"]
)
def test_uuid_in_an_address_is_read_however_it_was_copied(segment):
    assert UidConverter().to_python(segment) == UID


@pytest.mark.parametrize("uid", ["", "Job 1 ", "a/b%", "..", "ÄB", f"{UID}-x", "0" * 31])
def test_other_identifiers_come_back_as_they_were(uid):
    converter = UidConverter()

    assert converter.to_python(converter.to_url(uid)) == uid

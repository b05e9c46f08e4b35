"""The corpus: each dialect with hostile values comes back as the payload that it was written of."""

from __future__ import annotations

import json

import pytest

from playground.payload.edit.paste.reader import read_pasted
from tests.payload.edit.paste.dialects import COOKIE, DIALECTS, KEY, PAYLOADS, UID

# An object of the language itself: what Python writes as an escape of its own is refused.
WITHOUT_KEY = ("PowerShell by hand", "a .http file")


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_what_was_written_down_comes_back(dialect, payload):
    kind, write = DIALECTS[dialect]

    pasted = read_pasted(write(PAYLOADS[payload]))

    assert pasted.problem is None
    assert (pasted.kind, pasted.workflow_uid) == (kind, UID)
    assert json.dumps(pasted.payload) == json.dumps(PAYLOADS[payload])
    assert any("was left out" in one for one in pasted.notices) is (dialect not in WITHOUT_KEY)
    assert not any(KEY in one or COOKIE[8:20] in one for one in pasted.notices)

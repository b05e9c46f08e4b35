"""Which targets were run, by what and when, as `tests/snippets/matrix.py` has written it down."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import msgspec


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """`by` names what ran every hostile value, with its version, on the day `on`."""

    by: tuple[str, ...]
    on: dt.date


PROOFS_FILE = Path(__file__).with_name("proofs.json")
PROOFS = msgspec.json.decode(PROOFS_FILE.read_bytes(), type=dict[str, Proof])

"""What is to be started, decided by one program and carried out by the next."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass

from playground.running.addresses import Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Two command lines, the address the first will answer on, and what to say when it does."""

    address: Address
    web_server: list[str]
    background_worker: list[str]
    lines: list[str]


def to_json(plan: Plan) -> str:
    return json.dumps(dataclasses.asdict(plan))


def from_json(text: str) -> Plan:
    values = json.loads(text)
    return Plan(**values | {"address": Address(**values["address"])})

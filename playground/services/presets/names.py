"""A job name that tells repeats apart: a pattern, and the name that it gives today."""

from __future__ import annotations

import datetime as dt
import re

COUNTER = "counter"
_part = re.compile(r"\{(date|time|counter)\}")


def resolve(pattern: str, now: dt.datetime, count: int) -> str:
    """The pattern with the day, the time and the number of the next launch, in UTC. What stands in
    other braces stays."""
    values = {"date": f"{now:%Y-%m-%d}", "time": f"{now:%H:%M}", COUNTER: str(count)}
    return _part.sub(lambda found: values[found[1]], pattern)

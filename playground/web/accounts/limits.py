"""Limits as the pages show them: every number and moment in words."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from playground.services.accounts.limits import Gauge
from playground.services.workflows.usage import UsesFound, WorkflowUse
from playground.web.numbers import written


@dataclass(frozen=True, slots=True, kw_only=True)
class GaugeContext:
    """One limit. `percent` fills the bar; None leaves it out."""

    name: str
    level: str
    percent: int | None
    text: str
    window: str
    ends_at: dt.datetime | None
    queued: str
    is_used_up: bool
    workflows: tuple[WorkflowUse, ...] = ()


def gauge_context(gauge: Gauge, now: dt.datetime, uses: UsesFound | None = None) -> GaugeContext:
    return GaugeContext(
        name=gauge.name,
        level=gauge.level,
        percent=gauge.percent,
        text=_amount(gauge.used, gauge.most),
        window=_window(gauge, now),
        ends_at=gauge.ends_at,
        queued=f"{written(gauge.queued)} queued" if gauge.queued else "",
        is_used_up=gauge.is_used_up,
        workflows=tuple(use for use in (uses.workflows if uses else ()) if _governs(gauge, use)),
    )


def duration(seconds: float) -> str:
    """The two largest units: "5 h 12 min"."""
    minutes = int(seconds // 60)
    days, hours = minutes // 1440, minutes // 60
    if days > 1:
        return f"{days:,} days"
    if hours:
        return f"{hours} h {minutes % 60} min" if minutes % 60 else f"{hours} h"
    return f"{minutes} min" if minutes else "less than a minute"


def _amount(used: int | None, most: int | None) -> str:
    if used is None and most is None:
        return "not told"
    if most is None:
        return f"{written(used or 0)} used, limit not told"
    if used is None:
        return f"limit {written(most)}, use not told"
    return f"{written(used)} of {written(most)} used"


def _window(gauge: Gauge, now: dt.datetime) -> str:
    if gauge.ends_at is None:
        return ""
    if gauge.is_over:
        return f"window ended {duration((now - gauge.ends_at).total_seconds())} ago"
    return f"window ends in {duration((gauge.ends_at - now).total_seconds())}"


def _governs(gauge: Gauge, use: WorkflowUse) -> bool:
    template = use.summary.template_uid
    return isinstance(template, str) and bool(template) and template in gauge.templates

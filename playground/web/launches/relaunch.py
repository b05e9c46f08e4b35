"""What a draft that was made from an earlier launch has otherwise than that."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils import timezone

from playground.contract.workflows import Workflow
from playground.models import Launch
from playground.payload import diff
from playground.payload.build.builder import Built
from playground.services.launches import compare
from playground.services.ledger import launches as launch_ledger
from playground.web.compare import pages, sources
from playground.web.compare.pages import CompareContext
from playground.web.compare.sources import Source

# Rows of both that are compared while a page opens: they take a tenth of a second.
MOST_ROWS = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RelaunchContext:
    """The launch that the draft comes from, the rows that it has itself, and what differs; None
    where that are too many rows to compare while the page opens."""

    launch: Launch
    rows: int
    compared: CompareContext | None

    @property
    def source(self) -> str:
        return sources.name_of_launch(self.launch)


def of(
    request: HttpRequest, workflow: Workflow, number: int | None, built: Built
) -> RelaunchContext | None:
    """None for a draft that comes from no launch, or from one of another workflow."""
    if number is None:
        return None
    try:
        launch = launch_ledger.get_launch(request.user, number, now=timezone.now())
    except launch_ledger.UnableToFindLaunch:
        return None
    if launch.workflow_uid != workflow.uid:
        return None
    compared = None
    if launch.row_count + built.row_count <= MOST_ROWS:
        compared = _compare(launch, workflow, built)
    return RelaunchContext(launch=launch, rows=built.row_count, compared=compared)


def _compare(launch: Launch, workflow: Workflow, built: Built) -> CompareContext:
    before = sources.of_launch(launch)
    after = Source(
        name="",
        kind="This draft",
        title="",
        address="",
        workflow_uid=workflow.uid,
        fingerprint=built.fingerprint,
        side=diff.side_of_built(built),
    )
    found = compare.compare(before.side, after.side, workflow)
    return pages.compare_page((before, after), found, workflow, 1)

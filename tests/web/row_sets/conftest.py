"""Rows of the small workflow of these tests, as its person has them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from playground.models import RowSet
from playground.services import people
from playground.services.row_sets import reading
from playground.services.row_sets.reading import Source
from playground.services.workflows import lookup as workflow_lookup
from tests.web.conftest import WORKFLOW_UID

CSV = (
    "first_name,company_name,Note\n"
    "Ada ,ACME,007\n"
    ",ACME,1e5\n"
    "Grace,Beta,<script>alert(1)</script>\n"
    "grace,Beta,\n"
    "Grace,Beta,x\n"
)


@pytest.fixture
def make(client: Client) -> Callable[..., RowSet]:
    """A row set of this table."""

    def make(data: str = CSV, name: str = "leads.csv") -> RowSet:
        user, workflow = people.get_local_user(), workflow_lookup.get_workflow(WORKFLOW_UID)
        source = Source(name=name, data=data.encode())
        return reading.make(user, workflow, source, now=timezone.now())

    return make


@pytest.fixture
def row_set(make: Callable[..., RowSet]) -> RowSet:
    return make()

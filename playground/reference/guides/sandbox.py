"""The guide to what only the sandbox has: values that go wrong on purpose."""

from __future__ import annotations

from collections.abc import Mapping

from playground.reference.guides.samples import Guide, Samples, person
from playground.reference.pages.blocks import ExampleCall, Section, Table, section


def try_test_inputs(samples: Samples) -> Guide:
    return Guide(
        name="test-inputs",
        title="Test inputs of the sandbox",
        lead="Some values make a launch go wrong on purpose, like a payment provider's test cards. "
        "Only the sandbox knows them.",
        sections=(_inputs(samples), _credentials(samples)),
    )


def _inputs(samples: Samples) -> Section:
    value = next(iter(samples.inputs))
    return section(
        "inputs",
        "In an input",
        "Any key of any row may have them; spaces around them do not matter. The form of a "
        "[workflow](page:workflow-list) lists them too.",
        _table("Test inputs", samples.inputs),
        samples.email_launch(
            "Two rows, of which one fails",
            person("Zoë", "O'Brien", "Acme Corp."),
            person("Juan", "de la Vega", value),
        ),
        "[List a job's inputs](operation:list_job_inputs) tells which rows failed and why. At "
        "speed 1 a job of three rows and one step takes about ten seconds; the setting "
        "`SANDBOX_SPEED` divides every duration.",
    )


def _credentials(samples: Samples) -> Section:
    cookies = {"li_at": next(iter(samples.credentials))}
    return section(
        "credentials",
        "In a credential",
        "Any credential of an account may have them: a key, a password, a cookie. "
        "[Accounts](page:account-list) leads to the form.",
        _table("Test credentials", samples.credentials),
        ExampleCall(
            label="An account that is not valid",
            operation="save_account",
            values={"integration": samples.integration},
            body={"account": {"name": "Expired on purpose", "cookies": cookies}},
            is_secret=False,
        ),
    )


def _table(label: str, values: Mapping[str, str]) -> Table:
    rows = tuple((f"`{value}`", effect) for value, effect in values.items())
    return Table(label=label, head=("Value", "Effect"), rows=rows)

"""A pasted payload becomes a draft, and what is not in it any more is told."""

from __future__ import annotations

import pytest

from playground.contract.workflows import Step, Workflow
from playground.payload.edit.pasting import make_draft
from playground.payload.typed_json import read_typed, tell_repeated

STEP = "5a9db0c0-0005-4000-8000-000000000abc"
ACCOUNT = "5a9db0c0-0006-4000-8000-00000000000f"
WORKFLOW = Workflow(uid="w", name="Find", steps=(Step(step_uid=STEP),))


@pytest.mark.parametrize("written", [str.upper, " {}\n".format, "{}\u200b".format, "{{{}}}".format])
def test_uids_are_read_however_they_were_copied(written) -> None:
    step = {"step_uid": written(STEP), "accounts": [written(ACCOUNT), "other"]}

    pasted = make_draft(WORKFLOW, {"steps": [step]})

    assert pasted.draft.step(STEP).accounts == (ACCOUNT, "other")
    assert pasted.notices == (f"A UID was read as {STEP}.", f"A UID was read as {ACCOUNT}.")


@pytest.mark.parametrize("before", ["\ufeff", "\ufeff\ufeff", "\n\ufeff"])
def test_a_mark_before_json_hides_no_repeated_key(before):
    _, repeated = read_typed(before + '{"a": 1,\n"a": 2}')

    first = 1 + before.count("\n")
    assert tell_repeated(repeated) == (
        f"“a” is there twice, in lines {first} and {first + 1}: only its last value is kept.",
    )

"""Snippets as the shells, interpreters and compilers of this machine run them."""

from __future__ import annotations

import pytest

from playground.payload.show.snippets.proofs import PROOFS
from playground.payload.show.snippets.targets import TARGETS
from tests.snippets import execution, matrix
from tests.snippets.execution import Outcome
from tests.snippets.parsing import PARSED
from tests.snippets.recorder import recording

PAIRS = execution.pairs()


@pytest.fixture(scope="module")
def outcomes() -> dict[str, Outcome]:
    """All that can be run here, side by side."""
    here = [pair for pair in PAIRS if pair[0].is_here]
    return {one.name: one for one in execution.run_all(here)}


@pytest.mark.parametrize(("runner", "target"), PAIRS, ids=[f"{t} {r.name}" for r, t in PAIRS])
def test_every_hostile_value_arrives_as_it_is(outcomes, runner, target):
    if not runner.is_here:
        pytest.skip(f"{runner.name} is not on this machine, or lacks what {target} needs")

    outcome = outcomes[f"{target} ({runner.name})"]

    assert (outcome.problem, outcome.failing) == ("", ())


def test_a_payload_that_is_short_enough_for_a_text_block_of_java_arrives():
    java = next(runner for runner in execution.RUNNERS if runner.name == "Java")
    if not java.is_here:
        pytest.skip("Java is not on this machine")

    with recording() as recorder:
        (outcome,) = execution.run([(java, "java")], recorder, execution.SHORT)

    assert (outcome.problem, outcome.failing) == ("", ())


def test_what_is_called_proven_is_what_something_runs():
    assert set(PROOFS) == {target for _, target in PAIRS}


def test_each_target_is_run_by_something_or_parsed():
    assert set(TARGETS) == set(PROOFS) | set(PARSED)
    assert not set(PROOFS) & set(PARSED)


def test_readme_lists_what_was_proven():
    assert matrix.listed_in_readme() == matrix.table(PROOFS)


def test_a_snippet_that_changes_a_value_is_found(monkeypatch):
    """A control: without the quotes around its end a shell looks into the here-document."""
    curl = TARGETS["curl"]
    broken = curl.write(execution.launch_of("http://h", '{"a": 1}'))
    assert "<<'PAYLOAD'" in broken
    looked_into = _Changed(curl, lambda text: text.replace("<<'PAYLOAD'", "<<PAYLOAD"))
    monkeypatch.setitem(TARGETS, "curl", looked_into)
    bash = next(runner for runner in execution.RUNNERS if runner.name == "bash")

    (outcome,) = execution.run_all([(bash, "curl")])

    assert {"$( )", "backtick", "backslash"} <= set(outcome.failing)


class _Changed:
    """A target whose text is changed behind it."""

    def __init__(self, target, change):
        self.file_name, self.flavour = target.file_name, target.flavour
        self.write = lambda call: change(target.write(call))

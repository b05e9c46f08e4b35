"""What the contract types answer when they are asked."""

from __future__ import annotations

from typing import Any

import pytest

from playground.contract import jobs
from playground.contract.wire import UNSET
from playground.contract.workflows import Input, Parameter, ParametersSchema, Step, Workflow


@pytest.mark.parametrize(
    ("status", "is_final", "is_success", "is_retryable", "is_cancellable"),
    [
        ("pending", False, False, True, True),
        ("running", False, False, False, True),
        ("finished", True, True, False, False),
        ("completed", True, True, False, False),
        ("warning", True, False, True, True),
        ("shutdown", True, False, True, True),
        ("stopped", True, False, True, False),
        ("paused", False, False, True, True),
        ("one that is new", False, False, False, False),
        ("", False, False, False, False),
        (None, False, False, False, False),
        (UNSET, False, False, False, False),
    ],
)
def test_what_a_jobs_status_means(
    status: Any, is_final: bool, is_success: bool, is_retryable: bool, is_cancellable: bool
) -> None:
    job = jobs.Job(uid="job-1", status=status)

    answers = (job.is_final, job.is_success, job.is_retryable, job.is_cancellable)

    assert answers == (is_final, is_success, is_retryable, is_cancellable)


@pytest.mark.parametrize(
    ("main_job_uid", "is_main"),
    [(UNSET, True), (None, True), ("", True), ("job-1", True), ("job-0", False)],
)
def test_a_main_job_names_no_other(main_job_uid: Any, is_main: bool) -> None:
    assert jobs.Job(uid="job-1", main_job_uid=main_job_uid).is_main is is_main


@pytest.mark.parametrize(
    ("paging", "has_next"),
    [
        (UNSET, False),
        (None, False),
        (jobs.Paging(), False),
        (jobs.Paging(next=None, have_next_page=False), False),
        (jobs.Paging(have_next_page=True), True),
        (jobs.Paging(next="https://api.example/v3/x?page=2"), True),
    ],
)
def test_a_page_of_results_says_whether_there_is_another(paging: Any, has_next: bool) -> None:
    assert jobs.ResultPage(results=(), paging=paging).has_next is has_next


@pytest.mark.parametrize(
    ("value", "answer"),
    [(1, True), (True, True), (0, False), (False, False), (None, False), (UNSET, False)],
)
def test_an_input_says_whether_it_is_needed(value: Any, answer: bool) -> None:
    assert Input(required=value).is_required is answer


def test_an_inputs_aliases_come_once_each_newest_first() -> None:
    both = Input(variations=("url", "link"), retro_variations=("old_url", "url"))

    assert both.aliases == ("url", "link", "old_url")
    assert Input(variations=None).aliases == ()


def test_a_step_without_a_name_goes_by_what_it_has() -> None:
    assert Step(step_uid="s", permalink="p", step_name="n").name == "n"
    assert Step(step_uid="s", permalink="p", step_name="").name == "p"
    assert Step(step_uid="s", permalink=None).name == "s"


def test_a_step_that_says_little_has_empty_parts() -> None:
    for step in (
        Step(step_uid="s"),
        Step(
            step_uid="s",
            integrations=None,
            input_schema=None,
            output_schema=None,
            parameters_schema=None,
        ),
        Step(step_uid="s", parameters_schema=ParametersSchema(properties=None)),
    ):
        parts = (step.integration_slugs, step.inputs, step.output_columns, step.parameters)
        assert parts == ((), {}, (), ())


def test_a_steps_parameters_keep_their_order_and_their_defaults() -> None:
    schema = ParametersSchema(properties={"z": 0, "a": None, "m": False})

    assert Step(step_uid="s", parameters_schema=schema).parameters == (
        Parameter(name="z", default=0),
        Parameter(name="a", default=None),
        Parameter(name="m", default=False),
    )


@pytest.mark.parametrize(
    ("positions", "order"),
    [
        ((0, 1, 2), "abc"),
        ((2, 0, 1), "bca"),
        ((UNSET, UNSET, UNSET), "abc"),
        ((None, 0, 1), "abc"),
        ((1, 1, 0), "cab"),
        ((5, 3, -1), "cba"),
    ],
)
def test_steps_come_in_the_order_of_their_positions(positions: tuple[Any, ...], order: str) -> None:
    steps = tuple(
        Step(step_uid=uid, position=position)
        for uid, position in zip("abc", positions, strict=True)
    )

    ordered = Workflow(uid="w", name="n", steps=steps).ordered_steps

    assert "".join(step.step_uid for step in ordered) == order


def test_a_workflows_inputs_are_those_of_its_first_step() -> None:
    url, name = Input(required=1), Input()
    second = Step(step_uid="b", position=1, input_schema={"name": name})
    first = Step(step_uid="a", position=0, input_schema={"url": url})

    assert Workflow(uid="w", name="n", steps=(second, first)).inputs == {"url": url}
    assert Workflow(uid="w", name="n", steps=()).inputs == {}

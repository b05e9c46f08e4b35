"""What preflight says of a launch, situation by situation, and whether it tells the truth.

Each situation is a sandbox in some state and a draft; its facts are read through the API. Then
the payload is launched anyway: what *stops* is refused or ends without a result, and what is
clean is accepted and finishes.
"""

from __future__ import annotations

import json

import pytest

from playground.payload.paths import show_path
from tests.preflight.scene import Scene, Situation
from tests.preflight.situations_clean import CLEAN
from tests.preflight.situations_limits import LIMITS, PLAN
from tests.preflight.situations_rows import ROWS
from tests.preflight.situations_steps import STEPS
from tests.preflight.situations_times import HISTORY, SCHEDULE

TABLE = (*CLEAN, *ROWS, *STEPS, *LIMITS, *PLAN, *SCHEDULE, *HISTORY)
every_situation = pytest.mark.parametrize("situation", TABLE, ids=[item.name for item in TABLE])


def launched_anyway(scene: Scene, situation: Situation, body: bytes) -> tuple[int, str, int]:
    """(status of the answer, status of the job some days later, how many results it has)."""
    world = scene.world
    answer = world.send("POST", f"/workflows/{situation.workflow.uid}/schedule", body)
    if answer.status >= 400:
        return answer.status, "", 0
    uid = json.loads(answer.body)["job_uid"]
    scene.wait(days=3)
    return answer.status, world.status(uid), len(world.results(uid))


@every_situation
def test_situation_has_exactly_its_lines(situation: Situation) -> None:
    _, _, preflight = situation.play()

    found = [(line.code, line.severity, show_path(line.path)) for line in preflight.lines]
    assert found == situation.expected()
    for line, (_, _, _, *message) in zip(preflight.lines, situation.lines, strict=True):
        assert message in ([], [line.message])
    assert preflight.expected_days == situation.days


@every_situation
def test_what_stops_comes_to_nothing_and_what_is_clean_finishes(situation: Situation) -> None:
    scene, built, preflight = situation.play()

    answer, job, results = launched_anyway(scene, situation, built.body)

    if preflight.stops:
        assert answer >= 400 or (job in ("paused", "warning") and results == 0)
    elif not preflight.lines:
        assert (answer, job) == (200, "finished")
    else:
        assert answer == 200


LIMITED = [item for item in TABLE if item.days and all(line[1] != "stops" for line in item.lines)]


@pytest.mark.parametrize("situation", LIMITED, ids=[item.name for item in LIMITED])
def test_job_takes_at_most_the_expected_days(situation: Situation) -> None:
    scene, built, preflight = situation.play()
    uid = scene.world.launch(situation.workflow, built.body)

    scene.wait(days=preflight.expected_days or 0)

    assert scene.world.status(uid) == "finished"


def test_every_code_has_its_message_written_out_once() -> None:
    codes = {line[0] for situation in TABLE for line in situation.lines}
    told = {line[0] for situation in TABLE for line in situation.lines if len(line) == 4}

    assert codes == told
    assert len({situation.name for situation in TABLE}) == len(TABLE) >= 45

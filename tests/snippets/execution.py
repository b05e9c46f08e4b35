"""Snippets of the hostile payload, run by what this machine has: one run carries all values."""

from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import SubprocessError

import msgspec

from playground.contract import wire
from playground.payload.show.curl import PAYLOAD_FILE
from playground.payload.show.snippets.calls import Call, plain_address
from playground.payload.show.snippets.targets import TARGETS
from playground.payload.texts import escape_hiding
from tests.snippets import hostile, runners
from tests.snippets.recorder import FOLLOWS, JOB, Received, Recorder, recording
from tests.snippets.runners import RUNNERS, Runner

SENT, SHORT = hostile.payload(), hostile.payload(hostile.SHORT)
# As its address has it, percent-encoded.
WORKFLOW = "a%2F'b$(id)`id`"
# Cells beside those of the values.
NO_BODY, FROM_FILE = "a call without a body", "a payload in a file"
HEADERS = {
    wire.AUTHORIZATION_HEADER.lower(): wire.authorization_value(runners.KEY),
    wire.PROJECT_HEADER: runners.PROJECT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one run. `failing` names the values that did not arrive; a `problem` says
    what else was wrong."""

    runner: Runner
    target: str
    failing: tuple[str, ...]
    problem: str = ""

    @property
    def name(self) -> str:
        return f"{self.target} ({self.runner.name})"


def body_of(json_text: str) -> str:
    """A JSON text as snippets have it."""
    return escape_hiding(msgspec.json.format(json_text, indent=2))


def launch_of(base_url: str, body: str, workflow: str = WORKFLOW) -> Call:
    return Call(
        url=plain_address(f"{base_url}/workflows/{workflow}/schedule"),
        base_url=base_url,
        body=body,
        remark="payload 0123456789ab",
    )


def pairs() -> list[tuple[Runner, str]]:
    return [(runner, target) for runner in RUNNERS for target in runner.targets]


def run_all(
    wanted: Iterable[tuple[Runner, str]], *, is_thorough: bool = False, processes: int = 6
) -> Iterator[Outcome]:
    """The outcomes, in order; each run has an address of its own at one recording server.

    A call without a body, and one whose body is in a file, are tried of what starts quickly; with
    `is_thorough` of all.
    """

    def try_out(pair: tuple[Runner, str]) -> Outcome:
        runner, target = pair
        outcome = run(runner, target, recorder)
        if TARGETS[target].flavour == "launch" and (is_thorough or runner.is_quick):
            more = tuple(failing_calls(runner, target, recorder))
            outcome = dataclasses.replace(outcome, failing=(*outcome.failing, *more))
        return outcome

    with recording() as recorder, ThreadPoolExecutor(processes) as pool:
        yield from pool.map(try_out, wanted)


def failing_calls(runner: Runner, target: str, recorder: Recorder) -> Iterator[str]:
    """Which of the other calls do not arrive as they are."""
    base_url = f"{recorder.url}/calls/{runner.place}/{target}"
    jobs = {
        NO_BODY: Call(method="DELETE", url=f"{base_url}/jobs/a%2Fb?page=1&q=x"),
        FROM_FILE: Call(url=f"{base_url}/workflows/w/schedule", file=PAYLOAD_FILE),
    }
    for name, call in jobs.items():
        try:
            _printed_and_written(runner, target, call)
            (received,) = recorder.of(call.url.removeprefix(recorder.url))
        except (AssertionError, ValueError, OSError, SubprocessError):
            yield name
            continue
        headers = {name: received.headers.get(name) for name in HEADERS}
        is_whole = not received.body if not call.file else not hostile.failing(received.body, SENT)
        if (received.method, headers, is_whole) != (call.method, HEADERS, True):
            yield name


def run(runner: Runner, target: str, recorder: Recorder, sent: str = "") -> Outcome:
    """What becomes of the hostile payload, unless another is `sent`."""
    sent = sent or (SHORT if runner.is_typed else SENT)
    follows = TARGETS[target].flavour == "follow"
    place = f"{FOLLOWS if follows else '/launches/'}{runner.place}/{target}"
    call = launch_of(recorder.url + place, body_of(sent))
    try:
        printed, written = _printed_and_written(runner, target, call)
        first, *others = recorder.of(f"{place}/")
    except (AssertionError, ValueError, OSError, SubprocessError) as error:
        failing = tuple(hostile.failing(b"", sent))
        return Outcome(runner=runner, target=target, failing=failing, problem=str(error))
    problems = [*_wrong_with_request(first, call.url.removeprefix(recorder.url))]
    if follows:
        asked = [one.path.removeprefix(place) for one in (first, *others)]
        problems += _wrong_with_following(asked, printed)
    elif others or JOB not in printed:
        problems.append(f"it asked for {others} as well, and printed {printed}")
    failing = hostile.failing(first.body, sent)
    if follows:
        failing += hostile.failing_in_csv(written)
    return Outcome(
        runner=runner,
        target=target,
        failing=tuple(dict.fromkeys(failing)),
        problem="\n".join(problems),
    )


def _printed_and_written(runner: Runner, target: str, call: Call) -> tuple[str, str]:
    """What came of one run; fails as `Runner.run` does."""
    with folder() as made:
        file = made / TARGETS[target].file_name
        file.write_text(TARGETS[target].write(call) + "\n", encoding="utf-8")
        if call.file:
            (made / call.file).write_text(SENT, encoding="utf-8")
        printed = runner.run(file)
        results = made / "results.csv"
        return printed, results.read_bytes().decode() if results.exists() else ""


def _wrong_with_request(received: Received, address: str) -> Iterator[str]:
    headers = HEADERS | {"content-type": "application/json"}
    seen = {name: received.headers.get(name, "").partition(";")[0] for name in headers}
    if seen != headers:
        yield f"it had the headers {seen}"
    if (received.method, plain_address(received.path)) != ("POST", address):
        yield f"it was {received.method} {received.path} in place of {address}"


def _wrong_with_following(asked: list[str], printed: str) -> list[str]:
    """Once more after each 429, until the status is final, and page by page."""
    job = f"/jobs/{JOB}"
    pages = [f"{job}/results?page={number}" for number in (1, 2)]
    expected = [asked[0], asked[0], job, job, job, *pages]
    wrong = [] if asked == expected else [f"it asked for {asked}"]
    rows = f"{len(hostile.VALUES) + 1} rows"
    return wrong if rows in printed else [*wrong, f"it printed {printed}"]


@contextmanager
def folder() -> Iterator[Path]:
    """A folder of its own, with what came from npm."""
    with tempfile.TemporaryDirectory() as made:
        modules = runners.TOOLS / "node_modules"
        if modules.exists():
            (Path(made) / "node_modules").symlink_to(modules)
        yield Path(made)

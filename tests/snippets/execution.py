"""Snippets of the hostile payload, run by what this machine has: one run carries all values."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from playground.contract import wire
from playground.payload.show.snippets.calls import Call, plain_address
from playground.payload.show.snippets.targets import TARGETS
from playground.payload.texts import escape_hiding
from tests.snippets import hostile, runners
from tests.snippets.recorder import FOLLOWS, JOB, Recorder, recording
from tests.snippets.runners import RUNNERS, Runner

SENT = hostile.payload()
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


def launch_of(base_url: str, body: str, **others: str) -> Call:
    return Call(
        url=plain_address(f"{base_url}/workflows/a%2Fb/schedule?x=[1]&y='\"$(id)`id`"),
        base_url=base_url,
        body=body,
        remark="payload 0123456789ab",
        **others,
    )


def pairs() -> list[tuple[Runner, str]]:
    return [(runner, target) for runner in RUNNERS for target in runner.targets]


def run_all(wanted: Iterable[tuple[Runner, str]], processes: int = 6) -> Iterator[Outcome]:
    """The outcomes, in order; each run has an address of its own at one recording server."""
    with recording() as recorder, ThreadPoolExecutor(processes) as pool:
        yield from pool.map(lambda pair: run(*pair, recorder), wanted)


def run(runner: Runner, target: str, recorder: Recorder) -> Outcome:
    is_launch = TARGETS[target].flavour == "launch"
    place = f"{'/runs' if is_launch else FOLLOWS.rstrip('/')}/{runner.name}/{target}"
    call = launch_of(recorder.url + place, body_of(SENT))
    try:
        with folder() as made:
            file = made / TARGETS[target].file_name
            file.write_text(TARGETS[target].write(call) + "\n", encoding="utf-8")
            printed = runner.run(file)
            results = made / "results.csv"
            written = None if is_launch else results.read_bytes().decode()
        first, *others = recorder.of(f"{place}/")
    except (AssertionError, ValueError, OSError) as error:
        failing = tuple(hostile.failing(b"", SENT))
        return Outcome(runner=runner, target=target, failing=failing, problem=str(error))
    problems = _problems(printed, [one.path.removeprefix(place) for one in (first, *others)])
    headers = HEADERS | {"content-type": "application/json"}
    seen = {name: first.headers.get(name, "").partition(";")[0] for name in headers}
    address = (first.method, plain_address(first.path))
    wanted = ("POST", call.url.removeprefix(recorder.url))
    if (seen, address) != (headers, wanted):
        problems.append(f"{seen}, {address} in place of {headers}, {wanted}")
    failing = hostile.failing(first.body, SENT)
    if written is not None:
        failing += hostile.failing_in_csv(written)
    failing = tuple(dict.fromkeys(failing))
    return Outcome(runner=runner, target=target, failing=failing, problem="\n".join(problems))


def _problems(printed: str, paths: list[str]) -> list[str]:
    """What is wrong with what it printed and asked for."""
    launch, *others = paths
    if "/jobs/" not in "".join(paths):
        problems = [] if "job_uid" in printed else [f"it did not print the answer: {printed}"]
        return [*problems, f"it asked for {others} too"] if others else problems
    job = f"/jobs/{JOB}"
    expected = [launch, job, job, job, f"{job}/results?page=1", f"{job}/results?page=2"]
    problems = [] if others == expected else [f"it asked for {others}"]
    rows = len(hostile.VALUES) + 1
    return problems if f"{rows} rows" in printed else [*problems, f"it printed {printed}"]


@contextmanager
def folder() -> Iterator[Path]:
    """A folder of its own, with what came from npm."""
    with tempfile.TemporaryDirectory() as made:
        modules = runners.TOOLS / "node_modules"
        if modules.exists():
            (Path(made) / "node_modules").symlink_to(modules)
        yield Path(made)

"""Snippets of the hostile payload, run by what this machine has: one run carries all values."""

from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, groupby
from pathlib import Path
from typing import TypeAlias

import msgspec

from playground.contract import wire
from playground.payload.show.curl import PAYLOAD_FILE
from playground.payload.show.snippets.calls import Call, plain_address
from playground.payload.show.snippets.targets import TARGETS
from playground.payload.texts import escape_hiding
from tests.snippets import hostile, runners
from tests.snippets.recorder import FOLLOWS, JOB, Received, Recorder, recording
from tests.snippets.runners import RUNNERS, Ended, Runner

Pair: TypeAlias = tuple[Runner, str]

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
    """What became of one target. `failing` names the values that did not arrive, and the other
    calls that did not; a `problem` says what else was wrong."""

    runner: Runner
    target: str
    failing: tuple[str, ...]
    problem: str = ""

    @property
    def name(self) -> str:
        return f"{self.target} ({self.runner.name})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One call by a snippet, whose file has a folder of its own. `cell` says which of the other
    calls it is; empty for that of the hostile payload. `place` begins its addresses."""

    target: str
    cell: str = ""
    call: Call
    sent: str
    place: str
    file: Path

    @property
    def follows(self) -> bool:
        return TARGETS[self.target].flavour == "follow"

    @property
    def address(self) -> str:
        """Without the host."""
        return self.call.url[self.call.url.index(self.place) :]

    def write(self) -> None:
        self.file.parent.mkdir()
        self.file.write_text(TARGETS[self.target].write(self.call) + "\n", encoding="utf-8")
        if self.call.file:
            (self.file.parent / self.call.file).write_text(self.sent, encoding="utf-8")

    def written(self) -> str:
        """The text of its CSV; empty when there is none."""
        file = self.file.parent / "results.csv"
        return file.read_bytes().decode(errors="replace") if file.exists() else ""


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


def pairs() -> list[Pair]:
    return [(runner, target) for runner in RUNNERS for target in runner.targets]


def run_all(
    wanted: Iterable[Pair], *, is_thorough: bool = False, processes: int = 6
) -> Iterator[Outcome]:
    """The outcomes, in order; each has an address of its own at one recording server.

    A call without a body, and one whose body is in a file, are tried of what starts quickly; with
    `is_thorough` of all. Where one process can run several programs it does, unless
    `is_thorough`.
    """

    def group_of(pair: Pair) -> object:
        return pair if is_thorough or not pair[0].together else pair[0].together

    def run_group(group: list[Pair]) -> list[Outcome]:
        return run(group, recorder, is_thorough=is_thorough)

    groups = [list(group) for _, group in groupby(wanted, key=group_of)]
    with recording() as recorder, ThreadPoolExecutor(processes) as pool:
        yield from chain.from_iterable(pool.map(run_group, groups))


def run(
    group: list[Pair], recorder: Recorder, sent: str = "", *, is_thorough: bool = False
) -> list[Outcome]:
    """What becomes of the hostile payload, unless another is `sent`, and of the other calls.
    Several pairs are run by one process."""
    with folder() as made:
        tried = [
            list(_attempts(pair, made / str(at), recorder.url, sent, is_thorough=is_thorough))
            for at, pair in enumerate(group)
        ]
        attempts = [attempt for of_pair in tried for attempt in of_pair]
        for attempt in attempts:
            attempt.write()
        files = [attempt.file for attempt in attempts]
        ends = iter(group[0][0].run(files, is_together=len(group) > 1))
        return [
            _outcome(pair, [(one, next(ends)) for one in of_pair], recorder)
            for pair, of_pair in zip(group, tried, strict=True)
        ]


def _attempts(
    pair: Pair, made: Path, url: str, sent: str, *, is_thorough: bool
) -> Iterator[Attempt]:
    runner, target = pair
    follows = TARGETS[target].flavour == "follow"

    def attempt(cell: str, place: str, call: Call, sent: str) -> Attempt:
        file = made.with_name(f"{made.name} {cell}".strip()) / TARGETS[target].file_name
        return Attempt(target=target, cell=cell, place=place, call=call, sent=sent, file=file)

    sent = sent or (SHORT if runner.is_typed else SENT)
    place = f"{FOLLOWS if follows else '/launches/'}{runner.place}/{target}"
    yield attempt("", place, launch_of(url + place, body_of(sent)), sent)
    if not is_thorough and (follows or not runner.is_quick):
        return
    place = f"/calls/{runner.place}/{target}"
    if not follows:
        nothing = Call(method="DELETE", url=f"{url}{place}/jobs/a%2Fb?page=1&q=x")
        yield attempt(NO_BODY, place, nothing, "")
    from_file = dataclasses.replace(launch_of(url + place, "", "w"), file=PAYLOAD_FILE)
    yield attempt(FROM_FILE, place, from_file, SENT)


def _outcome(pair: Pair, tried: list[tuple[Attempt, Ended]], recorder: Recorder) -> Outcome:
    failing: dict[str, None] = {}
    problems = []
    for attempt, ended in tried:
        received = recorder.of(f"{attempt.place}/")
        cells, wrong = (_wrong_with_call if attempt.cell else _wrong_with_values)(
            attempt, ended, received
        )
        failing.update(dict.fromkeys(cells))
        problems += [ended.problem] * bool(ended.problem) + wrong
    runner, target = pair
    return Outcome(
        runner=runner, target=target, failing=tuple(failing), problem="\n".join(problems)
    )


def _wrong_with_values(
    attempt: Attempt, ended: Ended, received: list[Received]
) -> tuple[list[str], list[str]]:
    """Which values did not arrive, and what else is wrong."""
    if ended.problem or not received:
        return hostile.failing(b"", attempt.sent), [] if received else ["It sent nothing."]
    first, *others = received
    failing = hostile.failing(first.body, attempt.sent)
    problems = [*_wrong_with_request(first, attempt.address)]
    if attempt.follows:
        failing += hostile.failing_in_csv(attempt.written())
        asked = [one.path.removeprefix(attempt.place) for one in received]
        problems += _wrong_with_following(asked, ended.printed)
    elif others or JOB not in ended.printed:
        problems.append(f"It asked for {others} as well, and printed {ended.printed}")
    return failing, problems


def _wrong_with_call(
    attempt: Attempt, ended: Ended, received: list[Received]
) -> tuple[list[str], list[str]]:
    """Its cell, if the call did not arrive as it is."""
    sent = [one for one in received if one.path == attempt.address]
    got = [
        (
            one.method,
            {name: one.headers.get(name) for name in HEADERS},
            hostile.failing(one.body, attempt.sent) if attempt.sent else one.body.decode(),
        )
        for one in sent
    ]
    expected = (attempt.call.method, HEADERS, [] if attempt.sent else "")
    if got == [expected] and not ended.problem:
        return [], []
    return [attempt.cell], [f"{attempt.cell}: {got} arrived"]


def _wrong_with_request(received: Received, address: str) -> Iterator[str]:
    headers = HEADERS | {"content-type": "application/json"}
    seen = {name: received.headers.get(name, "").partition(";")[0] for name in headers}
    if seen != headers:
        yield f"It had the headers {seen}"
    if (received.method, plain_address(received.path)) != ("POST", address):
        yield f"It was {received.method} {received.path} in place of {address}"


def _wrong_with_following(asked: list[str], printed: str) -> list[str]:
    """Once more after each 429, until the status is final, and page by page."""
    job = f"/jobs/{JOB}"
    pages = [f"{job}/results?page={number}" for number in (1, 2)]
    expected = [asked[0], asked[0], job, job, job, *pages]
    wrong = [] if asked == expected else [f"It asked for {asked}"]
    rows = f"{hostile.ROWS} rows"
    return wrong if rows in printed else [*wrong, f"It printed {printed}"]


@contextmanager
def folder() -> Iterator[Path]:
    """A folder of its own, with what came from npm."""
    with tempfile.TemporaryDirectory() as made:
        modules = runners.TOOLS / "node_modules"
        if modules.exists():
            (Path(made) / "node_modules").symlink_to(modules)
        yield Path(made)

"""Kills the playground's web server around launches and counts duplicates and losses.

    .venv/bin/python -m tests.soak.crash --kills 1000 --minutes 60

Two web servers, one killed while the other starts, launch against an upstream on loopback that
judges like the sandbox and remembers what it accepted. `kill -9` hits before the launch's row,
between row and call, during the call, and between answer and storing. Then everybody does what
they do: the same form is submitted again, the lease runs out, searches look for what is unknown,
and a person launches again what was not found. Those minutes pass on a clock that is handed to
the services; what the upstream delays is over before that clock moves on.

A control follows that sends again whatever is not known to have arrived. It must make duplicates,
or the kills did not land where they should have.

Exits with 1 when a launch was duplicated or lost, when a phase was hit fewer than --least times,
or when the control made no duplicate.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field

import django

from tests.benchmarks.measuring import table
from tests.environment import without_variables
from tests.journeys.slow_upstream import SlowUpstream
from tests.soak.crashing import (
    AFTER_ALL,
    AIMS,
    PHASES,
    Crasher,
    Form,
    Rows,
    WebServer,
    environment_of,
)

CAREFUL, CONTROL = "the playground", "the control"


@dataclass(slots=True)
class Tally:
    """What one part came to. A launch is lost when no job was made, or nobody knows of it."""

    kills: int = 0
    phases: Counter[str] = field(default_factory=Counter)
    duplicates: int = 0
    losses: int = 0


def main() -> int:
    options = _options()
    tallies = {}
    with (
        tempfile.TemporaryDirectory(prefix="playground-crash-") as folder,
        SlowUpstream() as upstream,
    ):
        _prepare(folder, upstream)
        for part, kills in ((CAREFUL, options.kills), (CONTROL, options.control_kills)):
            tallies[part] = _crash_often(part, kills, folder, upstream, options)
    heads = ("launches that a kill met", *tallies)
    print(table(heads, [(phase, *_of(tallies, phase)) for phase in (*PHASES, AFTER_ALL)]))
    print()
    counted = ("kills", "duplicates", "losses")
    print(table(("", *tallies), [(name, *_of(tallies, name)) for name in counted]))
    print(f"\nseed {options.seed}")
    complaints = _complaints(tallies, options.least)
    for complaint in complaints:
        print(f"FAILED: {complaint}")
    return 1 if complaints else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=200, help="of web servers (%(default)s)")
    parser.add_argument("--control-kills", type=int, default=25, help="(%(default)s)")
    parser.add_argument("--minutes", type=float, default=30, help="at most, for each part")
    parser.add_argument("--at-once", type=int, default=2, help="launches under way (%(default)s)")
    parser.add_argument("--least", type=int, default=1, help="hits that every phase must have")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    return parser.parse_args()


def _prepare(folder: str, upstream: SlowUpstream) -> None:
    """Point Django, here and in the servers to come, at a database of our own."""
    variables = without_variables(os.environ) | environment_of(folder, upstream)
    os.environ.clear()
    os.environ.update(variables)
    django.setup()
    from playground.running import preparation

    preparation.prepare()


def _crash_often(
    part: str, kills: int, folder: str, upstream: SlowUpstream, options: argparse.Namespace
) -> Tally:
    from tests.soak import settling  # Imports models, which need Django to be set up.

    settle = settling.carefully if part == CAREFUL else settling.by_retrying
    tally, chance = Tally(), random.Random(f"{options.seed} {part}")
    rows = Rows(f"{folder}/playground.sqlite3")
    crasher = Crasher(upstream, rows, chance)
    running = [WebServer(os.environ) for _ in range(2)]
    starting = [server.start() for server in running]
    ends_at = time.monotonic() + 60 * options.minutes
    try:
        while tally.kills < kills and time.monotonic() < ends_at:
            number = tally.kills
            target, other = running[number % 2], running[1 - number % 2]
            starting[number % 2].join()
            if number % 10 == 0:
                upstream.forget_jobs(chance.getrandbits(60))
            forms = [Form(job_name=f"{part} {number}.{at}") for at in range(options.at_once)]
            phases = crasher.crash(target, forms, AIMS[number % len(AIMS)])
            tally.kills += 1
            tally.phases.update(phases.values())
            starting[number % 2] = target.start()
            starting[1 - number % 2].join()
            for form in forms:
                settle(form, other)
                _count(tally, form, phases, upstream, settling.known_jobs(form.job_name))
            if tally.kills % 50 == 0:
                print(f"{part}: {tally.kills} kills", file=sys.stderr, flush=True)
    finally:
        for server, thread in zip(running, starting, strict=True):
            thread.join()
            server.kill()
        rows.close()
    return tally


def _count(
    tally: Tally, form: Form, phases: dict[str, str], upstream: SlowUpstream, known: list[str]
) -> None:
    jobs = upstream.jobs_of(form.job_name)
    duplicates, is_lost = max(0, len(jobs) - 1), not jobs or not set(jobs) <= set(known)
    tally.duplicates += duplicates
    tally.losses += is_lost and not duplicates
    if (duplicates or is_lost) and not form.job_name.startswith(CONTROL):
        print(f"{form.job_name}, hit {phases[form.job_name]}: jobs {jobs}, known {known}")


def _of(tallies: dict[str, Tally], name: str) -> list[int]:
    return [
        tally.phases[name] if name in (*PHASES, AFTER_ALL) else getattr(tally, name)
        for tally in tallies.values()
    ]


def _complaints(tallies: dict[str, Tally], least: int) -> list[str]:
    careful, control = tallies[CAREFUL], tallies[CONTROL]
    found = [
        f"only {careful.phases[phase]} launches were hit {phase}"
        for phase in PHASES
        if careful.phases[phase] < least
    ]
    if careful.duplicates or careful.losses:
        found.append(f"{careful.duplicates} duplicates and {careful.losses} losses")
    if not control.duplicates:
        found.append("the control made no duplicate, so nothing was tested")
    return found


if __name__ == "__main__":
    sys.exit(main())

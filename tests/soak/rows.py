"""Kills the worker while it reads rows and while it sends a split launch; counts what it costs.

    .venv/bin/python -m tests.soak.rows --kills 20

A playground of a web server and a worker, and as its upstream another whole playground whose
sandbox keeps what it was sent. First `kill -9` hits the worker while it reads a CSV of 100,000
rows, or checks them anew for another mapping, then while it sends 100 parts of 100 rows: each time
at a random moment of a chosen phase. Another worker begins, as the supervisor would start it. In
the end the inputs are compared with the CSV, row by row, and the sandbox's records with the rows:
each is in one job, none in two.

After a kill a launch may be undecided. The minutes that its searches would take pass on a clock
that is handed to the services, once the upstream has nothing of it under way any more. What is
proved to have made no job, a person lets go on.

Two controls follow: one takes a table for read that a killed worker left, and one sends again
whatever is not known to have arrived. The first must lose rows and the second must send rows twice,
or the kills did not land where they should have.

Last, uploads that were made to hurt are refused: each within 2 s and 256 MB beside an idle server,
while another page still answers.

Exits with 1 when a row was lost or sent twice, when a phase was hit fewer than --least times, when
a control did no harm, or when an upload took too much.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
from collections import Counter
from pathlib import Path

import django

from tests.benchmarks.measuring import table
from tests.environment import without_variables
from tests.playgrounds import Starter
from tests.soak.row_kills import READING_PHASES, SENDING_PHASES, House


def main() -> int:
    options = _options()
    with tempfile.TemporaryDirectory(prefix="playground-rows-") as folder:
        static = Path(folder, "static")
        static.mkdir()
        starter = Starter(folder=Path(folder, "upstream"), static=static)
        try:
            upstream = starter.start(SANDBOX_SPEED="1000", SANDBOX_PLAN_LIMIT="0")
            own = options.database or f"{folder}/playground.sqlite3"
            _prepare(folder, own, f"{upstream.url}sandbox/v3")
            complaints = _run(options, own, f"{upstream.data_dir}/playground.sqlite3")
        finally:
            starter.stop_all()
    print(f"\nseed {options.seed}")
    for complaint in complaints:
        print(f"FAILED: {complaint}")
    return 1 if complaints else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=20, help="in each part (%(default)s)")
    parser.add_argument("--rows", type=int, default=100_000, help="of the CSV (%(default)s)")
    parser.add_argument("--parts", type=int, default=100, help="of 100 rows (%(default)s)")
    parser.add_argument("--least", type=int, default=2, help="hits that every phase must have")
    parser.add_argument("--database", default="", help="an empty one of PostgreSQL; else SQLite")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    return parser.parse_args()


def _prepare(folder: str, own: str, upstream: str) -> None:
    """Point Django, here and in the processes to come, at a database of our own."""
    variables = without_variables(os.environ) | {
        "DJANGO_SETTINGS_MODULE": "playground.settings",
        "DATA_DIR": folder,
        "DATABASE_URL": own if "://" in own else f"sqlite:///{own}",
        "SECRET_KEY": os.urandom(32).hex(),
        "PLAYGROUND_SIGN_IN": "local",
        "UPSTREAM_URL": upstream,
        "UPSTREAM_API_KEY": "5a9d" * 16,
        "UPSTREAM_PROJECT_ID": "5a9db0c0-0000-4000-8000-000000000001",
    }
    os.environ.clear()
    os.environ.update(variables)
    django.setup()
    from playground.running import preparation

    preparation.prepare()


def _run(options: argparse.Namespace, own: str, sandbox: str) -> list[str]:
    chance = random.Random(options.seed)
    with House(own, sandbox, chance) as house:
        reading = house.kill_while_reading(options.kills, options.rows)
        sending = house.kill_while_sending(options.kills, options.parts)
        control = house.kill_while_sending(options.kills, options.parts, is_control=True)
        _tell("of the worker that read", READING_PHASES, reading.phases)
        _tell("of the worker that sent", SENDING_PHASES, sending.phases)
        lost, twice = reading.wrong_rows + sending.lost, sending.twice
        left = reading.left_by_kills
        print(
            f"\nrows wrong or lost: {lost}; sent twice: {twice}\n"
            f"controls: {left} rows lost by taking what was left for all; "
            f"{control.twice} rows sent twice by sending again"
        )
        bombs = house.throw_bombs()
    print(
        "\n"
        + table(
            ("upload", "s", "MB", "another page, s", "what it says"), [one.told for one in bombs]
        )
    )
    found = [
        f"only {counted[phase]} kills landed {phase}"
        for phases, counted in (
            (READING_PHASES, reading.phases),
            (SENDING_PHASES, sending.phases),
        )
        for phase in phases
        if counted[phase] < options.least
    ]
    found += [f"{lost} rows were wrong or lost, and {twice} sent twice"] if lost or twice else []
    found += [] if left else ["what killed workers left was whole, so nothing was tested"]
    found += [] if control.twice else ["sending again did no harm, so nothing was tested"]
    return found + [one.complaint for one in bombs if one.complaint]


def _tell(whose: str, phases: tuple[str, ...], counted: Counter[str]) -> None:
    others = tuple(sorted(set(counted) - set(phases)))
    print("\n" + table((f"kills {whose}", ""), [(one, counted[one]) for one in phases + others]))


if __name__ == "__main__":
    sys.exit(main())

"""`manage.py run`: the whole playground with one command, until Ctrl-C."""

from __future__ import annotations

import os
import signal
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand

import playground
from playground.running import (
    UnableToRun,
    addresses,
    decisions,
    plans,
    preparation,
    servers,
    supervision,
)


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 1_000:
        raise ArgumentTypeError("must be a whole number from 1 to 1000")
    return int(text)


class Command(BaseCommand):
    help = "Prepare the data, then run the web server and the background worker until Ctrl-C."
    # `.ci/run` runs the checks; here they would only delay the start.
    requires_system_checks = ()

    def get_version(self) -> str:
        return f"Playground {playground.__version__}"

    def add_arguments(self, parser: ArgumentParser) -> None:
        default = servers.Size()
        parser.add_argument("--host", default="127.0.0.1", help="where to listen (%(default)s)")
        parser.add_argument(
            "--port", default=8000, type=int, help="0 takes a free one (%(default)s)"
        )
        parser.add_argument(
            "--processes",
            default=default.processes,
            type=_count,
            help="web processes (%(default)s)",
        )
        parser.add_argument(
            "--threads", default=default.threads, type=_count, help="in each process (%(default)s)"
        )

    def handle(self, *, host: str, port: int, processes: int, threads: int, **_: Any) -> None:
        size = servers.Size(processes=processes, threads=threads)
        # A stop that comes while we prepare: nothing was started yet, nothing is to be told.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            address = addresses.claim(host, port)
            sign_in = decisions.decide_sign_in(address, os.environ)
            decisions.check_hosts(address)
            preparation.prepare()
            preparation.keep_sandbox_key(sign_in)
            plan = decisions.make_plan(address, size, sign_in)
            signal.pthread_sigmask(signal.SIG_BLOCK, supervision.STOP_SIGNALS)
        except UnableToRun as error:
            raise SystemExit(f"playground: {error}") from None
        except KeyboardInterrupt:
            return
        _become(plan, decisions.child_environment(os.environ, sign_in))


def _become(plan: plans.Plan, environment: dict[str, str]) -> None:
    """Go on as the supervisor, in this very process: same id, same terminal, less memory."""
    command = servers.supervisor(plans.to_json(plan))
    os.execve(command[0], command, environment)  # noqa: S606 (no shell is wanted)

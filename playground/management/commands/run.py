"""`manage.py run`: the whole playground with one command, until Ctrl-C."""

from __future__ import annotations

import os
import signal
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand

from playground.operations import UnableToRun, plans, preparation, servers, supervision


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 1_000:
        raise ArgumentTypeError("must be a whole number from 1 to 1000")
    return int(text)


class Command(BaseCommand):
    help = "Prepare the data, then run the web server and the background worker until Ctrl-C."
    # `.ci/run` runs the checks; here they would only delay the start.
    requires_system_checks = ()

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
        try:
            plan = plans.make_plan(
                host=host,
                port=port,
                size=servers.Size(processes=processes, threads=threads),
                server=servers.DEFAULT_SERVER,
                environment=os.environ,
            )
            self._prepare()
            with supervision.stop_requests() as request:
                supervision.supervise(
                    plan, request, on_ready=lambda: self._announce(plan), warn=self._warn
                )
        except UnableToRun as error:
            raise SystemExit(f"playground: {error}") from None
        except KeyboardInterrupt:
            return  # Stopped while preparing: nothing was started yet.

    def _prepare(self) -> None:
        before = signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            preparation.prepare()
        finally:
            signal.signal(signal.SIGTERM, before)

    def _announce(self, plan: plans.Plan) -> None:
        lines = [plans.address_line(plan, os.environ), plans.sqlite_line()]
        if plan.asks_for_password and not preparation.somebody_can_sign_in():
            lines.append("Nobody can sign in yet: python manage.py createsuperuser makes a person.")
        self.stdout.write("\n".join(line for line in lines if line))
        self.stdout.flush()

    def _warn(self, sentence: str) -> None:
        self.stderr.write(f"playground: {sentence}")
        self.stderr.flush()

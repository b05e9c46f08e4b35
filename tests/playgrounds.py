"""Real playgrounds for tests: `manage.py run` in processes of their own, on free ports."""

import fcntl
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.environment import PROJECT, without_variables

START_SECONDS = 120
STOP_SECONDS = 60
DATABASE = "playground.sqlite3"
# Lines that a healthy playground does not write: its own sentences, logged errors, warnings.
TROUBLE = re.compile(r"^playground: | (ERROR|CRITICAL) |^Traceback |Warning: ", re.MULTILINE)


@contextmanager
def kept_port() -> Iterator[int]:
    """A free port that stays ours: servers may listen there one after the other."""
    with socket.socket() as bound:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(("127.0.0.1", 0))
        yield bound.getsockname()[1]


@dataclass(slots=True, kw_only=True)
class Playground:
    """One running `manage.py run`. `url` ends in a slash."""

    process: subprocess.Popen[bytes]
    folder: Path
    url: str = ""

    @property
    def data_dir(self) -> Path:
        return self.folder / "data"

    @property
    def output(self) -> str:
        return (self.folder / "stdout").read_text()

    @property
    def errors(self) -> str:
        return (self.folder / "stderr").read_text()

    @property
    def port(self) -> int:
        return int(self.url.rstrip("/").rpartition(":")[2])

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Ask it to stop and return its exit code. Fails when it does not stop in time."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.wait()

    def wait(self) -> int:
        """The exit code of one that was asked to stop. Fails when it does not stop in time."""
        try:
            return self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError(f"still running {STOP_SECONDS} s after the signal") from None

    def check(self) -> None:
        """Fails when it wrote of trouble."""
        assert not TROUBLE.search(self.errors), f"the playground wrote:\n{self.errors}"


@dataclass(slots=True, kw_only=True)
class Starter:
    """Starts playgrounds below one folder, and stops them all.

    Compressing the static files takes seconds: the first one's are kept in `static` for the next,
    also those of other test processes, and its empty tables beside them.
    """

    folder: Path
    static: Path
    started: list[Playground] = field(default_factory=list)

    def start(self, *options: str, **variables: str) -> Playground:
        """A playground that answers. `options` go to `run`, `variables` to its environment."""
        with self._prepared_once():
            return self._start(*options, **variables)

    def _start(self, *options: str, **variables: str) -> Playground:
        playground = self.launch(*options, **variables, is_prepared=True)
        deadline = time.monotonic() + START_SECONDS
        while not (found := re.search(r"^Playground on (\S+) ", playground.output, re.MULTILINE)):
            assert playground.process.poll() is None, f"it ended:\n{playground.errors}"
            assert time.monotonic() < deadline, f"it does not start:\n{playground.errors}"
            time.sleep(0.02)
        playground.url = found[1]
        self._keep_what_takes_long(playground.data_dir)
        return playground

    def launch(self, *options: str, is_prepared: bool = False, **variables: str) -> Playground:
        """The same without waiting, and without tables: for starts that are to fail."""
        folder = self.folder / f"playground-{len(self.started)}"
        data_dir = folder / "data"
        data_dir.mkdir(parents=True)
        self._lend_static_files(data_dir)
        if is_prepared and self._tables.exists() and "DATABASE_URL" not in variables:
            shutil.copy(self._tables, data_dir / DATABASE)
        # Set, though empty or default: a developer's `.env` would fill in what is missing.
        own = {"DATA_DIR": str(data_dir), "UPSTREAM_URL": ""}
        own["DATABASE_URL"] = f"sqlite:///{data_dir}/{DATABASE}"
        ports = () if "--port" in options else ("--port", "0")
        with (folder / "stdout").open("wb") as stdout, (folder / "stderr").open("wb") as stderr:
            process = subprocess.Popen(
                [sys.executable, str(PROJECT / "manage.py"), "run", *ports, *options],
                env=without_variables(os.environ) | own | variables,
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                stderr=stderr,
            )
        playground = Playground(process=process, folder=folder)
        self.started.append(playground)
        return playground

    def stop_all(self) -> None:
        """Fails when one of them does not stop, or wrote of trouble that its test did not read."""
        running = [one for one in self.started if one.process.poll() is None]
        for one in running:
            one.process.send_signal(signal.SIGTERM)
        for one in running:
            # Not asked again: a signal that comes when it has all but ended is its exit code.
            assert one.wait() == 0, one.errors
            one.check()

    @property
    def _tables(self) -> Path:
        return self.static / DATABASE

    @contextmanager
    def _prepared_once(self) -> Iterator[None]:
        """Test processes that need the first playground's files wait for whoever makes them."""
        with (self.static / "lock").open("w") as lock:
            if not self._tables.exists():
                fcntl.flock(lock, fcntl.LOCK_EX)
            if self._tables.exists():
                fcntl.flock(lock, fcntl.LOCK_UN)
            yield

    def _keep_what_takes_long(self, data_dir: Path) -> None:
        if not (self.static / "static.stamp").exists():
            shutil.copytree(data_dir / "static", self.static / "static")
            shutil.copy(data_dir / "static.stamp", self.static / "stamp.new")
            (self.static / "stamp.new").rename(self.static / "static.stamp")
        if not self._tables.exists() and (data_dir / DATABASE).exists():
            with (
                closing(sqlite3.connect(data_dir / DATABASE)) as used,
                closing(sqlite3.connect(self.static / "tables.new")) as kept,
            ):
                used.backup(kept)
                # The next playground's worker has tasks of its own, which are not due at once.
                kept.execute("DELETE FROM django_tasks_database_dbtaskresult")
                kept.commit()
            (self.static / "tables.new").rename(self._tables)

    def _lend_static_files(self, data_dir: Path) -> None:
        if (self.static / "static.stamp").exists():
            (data_dir / "static").symlink_to(self.static / "static", target_is_directory=True)
            shutil.copy(self.static / "static.stamp", data_dir)

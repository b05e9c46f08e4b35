"""A playground whose worker is killed while it reads rows and sends them."""

from __future__ import annotations

import csv
import functools
import io
import json
import os
import random
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

import httpx
import psycopg

from playground.running import addresses, children, servers
from tests.journeys.person import FIND_EMAIL_UID, KEYS
from tests.soak.row_bombs import Refused, refuse_all
from tests.web.html_forms import posted_fields

OPENING, MIDDLE, FINISHING, CHECKING, AFTER_ALL = (
    "while it was opened",
    "between the rows",
    "when all rows were there",
    "while its rows were checked anew",
    "after everything",
)
READING_PHASES = (OPENING, MIDDLE, FINISHING, CHECKING)
BETWEEN, NEVER_ARRIVED, NOT_STORED = (
    "between two parts",
    "after a part's row, before its job",
    "after a part's job, before its answer was stored",
)
SENDING_PHASES = (BETWEEN, NEVER_ARRIVED, NOT_STORED)
ROWS_A_PART = 100
ADDRESS = f"/workflows/{FIND_EMAIL_UID}/"
KILLS_AN_IMPORT = 5
PATIENCE = 120.0

Row = tuple[str, ...]


@dataclass(slots=True)
class Reading:
    """`left_by_kills` counts the rows that were missing when a kill came upon the reading."""

    phases: Counter[str] = field(default_factory=Counter)
    wrong_rows: int = 0
    left_by_kills: int = 0


@dataclass(slots=True)
class Sending:
    phases: Counter[str] = field(default_factory=Counter)
    lost: int = 0
    twice: int = 0


class Records:
    """A look at a database, as fast as one can: at a file of SQLite, or at an address of
    PostgreSQL."""

    def __init__(self, place: str) -> None:
        self._run: Callable[[str, Sequence[object]], Any]
        if place.startswith("postgres"):
            line = psycopg.connect(place, autocommit=True)
            self._run = lambda query, values: line.execute(
                query.replace("?", "%s").encode(), values
            )
        else:
            self._run = sqlite3.connect(place, isolation_level=None).execute

    def one(self, query: str, *values: object) -> Any:
        return self._run(query, values).fetchone()

    def all(self, query: str, *values: object) -> list[Any]:
        found: list[Any] = self._run(query, values).fetchall()
        return found


class Worker:
    """The background worker, as the supervisor starts it; but again at once."""

    def __init__(self) -> None:
        self._child: children.Child | None = None

    @property
    def pid(self) -> int:
        return self._child.pid if self._child else 0

    def start(self) -> None:
        environment = servers.child_environment(os.environ)
        self._child = children.Child(servers.background_worker(), environment)

    def kill(self) -> None:
        if self._child:
            self._child.kill_group()


class House:
    """The web server and the worker of one playground, and the records of its upstream."""

    def __init__(self, own: str, sandbox: str, chance: random.Random) -> None:
        self._own, self._sandbox = Records(own), Records(sandbox)
        self._chance = chance
        self._worker = Worker()
        self._number = 0

    def __enter__(self) -> House:
        address = addresses.claim("127.0.0.1", 0)
        command = servers.SERVERS[servers.DEFAULT_SERVER](address, servers.Size())
        self._server = children.Child(command, servers.child_environment(os.environ))
        self._browser = httpx.Client(base_url=address.url, timeout=PATIENCE)
        _wait(self._answers)
        self._browser.get(f"{ADDRESS}row-sets/")  # It gives the cookie that forms need.
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: object, trace: TracebackType | None
    ) -> None:
        self._worker.kill()
        self._server.kill_group()

    def _answers(self) -> bool:
        try:
            return self._browser.get("/healthz").status_code == 200
        except httpx.TransportError:
            return False

    def _post(self, path: str, fields: dict[str, Any], **more: Any) -> httpx.Response:
        token = next(
            value for name, value in self._browser.cookies.items() if "csrf" in name.lower()
        )
        return self._browser.post(path, data=fields, headers={"X-CSRFToken": token}, **more)

    def _upload(self, name: str, data: bytes, **fields: str) -> httpx.Response:
        """The answer to a file of rows."""
        return self._post(f"{ADDRESS}row-sets/", fields, files={"file": (name, data)})

    def throw_bombs(self) -> list[Refused]:
        """What a server and a worker say that have nothing else to do."""
        self._worker.start()
        self._import(self._new_rows(50_000))
        pk = self._import(self._new_rows(50_000))
        _wait(lambda: self._row_set(pk)[0] == "ready")
        return refuse_all(
            lambda bomb, data: self._upload(bomb.file, data, **bomb.fields),
            self._browser.get,
            [self._server.pid, self._worker.pid],
        )

    def _import(self, rows: Sequence[Row]) -> int:
        """The number of the row set that is made of these rows."""
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(KEYS)
        writer.writerows(rows)
        answer = self._upload("people.csv", text.getvalue().encode())
        assert answer.status_code == 303, answer.text
        return int(answer.headers["Location"].strip("/").rpartition("/")[2])

    def _new_rows(self, count: int) -> list[Row]:
        """Rows that no other table has, with texts that are easily changed by accident."""
        self._number += 1
        odd = ("007", "1e5", "O'Brien", "a, b", 'say "no"', "two\nlines", " blank ", "é 🌍", "=1+1")
        return [
            (f"Ada {self._number}-{at}", odd[at % len(odd)], f"acme{at % 97}.example")
            for at in range(count)
        ]

    # Reading

    def kill_while_reading(self, kills: int, count: int) -> Reading:
        tally = Reading()
        done = 0
        while done < kills:
            rows = self._new_rows(count)
            pk = self._import(rows)
            for _ in range(min(KILLS_AN_IMPORT, kills - done)):
                self._kill_reader(pk, count, READING_PHASES[done % 3], tally)
                done += 1
            self._let_it_be_read(pk)
            tally.wrong_rows += self._differences(pk, rows, _input_of)
            self._kill_checker(pk, count, tally)
            self._let_it_be_read(pk)
            tally.wrong_rows += self._differences(pk, rows, _input_with_note)
            _say(f"read: {done} kills")
        return tally

    def _row_set(self, pk: int) -> tuple[str, Any, int]:
        """State, lease and the rows that are there."""
        found: tuple[str, Any, int] = self._own.one(
            "SELECT state, lease, done FROM playground_rowset WHERE id = ?", pk
        )
        return found

    def _kill_reader(self, pk: int, count: int, aim: str, tally: Reading) -> None:
        """Start a worker and kill it as soon as it is where the aim says."""
        lease, before = self._row_set(pk)[1], self._first_chunk(pk)
        self._worker.start()
        _wait(lambda: self._row_set(pk)[1] != lease, often=0.0005)
        if aim == OPENING:
            time.sleep(self._chance.uniform(0, 0.05))
        else:
            # What another worker left is there until this one has its first rows.
            _wait(lambda: self._first_chunk(pk) not in (before, None), often=0.0005)
            wanted = count if aim == FINISHING else self._chance.randrange(1, count)
            _wait(lambda: self._is_as_far(pk, wanted), often=0.0005)
        self._worker.kill()
        query = "SELECT coalesce(sum(rows), 0) FROM playground_rowchunk WHERE row_set_id = ?"
        there = self._own.one(query, pk)[0]
        if self._row_set(pk)[0] != "reading":
            tally.phases[AFTER_ALL] += 1
        elif self._first_chunk(pk) in (before, None):
            tally.phases[OPENING] += 1
        else:
            tally.left_by_kills += count - there
            tally.phases[FINISHING if there == count else MIDDLE] += 1

    def _kill_checker(self, pk: int, count: int, tally: Reading) -> None:
        """The same after another mapping was chosen, so that each row becomes another input."""
        version = self._own.one("SELECT version FROM playground_rowset WHERE id = ?", pk)[0]
        targets = {f"target-{at}": key for at, key in enumerate(KEYS)} | {"target-1": "meta.note"}
        fields = {"version": version, "action": "change", **targets}
        answer = self._post(f"/row-sets/{pk}/mapping/", fields)
        assert answer.status_code == 303, answer.text
        wanted = self._chance.randrange(1, count)
        self._worker.start()
        _wait(lambda: self._is_as_far(pk, wanted), often=0.0005)
        self._worker.kill()
        tally.phases[CHECKING if self._row_set(pk)[0] == "reading" else AFTER_ALL] += 1

    def _let_it_be_read(self, pk: int) -> None:
        self._worker.start()
        _wait(lambda: self._row_set(pk)[0] != "reading")
        self._worker.kill()

    def _first_chunk(self, pk: int) -> int | None:
        query = "SELECT min(id) FROM playground_rowchunk WHERE row_set_id = ?"
        found: int | None = self._own.one(query, pk)[0]
        return found

    def _is_as_far(self, pk: int, wanted: int) -> bool:
        state, _, done = self._row_set(pk)
        return state != "reading" or done >= wanted

    def _differences(
        self, pk: int, rows: Sequence[Row], wanted_of: Callable[[Row], dict[str, object]]
    ) -> int:
        """How many inputs are not what stands in the CSV."""
        lines = self._browser.get(f"/row-sets/{pk}/inputs.jsonl").text.splitlines()
        wanted = list(map(wanted_of, rows))
        found = [json.loads(line) for line in lines]
        wrong = sum(one != other for one, other in zip(found, wanted, strict=False))
        return wrong + abs(len(found) - len(wanted))

    # Sending

    def kill_while_sending(self, kills: int, parts: int, *, is_control: bool = False) -> Sending:
        tally = Sending()
        done = 0
        while done < kills:
            rows = self._new_rows(parts * ROWS_A_PART)
            pk = self._import(rows)
            self._worker.start()
            _wait(lambda pk=pk: self._row_set(pk)[0] == "ready")
            self._worker.kill()
            name = f"{'control' if is_control else 'careful'} {self._number}"
            group = self._split(pk, name)
            while done < kills and self._state(group) != "done":
                aim = SENDING_PHASES[done % 3]
                if self._kill_sender(group, aim, tally, is_control=is_control):
                    done += 1
            self._finish(group)
            self._compare(name, rows, tally)
            _say(f"sent{' again' if is_control else ''}: {done} kills")
        return tally

    def _split(self, pk: int, name: str) -> int:
        page = self._browser.get(f"{ADDRESS}?row_set={pk}").text
        fields: dict[str, Any] = {}
        for key, value in posted_fields(page, "launch-form"):
            fields.setdefault(key, []).append(value)
        fields |= {"job_name": name, "split_rows": str(ROWS_A_PART), "override_reason": "a soak"}
        answer = self._post(f"{ADDRESS}launch/", fields)
        assert answer.status_code == 303, answer.text
        return int(answer.headers["Location"].strip("/").rpartition("/")[2])

    def _state(self, group: int) -> str:
        return str(self._own.one("SELECT state FROM playground_launchgroup WHERE id = ?", group)[0])

    def _launched(self) -> int:
        found = self._own.one("SELECT count(*) FROM playground_launch WHERE state = 'launched'")
        return int(found[0])

    def _sending(self) -> bool:
        query = "SELECT 1 FROM playground_launch WHERE state = 'sending'"
        return self._own.one(query) is not None

    def _jobs(self) -> int:
        return int(self._sandbox.one("SELECT count(*) FROM sandbox_sandboxlaunch")[0])

    def _kill_sender(self, group: int, aim: str, tally: Sending, *, is_control: bool) -> bool:
        """Whether the kill came before the last part was sent."""
        before = self._launched()
        wanted = before + self._chance.randrange(1, 8)
        self._worker.start()
        self._let_go_on_until(lambda: self._launched() >= wanted, group)
        is_over = functools.partial(self._is_over, group)
        if aim == BETWEEN:
            _wait(lambda: not self._sending() or is_over(), often=0.0001)
        else:
            _wait(lambda: self._sending() or is_over(), often=0.0001)
        if aim == NOT_STORED:
            jobs = self._jobs()
            _wait(lambda: self._jobs() > jobs or is_over(), often=0.0001)
        self._worker.kill()
        if self._state(group) == "done":
            return False
        time.sleep(0.5)  # What the upstream has under way is over.
        from tests.soak import settling_parts  # Imports models, which need Django to be set up.

        settle = settling_parts.by_sending_again if is_control else settling_parts.carefully
        tally.phases[settle(group, (BETWEEN, NEVER_ARRIVED, NOT_STORED))] += 1
        return True

    def _finish(self, group: int) -> None:
        """Nobody kills the worker any more; a person lets go on what is proved to have made no
        job."""
        self._worker.start()
        self._let_go_on_until(lambda: False, group)
        self._worker.kill()

    def _let_go_on_until(self, is_there: Callable[[], bool], group: int) -> None:
        """Wait for it, or until all parts are sent."""
        from tests.soak import settling_parts

        while True:
            _wait(lambda: is_there() or self._is_over(group), often=0.0005)
            if self._state(group) != "stopped":
                return
            settling_parts.let_go_on(group)

    def _is_over(self, group: int) -> bool:
        return self._state(group) in ("done", "stopped")

    def _compare(self, name: str, rows: Sequence[Row], tally: Sending) -> None:
        """What the sandbox has of these rows."""
        found: Counter[Row] = Counter()
        for (body,) in self._sandbox.all("SELECT body FROM sandbox_sandboxlaunch"):
            sent = json.loads(bytes(body) or b"{}")
            if str(sent.get("job_name", "")).startswith(f"{name} ("):
                found.update(tuple(one[key] for key in KEYS) for one in sent["inputs"])
        tally.lost += sum(not found[row] for row in rows) + len(set(found) - set(rows))
        tally.twice += sum(count - 1 for count in found.values())


def _input_of(row: Row) -> dict[str, object]:
    return dict(zip(KEYS, row, strict=True))


def _input_with_note(row: Row) -> dict[str, object]:
    first, last, company = row
    return {"first_name": first, "company_name": company, "meta": {"note": last}}


def _wait(is_done: Callable[[], bool], *, often: float = 0.02) -> None:
    deadline = time.monotonic() + PATIENCE
    while not is_done():
        if time.monotonic() > deadline:
            raise RuntimeError("nothing happens any more")
        time.sleep(often)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)

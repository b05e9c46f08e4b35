"""What uploads that were made to hurt cost a real playground: time, and memory beside an idle one.

Its worker must be running: what is large is read there.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
from selectolax.lexbor import LexborHTMLParser

from tests.hostile.row_bombs import HEAVY, LIGHT, Bomb
from tests.running.processes import descendants

MOST_SECONDS, MOST_MB = 2.0, 256.0
_PAGE_MB = 4096 / 1e6
_BY_SIZE = 413
_TRIES = 4

Get = Callable[[str], httpx.Response]
Upload = Callable[[Bomb, bytes], httpx.Response]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    bomb: Bomb
    seconds: float
    megabytes: float
    other_page: float
    sentence: str
    status: int
    is_refused: bool

    @property
    def told(self) -> tuple[str, ...]:
        took = (f"{self.seconds:.2f}", f"{self.megabytes:.0f}", f"{self.other_page:.2f}")
        return (self.bomb.name, *took, self.sentence)

    @property
    def complaint(self) -> str:
        name = self.bomb.name
        if not self.is_refused or not self.sentence:
            return f"{name} was taken ({self.status}): {self.sentence}"
        if self.seconds > MOST_SECONDS or self.megabytes > MOST_MB:
            return f"{name} took {self.seconds:.1f} s and {self.megabytes:.0f} MB"
        if self.other_page > MOST_SECONDS:
            return f"while {name} was read, another page took {self.other_page:.1f} s"
        return ""


def refuse_all(upload: Upload, get: Get, pids: list[int]) -> list[Refused]:
    """Of each the fastest of some tries: what else the machine does makes none of them slow."""
    found = []
    for bomb in (*LIGHT, *HEAVY):
        data = bomb.make()
        tries = [_refuse(bomb, data, upload, get, pids)]
        while tries[-1].complaint and len(tries) < _TRIES:
            tries.append(_refuse(bomb, data, upload, get, pids))
        found.append(min(tries, key=lambda one: one.seconds))
    return found


def _refuse(bomb: Bomb, data: bytes, upload: Upload, get: Get, pids: list[int]) -> Refused:
    idle = _megabytes(pids)
    with _repeated(lambda: _megabytes(pids)) as seen, _repeated(lambda: _open(get)) as opened:
        began = time.monotonic()
        answer = upload(bomb, data)
        state = {"state": "failed", "sentence": _lead(answer)}
        while answer.status_code == 303:
            state = get(answer.headers["Location"] + "state.json").json()
            if state["state"] != "reading" or time.monotonic() > began + 60:
                break
            time.sleep(0.02)
        seconds = time.monotonic() - began
    return Refused(
        bomb=bomb,
        seconds=seconds,
        megabytes=max(seen, default=idle) - idle,
        other_page=max(opened, default=0.0),
        sentence=str(state["sentence"]),
        status=answer.status_code,
        is_refused=state["state"] == "failed" and answer.status_code in (303, _BY_SIZE, 422),
    )


def _lead(answer: httpx.Response) -> str:
    """What a page says that refuses, first of all."""
    found = LexborHTMLParser(answer.text).css_first(".lead, #refusal")
    return " ".join(found.text().split()) if found else ""


@contextlib.contextmanager
def _repeated(measure: Callable[[], float]) -> Iterator[list[float]]:
    """What is measured meanwhile, every few milliseconds, as another tab would."""
    seen: list[float] = []
    is_over = threading.Event()

    def look() -> None:
        while not is_over.is_set():
            seen.append(measure())
            time.sleep(0.005)

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield seen
    finally:
        is_over.set()
        looking.join()


def _open(get: Get) -> float:
    """Seconds until another page is there."""
    began = time.monotonic()
    get("/row-sets/").raise_for_status()
    time.sleep(0.1)  # As fast as this nobody reads.
    return time.monotonic() - began - 0.1


def _megabytes(pids: list[int]) -> float:
    every = {one for pid in pids for one in (pid, *descendants(pid))}
    return sum(map(_resident, every))


def _resident(pid: int) -> float:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE_MB
    except OSError:
        return 0.0

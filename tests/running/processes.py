"""What runs below a process, read from /proc."""

import time
from pathlib import Path


def descendants(pid: int) -> dict[int, str]:
    """Process id → command line, of everything below `pid`."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        parent = _parent(int(folder.name))
        if parent is not None:
            children.setdefault(parent, []).append(int(folder.name))
    found, waiting = {}, [pid]
    while waiting:
        for child in children.get(waiting.pop(), []):
            found[child] = _command(child)
            waiting.append(child)
    return found


def still_there(pids: dict[int, str], *, within: float) -> dict[int, str]:
    """Those of them that are left when `within` seconds are over; {} as soon as all are gone."""
    deadline = time.monotonic() + within
    while left := {pid: line for pid, line in pids.items() if line and _command(pid) == line}:
        if time.monotonic() > deadline:
            break
        time.sleep(0.05)
    return left


def is_a(line: str, program: str) -> bool:
    return program in line.split("\0")


def _parent(pid: int) -> int | None:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return None


def _command(pid: int) -> str:
    """Empty for a zombie, and for what is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""

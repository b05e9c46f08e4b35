"""Who may take up work that another process holds."""

from __future__ import annotations

import datetime as dt
import os
import signal
import time
import uuid
from pathlib import Path

import pytest
from django.conf import LazySettings

from playground.services.ledger import leases


@pytest.fixture(autouse=True)
def folder(settings: LazySettings, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path / "data"
    return tmp_path / "data" / "leases"


def test_a_lease_is_left_when_its_process_is_killed() -> None:
    lease = uuid.uuid4()
    ready, tell = os.pipe()
    child = os.fork()
    if not child:
        with leases.held(lease):
            os.write(tell, b".")
            time.sleep(60)
        os._exit(0)
    os.read(ready, 1)
    assert not leases.is_left(lease)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    assert leases.is_left(lease)


def test_a_lease_of_another_machine_and_one_that_was_given_back_are_not_left() -> None:
    lease = uuid.uuid4()
    with leases.held(lease):
        assert not leases.is_left(lease)
    assert not leases.is_left(lease)
    assert not leases.is_left(uuid.uuid4())


def test_a_lease_is_held_also_where_nothing_can_be_written(
    settings: LazySettings, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    settings.DATA_DIR = tmp_path / "file"
    lease = uuid.uuid4()
    with leases.held(lease):
        assert not leases.is_left(lease)


def test_files_of_what_was_left_go_after_a_day(folder: Path) -> None:
    lives, now = uuid.uuid4(), dt.datetime.now(dt.UTC)
    with leases.held(lives):
        (folder / str(uuid.uuid4())).touch()
        leases.forget_old(now + dt.timedelta(hours=1))
        assert len(list(folder.iterdir())) == 2
        leases.forget_old(now + dt.timedelta(hours=25))
        assert [path.name for path in folder.iterdir()] == [str(lives)]

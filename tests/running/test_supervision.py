"""When a playground counts as up, and how long it waits for answers when it is to stop."""

import re
from types import SimpleNamespace

import pytest

from playground.running import UnableToRun, servers, supervision
from playground.upstream import attempts
from tests.environment import PROJECT

SERVER = SimpleNamespace(exit_code=None, age_seconds=0)


@pytest.fixture
def comes_up(monkeypatch):
    """Whether it is up, when addresses answer with these statuses; None is no answer."""

    def look(**statuses):
        found = {"/healthz": 200, "/": 302, "/sign-in/": 200}
        found |= {"/" + name.strip("_").replace("_", "-"): one for name, one in statuses.items()}
        found["/sign-in/"] = found.pop("/sign-in", found["/sign-in/"])
        monkeypatch.setattr(supervision, "_status", lambda _, path: found[path])
        monkeypatch.setattr(supervision, "_ERRORS_SECONDS", -1)
        monkeypatch.setattr(supervision, "START_SECONDS", -1)
        return supervision._comes_up(SERVER, None, supervision.StopRequest())

    return look


@pytest.mark.parametrize("status", [200, 301, 302, 400, 403])
def test_any_page_of_the_playground_counts(comes_up, status):
    assert comes_up(sign_in=status)


@pytest.mark.parametrize("status", [500, 502, 503])
@pytest.mark.parametrize("page", ["_", "sign_in"])
def test_an_error_is_not_up(comes_up, page, status):
    with pytest.raises(UnableToRun, match="but its pages are errors"):
        comes_up(**{page: status})


@pytest.mark.parametrize("page", ["_", "sign_in"])
def test_a_page_that_never_comes_is_not_called_an_error(comes_up, page):
    with pytest.raises(UnableToRun, match="gave no answer within"):
        comes_up(**{page: None})


@pytest.mark.parametrize("late", [1, 20])
@pytest.mark.parametrize("page", supervision._FIRST_PAGES)
def test_a_page_that_comes_late_is_waited_for(monkeypatch, page, late):
    """As on a machine that is busy with others: each look ends without an answer at first."""
    left = iter([None] * late)
    answer = {"/healthz": lambda: 200, "/": lambda: 302, "/sign-in/": lambda: 200}
    answer[page] = lambda at_last=answer[page]: next(left, at_last())
    monkeypatch.setattr(supervision, "_status", lambda _, path: answer[path]())
    monkeypatch.setattr(supervision, "_ERRORS_SECONDS", -1)
    monkeypatch.setattr(supervision, "_LOOK_EVERY_SECONDS", 0)

    assert supervision._comes_up(SERVER, None, supervision.StopRequest())
    assert list(left) == []


@pytest.mark.parametrize("status", [404, 503, None])
def test_another_server_is_not_ours(comes_up, status):
    with pytest.raises(UnableToRun, match="gave no answer within"):
        comes_up(healthz=status)


def test_everything_waits_longer_than_the_longest_launch():
    told = re.search(r"\nTimeoutStopSec=(\d+)\n", (PROJECT / "README.md").read_text())

    waits = [servers.GRACE_SECONDS, supervision.STOP_SECONDS, int(told[1])]
    assert attempts.Budgets().change.total < waits[0] < waits[1] < waits[2]


def test_it_stops_at_once_when_it_is_asked_again(monkeypatch):
    now = iter([0.0, 0.1, 5.0, 5.0])
    monkeypatch.setattr(supervision.time, "monotonic", lambda: next(now))
    request = supervision.StopRequest()

    told = []
    for _ in range(3):  # The second is what a terminal and a program that passes it on both sent.
        request._make(15, None)
        told.append(request.is_over(0))

    assert told == [False, False, True]

"""The same form, submitted fifty times at once over two server processes, launches once."""

import http.client
import json
import re
import secrets
import signal
import socket
import sqlite3
import threading
import time
import urllib.parse
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from tests.benchmarks.visitor import Visitor
from tests.journeys.person import FIND_EMAIL_UID, KEYS
from tests.journeys.slow_upstream import SlowUpstream
from tests.web.html_forms import posted_fields

SUBMITS = 50
# At once, so that each process answers some, and fewer than a process lets wait.
LOOKING = 16
ROWS = (("Zoë", "O'Brien", "acme.com"),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`leads_to` is the path of a job or a launch."""

    status: int
    leads_to: str


def filled_form(visitor, name):
    """The body of the page's form as a browser would post it."""
    html = visitor.get(f"/workflows/{FIND_EMAIL_UID}/")
    fields = dict(posted_fields(html, "launch-form")) | {"job_name": name}
    fields |= {
        f"inputs-{number}-{key}": text
        for number, row in enumerate(ROWS)
        for key, text in zip(KEYS, row, strict=True)
    }
    return list(fields.items())


def submit_all(ports, visitor, fields):
    """Every submit has its connection open before the first one is sent."""
    request = visitor.post(f"/workflows/{FIND_EMAIL_UID}/launch/", fields)
    barrier = threading.Barrier(SUBMITS)
    answers = []

    def submit(port):
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        line.connect()
        barrier.wait()
        line.request("POST", request.path, body=request.body, headers=plain(request.headers))
        answers.append(read_answer(line.getresponse()))
        line.close()

    threads = [
        threading.Thread(target=submit, args=(ports[number % len(ports)],))
        for number in range(SUBMITS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def plain(headers):
    """Of a form that is sent as a page, with an answer that is not compressed."""
    fragments_only = ("Accept-Encoding", "HX-Request")
    return {name: value for name, value in headers.items() if name not in fragments_only}


def read_answer(response):
    html = response.read().decode()
    address = response.headers.get("Location", "")
    if response.status == 409:
        found = re.search(
            r"<h1[^>]*>(.+?)</h1>.*?<code[^>]*>([0-9a-f]{12})</code>", html, re.DOTALL
        )
        address = f"/launches/ {found[1]} {found[2]}" if found else html
    return Answer(status=response.status, leads_to=urllib.parse.urlsplit(address).path)


def recorded_launches(playground):
    database = sqlite3.connect(playground.data_dir / "playground.sqlite3")
    try:
        return database.execute(
            "SELECT job_name, state, job_uid, fingerprint FROM playground_launch"
        ).fetchall()
    finally:
        database.close()


def check(playground, upstream, answers, name):
    (launch,) = [row for row in recorded_launches(playground) if row[0] == name]
    _, state, job_uid, fingerprint = launch
    assert state == "launched"
    assert upstream.jobs_of(name) == [job_uid]
    assert len(upstream.arrivals_of(name)) == 1
    counted = Counter(answers)
    to_the_job = counted.pop(Answer(status=303, leads_to=f"/jobs/{job_uid}/"), 0)
    still_sending = Answer(status=409, leads_to=f"/launches/ {name} {fingerprint}")
    waiting = counted.pop(still_sending, 0)
    assert counted == {}
    assert to_the_job >= 1
    assert to_the_job + waiting == SUBMITS


@pytest.fixture(scope="module")
def upstream():
    """Takes its time, so that most submits come while the first is under way."""
    with SlowUpstream() as upstream:
        pause = threading.Event()
        upstream.before_accepting = lambda _: pause.wait(0.5)
        yield upstream


@pytest.fixture(scope="module")
def key():
    return {"SECRET_KEY": secrets.token_urlsafe(50)}


@pytest.fixture(scope="module")
def two_processes(shared_playgrounds, upstream, key):
    """Both know the workflow: of those that wait for its first answer, a process has so many."""
    playground = shared_playgrounds.start("--processes", "2", **upstream.environment, **key)
    everybody = threading.Barrier(LOOKING)

    def look(_):
        everybody.wait()
        return Visitor(playground.port).get(f"/workflows/{FIND_EMAIL_UID}/")

    with ThreadPoolExecutor(LOOKING) as people:
        list(people.map(look, range(LOOKING)))
    return playground


def test_two_processes_of_one_server_launch_once(two_processes, upstream):
    visitor = Visitor(two_processes.port)
    fields = filled_form(visitor, "Two processes")

    answers = submit_all([two_processes.port], visitor, fields)

    check(two_processes, upstream, answers, "Two processes")


def test_two_servers_on_one_database_launch_once(running_playground, two_processes, upstream, key):
    first = two_processes
    shared = key | {"DATABASE_URL": f"sqlite:///{first.data_dir}/playground.sqlite3"}
    second = running_playground.start(**upstream.environment, **shared)
    visitor = Visitor(first.port)
    fields = filled_form(visitor, "Two servers")
    Visitor(second.port).get(f"/workflows/{FIND_EMAIL_UID}/")  # It knows the workflow, too.

    answers = submit_all([first.port, second.port], visitor, fields)

    check(first, upstream, answers, "Two servers")


def test_another_payload_under_the_same_token_is_refused_by_every_process(two_processes, upstream):
    visitor = Visitor(two_processes.port)
    fields = filled_form(visitor, "First payload")
    other = [(name, "Grace" if name == "inputs-0-first_name" else text) for name, text in fields]
    submit_all([two_processes.port], visitor, fields)

    answers = submit_all([two_processes.port], visitor, other)

    assert Counter(answers) == {Answer(status=422, leads_to=""): SUBMITS}
    assert len(upstream.arrivals_of("First payload")) == 1
    assert json.loads(payload_of(two_processes, "First payload"))["inputs"][0] == {
        "first_name": "Zoë",
        "last_name": "O'Brien",
        "company_name": "acme.com",
    }


def payload_of(playground, name):
    database = sqlite3.connect(playground.data_dir / "playground.sqlite3")
    try:
        ((payload,),) = database.execute(
            "SELECT payload FROM playground_launch WHERE job_name = ?", [name]
        ).fetchall()
    finally:
        database.close()
    return payload


def test_a_launch_under_way_gets_its_answer_before_the_playground_stops(running_playground):
    may_answer = threading.Event()
    with SlowUpstream() as upstream:
        upstream.before_answering = lambda _: may_answer.wait(30)
        playground = running_playground.start(**upstream.environment)
        visitor = Visitor(playground.port)
        fields = filled_form(visitor, "Stopped meanwhile")
        request = visitor.post(f"/workflows/{FIND_EMAIL_UID}/launch/", fields)
        line = http.client.HTTPConnection("127.0.0.1", playground.port, timeout=60)
        line.request("POST", request.path, body=request.body, headers=plain(request.headers))
        wait_until(lambda: upstream.arrivals_of("Stopped meanwhile"))

        playground.process.send_signal(signal.SIGTERM)
        wait_until(lambda: not takes_connections(playground.port))
        may_answer.set()
        answers = [read_answer(line.getresponse())]

        assert playground.wait() == 0
    check(playground, upstream, answers * SUBMITS, "Stopped meanwhile")


def takes_connections(port):
    with socket.socket() as line:
        return line.connect_ex(("127.0.0.1", port)) == 0


def wait_until(is_true):
    deadline = time.monotonic() + 60
    while not is_true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)

"""Launches that preflight stops and somebody sends all the same, however odd they are."""

from __future__ import annotations

import json
import uuid
from itertools import cycle

import pytest
from django.test import Client

from playground.models import LONGEST_ACCOUNT_UID, Launch, LaunchAccount
from playground.web.launches.form import LONGEST_REASON
from tests.hostile.answers import find_fault
from tests.hostile.attacks import JSON_VALUES, Shot

LONG = "a" * 20_000
# So many launches are on every list at once.
LISTED = 5
ODD_STEPS = {
    "no objects": [1, None, True, "text", 1.5, [], [[]]],
    "no UID": [{}, {"accounts": []}, {"step_uid": None}, {"step_uid": 1}, {"step_uid": [1]}],
    "accounts that are no list": [
        {"step_uid": "a", "accounts": value} for value in (None, 1, "abc", {}, {"a": 1}, True)
    ],
    "accounts that are no text": [{"step_uid": "a", "accounts": [None, 1, [], {}, True, 2**70]}],
    "accounts twice": [{"step_uid": "a", "accounts": ["b", "b", "b"]}] * 2,
    "accounts that are cut alike": [
        {"step_uid": "a", "accounts": [LONG, LONG + "b", LONG[:LONGEST_ACCOUNT_UID], ""]}
    ],
    "accounts with NUL": [{"step_uid": "a", "accounts": ["\x00", "\ufffd", "a\x00b", "a\ufffdb"]}],
    "accounts of other letters": [{"step_uid": "a", "accounts": ["é", "É", "e\u0301", "\u202e"]}],
    "many accounts": [{"step_uid": "a", "accounts": [str(number) for number in range(5_000)]}],
    "many steps": [{"step_uid": str(number), "accounts": []} for number in range(2_000)],
    "odd parameters": [{"step_uid": "a", "parameters": value} for value in (None, [], "a", 2**70)],
    "keys twice and empty": [{"": "", "accounts": [""], "step_uid": ""}],
    "deep": [{"step_uid": "a", "accounts": json.loads("[" * 60 + "]" * 60)}],
}
REASONS = {
    "long": LONG.encode(),
    "NUL": b"because\x00of",
    "only NUL": b"\x00",
    "lone surrogate": b"because \xed\xa0\x80",
    "no UTF-8": b"\xff\xfe\xff",
    "line ends": b"one\r\ntwo\n\nthree\x0b\x0c\x1c\x85",
    "line separators": "one\u2028two\u2029three\x85four".encode(),
    "hiding": "\u202ebecause\u200b".encode(),
    "markup": b"<script>top.__hit(1)</script>{{ 7|add:7 }}",
    "cut inside a character": ("a" * 499 + "\U0001f600").encode(),
    "blank at the cut": b"a" * 499 + b" " * 20_000,
}


def send(client: Client, things: dict[str, str], **fields: str) -> Launch | None:
    """Launch with a reason, look at the launch, and give its record."""
    token = uuid.uuid4()
    posted = {
        "launch_token": str(token),
        "job_name": "Odd",
        f"inputs-0-{things['key']}": "Ada",
        f"steps-{things['step_uid']}-accounts": things["account_uid"],
        "override_reason": "to see what happens",
    }
    answer = client.post(f"/workflows/{things['workflow_uid']}/launch/", posted | fields)
    launch = Launch.objects.filter(launch_token=token).first()
    assert answer.status_code in (303, 422), answer.content.decode()[:300]
    assert (answer.status_code == 303) == bool(launch and launch.is_launched)
    if launch:
        own = f"/launches/{launch.pk}/"
        again = f"/workflows/{launch.workflow_uid}/?launch={launch.pk}"
        look_at(client, own, f"{own}payload.json", again)
    return launch


def look_at_lists(client: Client, things: dict[str, str]) -> None:
    """Every page that shows the latest launches."""
    account = f"/accounts/{things['integration']}/{things['account_uid']}/"
    look_at(client, "/launches/", account, f"/workflows/{things['workflow_uid']}/")


def look_at(client: Client, *paths: str) -> None:
    assert [fault for path in paths if (fault := look(client, path))] == []


def look(client: Client, path: str) -> str:
    path, _, query = path.partition("?")
    return find_fault(Shot(what="odd launch", method="GET", path=path, query=query), client)


@pytest.mark.parametrize("what", ODD_STEPS)
def test_launch_with_odd_steps_is_recorded_and_shown(client, things, what):
    steps = ODD_STEPS[what]

    launch = send(client, things, unknown_steps=json.dumps(steps))

    look_at_lists(client, things)
    assert launch is not None
    sent = json.loads(bytes(launch.payload))["steps"]
    assert [step for step in sent if step in steps] == steps
    assert accounts_of(launch) == named_in(sent)


@pytest.mark.parametrize("name", ["accounts", "step_uid", "parameters"])
def test_launch_with_an_odd_key_of_a_step_is_recorded_and_shown(client, things, name):
    others = cycle(("steps", "inputs", "job_name", "repeat_option", "delay"))

    for number, (value, other) in enumerate(zip(JSON_VALUES, others, strict=False), start=1):
        text = value.decode("utf-8", "replace")
        step = {f"steps-{things['step_uid']}-extra": f'{{"{name}": {text}}}'}
        send(client, things, **step, extra=f'{{"{other}": {text}}}', unknown_steps=f"[{text}]")
        if number % LISTED == 0 or number == len(JSON_VALUES):
            look_at_lists(client, things)


def test_odd_reasons_are_recorded_as_they_can_be(client, things):
    gone = {f"steps-{things['step_uid']}-accounts": "gone"}

    for what, given in REASONS.items():
        reason = given.decode("utf-8", "replace")
        launch = send(client, things, override_reason=reason, **gone)
        kept = reason.strip()[:LONGEST_REASON].replace("\x00", "\ufffd")
        assert launch is not None, what
        assert launch.override_reason == kept
        assert launch.overridden
    look_at_lists(client, things)


def test_blank_reason_is_none(client, things):
    for reason in ("", " ", "\t\r\n", "\u2003\u3000"):
        fields = {f"steps-{things['step_uid']}-accounts": "gone", "override_reason": reason}
        assert send(client, things, **fields) is None
    look_at_lists(client, things)


def test_names_in_overridden_sentences_are_kept_on_their_lines(client, things):
    names = ["gone\nand\u2028gone\x85", "gone\x00", "\u202egone", "<b>gone</b>", LONG]

    for name in names:
        launch = send(client, things, **{f"steps-{things['step_uid']}-accounts": name})

        assert launch is not None
        lines = launch.overridden.splitlines()
        assert all(line.endswith(".") for line in lines), lines
        assert "\x00" not in launch.overridden
        assert len(launch.overridden) < 2_000
    look_at_lists(client, things)


def accounts_of(launch: Launch) -> set[str]:
    return set(LaunchAccount.objects.filter(launch=launch).values_list("account_uid", flat=True))


def named_in(steps: list[object]) -> set[str]:
    lists = [step.get("accounts") for step in steps if isinstance(step, dict)]
    return {
        uid.replace("\x00", "\ufffd")[:LONGEST_ACCOUNT_UID]
        for uids in lists
        if isinstance(uids, list)
        for uid in uids
        if isinstance(uid, str)
    }

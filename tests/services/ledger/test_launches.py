"""What the ledger knows of a launch besides its state: its accounts, and whether it repeats."""

from __future__ import annotations

import datetime as dt
import importlib
import json
import uuid

import pytest
from django.apps import apps
from django.contrib.auth.models import User

from playground.contract import wire
from playground.models import Launch, LaunchAccount, LaunchState, LaunchWords
from playground.services.ledger import launches as launch_ledger
from playground.services.ledger import payload_words

NOW = dt.datetime(2026, 5, 4, 12, 0, tzinfo=dt.UTC)

pytestmark = pytest.mark.django_db


def launch(payload: object, **changes: object) -> Launch:
    user, _ = User.objects.get_or_create(username="ada")
    return Launch.objects.create(
        launch_token=uuid.uuid4(),
        user=user,
        workflow_uid="w-1",
        workflow_name=changes.pop("workflow_name", "Find an e-mail"),
        payload=json.dumps(payload).encode(),
        fingerprint="0" * 12,
        row_count=1,
        upstream="sandbox",
        state=LaunchState.LAUNCHED,
        created_at=NOW,
        **changes,
    )


def accounts_of(made: Launch) -> list[str]:
    return list(made.accounts_used.order_by("pk").values_list("account_uid", flat=True))


def test_each_account_of_a_payload_is_recorded_once_and_odd_steps_are_passed_over():
    payload = {
        "steps": [
            {"step_uid": "s-1", "accounts": ["b", "a", "b"]},
            {"step_uid": "s-2", "accounts": ["a", "x\x00" + "y" * 300, 5]},
            {"step_uid": "s-3", "accounts": "a"},
            "not a step",
        ]
    }
    made = launch(payload)

    launch_ledger.record_accounts(made, payload)

    assert accounts_of(made) == ["b", "a", "x\N{REPLACEMENT CHARACTER}" + "y" * 198]


def test_schedules_end_by_the_name_they_run_under():
    named = launch({"steps": []}, job_name="Weekly", is_repeating=True)
    unnamed = launch({"steps": []}, is_repeating=True)
    once = launch({"steps": []}, job_name="Weekly")

    launch_ledger.end_schedules("Weekly", NOW)
    launch_ledger.end_schedules("Find an e-mail", NOW + dt.timedelta(hours=1))

    ends = [Launch.objects.get(pk=made.pk).schedule_ended_at for made in (named, unnamed, once)]
    assert ends == [NOW, NOW + dt.timedelta(hours=1), None]


def test_launches_of_an_earlier_version_get_their_accounts_and_schedule():
    migration = importlib.import_module("playground.migrations.0002_accounts_schedules_overrides")
    old = launch(
        {"steps": [{"accounts": ["b", "a"]}], "repeat_option": {"type": "day", "value": 1}}
    )
    plain = launch({"steps": [{"step_uid": "s-1", "accounts": []}]})

    migration.read_payloads(apps, None)

    old.refresh_from_db()
    plain.refresh_from_db()
    assert (old.is_repeating, accounts_of(old)) == (True, ["a", "b"])
    assert (plain.is_repeating, LaunchAccount.objects.filter(launch=plain).count()) == (False, 0)


@pytest.mark.parametrize(
    "payload",
    [
        b"[]",
        b"null",
        b"{}",
        b'{"steps": null}',
        b'{"steps": "x"}',
        b'{"steps": [null, 7, "x", [], {"accounts": null}, {"accounts": {"a": 1}}]}',
        b'{"steps": [{"accounts": [null, 1, {"a": 1}]}]}',
        b'{"steps": [], "n": ' + b"9" * 5_000 + b"}",
        b'{"steps": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    ],
)
def test_no_recorded_payload_stops_the_upgrade_of_launches(payload):
    migration = importlib.import_module("playground.migrations.0002_accounts_schedules_overrides")
    odd, fair = launch({}), launch({"steps": [{"accounts": ["b", "\ud800"]}]})
    Launch.objects.filter(pk=odd.pk).update(payload=payload)

    migration.read_payloads(apps, None)

    assert (accounts_of(odd), accounts_of(fair)) == ([], ["?", "b"])


ACCOUNT = "aaaa1111-2222-4333-8444-555555555501"
STEP = "5a9db0c0-0005-4000-8000-000000000101"
NAMES = [
    "Ärzte in Köln",
    "Socie\u0301te\u0301 Générale",
    "Łódź – 100%_x",
    "O’Brien",
    "Straße İzmir 🚀",
]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ärzte", NAMES[:1]),
        ("KOLN arzte", NAMES[:1]),
        ("Société générale", NAMES[1:2]),
        ("lodz -", NAMES[2:3]),
        ("100%_", NAMES[2:3]),
        ("%", NAMES[2:3]),
        ("o'brien", NAMES[3:4]),
        ("STRASSE", NAMES[4:]),
        ("straße izmir", NAMES[4:]),
        ("i\u0307zmi", NAMES[4:]),
        ("🚀", NAMES[4:]),
        ("🚁", []),
        ("\u200bARZTE\u00a0", NAMES[:1]),
        ("find an E-MAIL", NAMES),
        ("änne", NAMES),
        ("ann", []),
        ("5A9DB0C0-0000-4000-8000-0000000000AB \u200b", NAMES[:1]),
        ("5a9db0c00000400080000000000000ab", NAMES[:1]),
        ("5A9DB0C0", NAMES[:1]),
        ("https://x.example/jobs/5a9db0c0-0000-4000-8000-0000000000ab/?step=" + STEP, NAMES[:1]),
        (ACCOUNT.replace("-", ""), NAMES[1:2]),
        (" w-1\u200b", NAMES),
    ],
)
def test_search_finds_names_people_and_jobs_however_they_are_typed(text, found):
    for at, name in enumerate(NAMES):
        job_uid = "" if at else "5a9db0c0-0000-4000-8000-0000000000ab"
        made = launch({}, job_name=name, job_uid=job_uid)
        if at == 1:
            launch_ledger.record_accounts(made, {"steps": [{"accounts": [ACCOUNT]}]})
    User.objects.update(username="Änne")

    assert find(text) == sorted(found)


def test_launches_of_an_earlier_version_are_found_whatever_their_names_hold():
    odd = ["Ärzte", "", "\x01 \u202e\ufffd", "é\u0315" * 3_000]
    for name in odd:
        launch({}, job_name=name)
    Launch.objects.update(searched="")

    importlib.import_module("playground.migrations.0010_searched_launches").fold_names(apps, None)

    assert (find("arzte"), len(find("e-mail"))) == (["Ärzte"], len(odd))


def find(text: str) -> list[str]:
    wanted = launch_ledger.LaunchFilter(text=text)
    found = launch_ledger.list_launches(User.objects.get(), wanted, page=1, now=NOW)
    return sorted(each.job_name for each in found)


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("ACME", True),
        ("acme.com", True),
        ("zoe", True),
        ("Zoe\u0308", True),
        ("zoë acm", True),
        ("strasse", True),
        ("STRASSE", True),
        ("istanbul", True),
        ("İSTANBUL", True),
        ("🚀", True),
        ("москва", True),
        ("東京", True),
        ("12345678901234567890", True),
        ("monday", True),
        ("find acme", True),
        ("b'); drop", True),
        ("cme", False),
        ("first_name", False),
        ("5a9db0c0-0005-4000-8000-000000000101", False),
        ("acme nowhere", False),
        ("s", False),
        ("'", False),
    ],
)
def test_words_of_a_payload_are_found_as_they_begin(text, is_found):
    steps = [{"step_uid": STEP, "accounts": [ACCOUNT], "parameters": {"when": ["Monday"]}}]
    rows = [
        {"first_name": "Zoë", "company": {"site": ["https://ACME.com/b'); drop table"]}},
        {"first_name": "Straße İstanbul", "n": 12345678901234567890, "x": None, "y": True},
        {"first_name": "fly🚀 Москва 東京都"},
    ]
    made = launch({}, job_name="q", workflow_name="Find")
    other = launch({"inputs": [{"first_name": "Else"}]}, job_name="other", workflow_name="-")
    Launch.objects.filter(pk=made.pk).update(payload=wire.encode({"inputs": rows, "steps": steps}))

    payload_words.read_on()

    assert find(text) == (["q"] if is_found else [])
    assert not payload_words._left().exists()
    assert LaunchWords.objects.get(launch=other).words == "else"


def test_words_of_payloads_are_looked_up_in_an_index():
    found = Launch.objects.filter(payload_words.has("acme.com")).values("pk")

    plan = found.explain()

    assert "playground_launchwords_index" in plan or "VIRTUAL TABLE INDEX" in plan


def test_payloads_are_read_behind_what_was_read_and_before(monkeypatch):
    monkeypatch.setattr(payload_words, "_BATCH", 2)
    made = [launch({"inputs": [{"a": f"word{number}"}]}) for number in range(7)]
    payload_words.keep_of_small(made[3])
    monkeypatch.setattr(payload_words, "_OVERLAP", 0)

    payload_words.read_on()

    assert sorted(LaunchWords.objects.values_list("words", flat=True)) == [
        f"word{number}" for number in range(7)
    ]


@pytest.mark.parametrize("payload", [b"", b"[1]", b"\xff", b'{"inputs": 1, "steps": {"a": 1}}'])
def test_odd_payloads_have_no_words_and_long_ones_some(payload, monkeypatch):
    monkeypatch.setattr(payload_words, "MOST_KEPT", 12)

    assert payload_words.words_of(payload) in ("", "1")
    assert payload_words.words_of(b'{"inputs": ["ab ab cd", "efghijklmnop"]}') == "ab cd"

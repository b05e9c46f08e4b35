"""Result and input rows: what belongs to whom, and how each fared."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from playground.sandbox import catalog
from tests.sandbox import world
from tests.sandbox.world import CONNECTIONS, FIND, JANE, PERSON, VISIT_CONNECT, World

LEADS = world.workflow("Find Leads and Collect Their E-mails")
NOT_FOUND = PERSON | {"last_name": "test:not-found"}
META = {"crm_id": "42", "email": "theirs@example.com"}


def finished(sandbox: World, of: world.Workflow, content: Any) -> str:
    uid = sandbox.launch(of, content)
    sandbox.pass_seconds(10_000)
    return uid


def test_a_result_has_the_callers_data_the_columns_and_meta() -> None:
    sandbox = World()
    row = PERSON | {"note": [1, {"a": None}], "meta": META}
    uid = finished(sandbox, FIND, world.body(FIND, [row]))

    (result,) = sandbox.results(uid)

    assert list(result) == [
        "first_name",
        "last_name",
        "company_name",
        "note",
        *FIND.steps[0].output_columns,
        "meta",
    ]
    assert (result["note"], result["meta"]) == ([1, {"a": None}], META)
    assert result["email"] == "zoe.obrien@acme.com"


def test_meta_is_spread_over_the_row_on_request_and_replaces_nothing() -> None:
    sandbox = World()
    content = world.body(FIND, [PERSON | {"meta": META}], unstructure_meta=True)
    uid = finished(sandbox, FIND, content)

    (result,) = sandbox.results(uid)

    assert "meta" not in result
    assert (result["crm_id"], result["email"]) == ("42", "zoe.obrien@acme.com")


def test_a_row_without_meta_has_none() -> None:
    sandbox = World()
    uid = finished(sandbox, FIND, world.body(FIND, [PERSON, PERSON | {"meta": None}]))

    results = sandbox.results(uid)

    assert [("meta" in result) for result in results] == [False, False]


def test_rows_that_fail_have_no_result() -> None:
    sandbox = World()
    rows = [NOT_FOUND, *[PERSON | {"n": n} for n in range(4)], NOT_FOUND, PERSON | {"n": 4}]
    uid = finished(sandbox, FIND, world.body(FIND, rows))

    results = sandbox.results(uid)

    assert [result["n"] for result in results] == [0, 1, 2, 3, 4]


def test_results_can_be_read_while_the_job_runs() -> None:
    sandbox = World()
    rows = [PERSON | {"n": n} for n in range(100)]
    uid = sandbox.launch(FIND, world.body(FIND, rows))

    counts = []
    for second in (0, 2, 7, 14):
        sandbox.now = world.START + timedelta(seconds=second)
        counts.append((sandbox.job(uid)["row_count"], len(sandbox.results(uid))))

    assert counts == [(0, 0), (10, 10), (46, 46), (96, 96)]


def test_results_come_a_thousand_a_page_in_the_order_of_the_inputs() -> None:
    sandbox = World()
    rows = [PERSON | {"n": n} if n % 10 else NOT_FOUND for n in range(2_000)]
    uid = finished(sandbox, FIND, world.body(FIND, rows))

    pages = [sandbox.get(f"/jobs/{uid}/results?page={page}")["results"] for page in (1, 2, 3)]

    assert [len(page) for page in pages] == [1_000, 800, 0]
    assert [row["n"] for page in pages for row in page] == [n for n in range(2_000) if n % 10]


def test_each_step_has_results_of_its_own_made_of_those_before() -> None:
    sandbox = World()
    content = world.body(LEADS, [{"url": "https://x.example/a"}, {"url": "https://x.example/b"}])
    content["steps"][0]["accounts"] = [JANE]
    content["steps"][0]["parameters"] = {"max_results": 3}
    content["steps"][3]["accounts"] = [world.account("Prospecting sheets")]
    uid = finished(sandbox, LEADS, content)

    steps = [sandbox.results(job["uid"]) for job in sandbox.step_jobs(LEADS, uid)]
    leads, emails, checks, sheet = steps

    assert [len(rows) for rows in steps] == [6, 6, 6, 6]
    assert len({lead["full_name"] + lead["linkedin_profile_url"] for lead in leads}) == 6
    assert [row["url"] for row in emails] == [row["url"] for row in leads]
    assert [row["email"] for row in checks] == [row["email"] for row in emails]
    assert [row["full_name"] for row in sheet] == [row["full_name"] for row in leads]
    assert sandbox.results(uid) == sheet


def test_the_same_launch_always_has_the_same_results_and_another_has_others() -> None:
    sandbox = World()
    content = world.body(CONNECTIONS, [], JANE)
    first, second = (finished(sandbox, CONNECTIONS, content) for _ in range(2))

    results = [sandbox.results(uid) for uid in (first, first, second)]

    assert results[0] == results[1]
    assert results[0] != results[2]


def test_every_step_returns_exactly_its_columns_and_samples_say_so() -> None:
    sandbox = World()
    found = {}
    for item in catalog.WORKFLOWS:
        of = item.workflow
        row = {key: "fr" if key == "language" else "https://x.example/in/jo" for key in of.inputs}
        content = world.body(of, [row])
        for step, sent in zip(of.steps, content["steps"], strict=True):
            wanted = step.integration_slugs
            sent["accounts"] = [a.uid for a in catalog.ACCOUNTS if a.integration in wanted]
        uid = finished(sandbox, of, content)
        for step, job in zip(of.steps, sandbox.step_jobs(of, uid), strict=True):
            result = sandbox.results(job["uid"])[0]
            is_local = not step.integration_slugs
            found[step.step_uid] = (
                [key for key in result if key in step.output_columns or key not in row],
                result.get("sample") is None if is_local else result["sample"],
            )

    expected = {
        step.step_uid: (sorted(step.output_columns), True)
        for item in catalog.WORKFLOWS
        for step in item.workflow.steps
    }
    assert {uid: (sorted(columns), says) for uid, (columns, says) in found.items()} == expected


def test_inputs_tell_how_each_row_fared() -> None:
    sandbox = World()
    rows = [PERSON, NOT_FOUND, PERSON | {"meta": META}]
    uid = sandbox.launch(FIND, world.body(FIND, rows))

    seen = {}
    for second in (4, 7, 20):
        sandbox.now = world.START + timedelta(seconds=second)
        inputs = sandbox.get(f"/jobs/{uid}/inputs")["inputs"]
        seen[second] = [row["status"] for row in inputs]

    assert seen == {
        4: ["succeeded", "pending", "pending"],
        7: ["succeeded", "failed", "pending"],
        20: ["succeeded", "failed", "succeeded"],
    }
    assert inputs[1] == NOT_FOUND | {
        "status": "failed",
        "error_message": "The resource answers 404: nothing was found for this input.",
    }
    assert inputs[2] == rows[2] | {"status": "succeeded", "error_message": None}


def test_a_row_has_succeeded_when_the_last_step_has_worked_on_it() -> None:
    sandbox = World()
    row = {"linkedin_profile_url": "https://www.linkedin.com/in/jane-doe/"}
    bad = {"linkedin_profile_url": "no address"}
    uid = sandbox.launch(VISIT_CONNECT, world.body(VISIT_CONNECT, [row, bad, row], JANE))

    sandbox.pass_seconds(11)
    first, second = (job["uid"] for job in sandbox.step_jobs(VISIT_CONNECT, uid))
    states = [
        [row["status"] for row in sandbox.get(f"/jobs/{job}/inputs")["inputs"]]
        for job in (uid, first, second)
    ]

    assert states == [
        ["pending", "failed", "pending"],
        ["succeeded", "failed", "succeeded"],
        ["pending", "pending"],
    ]


def test_rows_that_a_stopped_job_did_not_reach_have_failed() -> None:
    sandbox = World()
    uid = sandbox.launch(FIND, world.body(FIND, [PERSON] * 3))
    sandbox.pass_seconds(5)
    sandbox.post(f"/jobs/{uid}/cancel")

    inputs = sandbox.get(f"/jobs/{uid}/inputs")["inputs"]

    assert [(row["status"], row["error_message"]) for row in inputs] == [
        ("succeeded", None),
        ("failed", "The job ended before this input was worked on."),
        ("failed", "The job ended before this input was worked on."),
    ]


def test_all_rows_of_a_job_in_warning_have_failed() -> None:
    sandbox = World()
    rows = [PERSON | {"first_name": "test:warning"}, PERSON]
    uid = finished(sandbox, FIND, world.body(FIND, rows))

    inputs = sandbox.get(f"/jobs/{uid}/inputs")["inputs"]

    assert [row["status"] for row in inputs] == ["failed", "failed"]
    assert sandbox.results(uid) == []


def test_inputs_come_a_thousand_a_page() -> None:
    sandbox = World()
    uid = sandbox.launch(FIND, world.body(FIND, [PERSON] * 1_001))

    pages = [sandbox.get(f"/jobs/{uid}/inputs?page={page}") for page in (1, 2, 3)]

    assert [len(page["inputs"]) for page in pages] == [1_000, 1, 0]
    assert [page["paging"]["have_next_page"] for page in pages] == [True, False, False]


def test_the_last_results_are_those_of_the_latest_run_that_has_begun() -> None:
    sandbox = World()
    path = f"/workflows/{FIND.uid}/results/last"
    empty = sandbox.get(path)
    finished(sandbox, FIND, world.body(FIND, [PERSON | {"n": 1}]))
    finished(sandbox, FIND, world.body(FIND, [PERSON | {"n": 2}]))
    sandbox.launch(FIND, world.body(FIND, [PERSON | {"n": 3}], delay=60))

    last = sandbox.get(path)

    paging = {"previous": None, "next": None, "have_next_page": False}
    assert empty == {"results": [], "paging": paging}
    assert [row["n"] for row in last["results"]] == [2]
    assert last["paging"] == paging


HOSTILE = b"""{"steps": [], "inputs": "twice", "inputs": [{
  "first_name": "a\\u0000b", "last_name": 1180591620717411303424, "company_name": "\\ud83d\\ude00",
  "deep": %s, "deep": %s, "<script>alert(1)</script>": "\\"'<&>",
  "big": 1180591620717411303424, "float": 1.10, "status": "mine",
  "meta": {"a": 1, "a": 2, "deep": %s}}]}""" % (
    b"[" * 300 + b"]" * 300,
    b"[" * 390 + b"]" * 390,
    b'{"a":' * 380 + b"1" + b"}" * 380,
)


def test_hostile_rows_come_back_as_they_were_sent() -> None:
    sandbox = World()
    uid = finished(sandbox, FIND, HOSTILE)

    raw_results = sandbox.send("GET", f"/jobs/{uid}/results").body
    result = json.loads(raw_results)["results"][0]
    given = sandbox.get(f"/jobs/{uid}/inputs")["inputs"][0]

    assert result["first_name"] == "a\0b"
    assert result["<script>alert(1)</script>"] == "\"'<&>"
    assert (result["last_name"], result["big"]) == (2**70, 2**70)
    assert b'"float":1.10' in raw_results
    assert (result["status"], given["status"]) == ("mine", "succeeded")
    assert result["meta"]["a"] == 2
    assert given["deep"] == json.loads(b"[" * 390 + b"]" * 390)


def test_deep_parameters_are_shown_as_they_were_sent() -> None:
    sandbox = World()
    of = world.workflow("Tidy a Text")
    deep = json.loads(b"[" * 390 + b"]" * 390)
    content = world.body(of, [{"text": "a"}], steps=[world.step(of, parameters={"remove": deep})])
    uid = finished(sandbox, of, content)

    job = sandbox.step_jobs(of, uid)[0]

    assert job["configuration"]["remove"] == deep
    assert sandbox.results(uid)[0]["tidy_text"] == "a"


def test_search_results_are_bounded_by_the_parameters() -> None:
    sandbox = World()

    def count(**parameters: int) -> int:
        step = world.step(CONNECTIONS, accounts=[JANE], parameters=parameters)
        uid = finished(sandbox, CONNECTIONS, {"steps": [step]})
        rows = sandbox.results(uid)
        assert len(rows) == sandbox.job(uid)["row_count"]
        return len(rows)

    counts = [
        count(max_results=wanted, skip=skip)
        for wanted, skip in ((3, 0), (2**62, 20), (0, 0), (-5, 0), (100, 2**62), (100, -3))
    ]

    assert counts == [3, 5, 0, 0, 0, 25]

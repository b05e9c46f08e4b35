"""The guides and the basics: every call in them works, every link leads somewhere."""

from __future__ import annotations

import dataclasses
import json
import re

import pytest
from django.urls import reverse

from playground.contract import paths
from playground.reference import snippets
from playground.reference.api import operations
from playground.reference.formats.markdown import documents as markdown
from playground.reference.guides.samples import Guide
from playground.reference.pages import basics
from playground.reference.pages import operations as operation_pages
from playground.reference.pages.blocks import ExampleCall, Reply, Section, Table
from playground.reference.pages.prose import Place, spans
from playground.sandbox import catalog
from playground.services import reference
from tests.reference.samples import BASE_URL, GUIDES, sent_with
from tests.sandbox.world import World

SECTIONS = basics.sections(BASE_URL)
EVERY_SECTION = (*SECTIONS, *(section for guide in GUIDES for section in guide.sections))
CALLS = [
    block for section in EVERY_SECTION for block in section.blocks if isinstance(block, ExampleCall)
]


def anchors_of(place: Place) -> set[str]:
    """The ids that the page of a place has."""
    match place.kind:
        case "operation":
            page = operation_pages.page_of(place.name)
            entries = (*sent_with(page), *page.answer_entries)
            parts = (*page.answers, *page.failures)
            return {one.anchor for one in (*entries, *parts)}
        case "guide":
            return {section.anchor for section in reference.find_guide(place.name).sections}
        case "overview":
            return {section.anchor for section in SECTIONS}
        case _:
            return set()


def links_in(text: str) -> list[Place]:
    return [span.to for span in spans(text) if span.to]


def links_of(section: Section) -> list[Place]:
    return [place for text in section.texts for place in links_in(text)]


def test_guides_answer_what_people_ask_first():
    assert [guide.name for guide in GUIDES] == [
        "your-first-launch",
        "find-a-step-uid",
        "choose-accounts",
        "inputs-with-several-keys",
        "update-a-linkedin-cookie",
        "schedules",
        "rate-limits",
        "test-inputs",
    ]
    assert reference.find_guide("schedules").title == "Schedules"
    with pytest.raises(reference.UnknownPage):
        reference.find_guide("everything")


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.name)
def test_guide_has_a_working_example_and_leads_into_the_playground(guide: Guide):
    calls = [
        one for section in guide.sections for one in section.blocks if isinstance(one, ExampleCall)
    ]
    places = [place for section in guide.sections for place in links_of(section)]

    assert calls != []
    assert "page" in {place.kind for place in places}
    assert len({section.anchor for section in guide.sections}) == len(guide.sections)


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.label)
def test_every_call_works_on_the_sandbox(call: ExampleCall):
    world = World()
    if call.operation == "remove_schedule":
        named = {"job_name": call.values["job_name"]}
        (one,) = [one for one in CALLS if named.items() <= (one.body or {}).items()]
        every = {"repeat_option": {"type": "hour", "value": 3}}
        send(world, dataclasses.replace(one, body=one.body | every))

    if "job_uid" in call.values:
        call = about_a_job(world, call)

    assert send(world, call) == 200


def about_a_job(world: World, call: ExampleCall) -> ExampleCall:
    """The call with the UID that the launch before it answers, as its guide says."""
    launch = next(one for one in CALLS if one.operation == "launch_workflow")
    method, path = snippets.address_of(launch)
    launched = world.send(method, path, launch.body)
    return dataclasses.replace(call, values={"job_uid": json.loads(launched.body)["job_uid"]})


def test_no_call_of_a_guide_repeats_by_itself():
    assert [call.label for call in CALLS if "repeat_option" in str(call.body)] == []


def send(world: World, call: ExampleCall) -> int:
    method, path = snippets.address_of(call)
    body = call.body if snippets.show_call(call, BASE_URL).lines else None
    return world.send(method, path, body).status


@pytest.mark.parametrize("section", EVERY_SECTION, ids=lambda section: section.title)
def test_every_link_leads_to_something_that_is_there(section: Section):
    for place in links_of(section):
        assert place.anchor in {"", *anchors_of(place)}, place
        assert place.kind != "page" or reverse(place.name)


@pytest.mark.parametrize("section", EVERY_SECTION, ids=lambda section: section.title)
def test_no_mark_of_prose_is_left_over(section: Section):
    for text in section.texts:
        plain = "".join(span.text for span in spans(text) if not span.is_code)

        assert re.search(r"`|\]\(|\*\*", plain) is None, text


def test_test_inputs_are_those_of_the_sandbox():
    guide = reference.find_guide("test-inputs")
    tables = [one for part in guide.sections for one in part.blocks if isinstance(one, Table)]

    shown = [row[0].strip("`") for table in tables for row in table.rows]
    assert shown == [
        *(one.value for one in catalog.TEST_INPUTS),
        *(one.value for one in catalog.TEST_CREDENTIALS),
    ]


def test_pagination_tells_of_every_list_that_has_pages():
    paged = {
        operation.name: str(parameter.default)
        for operation in operations.OPERATIONS.values()
        for parameter in operation.parameters
        if parameter.name == "page"
    }
    pagination = next(section for section in SECTIONS if section.anchor == "pagination")
    (table,) = [block for block in pagination.blocks if isinstance(block, Table)]

    told = {links_in(row[0])[0].name: row[1].strip("`") for row in table.rows}

    assert told == paged | {"list_workflows": "none"}


def test_errors_table_has_every_status_of_the_contract():
    errors = next(section for section in SECTIONS if section.anchor == "errors")
    (table,) = [block for block in errors.blocks if isinstance(block, Table)]
    answered = {
        failure.status
        for operation in operations.OPERATIONS.values()
        for failure in operation.failures
    }

    told = [int(row[0].strip("`")) for row in table.rows]
    assert told == sorted({200, 201, *answered})


def test_part_of_an_answer_is_what_the_sandbox_answers():
    guide = reference.find_guide("find-a-step-uid")
    (call, reply) = [
        one
        for part in guide.sections
        for one in part.blocks
        if isinstance(one, ExampleCall | Reply)
    ]
    world = World()

    answer = world.get(paths.path_for(call.operation, **call.values))

    (shown_step,) = reply.value["steps"]
    assert {key: answer[key] for key in ("name", "uid")} == {
        key: reply.value[key] for key in ("name", "uid")
    }
    assert {key: answer["steps"][0][key] for key in shown_step} == shown_step


def test_who_has_only_the_first_guide_as_markdown_gets_from_the_key_to_the_results():
    """Its commands in their order, with nothing put in but the `job_uid` of the launch."""
    guide = reference.find_guide("your-first-launch")
    text = markdown.write_guide(guide, show=reference.shows_calls(BASE_URL), address_of=str)
    world, job_uid, answers = World(speed=100), "", []

    for command in re.findall(r"```sh\n(.+?)\n```", text, re.DOTALL):
        method, url = re.search(r"--request (\w+) .*--url '?([^' ]+)", command, re.DOTALL).groups()
        body = re.search(r"<<'\w+'\n(.+)\n\w+$", command, re.DOTALL)
        path = re.sub(r"/jobs/[0-9a-f-]{36}", f"/jobs/{job_uid}", url.removeprefix(BASE_URL))
        answer = world.send(method, path, json.loads(body[1]) if body else None)
        answers.append((path.split("?")[0].rpartition("/")[2], answer.status))
        told = json.loads(answer.body)
        job_uid = job_uid or (told.get("job_uid", "") if isinstance(told, dict) else "")
        world.pass_seconds(60)

    assert answers == [
        ("workspace", 200),
        ("workflows", 200),
        ("details", 200),
        ("accounts", 200),
        ("schedule", 200),
        (job_uid, 200),
        ("results", 200),
        ("inputs", 200),
    ]
    assert {row["status"] for row in told["inputs"]} == {"succeeded"}
    assert "from fish, tcsh or PowerShell start `bash` first" in text

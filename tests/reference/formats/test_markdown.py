"""The pages as Markdown: complete, well formed, and what they quote stays what it is."""

from __future__ import annotations

import itertools
import re

import pytest

from playground.reference.api import operations
from playground.reference.formats.markdown import documents as markdown
from playground.reference.formats.markdown import tables
from playground.reference.formats.markdown import text as markdown_text
from playground.reference.pages import basics
from playground.reference.pages import operations as operation_pages
from playground.reference.pages.operations import OperationPage
from playground.reference.pages.prose import Place
from tests.reference.samples import BASE_URL, GUIDES, SHOW, address_of, sent_with

CELL_END = re.compile(r"(?<!\\)\|")
SECTIONS = basics.sections(BASE_URL)


def written() -> dict[str, str]:
    """Every document by its name."""
    found = {
        page.operation.name: markdown.write_operation(page, show=SHOW, address_of=address_of)
        for page in operation_pages.all_pages()
    }
    for guide in GUIDES:
        found[guide.name] = markdown.write_guide(guide, show=SHOW, address_of=address_of)
    found["overview"] = markdown.write_overview(SECTIONS, GUIDES, show=SHOW, address_of=address_of)
    return found


DOCUMENTS = written()


def without_code(text: str) -> list[str]:
    """The lines outside of fenced code."""
    kept, fence = [], ""
    for line in text.splitlines():
        if fence:
            fence = "" if line == fence else fence
        elif line.startswith("```"):
            fence = re.match("`+", line)[0]
        else:
            kept.append(line)
    assert fence == "", "a fence that nothing closes"
    return kept


@pytest.mark.parametrize("page", operation_pages.all_pages(), ids=lambda page: page.operation.name)
def test_every_parameter_and_field_is_named_with_its_meaning(page: OperationPage):
    text = DOCUMENTS[page.operation.name]

    for entry in (*sent_with(page), *page.answer_entries):
        rows = [
            line
            for line in text.splitlines()
            if line.startswith(f"| `{entry.path}` | {entry.type} |")
        ]
        # A name may stand in the address and in an answer: each has a row of its own.
        (row,) = {row for row in rows if row.endswith(f" | {entry.evidence} |")}
        assert markdown_text.prose(entry.meaning, address_of).replace("|", "\\|") in row.replace(
            "\\\\|", "\\|"
        )


@pytest.mark.parametrize("page", operation_pages.all_pages(), ids=lambda page: page.operation.name)
def test_page_of_an_operation_has_its_call_its_answers_and_its_errors(page: OperationPage):
    lines = DOCUMENTS[page.operation.name].splitlines()

    operation = page.operation
    assert lines[0] == f"# {operation.title}"
    assert lines[4] == f"`{operation.method} {operation.path}` · {operation.evidence}"
    assert [
        line for line in lines if line.endswith(f"curl --globoff --request {operation.method} \\")
    ]
    for answer in page.answers:
        assert f"## Answer {answer.answer.status}" in lines
    for failure in operation.failures:
        assert [line for line in lines if line.startswith(f"| `{failure.status}` | ")]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_tables_keep_their_columns_and_fences_are_closed(name):
    lines = without_code(DOCUMENTS[name])

    for above, line in itertools.pairwise(lines):
        if above.startswith("|") and line.startswith("|"):
            assert len(CELL_END.findall(above)) == len(CELL_END.findall(line)), line


@pytest.mark.parametrize("name", DOCUMENTS)
def test_nothing_reads_as_markup_by_accident(name):
    text = "\n".join(without_code(DOCUMENTS[name]))
    prose = re.sub(r"(`+).*?\1|\\.", "", text)

    assert re.findall(r"<[a-z/]", prose) == []
    assert prose.count("[") == prose.count("](") == prose.count("]")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_are_whole_addresses(name):
    for address in re.findall(r"(?<!`)\]\(([^)]*)\)", "\n".join(without_code(DOCUMENTS[name]))):
        assert address.startswith("https://here.example/")


def test_overview_lists_every_operation():
    for operation in operations.OPERATIONS.values():
        row = f"| `{operation.method}` | `{operation.path}` | [{operation.title}](https://here"
        assert row in DOCUMENTS["overview"].replace("\\", "")


def test_index_keeps_to_the_convention():
    text = markdown.write_index(
        GUIDES,
        base_url="https://api.example/v3",
        address_of=address_of,
        openapi="https://here.example/openapi.json",
    )

    lines = [line for line in text.splitlines() if line]
    assert re.fullmatch(r"# .+", lines[0])
    assert re.fullmatch(r"> .+", lines[1])
    assert [line for line in lines if line.startswith("# ")] == lines[:1]
    assert [line for line in lines if line.startswith("## ")] == [
        *("## Workflows", "## Jobs", "## Accounts", "## Users", "## Workspace", "## Guides")
    ]
    way = re.findall(r"\]\(https://here\.example/(\w+)/([\w-]+)\)", lines[2])
    assert way == [
        ("operation", "list_workflows"),
        ("operation", "get_workflow"),
        ("operation", "list_accounts"),
        ("operation", "launch_workflow"),
        ("operation", "get_job"),
        ("operation", "list_results"),
        ("guide", "your-first-launch"),
    ]
    assert "`https://api.example/v3`" in lines[2]
    entries = [line for line in lines[3:] if not line.startswith("## ")]
    assert all(re.match(r"- \[[^]]+\]\(https://here\.example/\S+\): \S", line) for line in entries)
    assert len(entries) == 2 + len(operations.OPERATIONS) + len(GUIDES)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a * b _c_ <d> & [e] | ~f~ \\", r"a \* b \_c\_ \<d\> \& \[e\] \| \~f\~ " + "\\\\"),
        ("two\nlines\t here", "two lines here"),
        ("# no heading", r"\# no heading"),
        ("- no list", r"\- no list"),
        ("1. no list", r"1\. no list"),
        ("30 rows", "30 rows"),
        ("`a|b`", "`a|b`"),
        ("[x](guide:y)", "[x](https://here.example/guide/y)"),
    ],
)
def test_prose_is_read_as_it_is(text, expected):
    assert markdown_text.prose(text, address_of) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("a", "`a`"), ("a`b", "``a`b``"), ("`a", "`` `a ``"), ("a``b`", "``` a``b` ```")],
)
def test_code_is_fenced_by_more_than_it_holds(text, expected):
    assert markdown_text.code(text) == expected


def test_block_of_code_may_hold_a_fence():
    assert markdown_text.block_of_code("```\na\n```", "text") == "````text\n```\na\n```\n````"


def test_cells_hold_bars_and_line_breaks():
    table = tables.write(("A", "B"), [("`a|b`", "c\nd"), ("e \\| f", "| g")])

    assert table.splitlines() == [
        "| A | B |",
        "| --- | --- |",
        "| `a\\|b` | c d |",
        "| e \\| f | \\| g |",
    ]


def test_places_outside_the_reference_are_linked_too():
    assert markdown_text.prose("[here](page:workflow-list)", lambda place: place.name) == (
        "[here](workflow-list)"
    )
    assert Place(kind="page", name="workflow-list").anchor == ""

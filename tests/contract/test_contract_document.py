"""`CONTRACT.md` and the code speak of the same things: sections, paths, names and numbers."""

from __future__ import annotations

import ast
import dataclasses
import functools
import inspect
import operator
import re
from collections import defaultdict
from pathlib import Path
from types import ModuleType

import pytest

from playground.contract import accounts, jobs, launches, wire, workflows
from playground.contract.paths import TEMPLATES
from tests.environment import PROJECT

DOCUMENT = (PROJECT / "playground/contract/CONTRACT.md").read_text()
UNKNOWNS, BOUNDS = "12", "13.1"
# Where each module's types are described.
SECTIONS_OF: dict[ModuleType, tuple[str, ...]] = {
    accounts: ("1", "3", "4", "5"),
    workflows: ("6",),
    launches: ("6",),
    jobs: ("7",),
}

_NUMBER = r"\d+(?:\.\d+)*"
_MORE = r"(?:,?\s+and\s+|,\s+|\s+to\s+)(?:section\s+)?(?:lines?\s+)?"
# "section 7.2", "sections 1.1 and 12, line 2", "section 12, 6", and a table's `section="6.3"`.
_CITED = re.compile(rf"\bsections?(?:\s+|=\")({_NUMBER}(?:{_MORE}{_NUMBER})*)", re.IGNORECASE)
# "(6.1)" behind a blank: a decimal in a call has the function's name before it.
_BARE = re.compile(r"\s\((\d+\.\d)\)")
_ELSEWHERE = re.compile(rf"\bRFC\s+\d+,\s+section\s+{_NUMBER}")


def sections_of(document: str) -> dict[str, str]:
    """Number → text, that of 6.1 being a part of 6 too. "12, 23" is line 23 of the unknowns."""
    found: dict[str, str] = {}
    parts = re.split(rf"^#{{2,3}} ({_NUMBER})\.? .*$", document, flags=re.MULTILINE)
    for number, text in zip(parts[1::2], parts[2::2], strict=True):
        found[number] = text
        chapter = number.partition(".")[0]
        if chapter != number and chapter in found:
            found[chapter] += text
    lines = re.findall(r"^\| (\d+) +\|(.*)$", found.get(UNKNOWNS, ""), re.MULTILINE)
    return found | {f"{UNKNOWNS}, {number}": text for number, text in lines}


@functools.cache
def citations_in(source: str) -> frozenset[str]:
    """The sections, and lines of section 12, that a module's text cites."""
    text = _ELSEWHERE.sub("", re.sub(r"\n\s*#?\s*", " ", source))
    found = set(_BARE.findall(text))
    for cited in _CITED.findall(text):
        chapter = ""
        for number in re.findall(_NUMBER, cited):
            is_line = chapter == UNKNOWNS and "." not in number
            found.add(f"{UNKNOWNS}, {number}" if is_line else number)
            chapter = chapter if is_line else number
    return frozenset(found)


def dead_citations(document: str, sources: dict[str, str]) -> dict[str, frozenset[str]]:
    known = sections_of(document)
    found = {name: citations_in(text) - known.keys() for name, text in sources.items()}
    return {name: cited for name, cited in found.items() if cited}


@functools.cache
def sources() -> dict[str, str]:
    """Every module, without this one, which cites what there is not; and the document itself."""
    modules = (*PROJECT.glob("playground/**/*.py"), *PROJECT.glob("tests/**/*.py"))
    here = Path(__file__).resolve()
    found = {str(path): path.read_text() for path in modules if path.resolve() != here}
    return found | {"CONTRACT.md": DOCUMENT}


def code_in(text: str) -> set[str]:
    """The names that stand in code: in backticks or in a block."""
    fenced = re.findall(r"^```.*?^```", text, re.MULTILINE | re.DOTALL)
    spans = re.findall(
        r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    )
    return set(re.findall(r"[A-Za-z][\w-]*", " ".join((*fenced, *spans))))


def kinds_in(module: ModuleType) -> list[type]:
    """The types that go over the wire: those that keep unknown keys."""
    classes = (kind for _, kind in inspect.getmembers(module, inspect.isclass))
    return [
        kind
        for kind in classes
        if kind.__module__ == module.__name__ and "extra" in getattr(kind, "__slots__", ())
    ]


def missing_names(document: str, module: ModuleType) -> set[str]:
    """Types and fields of a module that its sections do not name."""
    found = sections_of(document)
    named = code_in("".join(found.get(number, "") for number in SECTIONS_OF[module]))
    wanted = {
        name
        for kind in kinds_in(module)
        for name in (kind.__name__, *(field.name for field in dataclasses.fields(kind)))
    }
    return wanted - named - {"extra"}


def calls_in(document: str) -> dict[str, str]:
    """Name → method and path, of the table of endpoints."""
    rows = re.findall(
        r"^\| `([A-Z]+ /[^`]+)` +\| `(\w+)` +\|", sections_of(document)["2"], re.MULTILINE
    )
    return {name: call for call, name in rows}


_OPERATORS = {ast.Mult: operator.mul, ast.Pow: operator.pow, ast.Add: operator.add}


def _number(node: ast.AST) -> float | None:
    """A number that is written out, such as `366 * 24 * 3600`."""
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return node.value
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        left, right = _number(node.left), _number(node.right)
        known = left is not None and right is not None
        return _OPERATORS[type(node.op)](left, right) if known else None
    return None


@functools.cache
def constants() -> dict[str, set[float]]:
    """Name → the numbers that modules of the playground give it."""
    found: defaultdict[str, set[float]] = defaultdict(set)
    modules = (ast.parse(path.read_text()) for path in PROJECT.glob("playground/**/*.py"))
    for node in (node for module in modules for node in module.body):
        if not isinstance(node, ast.Assign):
            continue
        target, value = node.targets[0], node.value
        is_tuple = isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple)
        pairs = zip(target.elts, value.elts, strict=True) if is_tuple else [(target, value)]
        for name, item in pairs:
            number = _number(item)
            if isinstance(name, ast.Name) and number is not None:
                found[name.id].add(number)
    return dict(found)


def bounds_in(document: str) -> dict[str, float]:
    rows = re.findall(
        r"^\| `([A-Z_]+)` +\| ([\d,]+) +\|", sections_of(document)[BOUNDS], re.MULTILINE
    )
    return {name: int(value.replace(",", "")) for name, value in rows}


def wrong_bounds(document: str) -> dict[str, float]:
    """Bounds whose value no constant of that name has."""
    bounds = bounds_in(document)
    return {name: value for name, value in bounds.items() if value not in constants().get(name, ())}


def test_every_section_that_the_code_cites_exists():
    assert dead_citations(DOCUMENT, sources()) == {}


def test_the_sections_and_the_unknowns_are_numbered_without_a_gap():
    numbers = [number for number in sections_of(DOCUMENT) if "," not in number]
    chapters = [int(number) for number in numbers if "." not in number]
    lines = [number for number in sections_of(DOCUMENT) if number.startswith(f"{UNKNOWNS}, ")]

    assert chapters == list(range(1, 14))
    assert [number for number in numbers if number.startswith("1.")] == [
        f"1.{number}" for number in range(1, 8)
    ]
    assert lines == [f"{UNKNOWNS}, {number}" for number in range(1, 35)]


def test_the_table_of_endpoints_is_that_of_the_paths():
    assert calls_in(DOCUMENT) == {
        name: f"{method} {path}" for name, (method, path) in TEMPLATES.items()
    }


@pytest.mark.parametrize("module", SECTIONS_OF, ids=lambda module: module.__name__)
def test_every_type_and_field_is_in_the_sections_of_its_module(module: ModuleType):
    assert missing_names(DOCUMENT, module) == set()


def test_headers_statuses_and_other_words_of_the_wire_are_in_their_sections():
    found = {number: code_in(text) for number, text in sections_of(DOCUMENT).items()}

    headers = {wire.AUTHORIZATION_HEADER, wire.PROJECT_HEADER, wire.KEY_HEADER}
    assert headers <= found["1.1"]
    assert {"message", "error"} <= found["1.3"]
    assert set(accounts.USER_ROLES) <= found["4"]
    assert {launches.META_KEY, *launches.SCHEDULE_TYPES} <= found["6"]
    assert found["7.2"] >= jobs.FINAL | jobs.CANCELLABLE


def test_the_countries_are_those_that_the_code_refuses():
    listed = re.search(r"country codes are refused[^:]*:\s+([A-Z, \n]+)\.", DOCUMENT)

    assert listed is not None
    assert set(re.findall(r"[A-Z]+", listed[1])) == accounts.REFUSED_COUNTRIES


def test_retry_and_cancel_are_permitted_as_the_code_has_them():
    table = re.findall(
        r"^\| `(\w+)` .*\| (\S.*?) +\| (\S.*?) +\|$", sections_of(DOCUMENT)["7.2"], re.MULTILINE
    )
    permitted = {status: (retry, cancel) for status, retry, cancel in table}

    assert set(permitted) == (jobs.FINAL | jobs.CANCELLABLE) - {"completed"}
    assert {name for name, (retry, _) in permitted.items() if retry != "no"} == jobs.RETRYABLE
    assert {name for name, (_, cancel) in permitted.items() if cancel != "no"} == jobs.CANCELLABLE


def test_the_bounds_are_those_of_the_code():
    assert len(bounds_in(DOCUMENT)) > 10
    assert wrong_bounds(DOCUMENT) == {}


# Controls: each check can fail.


@pytest.mark.parametrize(
    ("source", "cited"),
    [
        ('"""Workflows. Contract section 6."""', {"6"}),
        ('"""Jobs. Contract sections 6.3, 7 and 8."""', {"6.3", "7", "8"}),
        ("# Contract sections 1.1 to 1.7, and 8 in another module.", {"1.1", "1.7", "8"}),
        ("# Masked (section 12, line 28).", {"12", "12, 28"}),
        ("# Runs once (section 12, 6).", {"12", "12, 6"}),
        ("# Neither bound (section 12, lines 12 and 29).", {"12", "12, 12", "12, 29"}),
        ("# Both headers (sections 1.1 and 12, line 2).", {"1.1", "12", "12, 2"}),
        ("# Contract section 1.3 and section 12, line 1.", {"1.3", "12", "12, 1"}),
        ("# split over lines (contract\n# section\n    # 7.1).", {"7.1"}),
        ('section="12, line 23",', {"12", "12, 23"}),
        ("`meta` → object (6.1).", {"6.1"}),
        ("RFC 9110, section 10.2.3.", set()),
        ("section 5, 3 of them", {"5", "3"}),
        ("sleep(1.1); section = rows", set()),
    ],
)
def test_citations_are_found_however_they_are_written(source: str, cited: set[str]):
    assert citations_in(source) == cited


def test_the_code_has_many_citations():
    cited = [citations_in(text) for name, text in sources().items() if name != "CONTRACT.md"]

    assert len([found for found in cited if found]) > 50
    assert {"1.1", "1.6", "6.1", "7.2", "10", "12, 2", "12, 6", "12, 28"} <= set().union(*cited)


@pytest.mark.parametrize("cited", ["6.9", "14", "12, line 35"])
def test_a_citation_of_what_is_not_there_is_found(cited: str):
    planted = sources() | {"planted": f'"""Something (section {cited})."""'}

    assert set(dead_citations(DOCUMENT, planted)) == {"planted"}


@pytest.mark.parametrize(
    "lost", ["### 6.1 ", "### 7.2 ", "## 10. ", "## 12. ", "| 28   |", "## 1. "]
)
def test_a_section_that_is_lost_is_found(lost: str):
    assert DOCUMENT.count(lost) == 1

    assert dead_citations(DOCUMENT.replace(lost, "Lost: "), sources()) != {}


def test_a_path_that_is_lost_or_wrong_is_found():
    calls = calls_in(
        DOCUMENT.replace("| `POST /jobs/{job_uid}/cancel`", "| `GET /jobs/{job_uid}/stop`")
    )

    assert calls["cancel_job"] == "GET /jobs/{job_uid}/stop"
    assert len(calls_in(DOCUMENT.replace("| `GET /workspace`", "| GET /workspace"))) == 20


@pytest.mark.parametrize(
    ("module", "name"),
    [
        (accounts, "nbr_inputs_queued_next_seven_days"),
        (accounts, "timezone"),
        (workflows, "retro_variations"),
        (launches, "accounts_rotation_enabled"),
        (jobs, "main_job_name"),
        (jobs, "JobRetried"),
    ],
)
def test_a_name_that_is_lost_or_only_in_prose_is_found(module: ModuleType, name: str):
    document = re.sub(rf"\b{name}\b", "it", DOCUMENT) + f"\nIn prose: {name}.\n"

    assert missing_names(document, module) == {name}


def test_a_name_in_another_section_does_not_count():
    document = re.sub(r"\bcode\b", "it", DOCUMENT).replace("## 6. Workflows", "## 6. W\n`code`\n")

    assert missing_names(document, accounts) == {"code"}


@pytest.mark.parametrize(
    ("was", "becomes", "wrong"),
    [
        ("| 31,622,400 ", "| 31,622,401 ", {"LONGEST_DELAY_SECONDS": 31_622_401}),
        ("`MOST_INPUTS` ", "`MOST_OUTPUTS` ", {"MOST_OUTPUTS": 100_000}),
    ],
)
def test_a_bound_that_the_code_does_not_have_is_found(
    was: str, becomes: str, wrong: dict[str, int]
):
    assert wrong_bounds(DOCUMENT.replace(was, becomes)) == wrong

"""What a template may not contain, whatever it shows, and how long its lines may be."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.environment import PROJECT

TEMPLATES = sorted(PROJECT.glob("templates/**/*.html"))
SCRIPTS = sorted(PROJECT.glob("static/**/*.js"))
LONGEST_TEMPLATE_LINE, LONGEST_SCRIPT_LINE = 160, 100
FORBIDDEN = {
    "unescaped text": r"\|\s*(safe|safeseq)\b|\bautoescape\s+off\b",
    "script in the page": r"<script(?![^>]*\ssrc=)",
    "script from elsewhere": r"<script[^>]*\ssrc=[\"'](https?:)?//",
    "style in the page": r"<style\b|\sstyle\s*=",
    "handler in an attribute": r"\son[a-z]+\s*=|\bhx-on\b|\bdata-hx-on\b",
    "script address": r"javascript:",
    "evaluated values": r"hx-vals\s*=\s*[\"']\s*js:|hx-vars\b",
    "trigger filter": r"hx-trigger\s*=\s*\"[^\"]*\[",
}
# Targets that are found from the element itself.
RELATIVE_TARGET = re.compile(r"(this|next|previous|closest|find|next .+|previous .+)\b")


def name_of(path: Path) -> str:
    return str(path.relative_to(PROJECT / "templates"))


def longer_lines(paths: Iterable[Path], longest: int) -> list[str]:
    return [
        f"{path.relative_to(PROJECT)}:{number}"
        for path in paths
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if len(line) > longest
    ]


def test_lines_of_templates_can_be_read():
    assert TEMPLATES
    assert longer_lines(TEMPLATES, LONGEST_TEMPLATE_LINE) == []


def test_lines_of_scripts_can_be_read():
    assert SCRIPTS
    assert longer_lines(SCRIPTS, LONGEST_SCRIPT_LINE) == []


@pytest.mark.parametrize("what", FORBIDDEN)
def test_templates_keep_to_the_policy(what):
    found = {
        name_of(path): match[0]
        for path in TEMPLATES
        if (match := re.search(FORBIDDEN[what], path.read_text(), re.IGNORECASE))
    }

    assert found == {}


def test_every_swap_target_exists():
    sources = {name_of(path): path.read_text() for path in TEMPLATES}
    everything = "\n".join(sources.values())
    ids = set(re.findall(r"\sid=\"([^\"{]+)\"", everything))
    patterns = [
        re.escape(value[: value.index("{")]) + ".+"
        for value in re.findall(r"\sid=\"([^\"]*\{\{[^\"]*)\"", everything)
        if not value.startswith("{")
    ]
    targets = [
        (name, target)
        for name, source in sources.items()
        for target in re.findall(r"\shx-target=\"([^\"]+)\"", source)
    ]

    lost = [
        (name, target)
        for name, target in targets
        if not RELATIVE_TARGET.match(target)
        and target.removeprefix("#") not in ids
        and not any(re.fullmatch(pattern, target.removeprefix("#")) for pattern in patterns)
    ]

    assert ("launches/new.html", "#launch-preview") in targets
    assert lost == []


@pytest.mark.parametrize(
    ("what", "sample"),
    [
        ("unescaped text", "{{ name|safe }}"),
        ("unescaped text", "{% autoescape off %}"),
        ("script in the page", "<script>alert(1)</script>"),
        ("script from elsewhere", '<script src="//cdn.example/x.js">'),
        ("style in the page", '<p style="color: red">'),
        ("handler in an attribute", '<a onclick="x()">'),
        ("handler in an attribute", '<a hx-on:click="x()">'),
        ("script address", '<a href="javascript:x()">'),
        ("evaluated values", "<a hx-vals='js:{a: 1}'>"),
        ("trigger filter", '<a hx-trigger="keyup[ctrlKey]">'),
    ],
)
def test_the_policy_finds_what_it_forbids(what, sample):
    assert re.search(FORBIDDEN[what], sample, re.IGNORECASE)

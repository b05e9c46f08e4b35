"""What a template may not contain, whatever it shows, and how long its lines may be."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

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


def test_only_a_date_is_written_as_one():
    """A script writes each anew, as the reader's clock has it: other words would be lost."""
    writers = {name_of(path) for path in TEMPLATES if "<time" in path.read_text()}

    assert writers == {"components/_time.html", "accounts/_day.html"}


# One thing has one word on every page: an account is not valid, a limit is used, a launch launched.
OTHER_WORDS = {
    "not valid": r"\b(expired|invalid) (account|accounts|cookies?|credentials)\b|>\s*expired\b",
    "used": r"\b\d+ of \d+ left\b|\|number \}\} left\b",
    "launched, outcome known": r">\s*(Created|Decided)\b",
}


@pytest.mark.parametrize("word", OTHER_WORDS)
def test_one_thing_has_one_word(word):
    other = re.compile(OTHER_WORDS[word], re.IGNORECASE)

    assert [name_of(path) for path in TEMPLATES if other.search(path.read_text())] == []


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


# Elements whose text a translator must leave alone, and where a button copies text from.
UNTRANSLATED = ("code", "pre", ".uid", "[id^=payload-]", "#answer-text", "#answer-body")


def test_what_is_code_or_copied_is_kept_from_translators():
    """Either it says so itself, or what it stands in does."""
    copied = {
        match[1]
        for path in TEMPLATES
        for match in re.finditer(r'data-copy="([^"{]+)"', path.read_text())
    }
    selectors = (*UNTRANSLATED, *(f"#{name}" for name in copied))

    translated = [
        f"{name_of(path)}: {node.html[:60] if node.html else node.tag}"
        for path in TEMPLATES
        for node in LexborHTMLParser(without_tags(path.read_text())).css(", ".join(selectors))
        if not is_kept(node)
    ]

    assert len(copied) >= 4
    assert translated == []


def test_every_command_says_for_which_shells_it_is():
    """On the same page: what is swapped stands in a page that says it."""
    told = '{% include "components/_curl_help.html" %}'
    pages = ("users/_request.html", "api_calls/_sent.html", "api_calls/form.html")
    texts = {name_of(path): path.read_text() for path in TEMPLATES}
    swapped = {"launches/_preview.html", "accounts/_request.html", "api_calls/_request.html"}

    assert {name for name, text in texts.items() if 'id="payload-curl"' in text} == {
        *pages[:2],
        *swapped,
    }
    assert all(told in texts[name] for name in (*pages, "launches/new.html"))
    for name in ("accounts/edit.html", "components/_curl_help.html"):
        assert all(shell in texts[name] for shell in ("bash", "zsh", "fish", "tcsh", "PowerShell"))


def test_every_field_of_a_form_leaves_its_text_alone():
    """No letter is corrected: in the form's own words, or in those that all fields share."""
    shared = '{% include "components/_code_attributes.html" %}'
    fields = re.compile(r'<(?:textarea|input\s+type="(?:text|search)")[^>]*?>')
    # These are in forms that say it for all of their fields.
    own = {"launches/_row.html", "launches/_trial.html", "launches/new.html"}
    own |= {"people/password.html", "row_sets/_row.html"}

    corrected = [
        f"{name_of(path)}: {match[0][:60]}"
        for path in TEMPLATES
        if name_of(path) not in own
        for match in fields.finditer(path.read_text().replace("%}", "%)"))
        if shared.replace("%}", "%)") not in match[0]
    ]

    assert corrected == []
    assert (
        f"{shared}>" in next(p for p in TEMPLATES if name_of(p) == "launches/new.html").read_text()
    )


def without_tags(text: str) -> str:
    return re.sub(r"\{%.*?%\}|\{#.*?#\}", "", text)


def is_kept(node: LexborNode) -> bool:
    at: LexborNode | None = node
    while at is not None:
        if at.attributes.get("translate") == "no":
            return True
        at = at.parent
    return False


# Their blanks would be shown, and the indentation of templates is left out.
SHOWN_AS_WRITTEN = re.compile(
    r"<(pre|textarea)\b(?:\{%.*?%\}|\{\{.*?\}\}|[^>{])*>(.*?)</\1>", re.DOTALL
)


def test_texts_that_show_blanks_are_not_indented():
    found = [
        (name_of(path), text)
        for path in TEMPLATES
        for _, text in SHOWN_AS_WRITTEN.findall(path.read_text())
    ]

    assert len(found) > 20
    assert [one for one in found if re.search(r"\n[ \t]|[ \t]\n", one[1])] == []


def test_sheet_of_a_part_is_loaded_with_what_pages_have():
    """The block takes the place of `pages.css`, which every page but a launch's form needs."""
    blocks = {
        name_of(path): sheet
        for path in TEMPLATES
        for block in re.findall(r"block more_styles %}(.*?){% endblock", path.read_text())
        for sheet in re.findall(r"'css/(.*?)'", block)
    }

    assert len(blocks) > 30
    assert {name: one for name, one in blocks.items() if not one.startswith("pages")} == {}

"""Pages come without the white space that templates have for their readers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template import Context, Engine, TemplateSyntaxError

LOADER = "playground.web.template_files.CompactLoader"
WRITTEN = """{% if text %}
  <p   title="a  b">
    {{ text }}
    <b>x</b>  \t
  </p>
{% endif %}
<pre>{{ text }}</pre>
"""


def engine_of(folder: Path, text: str) -> Engine:
    (folder / "a.html").write_text(text)
    return Engine(dirs=[str(folder)], loaders=[LOADER], debug=True)


def test_what_is_put_in_keeps_its_blanks_and_line_ends(tmp_path):
    text = "  one  \n   two\t\n\n"

    page = engine_of(tmp_path, WRITTEN).get_template("a.html").render(Context({"text": text}))

    assert f"<pre>{text}</pre>" in page
    assert page.count(text) == 2


def test_indentation_goes_and_lines_stay(tmp_path):
    page = engine_of(tmp_path, WRITTEN).get_template("a.html").render(Context({"text": "y"}))

    assert page == '\n<p   title="a  b">\ny\n<b>x</b>\n</p>\n\n<pre>y</pre>\n'


def test_faults_are_told_with_the_line_of_the_file(tmp_path):
    with pytest.raises(TemplateSyntaxError) as caught:
        engine_of(tmp_path, "a\n\n    {% b %}\n").get_template("a.html")

    assert caught.value.template_debug["line"] == 3  # type: ignore[attr-defined]


def test_pages_have_no_indentation(client, db):
    page = client.get("/workflows/").content.decode()

    assert re.findall(r"\n[ \t]+.*", page) == []

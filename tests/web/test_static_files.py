"""Our scripts and styles reach browsers without comments, and say the same."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.core.files.base import ContentFile

from playground.static_files import SmallStaticFilesStorage

OURS = sorted(
    path
    for folder in ("css", "js")
    for path in (settings.STATICFILES_DIRS[0] / folder).iterdir()
)  # fmt: skip


def kept(tmp_path, name, text):
    storage = SmallStaticFilesStorage(location=tmp_path, base_url="/static/")
    return (tmp_path / storage.save(name, ContentFile(text))).read_text()


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_ours_lose_what_browsers_do_not_need(tmp_path, path):
    text = path.read_text()

    small = kept(tmp_path, f"{path.parent.name}/{path.name}", text)

    assert len(small) < 0.9 * len(text)
    assert "\n  " not in small
    assert "/*" not in small.replace("*/*", "")
    if path.suffix == ".js":
        assert signs(small) == signs(re.sub(r"(?m)^ *//.*$", "", text))


def signs(text):
    return "".join(text.split())


def test_those_of_packages_stay_as_they_are(tmp_path):
    text = "// Theirs\nlet a  =  1;\n"

    assert kept(tmp_path, "django_htmx/htmx.js", text) == text


def test_texts_and_templates_keep_their_blanks(tmp_path):
    text = 'const a = "a  // b"; // c\nconst b = `  ${ a }\n  // d`;\n'

    assert kept(tmp_path, "js/a.js", text) == 'const a="a  // b";const b=`  ${ a }\n  // d`;'

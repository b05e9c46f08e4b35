"""Our scripts and styles reach browsers without comments, and say the same; what they carry."""

from __future__ import annotations

import re
from pathlib import Path
from wsgiref.headers import Headers

import pytest
from django.conf import settings
from django.contrib.staticfiles.finders import find
from django.core.files.base import ContentFile
from django.test import Client

from playground.static_files import SmallStaticFilesStorage
from playground.web import static_headers
from tests.web.conftest import ADDRESS

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


PARTS = [
    "django_htmx/htmx-2.min.js",
    *(f"{path.parent.name}/{path.name}" for path in OURS),
]


def as_served(tmp_path, *names):
    """The text of each name, once all files were prepared."""
    storage = SmallStaticFilesStorage(location=tmp_path, base_url="/static/")
    for part in PARTS:
        storage.save(part, ContentFile(Path(find(part)).read_bytes()))
    kept = {
        name: hashed
        for name, hashed, _ in storage.post_process({part: (storage, part) for part in PARTS})
        if not hashed.endswith((".gz", ".br"))
    }
    return [(tmp_path / kept[name]).read_text() for name in names]


def test_scripts_that_pages_have_together_come_as_one_file(tmp_path):
    # The second time over what an earlier start left.
    (text,), again = (as_served(tmp_path, "js/everywhere.js") for _ in range(2))

    assert [text] == again
    assert text.startswith('"use strict"')
    starts = [text.index(part) for part in ("var htmx=", "const byId=", "const unanswered=")]
    assert starts == sorted(starts)


def test_sheet_of_a_part_comes_behind_what_pages_have(tmp_path):
    together, *parts = as_served(tmp_path, "css/pages-jobs.css", "css/pages.css", "css/jobs.css")

    assert together == "".join(parts)


def test_pages_load_one_script(client, db):
    for address in ("/workflows/", "/launches/", "/reference/"):
        assert client.get(address).content.decode().count("<script ") == 1


def test_a_page_has_two_sheets_and_the_form_of_a_launch_one(client, db):
    for address, count in ((ADDRESS, 1), ("/workflows/", 2), ("/launches/", 2), ("/nowhere/", 2)):
        assert client.get(address).content.decode().count('rel="stylesheet"') == count


@pytest.mark.parametrize("name", ["a.css", "a.js"])
def test_scripts_and_styles_carry_what_is_for_them_alone(name):
    assert headers_of(name) == {
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
    }


@pytest.mark.parametrize("name", ["icon.svg", "a.html", "a.js.html", "fonts/a.woff2"])
def test_what_may_be_opened_by_itself_runs_nothing(name):
    found = headers_of(name)

    assert found["Content-Security-Policy"].startswith("default-src 'none'")
    assert (found["X-Frame-Options"], found["X-Content-Type-Options"]) == ("DENY", "nosniff")


def headers_of(name):
    headers = Headers([])
    static_headers.add_headers(headers, f"/somewhere/{name}", f"/static/{name}")
    return dict(headers.items())


def test_files_are_sent_before_anything_else_looks_at_a_request(tmp_path, settings, db):
    (tmp_path / "css").mkdir()
    (tmp_path / "css" / "a.0123456789ab.css").write_text("p { color: red }")
    settings.STATIC_ROOT = tmp_path

    client = Client(headers={"X-Forwarded-For": "203.0.113.9"})
    response = client.get("/static/css/a.0123456789ab.css")
    response.close()

    assert response.status_code == 200
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert not {"Set-Cookie", "Access-Control-Allow-Origin"} & set(response.headers)

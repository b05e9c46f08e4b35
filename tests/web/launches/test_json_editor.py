"""The payload edited as text: each follows the other, and neither is lost."""

from __future__ import annotations

import json

import pytest
from selectolax.lexbor import LexborHTMLParser

from playground.models import Launch
from tests.web.conftest import ADD, ADDRESS, FIND, VALID
from tests.web.html_forms import posted_fields

CELL = "inputs-0-first_name"
MOST = f"steps-{FIND}-parameters-most"


class Page:
    """A page as it was answered, with the fields that its form would post."""

    def __init__(self, response):
        self.status = response.status_code
        self.html = response.content.decode()
        self.tree = LexborHTMLParser(self.html)
        self.fields = {}
        for name, value in posted_fields(self.html, "launch-form"):
            self.fields.setdefault(name, []).append(value)

    def text(self, selector):
        found = self.tree.css_first(selector)
        return None if found is None else " ".join(found.text(deep=True).split())

    @property
    def edited(self):
        text = self.fields.get("edited", [None])[0]
        return None if text is None else text.replace("\r\n", "\n")

    @property
    def payload(self):
        return json.loads(self.tree.css_first("#payload-json").text(deep=True))


@pytest.fixture
def press(client, form):
    """Presses a button of the page that is there, with what was typed into it."""

    def press_button(action, page=None, **typed):
        fields = dict(page.fields) if page else form()
        fields |= {name: [text] for name, text in typed.items()} | {"action": [action]}
        return Page(client.post(ADDRESS + "launch/edit/", fields))

    return press_button


def test_the_editor_begins_with_the_payload(press):
    page = press("edit-json", **{CELL: "O'Brien"})

    assert json.loads(page.edited) == page.payload
    assert page.payload["inputs"] == [{"first_name": "O'Brien"}]
    assert page.text("#edited-problem") == ""
    assert page.text(".numbers").split()[-1] == str(page.edited.count("\n") + 1)


def test_without_it_the_page_has_none(client):
    page = Page(client.get(ADDRESS))

    assert page.edited is None
    assert page.tree.css_first("#launch-editor").attributes["id"]


def test_what_is_edited_is_in_the_form_and_the_payload(press):
    page = press("edit-json", **{CELL: "Ada"})
    text = page.edited.replace('"Ada"', '"Zoë"').replace(
        '"parameters": {}', '"parameters": {"most": 7}', 1
    )

    page = press("take-json-over", page, edited=text)

    assert page.fields[CELL] == ["Zoë"]
    assert page.fields[MOST] == ["7"]
    assert page.edited == text
    assert page.payload["steps"][0]["parameters"] == {"most": 7}


def test_unknown_keys_and_steps_stay(press):
    page = press("edit-json")
    value = json.loads(page.edited) | {"note": {"a": 1.0, "b": 10**20}}
    value["steps"].append({"step_uid": "gone", "accounts": [], "x": None})

    page = press("take-json-over", page, edited=json.dumps(value))
    again = press("drop-json", page)

    assert page.payload == value
    assert json.loads(again.edited) == value


@pytest.mark.parametrize(
    ("text", "problem", "line"),
    [
        ('{\n  "job_name": “A”\n}', "Line 2, column 15", "2"),
        (
            '{\n  "inputs": [\n  {"a": 1},\n  5\n]}',
            "Line 4, column 3: inputs[1] must be an object",
            "4",
        ),
        ('{"steps":\n[{"accounts": []}]}', "Line 2, column 2: steps[0].step_uid is missing", "2"),
        ("", "Line 1, column 1", "1"),
    ],
)
def test_what_cannot_be_read_says_where_and_loses_nothing(press, text, problem, line):
    before = press("edit-json", **{CELL: "Ada"})

    page = press("take-json-over", before, edited=text)

    assert problem in page.text("#edited-problem")
    assert page.text(".numbers .wrong") == line
    assert page.edited == text
    assert page.fields[CELL] == ["Ada"]
    assert page.payload == before.payload


def test_the_text_follows_the_form_unless_it_was_changed(press):
    page = press("edit-json", **{CELL: "Ada"})

    page = press("follow-form", page, **{CELL: "Zoë"})
    assert json.loads(page.edited)["inputs"] == [{"first_name": "Zoë"}]

    page = press("follow-form", page, edited="{ not yet", **{CELL: "Bob"})
    assert page.edited == "{ not yet"
    assert page.text("#edited-problem").startswith("The form does not have this text yet")

    page = press("drop-json", page)
    assert json.loads(page.edited)["inputs"] == [{"first_name": "Bob"}]


def test_another_button_leaves_the_text_as_it_was_typed(press):
    page = press("edit-json", **{CELL: "Ada"})

    page = press("add-row", page, edited="{ not yet")

    assert page.edited == "{ not yet"
    assert "inputs-1-first_name" in page.fields


def test_nothing_is_launched_beside_a_text_that_the_form_does_not_have(client, press, hosted):
    page = press("edit-json", **{CELL: "Ada", f"steps-{ADD}-accounts": VALID})
    text = page.edited.replace('"Ada"', '"Zoë"')

    refused = Page(client.post(ADDRESS + "launch/", page.fields | {"edited": [text]}))

    assert refused.status == 422
    assert "so nothing was sent" in refused.text("#refusal")
    assert (refused.edited, refused.fields[CELL]) == (text, ["Ada"])
    assert not Launch.objects.exists()


def test_the_same_payload_written_otherwise_is_launched(client, press, hosted):
    page = press("edit-json", **{CELL: "Ada", f"steps-{ADD}-accounts": VALID})
    text = json.dumps(json.loads(page.edited))

    client.post(ADDRESS + "launch/", page.fields | {"edited": [text]})

    assert json.loads(bytes(Launch.objects.get().payload))["inputs"] == [{"first_name": "Ada"}]


def test_closing_drops_the_text(press):
    page = press("edit-json", **{CELL: "Ada"})

    page = press("close-json", page, edited="{ not yet")

    assert page.edited is None
    assert page.fields[CELL] == ["Ada"]


def test_a_payload_that_is_too_long_says_so(press):
    page = press("edit-json", extra=json.dumps({"long": "x" * 200_001}))

    assert page.edited is None
    assert "too long to be edited" in page.text("#launch-editor")


def test_markup_in_the_text_stays_text(press):
    text = "</textarea><script>alert(1)</script>"

    page = press("take-json-over", press("edit-json"), edited=text)

    assert page.edited == text
    assert "<script>alert" not in page.html

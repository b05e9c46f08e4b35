"""A file becomes a launch by forms and links alone, as a browser without scripts sends them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from urllib.parse import urljoin

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from selectolax.lexbor import LexborHTMLParser, LexborNode

from playground.models import Launch
from tests.web.conftest import ADDRESS
from tests.web.html_forms import posted_fields, texts

CSV = (
    "Société;First-Námé;Note\r\n"
    "Café;Zoë;007\r\n"
    "Straße;;1e5\r\n"
    "Ærø;;x\r\n"
    "Café;Zoë;007\r\n"
    "café ;zoë;other\r\n"
    '"a;b\r\nc";O\'Brien;\r\n'
    ";Ada;y\r\n"
).encode("cp1252")


class Browser:
    """Follows links and redirects, and sends a form with what stands in its fields."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def open(self, address: str) -> None:
        self._show(self._client.get(address, follow=True), address)

    def follow(self, link: str) -> None:
        (found,) = [node for node in self.html.css("a") if node.text().strip() == link]
        self.open(urljoin(self.address, found.attributes["href"]))

    def submit(self, form_id: str, **fields: object) -> None:
        """Press a button of the form: its name and value are among the `fields`."""
        address, fields = self.filled(form_id, fields)
        self._show(self._client.post(address, fields, follow=True), address)

    def filled(self, form_id: str, fields: Mapping[str, object]) -> tuple[str, dict[str, object]]:
        """Where the form goes, and what with: what stands in it, but for these fields."""
        form = self.html.css_first(f"form#{form_id}")
        target = form.attributes.get("action") or self.address
        known: dict[str, object] = {}
        for name, value in [*posted_fields(self.page, form_id), *self._fields_beside(form_id)]:
            known.setdefault(name, []).append(value)
        return urljoin(self.address, target), {**known, **fields}

    def say(self, selector: str) -> list[str]:
        return texts(self.answer, selector)

    def _fields_beside(self, form_id: str) -> list[tuple[str, str]]:
        """Fields that name their form stand wherever the page has them."""
        inside = [self._to_form(node) for node in self.html.css(f"[form={form_id}]")]
        return posted_fields(f'<form id="beside">{"".join(inside)}</form>', "beside")

    def _to_form(self, node: LexborNode) -> str:
        return "" if node.tag == "button" else node.html or ""

    def _show(self, answer: HttpResponse, address: str) -> None:
        assert answer.status_code == 200, answer.content.decode()
        last = answer.redirect_chain[-1][0] if answer.redirect_chain else address
        self.answer, self.address = answer, urljoin(address, last)
        self.page = answer.content.decode()
        self.html = LexborHTMLParser(self.page)

    def repair(self, action: str, said: str, **fields: object) -> None:
        self.submit("rows-form", action=action, **fields)
        assert said in " ".join(self.say(".notice.success"))


def test_a_file_is_uploaded_mapped_repaired_and_launched(client, hosted):
    browser = Browser(client)
    browser.open(f"{ADDRESS}row-sets/")
    browser.submit("import-form", file=SimpleUploadedFile("leads.csv", CSV))
    assert browser.say("#row-set-counts") == ["5 ready, 2 need attention, 2 repeat others"]

    browser.submit("mapping-form", **{"target-0": "company", "action": "change"})
    assert browser.say("#columns-title") == ["Columns: 2 of 3 are sent"]
    browser.follow("Need attention 2")
    browser.repair("save", "1 cell of First-Námé changed.", **{"c2-1": "Ada"})
    browser.repair("fill-down", "1 cell of First-Námé filled from above.", column="1")
    browser.repair("undo", "Undone: 1 cell of First-Námé filled from above.")
    browser.repair("fill-down", "1 cell of First-Námé filled from above.", column="1")
    browser.repair("remove-repeated", "1 row removed.", kind="exact", keep="first")
    browser.repair("remove-repeated", "1 row removed.", kind="similar", keep="last")
    assert browser.say("#row-set-counts") == ["5 ready"]

    lines = b"".join(client.get(f"{urljoin(browser.address, '.')}inputs.jsonl").streaming_content)
    browser.follow("Launch with these rows")
    launch = {"job_name": "By forms alone", "override_reason": "a test"}
    assert client.post(*browser.filled("launch-form", launch)).status_code == 303
    expected = [
        {"company": "Straße", "first_name": "Ada"},
        {"company": "Ærø", "first_name": "Ada"},
        {"company": "café ", "first_name": "zoë"},
        {"company": "a;b\r\nc", "first_name": "O'Brien"},
        {"first_name": "Ada"},
    ]
    assert [json.loads(line) for line in lines.splitlines()] == expected
    assert json.loads(hosted.launches[0].content)["inputs"] == expected
    assert Launch.objects.get().job_name == "By forms alone"

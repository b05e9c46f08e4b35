"""What a browser would post for a form on a page: the HTML standard's rules, without a browser."""

from __future__ import annotations

from django.http import HttpResponse
from selectolax.lexbor import LexborHTMLParser, LexborNode


def posted_fields(html: str, form_id: str) -> list[tuple[str, str]]:
    """Name and value of each successful control of the form, in the page's order."""
    page = LexborHTMLParser(html)
    assert page.css_first(f"form#{form_id}") is not None, f"no form #{form_id} on the page"
    fields: list[tuple[str, str]] = []
    # Some stand elsewhere on the page, and say whose they are.
    for node in page.css(f"#{form_id} :is(input, textarea, select), [form={form_id}]"):
        name = node.attributes.get("name")
        if name and node.tag != "button" and _is_in_page(node):
            fields.extend((name, value) for value in _values(node))
    return fields


def _is_in_page(node: LexborNode) -> bool:
    """A template's content belongs to no form."""
    parent = node.parent
    while parent is not None:
        if parent.tag == "template":
            return False
        parent = parent.parent
    return True


def _values(node: LexborNode) -> list[str]:
    if node.tag == "textarea":
        return [_with_crlf(node.text(deep=True))]
    if node.tag == "select":
        options = node.css("option")
        chosen = [option for option in options if "selected" in option.attributes] or options[:1]
        return [option.attributes.get("value") or "" for option in chosen]
    if node.attributes.get("type") in ("checkbox", "radio"):
        return [node.attributes.get("value") or "on"] if "checked" in node.attributes else []
    # A one-line field loses its line breaks.
    value = node.attributes.get("value") or ""
    if node.attributes.get("type") != "hidden":
        value = value.replace("\r", "").replace("\n", "")
    return [value]


def _with_crlf(text: str) -> str:
    """Line breaks as a browser posts them: a lone CR or LF becomes CR LF."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")


def fields_of(response: HttpResponse, form: str = "launch-form") -> dict[str, list[str]]:
    """The fields of a form of the page, as a browser would post them."""
    fields: dict[str, list[str]] = {}
    for name, value in posted_fields(response.content.decode(), form):
        fields.setdefault(name, []).append(value)
    return fields


def texts(response: HttpResponse, selector: str) -> list[str]:
    """What stands in the elements that are selected, with single blanks."""
    parser = LexborHTMLParser(response.content.decode())
    return [" ".join(node.text(deep=True).split()) for node in parser.css(selector)]


def nodes(response: HttpResponse, selector: str) -> list[LexborNode]:
    """The elements that are selected."""
    return LexborHTMLParser(response.content.decode()).css(selector)

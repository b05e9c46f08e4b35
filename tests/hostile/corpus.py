"""Markup that wants to run: places to break out of × things that fire × ways to write it.

Firing means `top.__hit(<number>)`, or asking for `/hit/<number>`. Of each place and way of writing
every other element is tried, in the next one the others; `HOSTILE_CORPUS=all` tries all of them.
"""

from __future__ import annotations

import html
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import quote

FIRE = "top.__hit({number})"
EVERY = 1 if os.environ.get("HOSTILE_CORPUS") == "all" else 2

# Where text may stand, and what ends that place.
PLACES = {
    "text": ("<div>TEXT</div>", ""),
    "double quotes": ('<input value="TEXT">', '">'),
    "single quotes": ("<input value='TEXT'>", "'>"),
    "no quotes": ("<input value=TEXT>", "x>"),
    "text area": ("<textarea>TEXT</textarea>", "</textarea>"),
    "title": ("<title>TEXT</title>", "</title>"),
    "style": ("<style>TEXT</style>", "</style>"),
    "script": ('<script>var a = "TEXT";</script>', "</script>"),
    "comment": ("<!-- TEXT -->", "-->"),
    "option": ("<select><option>TEXT</option></select>", "</option></select>"),
    "template": ("<template>TEXT</template>", "</template>"),
    "JSON in an attribute": ("""<div hx-headers='{"a": "TEXT"}'></div>""", """"}'>"""),
    "raw text": ("<xmp>TEXT</xmp>", "</xmp>"),
}
ELEMENTS = (
    "<script>{fire}</script>",
    "<img src=x onerror={fire}>",
    "<svg onload={fire}></svg>",
    "<svg><script>{fire}</script></svg>",
    "<svg><animate onbegin={fire} attributeName=x dur=1s></svg>",
    "<details open ontoggle={fire}>x</details>",
    "<input autofocus onfocus={fire}>",
    "<audio src=x onerror={fire}></audio>",
    "<video><source src=x onerror={fire}></video>",
    "<style onload={fire}></style>",
    "<iframe onload={fire}></iframe>",
    '<iframe src="javascript:{fire}"></iframe>',
    "<iframe srcdoc='&lt;script>{fire}&lt;/script>'></iframe>",
    '<a href="javascript:{fire}">x</a>',
    '<form action="javascript:{fire}"><button>x</button></form>',
    "<img src=/hit/{number}>",
    "<link rel=stylesheet href=/hit/{number}>",
    '<p style="background:url(/hit/{number})">x</p>',
    '<meta http-equiv=refresh content="0;url=/hit/{number}">',
    '<div hx-get="/hit/{number}" hx-trigger="load">x</div>',
    '<div data-hx-post="/hit/{number}" data-hx-trigger="load">x</div>',
)
ATTRIBUTES = (
    " autofocus onfocus={fire} x=",
    " onfocus={fire} tabindex=0 autofocus x=",
    " hx-get=/hit/{number} hx-trigger=load x=",
    " type=image src=x onerror={fire} x=",
    " style=animation-name:spin onanimationstart={fire} x=",
)
SCRIPTS = ('";{fire};//', '"-{fire}-"', '";\n{fire};//')
ADDRESSES = (
    "javascript:{fire}",
    "JaVaScRiPt:{fire}",
    "java\tscript:{fire}",
    " \x01javascript:{fire}",
    "javascript://%0a{fire}",
)


def _upper(text: str) -> str:
    """Tags in capitals; scripts and addresses stay."""
    parts = text.split("<")
    return "<".join([parts[0], *(_upper_tag(part) for part in parts[1:])])


def _upper_tag(part: str) -> str:
    end = next((at for at, letter in enumerate(part) if letter in " >"), len(part))
    return part[:end].upper() + part[end:]


def _by_slash(text: str) -> str:
    """What separates names and attributes need not be a blank."""
    parts = text.split("<")
    return "<".join([parts[0], *(part.replace(" ", "/\n", 1) for part in parts[1:])])


# How a text is written, and what a careless page does to it before showing it.
WAYS: dict[str, tuple[Callable[[str], str], str]] = {
    "plain": (str, "text => text"),
    "capitals": (_upper, "text => text"),
    "slashes": (_by_slash, "text => text"),
    "entities": (
        html.escape,
        "text => new DOMParser().parseFromString(text, 'text/html').body.textContent",
    ),
    "percent": (lambda text: quote(text, safe=""), "text => decodeURIComponent(text)"),
    "JSON escapes": (
        lambda text: "".join(f"\\u{ord(letter):04x}" for letter in text),
        'text => JSON.parse(`"${text}"`)',
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Payload:
    """`text` is what is typed. In `frame` it fires, once `undo` was applied to it."""

    number: int
    kind: str
    text: str
    frame: str
    undo: str
    is_for_htmx: bool


def make_corpus() -> tuple[Payload, ...]:
    return tuple(
        _payload(number, *draft) for number, draft in enumerate([*_elements(), *_others()])
    )


def _payload(number: int, kind: str, text: str, frame: str, way: str) -> Payload:
    write, undo = WAYS[way]
    text = text.replace("{fire}", FIRE).replace("{number}", str(number))
    return Payload(
        number=number,
        kind=kind,
        text=write(text),
        frame=frame,
        undo=undo,
        is_for_htmx="hx-get" in text or "hx-post" in text,
    )


def _elements() -> Iterator[tuple[str, str, str, str]]:
    ways = {place: ["plain"] for place in PLACES}
    ways["double quotes"] = list(WAYS)
    ways["single quotes"] = ["plain", "capitals", "slashes"]
    ways["text"] = ["plain", "entities", "percent", "JSON escapes"]
    written = [(place, way) for place in PLACES for way in ways[place]]
    for turn, (place, way) in enumerate(written):
        frame, end = PLACES[place]
        kind = place if way == "plain" else way
        for element in ELEMENTS[turn % EVERY :: EVERY]:
            yield kind, end + element, frame, way


def _others() -> Iterator[tuple[str, str, str, str]]:
    spin = "<style>@keyframes spin {}</style>"
    for attribute in ATTRIBUTES:
        yield "attribute", f'"{attribute}"', spin + '<input value="TEXT">', "plain"
        yield "attribute", f"'{attribute}'", spin + "<input value='TEXT'>", "plain"
        yield "attribute", f"x{attribute}", spin + "<input value=TEXT>", "plain"
    for script in SCRIPTS:
        yield "script", script, '<script>var a = "TEXT";</script>', "plain"
        yield "script", script.replace('"', "'"), "<script>var a = 'TEXT';</script>", "plain"
    for address in ADDRESSES:
        yield "address", address, '<a href="TEXT">x</a>', "plain"
        yield "address", address, '<iframe src="TEXT"></iframe>', "plain"

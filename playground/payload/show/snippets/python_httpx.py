"""Python with httpx."""

from __future__ import annotations

from playground.payload.show.snippets import python_literal
from playground.payload.show.snippets.calls import Call, Target
from playground.payload.show.snippets.writing import fill

_TEMPLATE = """
# «remark»
import os
«pathlib»
import httpx

«payload»«+»
«+»
response = httpx.request(
    "«method»",
    "«url»",
    headers={
        "«auth»": "«scheme»" + os.environ["«key»"],
        "«project_header»": os.environ["«project»"],
        "Content-Type": "application/json",«+»
    },
    content=PAYLOAD,«+»
    timeout=30,
)
print(response.text)
response.raise_for_status()
"""


def write(call: Call) -> str:
    path = "import pathlib\n" if call.file else ""
    return fill(_TEMPLATE, call, payload=python_literal.payload(call), pathlib=path)


TARGET = Target(
    name="python-httpx",
    language="Python",
    title="httpx",
    file_name="launch.py",
    write=write,
    needs="httpx",
)

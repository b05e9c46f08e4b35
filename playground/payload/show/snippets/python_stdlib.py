"""Python with nothing to install."""

from __future__ import annotations

from playground.payload.show.snippets import python_literal
from playground.payload.show.snippets.calls import Call, Target
from playground.payload.show.snippets.writing import fill

_TEMPLATE = """
# «remark»
import os
«pathlib»import sys
import urllib.error
import urllib.request

«payload»«+»
«+»
request = urllib.request.Request(
    "«url»",
    method="«method»",
    headers={
        "«auth»": "«scheme»" + os.environ["«key»"],
        "«project_header»": os.environ["«project»"],
        "Content-Type": "application/json",«+»
    },
    data=PAYLOAD,«+»
)
try:
    with urllib.request.urlopen(request, timeout=30) as response:
        print(response.read().decode())
except urllib.error.HTTPError as error:
    sys.exit(f"{error.code}: {error.read().decode()}")
"""


def write(call: Call) -> str:
    path = "import pathlib\n" if call.file else ""
    return fill(_TEMPLATE, call, payload=python_literal.payload(call), pathlib=path)


TARGET = Target(
    name="python",
    language="Python",
    title="standard library",
    file_name="launch.py",
    write=write,
)

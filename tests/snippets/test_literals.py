"""Whatever a payload is, its literal in each language stands for the same JSON."""

from __future__ import annotations

import ast
import json
import re

from hypothesis import given
from hypothesis import strategies as st

from playground.payload.show.snippets.calls import Call
from playground.payload.show.snippets.targets import TARGETS
from tests.payload.strategies import clean_text, json_values
from tests.snippets import parsing
from tests.snippets.execution import body_of

KEYS = {"UPSTREAM_API_KEY": "k", "UPSTREAM_PROJECT_ID": "p"}
# What ends a literal in one language or another, and what is doubled in it.
ENDS = st.lists(
    st.sampled_from(
        [*"\"'`\\#])-$={}@%^!&|<>(\n ", "'''", '"""', "]=", "${", "{{", "\\u0041", "é👩"]
    ),
    max_size=8,
).map("".join)
PAYLOADS = st.dictionaries(ENDS | clean_text, ENDS | clean_text | json_values(), max_size=4)


def in_python(text: str) -> str:
    found = next(node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Assign))
    return ast.literal_eval(found.value.func.value)


def in_javascript(text: str) -> str:
    literal = re.search(r"payload = `((?:[^`\\]|\\.)*)`;", text, re.DOTALL)[1]
    assert not re.search(r"(?<!\\)(?:\\\\)*\$\{", literal)
    return re.sub(r"\\(.)", r"\1", literal)


READ = {
    "python": in_python,
    "javascript-fetch": in_javascript,
    "cmd": lambda text: parsing.cmd_arguments(text, **KEYS)[-1],
    "powershell": parsing.powershell_body,
    "ruby": lambda text: re.search(r"<<'PAYLOAD'\n(.*?)\nPAYLOAD\n", text, re.DOTALL)[1],
    "go": lambda text: re.search(r"byte\(`([^`]*)`\)\n", text)[1],
    "lua": lambda text: re.search(r"\[(=*)\[(.*?)\]\1\]\n", text, re.DOTALL)[2],
    "rust": lambda text: re.search(r'r(#+)"(.*?)"\1;\n', text, re.DOTALL)[2],
    "r": lambda text: re.search(r'r"(-+)\((.*?)\)\1"\n', text, re.DOTALL)[2],
    "csharp": lambda text: re.search(r'@"((?:[^"]|"")*)";\n', text)[1].replace('""', '"'),
    "n8n": lambda text: json.loads(text)["nodes"][0]["parameters"]["body"],
    "postman": lambda text: json.loads(text)["item"][0]["request"]["body"]["raw"],
}


@given(payload=PAYLOADS)
def test_every_literal_stands_for_the_payload(payload):
    body = body_of(json.dumps(payload, ensure_ascii=False))
    call = Call(url="https://api.example.com/v3/workflows/w", body=body)

    read = {target: json.loads(of(TARGETS[target].write(call))) for target, of in READ.items()}

    assert read == dict.fromkeys(READ, json.loads(body))

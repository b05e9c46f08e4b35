"""What people have around is wrapped in something: a prompt, a mail, a page, other requests."""

from __future__ import annotations

import html
import json
from base64 import b64encode
from collections.abc import Mapping

import pytest

from playground.payload.edit.paste.reader import read_pasted
from tests.payload.edit.paste.dialects import KEY, UID, URL

PAYLOAD = {
    "job_name": "Monday O'Brien",
    "inputs": [{"first_name": "Ada", "company": 'ACME "x" & Söhne'}],
    "steps": [{"step_uid": "s-1", "accounts": ["a-1"], "parameters": {"on": True, "none": None}}],
}
LINE = json.dumps(PAYLOAD, ensure_ascii=False)
LINES = json.dumps(PAYLOAD, indent=2, ensure_ascii=False)
QUOTED = "'" + LINE.replace("'", "'\\''") + "'"
DOUBLED = LINE.replace("'", "''")
CURL = f"curl -X POST {URL} -H 'x-api-key: {KEY}' \\\n  -d {QUOTED}"
IN_CMD = LINE.replace("\\", "\\\\").replace('"', '\\"')
SCRIPT = """{
  job_name: 'Monday O\\'Brien',
  inputs: [{ first_name: `Ada`, company: 'ACME "x" & Söhne' }],
  steps: [{ step_uid: "s-1", accounts: ['a-1'], parameters: { on: true, none: null } }],
}"""
OTHER = json.dumps({"event": "x" * 500})


def mailed(text: str) -> str:
    return "\n".join(f"> {line}" for line in text.split("\n"))


def in_terminal(prompt: str, more: str = "> ") -> str:
    return prompt + CURL.replace("\n", f"\n{more}")


ROUND_A_COMMAND: Mapping[str, str] = {
    "a prompt": in_terminal("$ "),
    "a prompt that names a machine": in_terminal("ada@laptop:~/work$ "),
    "a prompt of zsh": in_terminal("ada@laptop ~ % ", "quote> "),
    "a prompt of root": in_terminal("root@box:/srv# "),
    "an environment": in_terminal("(venv) $ "),
    "PowerShell": f"PS C:\\Users\\ada> curl.exe -X POST {URL} -d '{DOUBLED}'",
    "PowerShell, several lines": f"curl.exe -X POST `\n  {URL} `\n  -d '{DOUBLED}'",
    "mail": mailed(CURL),
    "mail, answered": mailed(mailed(CURL)),
    "prose": f"Try this:\n\n```bash\n{CURL}\n```\n\nIt takes a minute.",
    "a page's source": html.escape(CURL),
    "blanks behind the line": CURL.replace("\\\n", "\\  \n"),
    "an empty line between": CURL.replace("\\\n", "\\\n\n"),
    "Windows' line ends": CURL.replace("\n", "\r\n"),
    "dashes of a word processor": CURL.replace("-X", "–X").replace("-H", "–H"),
    "long dashes": f"curl —request POST —url {URL} —data {QUOTED}",
    "typographic quotes": f"curl ‘{URL}’ -H ‘x-api-key: {KEY}’ -d ‘{LINE}’",
    "--json": f"curl {URL} --json={QUOTED}",
    "--data-urlencode": f"curl {URL} --data-urlencode {QUOTED}",
    "short options in one": f"curl -sSLXPOST {URL} -d{QUOTED}",
    "a file that is written": f"cat > body.json <<'E'\n{LINES}\nE\ncurl {URL} -d @body.json",
    "a file that is printed to": f"echo {QUOTED} > b.json\ncurl {URL} --data-binary @b.json",
    "tee": f"tee b.json <<'E'\n{LINES}\nE\ncurl {URL} -d @b.json",
    "a document in its place": f"curl {URL} -d \"$(cat <<'E'\n{LINES}\nE\n)\"",
    "a document in a variable": f"P=$(cat <<'E'\n{LINES}\nE\n)\ncurl {URL} -d \"$P\"",
    "a file in its place": f'echo {QUOTED} > b.json\ncurl {URL} -d "$(cat b.json)"',
    "jq": f"jq -n {QUOTED} | curl {URL} -d @-",
    "a container": f"docker run --rm curlimages/curl -X POST {URL} -d {QUOTED}",
    "another machine": f"ssh box curl {URL} -d @- <<'E'\n{LINES}\nE\n",
    "wget": f"wget -qO- --header='x-api-key: {KEY}' --post-data={QUOTED} {URL}",
    "all as cURL": f"curl 'https://x/a' \\\n  -H 'a: b' ;\n{CURL} ;\ncurl 'https://x/b'",
    "all as cmd": (
        'curl "https://x/a" ^\n  -H "a: b" &\n'
        f'curl "{URL}" ^\n  --data-raw "{IN_CMD}" &\n'
        'curl "https://x/b"'
    ),
    "all as fetch": (
        f'fetch("https://x/a", {{"body": {json.dumps(OTHER)}, "method": "POST"}}); ;\n'
        f'fetch("{URL}", {{"body": {json.dumps(LINE)}, "method": "POST"}}); ;\n'
        f'fetch("https://x/b", {{"body": {json.dumps(OTHER)}, "method": "POST"}});'
    ),
    "all as PowerShell": (
        'Invoke-WebRequest -Uri "https://x/a";\n'
        f"Invoke-WebRequest -Uri \"{URL}\" `\n-Method 'POST' `\n-Body '{DOUBLED}';\n"
        'Invoke-WebRequest -Uri "https://x/b"'
    ),
    "a condition": f"if ! curl -f {URL} -d {QUOTED}; then exit 1; fi",
    "a rule of make": f"launch:\n\t@curl {URL} \\\n\t\t-d {QUOTED}\n",
    "a table of cron": f"0 5 * * 1 curl {URL} -d {QUOTED}",
    "a value that is kept": f"JOB=$(curl -s {URL} -d {QUOTED} | jq -r .job_uid)\necho $JOB",
    "an alias of PowerShell": f"irm {URL} -Method POST -Body '{DOUBLED}'",
    "an old PowerShell": f"curl.exe {URL} -d '{IN_CMD.replace(chr(39), chr(39) * 2)}'",
    "an answer": (
        f'POST {URL} HTTP/1.1\nx-api-key: {KEY}\n\n{LINE}\n\nHTTP/1.1 200 OK\n\n{{"job_uid": "x"}}'
    ),
    "no empty line": f"POST {URL}\nx-api-key: {KEY}\n{LINES}\nHTTP 200",
    "a body in Base64": json.dumps(
        {
            "url": URL,
            "headers": [],
            "postData": {"text": b64encode(LINE.encode()).decode(), "encoding": "base64"},
        }
    ),
    "Make": json.dumps({"subflows": [{"flow": [{"mapper": {"url": URL, "data": LINE}}]}]}),
    "Kotlin": f'val body = """{LINE}""".toRequestBody()\nval r = Request.Builder().url("{URL}")',
    "ky": f"import ky from 'ky';\nawait ky.post('{URL}', {{json: {LINE}}});",
    "a hash table that is given": (
        f"$given = @{{\n  Uri = '{URL}'\n  Method = 'POST'\n  Body = '{DOUBLED}'\n}}\n"
        "Invoke-RestMethod @given"
    ),
}
ROUND_A_PAYLOAD: Mapping[str, str] = {
    "prose": f"Hi Bob,\nplease launch this:\n\n{LINES}\n\nThanks\nAda",
    "a word": f"Payload: {LINE}",
    "a block among prose": f"Here it is:\n\n```json\n{LINES}\n```\n\nDoes it work?",
    "mail": mailed(LINES),
    "a line of a log": f"2026-11-29 10:00:00 INFO sent body={LINE}",
    "a semicolon": f"{LINE};",
    "a comma": f"{LINES},\n",
    "a page's source": html.escape(LINES),
    "a page's element": f"<pre>{html.escape(LINES)}</pre>",
    "quotes of a page": LINE.replace('"', "&quot;"),
    "escapes of a text": json.dumps(LINES)[1:-1],
    "quotes of a table": '"' + LINE.replace('"', '""') + '"',
    "no brackets": LINE[1:-1],
    "a webhook": json.dumps([{"headers": {"x-api-key": KEY}, "query": {}, "body": PAYLOAD}]),
    "variables": json.dumps({"query": "q", "variables": {"input": PAYLOAD}}),
    "Bruno": f"headers {{\n  a: b\n}}\n\nbody:json {{\n  {LINES}\n}}",
    "a module": f"module.exports = {SCRIPT};",
    "a default": f"export default {SCRIPT}",
    "round brackets": f"({SCRIPT})",
    "a call": f"JSON.stringify({SCRIPT}, null, 2)",
    "Ruby": repr(PAYLOAD).replace("': ", "' => ").replace("None", "nil").replace("True", "true"),
}


@pytest.mark.parametrize("name", ROUND_A_COMMAND)
def test_a_command_is_read_whatever_is_around_it(name):
    pasted = read_pasted(ROUND_A_COMMAND[name])

    assert (pasted.payload, pasted.problem) == (PAYLOAD, None)
    assert pasted.workflow_uid == UID
    assert KEY not in repr(pasted.notices)


@pytest.mark.parametrize("name", ROUND_A_PAYLOAD)
def test_a_payload_is_read_whatever_is_around_it(name):
    pasted = read_pasted(ROUND_A_PAYLOAD[name], ("first_name",))

    assert (pasted.payload, pasted.problem) == (PAYLOAD, None)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("---\njob_name: Monday\ninputs:\n  - first_name: Ada\n", "This is YAML, and a payload"),
        ('job_name = "Monday"\n[[inputs]]\nfirst_name = "Ada"\n', "This is TOML, and a payload"),
        ("<html>\n<body>Monday</body>\n</html>", "This is nothing that can be read here"),
        ("array (\n  'job_name' => 'Monday',\n)", "This is nothing that can be read here"),
        (f"{LINE}\n{LINE}", "These are several payloads"),
        (f"[{LINE}, {LINE}]", "These are several payloads"),
        (json.dumps(PAYLOAD["steps"]), "These are steps of a payload"),
        (URL, "This is an address alone"),
        (
            f"Hi,\n\n{LINES.replace(' true', ' yes')}",
            "This is no JSON yet. Line 18, column 15: texts stand",
        ),
        (f'{LINE[:-1]}}}, "steps": []}}', "This is no JSON yet. Line 1"),
        ('{"job_name": ("a", "b")}', "This is no JSON yet. Line 1, column 14: ( is no bracket"),
    ],
)
def test_what_is_no_payload_is_told_and_taken_for_no_table(text, sentence):
    pasted = read_pasted(text, ("first_name",))

    assert pasted.problem
    assert pasted.problem.sentence.startswith(sentence)


@pytest.mark.parametrize(
    "text",
    [
        "| first | last |\n|---|:--|\n| Ada | King |",
        " first | last \n-------+------\n Ada   | King\n(1 row)",
        "+-------+------+\n| first | last |\n+-------+------+\n| Ada   | King |\n+-------+------+",
    ],
)
def test_a_table_that_is_drawn_is_read_as_cells(text):
    assert read_pasted(text).table == "first\tlast\nAda\tKing"


@pytest.mark.parametrize(
    "text", ["Hello,\ncould you look\n", "a,b\n1,{2}\n", "x\ty\n{a}\t> b\n", "> a\nb\n"]
)
def test_lines_and_cells_are_a_table_as_they_stand(text):
    pasted = read_pasted(text, ("first_name",))

    assert (pasted.kind, pasted.table, pasted.notices) == ("rows", text, ())

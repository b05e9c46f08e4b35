"""A launch as browsers, tools and people write it down: each dialect, written for these tests."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

UID = "1f6f1111-2222-4333-8444-555555555501"
URL = f"https://api.example.com/v3/workflows/{UID}/schedule"
KEY = "k3y-4eC39HqLyjWDarjtT1zdp7dc"
HEADERS = {"Content-Type": "application/json", "x-api-key": KEY, "x-project-id": "p-1"}
# A browser sends these by itself.
COOKIE = "session=s3cr3t-9aB8cD7eF6; theme=dark"
BROWSER = {"accept": "*/*", "sec-ch-ua": '"Chromium";v="142", "Not?A_Brand";v="99"'} | HEADERS

PLAIN = {
    "job_name": "Monday",
    "inputs": [{"first_name": "Ada", "company": "ACME"}],
    "steps": [{"step_uid": "s-1", "accounts": ["a-1"], "parameters": {"most": 3}}],
}
SIGNS = {
    "job_name": 'O\'Brien "q" \\ \\" `id` $HOME $(id) %PATH% !x ^ & | <b> {{x}} ${y} #{z}',
    "inputs": [{"first_name": "C:\\new\\table\\", "company": "it''s \\' \\\\"}],
    "steps": [],
    "x y": {"'": [], '"': None},
}
LETTERS = {
    "job_name": "a\nb\r\nc\td\u2028e\u202ef 😀 é 漢 \u00a0\u200b",
    "inputs": [{"first_name": "Zoë", "company": "Ünïcode “quoted” ‘x’"}],
    "steps": [],
}
NUMBERS = {
    "job_name": "",
    "inputs": [{"id": 12345678901234567890, "a": 1.0, "b": 1e5, "c": -0.0, "d": None, "e": True}],
    "steps": [{"step_uid": "s-1", "parameters": {"list": [0, "", [], {}], "no": False}}],
}
PAYLOADS = {"plain": PLAIN, "signs": SIGNS, "letters": LETTERS, "numbers": NUMBERS}


def body_of(payload: Any) -> str:
    return json.dumps(payload, ensure_ascii=False)


def chrome_bash(payload: Any) -> str:
    def quoted(text: str) -> str:
        if not re.search(r"[\x00-\x1f\x7f-\x9f!]|'", text):
            return f"'{text}'"
        made = text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n")
        made = made.replace("\r", "\\r")
        made = re.sub(r"[\x00-\x1f\x7f-\x9f!]", lambda one: f"\\u{ord(one[0]):04x}", made)
        return f"$'{made}'"

    lines = [f"curl {quoted(URL)}"]
    lines += [f"  -H {quoted(f'{name}: {value}')}" for name, value in BROWSER.items()]
    lines += [f"  -b {quoted(COOKIE)}", f"  --data-raw {quoted(body_of(payload))}"]
    return " \\\n".join(lines)


def firefox_bash(payload: Any) -> str:
    """It writes the bytes of UTF-8 one by one, where a text holds more than ASCII."""

    def quoted(text: str) -> str:
        if not re.search(r"[^\x20-\x7e]|'", text):
            return f"'{text}'"
        made = text.replace("\\", "\\\\").replace("'", "\\'").replace("!", "\\x21").encode()
        parts = [chr(one) if 0x20 <= one < 0x7F else f"\\x{one:02x}" for one in made]
        return f"$'{''.join(parts)}'"

    words = [f"curl {quoted(URL)} \\\n  --compressed \\\n  -X POST"]
    words += [f"-H {quoted(f'{name}: {value}')}" for name, value in HEADERS.items()]
    return " \\\n  ".join([*words, f"--data-raw {quoted(body_of(payload))}"])


def chrome_cmd_first(payload: Any) -> str:
    def quoted(text: str) -> str:
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'

    # The body is of ASCII: so old a browser knew no more.
    body = json.dumps(payload)
    words = [f"-H {quoted(f'{name}: {value}')}" for name, value in BROWSER.items()]
    return " ^\n  ".join([f"curl {quoted(URL)}", *words, f"--data-raw {quoted(body)}"])


def chrome_cmd_oldest(payload: Any) -> str:
    def quoted(text: str) -> str:
        return '"' + text.replace("\\", "\\\\").replace('"', '""') + '"'

    words = [f"-H {quoted(f'{name}: {value}')}" for name, value in HEADERS.items()]
    words = [*words, "--data-binary", quoted(json.dumps(payload)), "--compressed"]
    return " ^\n".join(["curl " + quoted(URL), *words])


def _with_carets(text: str) -> str:
    made = text.replace("\\", "\\\\").replace('"', '\\"')
    made = re.sub(r"[^a-zA-Z0-9\s_\-:=+~'/.',?;()*`]", lambda one: f"^{one[0]}", made)
    made = re.sub(r"%(?=[a-zA-Z0-9_])", "%^", made)
    return re.sub(r"\r?\n", "^\n\n", made)


def chrome_cmd_second(payload: Any) -> str:
    def quoted(text: str) -> str:
        return f'"{_with_carets(text)}"'

    words = [f"-H {quoted(f'{name}: {value}')}" for name, value in BROWSER.items()]
    return " ^\n  ".join([f"curl {quoted(URL)}", *words, f"--data-raw {quoted(body_of(payload))}"])


def chrome_cmd_third(payload: Any) -> str:
    def quoted(text: str) -> str:
        return f'^"{_with_carets(text)}^"'

    words = [f"-H {quoted(f'{name}: {value}')}" for name, value in BROWSER.items()]
    words += [f"-b {quoted(COOKIE)}", f"--data-raw {quoted(body_of(payload))}"]
    return " ^\r\n  ".join([f"curl {quoted(URL)}", *words])


def _powershell(text: str) -> str:
    made = re.sub(r"[`\"$]", lambda one: f"`{one[0]}", text)
    made = made.replace("\n", "`n").replace("\r", "`r")
    made = re.sub(
        r"[^\x00-\x7e]", lambda one: "".join(f"$([char]{unit})" for unit in _units(one[0])), made
    )
    return f'"{made}"'


def _units(char: str) -> list[int]:
    raw = char.encode("utf-16-le")
    return [int.from_bytes(raw[at : at + 2], "little") for at in range(0, len(raw), 2)]


def chrome_powershell(payload: Any) -> str:
    pairs = "\n".join(
        f"{_powershell(name)}={_powershell(value)}" for name, value in BROWSER.items()
    )
    return (
        "$session = New-Object Microsoft.PowerShell.Commands.WebRequestSession\n"
        '$session.UserAgent = "Mozilla/5.0"\n'
        '$session.Cookies.Add((New-Object System.Net.Cookie("session", "s3cr3t", "/", '
        '"api.example.com")))\n'
        f'Invoke-WebRequest -UseBasicParsing -Uri {_powershell(URL)} `\n-Method "POST" `\n'
        f"-WebSession $session `\n-Headers @{{\n{pairs}\n}} `\n"
        f'-ContentType "application/json" `\n-Body {_powershell(body_of(payload))}'
    )


def firefox_powershell(payload: Any) -> str:
    body = _powershell(body_of(payload))
    return (
        f"Invoke-WebRequest -UseBasicParsing -Uri {_powershell(URL)} `\n-Method POST `\n"
        f"-Headers @{{'x-api-key' = '{KEY}'; 'x-project-id' = 'p-1'}} `\n"
        f"-ContentType 'application/json' `\n-Body ([System.Text.Encoding]::UTF8.GetBytes({body}))"
    )


def powershell_by_hand(payload: Any) -> str:
    return (
        f"$body = @'\n{json.dumps(payload, indent=2, ensure_ascii=False)}\n'@\n\n"
        f'$headers = @{{ "x-api-key" = $env:KEY }}\n'
        f"Invoke-RestMethod -Method Post -Uri '{URL}' -Headers $headers -Body $body\n"
    )


def fetch(payload: Any) -> str:
    options = {
        "headers": BROWSER,
        "referrer": "https://app.example.com/",
        "body": body_of(payload),
        "method": "POST",
        "mode": "cors",
        "credentials": "include",
    }
    return f"fetch({json.dumps(URL)}, {json.dumps(options, indent=2, ensure_ascii=False)});"


def fetch_node(payload: Any) -> str:
    options = {"headers": BROWSER | {"cookie": COOKIE}, "body": body_of(payload), "method": "POST"}
    return f"fetch({json.dumps(URL)}, {json.dumps(options, indent=2)});"


def fetch_by_hand(payload: Any) -> str:
    return (
        f"const answer = await fetch('{URL}', {{\n  method: 'POST',\n  headers: {{\n"
        f"    'x-api-key': '{KEY}',  // mine\n  }},\n"
        f"  body: JSON.stringify({json.dumps(payload, indent=2, ensure_ascii=False)}),\n}});\n"
    )


def axios(payload: Any) -> str:
    return (
        "import axios from 'axios';\n\n"
        f"await axios.post('{URL}', {json.dumps(payload, indent=2)}, {{\n"
        f"  headers: {{ 'x-api-key': '{KEY}' }},\n}});"
    )


def python_requests(payload: Any) -> str:
    return (
        "import requests\n\n"
        f"url = {URL!r}\nheaders = {{'x-api-key': {KEY!r}}}\n"
        f"payload = {payload!r}\n\nprint(requests.post(url, json=payload, headers=headers).text)"
    )


def python_text(payload: Any) -> str:
    return (
        f'import httpx\n\nhttpx.post({json.dumps(URL)}, headers={{"x-api-key": "{KEY}"}},\n'
        f"    content={json.dumps(body_of(payload))})\n"
    )


def _request(payload: Any) -> dict[str, Any]:
    listed = [{"name": name, "value": value} for name, value in BROWSER.items()]
    return {
        "method": "POST",
        "url": URL,
        "httpVersion": "http/2.0",
        "headers": [*listed, {"name": "cookie", "value": COOKIE}],
        "cookies": [{"name": "session", "value": "s3cr3t"}],
        "postData": {"mimeType": "application/json", "text": body_of(payload)},
    }


def har_entry(payload: Any) -> str:
    answer = {"status": 200, "content": {"text": '{"job_uid": "j"}'}, "headers": []}
    return json.dumps({"startedDateTime": "x", "request": _request(payload), "response": answer})


def har_log(payload: Any) -> str:
    get = {"method": "GET", "url": "https://app.example.com/", "headers": []}
    other = _request({}) | {"url": "https://stats.example.com/collect"}
    requests = [get, other, _request(payload), get]
    entries = [{"request": one, "response": {"headers": [], "content": {}}} for one in requests]
    return json.dumps({"log": {"version": "1.2", "entries": entries}})


def _n8n_node(payload: Any) -> dict[str, Any]:
    return {
        "parameters": {
            "method": "POST",
            "url": URL,
            "sendHeaders": True,
            "headerParameters": {"parameters": [{"name": "x-api-key", "value": KEY}]},
            "sendBody": True,
            "specifyBody": "json",
            "jsonBody": body_of(payload),
            "options": {},
        },
        "type": "n8n-nodes-base.httpRequest",
        "typeVersion": 4.2,
        "position": [0, 0],
        "id": "a",
        "name": "HTTP Request",
    }


def n8n(payload: Any) -> str:
    return json.dumps(_n8n_node(payload))


def n8n_workflow(payload: Any) -> str:
    start = {"parameters": {}, "type": "n8n-nodes-base.manualTrigger", "name": "Start"}
    set_ = {"parameters": {"values": {"string": [{"name": "a"}]}}, "type": "n8n-nodes-base.set"}
    nodes = [start, set_, _n8n_node(payload)]
    return json.dumps({"nodes": nodes, "connections": {}, "pinData": {}}, indent=2)


def n8n_old(payload: Any) -> str:
    given = {
        "requestMethod": "POST",
        "url": URL,
        "jsonParameters": True,
        "bodyParametersJson": f"={body_of(payload)}",
        "headerParametersJson": json.dumps({"x-api-key": KEY}),
    }
    return json.dumps([{"parameters": given, "type": "n8n-nodes-base.httpRequest"}])


def _postman(payload: Any) -> dict[str, Any]:
    return {
        "method": "POST",
        "header": [{"key": "x-api-key", "value": KEY, "type": "text"}],
        "body": {"mode": "raw", "raw": json.dumps(payload, indent=4, ensure_ascii=False)},
        "url": {"raw": URL, "protocol": "https", "host": ["api", "example", "com"]},
    }


def postman(payload: Any) -> str:
    return json.dumps({"name": "Launch", "request": _postman(payload), "response": []})


def postman_collection(payload: Any) -> str:
    get = {"name": "List", "request": {"method": "GET", "url": "https://api.example.com/v3/jobs"}}
    launch = {"name": "Launch", "request": _postman(payload)}
    folder = {"name": "Folder", "item": [get, launch]}
    schema = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
    return json.dumps({"info": {"name": "Mine", "schema": schema}, "item": [get, folder]})


def insomnia(payload: Any) -> str:
    request = {
        "_type": "request",
        "method": "POST",
        "url": URL,
        "headers": [{"name": "x-api-key", "value": KEY}],
        "body": {"mimeType": "application/json", "text": body_of(payload)},
    }
    export = {"_type": "export", "__export_format": 4}
    return json.dumps(export | {"resources": [{"_type": "workspace", "name": "x"}, request]})


def raw_http(payload: Any) -> str:
    lines = [f"POST /v3/workflows/{UID}/schedule HTTP/1.1", "Host: api.example.com"]
    lines += [f"{name}: {value}" for name, value in HEADERS.items()]
    return "\r\n".join([*lines, f"Cookie: {COOKIE}", "", body_of(payload)])


def http_file(payload: Any) -> str:
    return f"POST {URL}\nContent-Type: application/json\nx-api-key: {{{{key}}}}\n\n" + json.dumps(
        payload, indent=2
    )


def httpie(payload: Any) -> str:
    body = body_of(payload).replace("'", "'\\''")
    return f"http POST {URL} x-api-key:{KEY} --raw='{body}'"


def httpie_fields(payload: Any) -> str:
    fields = [
        f"{name.replace(' ', chr(92) + ' ')}:={json.dumps(value)}"
        for name, value in payload.items()
    ]
    quoted = ["'" + one.replace("'", "'\\''") + "'" for one in fields]
    return " ".join(["$ https", URL, f"x-api-key:{KEY}", *quoted])


def request_object(payload: Any) -> str:
    return json.dumps({"url": URL, "method": "post", "headers": HEADERS, "data": payload})


DIALECTS: Mapping[str, tuple[str, Callable[[Any], str]]] = {
    "Chrome, bash": ("curl", chrome_bash),
    "Firefox, bash": ("curl", firefox_bash),
    "Chrome, cmd, doubled quotes": ("curl", chrome_cmd_oldest),
    "Chrome, cmd, first": ("curl", chrome_cmd_first),
    "Chrome, cmd, second": ("curl", chrome_cmd_second),
    "Chrome, cmd, third": ("curl", chrome_cmd_third),
    "Chrome, PowerShell": ("powershell", chrome_powershell),
    "Firefox, PowerShell": ("powershell", firefox_powershell),
    "PowerShell by hand": ("powershell", powershell_by_hand),
    "Chrome, fetch": ("fetch", fetch),
    "Chrome, fetch for Node": ("fetch", fetch_node),
    "fetch by hand": ("fetch", fetch_by_hand),
    "axios": ("axios", axios),
    "requests": ("python", python_requests),
    "httpx": ("python", python_text),
    "an entry of a HAR": ("har", har_entry),
    "a HAR": ("har", har_log),
    "a node of n8n": ("n8n", n8n),
    "a workflow of n8n": ("n8n", n8n_workflow),
    "an old node of n8n": ("n8n", n8n_old),
    "a request of Postman": ("postman", postman),
    "a collection of Postman": ("postman", postman_collection),
    "Insomnia": ("insomnia", insomnia),
    "HTTP": ("http", raw_http),
    "a .http file": ("http", http_file),
    "HTTPie": ("httpie", httpie),
    "HTTPie with fields": ("httpie", httpie_fields),
    "a request as an object": ("request", request_object),
}

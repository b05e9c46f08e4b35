"""Cookies are found in whatever people paste."""

from __future__ import annotations

import html
import json

import pytest
from hypothesis import given

from playground.credentials import commands
from playground.credentials.kinds import needs_of
from playground.credentials.pasting import LONGEST_PASTE, Pasted, read_pasted
from tests.credentials.samples import JSESSIONID, LI_A, LI_AT, exports, pastes

BOTH = {"li_at": LI_AT, "JSESSIONID": JSESSIONID}
ENTRIES = [
    {"name": "li_at", "value": LI_AT, "domain": ".www.linkedin.com", "expirationDate": 1.5},
    {"name": "JSESSIONID", "value": JSESSIONID, "domain": ".linkedin.com", "httpOnly": True},
    {"name": "lang", "value": "v=2", "domain": ".linkedin.com"},
]
SHAPES = {
    "an extension's export": json.dumps(ENTRIES),
    "an export with a byte order mark": "\ufeff" + json.dumps(ENTRIES, indent=2),
    "a browser's stored state": json.dumps({"cookies": ENTRIES, "origins": []}),
    "an export with its address": json.dumps({"url": "https://x", "cookies": ENTRIES}),
    "an object of names": json.dumps({**BOTH, "lang": "v=2"}),
    "an object of names in an object": json.dumps({"Request Cookies": {**BOTH, "lang": "v=2"}}),
    "an export of raw fields": json.dumps(
        [
            {"Name raw": one["name"], "Content raw": one["value"], "Host raw": one["domain"]}
            for one in ENTRIES
        ]
    ),
    "a header": f"Cookie: lang=v=2; li_at={LI_AT}; JSESSIONID={JSESSIONID}",
    "a header in small letters": f"cookie:li_at={LI_AT};JSESSIONID={JSESSIONID};lang=v=2",
    "a header's value": f"li_at={LI_AT}; JSESSIONID={JSESSIONID}; lang=v=2;",
    "headers": f"Host: www.linkedin.com\r\nCookie: li_at={LI_AT}; JSESSIONID={JSESSIONID}; lang=v",
    "lines": f"# mine\nli_at={LI_AT}\n\nJSESSIONID = {JSESSIONID}\nlang=v=2\n",
    "lines with colons": f"li_at: {LI_AT}\nJSESSIONID: {JSESSIONID}\nlang=v",
    "lines with other letters": f"LI_AT={LI_AT}\njsessionid={JSESSIONID}\nlang=v=2",
    "cookies.txt": "# Netscape HTTP Cookie File\n\n"
    f"#HttpOnly_.www.linkedin.com\tTRUE\t/\tTRUE\t1800000000\tli_at\t{LI_AT}\n"
    f".linkedin.com\tTRUE\t/\tTRUE\t0\tJSESSIONID\t{JSESSIONID}\n"
    ".linkedin.com\tTRUE\t/\tFALSE\t0\tlang\tv=2\n",
    "a request copied as cURL": "curl 'https://www.linkedin.com/' \\\n"
    "  -H 'accept: text/html;q=0.9, li_at=of-no-cookie' \\\n"
    f"  -H 'cookie: li_at={LI_AT}; lang=v=2; JSESSIONID={JSESSIONID}' \\\n"
    "  --compressed",
    "a request copied as cURL with its cookies apart": "curl 'https://www.linkedin.com/' "
    f"-H 'accept: */*' -b 'lang=v=2; JSESSIONID={JSESSIONID}; li_at={LI_AT}' -X 'POST'",
    "a command behind a prompt": f"ada@laptop:~/x$ curl 'https://www.linkedin.com/' \\\n"
    f">   -b 'lang=v=2; JSESSIONID={JSESSIONID}; li_at={LI_AT}'",
    "a command in mail": f"> curl 'https://x' -b 'lang=v; JSESSIONID={JSESSIONID}; li_at={LI_AT}'",
    "a command among prose": f"Mine:\n```sh\ncurl 'https://x' -H 'accept: */*' \\\n"
    f" -b 'li_at={LI_AT}; lang=v; JSESSIONID={JSESSIONID}'\n```\nThanks",
    "a page's source": f"cookie: li_at={LI_AT}; lang=v; JSESSIONID={html.escape(JSESSIONID)}",
    "rows of the developer tools": f"li_at\t{LI_AT}\t.www.linkedin.com\t/\t2027-01-01\t99\t✓\n"
    f"JSESSIONID\t{JSESSIONID}\t.linkedin.com\t/\tSession\t30\nlang\tv=2\t.linkedin.com\t/\n",
}


def read(text: str, integration: str = "linkedin") -> Pasted:
    return read_pasted(text, needs_of(integration), integration)


@pytest.mark.parametrize("shape", SHAPES)
def test_cookies_are_picked_out_of(shape):
    found = read(SHAPES[shape])

    assert found == Pasted(values=BOTH, others=1)


@pytest.mark.parametrize("value", [123, None, True, [], {}])
def test_value_that_is_no_text_is_no_cookie_and_makes_none_of_its_neighbours(value):
    entry = {"name": "sid", "value": value, "domain": ".acme.example", "path": "/"}

    found = read(json.dumps([entry, {"name": "token", "value": "abc"}]), "acme")

    assert found == Pasted(values={"token": "abc"}, others=1)


def test_nothing_pasted_is_nothing_found():
    assert read(" \r\n\t") == Pasted()


@pytest.mark.parametrize("first", [True, False])
def test_the_integrations_own_site_wins_over_another(first):
    own = {"name": "li_at", "value": LI_AT, "domain": "www.linkedin.com"}
    other = {"name": "li_at", "value": "no", "domain": ".notlinkedin.com"}

    found = read(json.dumps([own, other] if first else [other, own]))

    assert found == Pasted(values={"li_at": LI_AT})


def test_a_cookie_of_another_site_only_is_named():
    text = json.dumps([{"name": "li_at", "value": LI_AT, "domain": "linkedin.com.evil.example"}])

    assert read(text) == Pasted(values={"li_at": LI_AT}, elsewhere=("li_at",))


def test_of_two_of_the_same_site_the_first_counts():
    assert read(f"li_at={LI_AT}; li_at=other").values == {"li_at": LI_AT}


def test_without_known_names_the_site_tells_which_cookies_are_meant():
    entries = [
        {"name": "sid", "value": "abc", "domain": "app.acme-crm.example"},
        {"name": "token", "value": "def", "domain": ".acmecrm.example"},
        {"name": "other", "value": "ghi", "domain": "www.example.com"},
    ]

    found = read(json.dumps(entries), "acme-crm")

    assert found == Pasted(values={"sid": "abc", "token": "def"}, others=1)


def test_without_names_and_sites_every_cookie_is_taken():
    assert read("a=1; b=2==", "acme-crm").values == {"a": "1", "b": "2=="}


@pytest.mark.parametrize("text", ["QUJDREVGR0hJSktMTU5P==", "QUJDREVGR0hJSg=", "a" * 65 + "=1"])
def test_a_bare_secret_does_not_become_a_name(text):
    found = read(text, "acme-crm")

    assert found.values == {}
    assert found.problem.startswith("No cookie was found in this.")


NOTHING = (
    "No cookie was found in this. Paste an export (JSON or cookies.txt), a Cookie header, a "
    "request copied as cURL or lines of name=value."
)
HALF = (
    "This begins like JSON but is not: line 1, column {} is where it ends to be. Copy the whole "
    "export, from its first bracket to its last."
)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (LI_AT, NOTHING),
        ("[]", NOTHING),
        ('[{"name": "li_at", "val', HALF.format(20)),
        ("[" * 100_000, HALF.format(1)),
        ("lang=v=2; x=1", "What is wanted is not in this: li_at, li_a, JSESSIONID, li_rm."),
        ("x" * (LONGEST_PASTE + 1), "More than 500,000 characters: paste only this site's."),
    ],
    ids=["a value alone", "an empty export", "half an export", "deep", "others", "too long"],
)
def test_what_cannot_be_read_is_said(text, problem):
    assert read(text).problem == problem


def test_too_many_cookies_are_refused():
    text = "; ".join(f"c{number}=1" for number in range(101))

    assert read(text, "acme-crm").problem == "More than 100 cookies: paste only this site's."


CMD = f"""curl ^"https://www.linkedin.com/feed/^" ^
  -H ^"accept: */*^" ^
  -b ^"li_at={LI_AT}^%^22; lang=v=2^" ^
  --compressed"""
POWERSHELL = f"""$session = New-Object Microsoft.PowerShell.Commands.WebRequestSession
$session.Cookies.Add((New-Object System.Net.Cookie("li_at", "{LI_AT}", "/", ".linkedin.com")))
$session.Cookies.Add((New-Object System.Net.Cookie("lang", "v=2", "/", ".linkedin.com")))
Invoke-WebRequest -UseBasicParsing -Uri "https://www.linkedin.com/" -WebSession $session"""
FETCH = f"""fetch("https://www.linkedin.com/feed/", {{
  "headers": {{"accept": "*/*", "cookie": "lang=v=2; li_at={LI_AT}"}}, "method": "GET"
}});"""
REQUEST = {
    "method": "GET",
    "url": "https://www.linkedin.com/feed/",
    "headers": [
        {"name": "accept", "value": "text/html;q=0.9"},
        {"name": "Cookie", "value": f"li_at={LI_AT}; lang=v=2"},
    ],
    "cookies": [{"name": "li_at", "value": "decoded by the browser"}],
}
EXACT = {
    "PowerShell": POWERSHELL,
    "fetch": FETCH,
    "a HAR": json.dumps({"log": {"entries": [{"request": REQUEST}]}}),
    "an entry of a HAR": json.dumps({"startedDateTime": "x", "request": REQUEST}),
    "the request of a HAR": json.dumps(REQUEST),
    "cURL with escapes": f"curl 'https://x' -H $'cookie: lang=v\\u003d2; li_at={LI_AT}'",
    "cURL between double quotes": f'$ curl "https://x" -H "Cookie: li_at={LI_AT}; lang=v=2"',
    "cURL in pieces": f"curl 'https://x' --cookie='li_at='\\\n\"{LI_AT}; lang=v=2\"",
    "wget": f"wget --header='Accept: */*' --header='Cookie: li_at={LI_AT}; lang=v=2' https://x",
    "a request's lines": f"GET / HTTP/1.1\nAccept: text/html;q=0.9\nCookie: li_at={LI_AT}; lang=v",
    "set-cookie": f"Set-Cookie: li_at={LI_AT}; Path=/; Domain=.linkedin.com\nset-cookie: lang=v=2",
    "cookies.txt with blanks": f".linkedin.com  TRUE  /  TRUE  0  li_at  {LI_AT}\n"
    ".linkedin.com  TRUE  /  TRUE  0  lang  v=2",
}
CMD_SECOND = CMD.replace('^"', '"').replace("https", "http")
READ_TOO = {
    "cURL (cmd)": (CMD, f"{LI_AT}%22"),
    "cURL (cmd) with line ends of Windows": (CMD.replace("\n", "\r\n"), f"{LI_AT}%22"),
    "cURL (cmd) of an older browser": (CMD_SECOND.replace("^%^22", ""), LI_AT),
    "cURL (cmd) of a still older one": (
        f'curl "https://x" ^\n  -H "a: \\"b\\"" ^\n  -H "cookie: li_at={LI_AT}; lang=v=2"',
        LI_AT,
    ),
    "cURL (Windows)": (f'curl.exe "https://x" -H "Cookie: li_at={LI_AT}; a=""b"""', LI_AT),
    "PowerShell with an escape": (POWERSHELL.replace(LI_AT, f"{LI_AT}`$x"), f"{LI_AT}$x"),
    "PowerShell with headers": (
        f"Invoke-RestMethod 'https://x' -Headers @{{'cookie'='li_at={LI_AT}; b=2'}}",
        LI_AT,
    ),
    "JavaScript": (f'document.cookie = "li_at={LI_AT}"', LI_AT),
    "JavaScript.": (f'const cookies = "li_at={LI_AT}";', LI_AT),
    "axios": (f"axios.get('https://x', {{headers: {{Cookie: `li_at={LI_AT}`}}}})", LI_AT),
    "Python": (f"import requests\ncookies = {{'li_at': '{LI_AT}'}}", LI_AT),
    "Python.": (f"cookies = {{\n    'li_at': '{LI_AT}',\n}}", LI_AT),
    "Python with a header": (
        f"import httpx\nhttpx.get('https://x', headers={{\"cookie\": 'li_at={LI_AT}; b=2'}})",
        LI_AT,
    ),
    "HTTPie": (f"http GET https://x 'Cookie: li_at={LI_AT}'", LI_AT),
    "PHP": (f"$cookies = 'li_at={LI_AT}';", LI_AT),
    "PHP with a header": (
        f"<?php curl_setopt($c, CURLOPT_HTTPHEADER, ['Cookie: li_at={LI_AT}; b=2']);",
        LI_AT,
    ),
    "a node of n8n": (
        json.dumps(
            {
                "type": "n8n-nodes-base.httpRequest",
                "parameters": {
                    "url": "https://x",
                    "headerParameters": {
                        "parameters": [{"name": "Cookie", "value": f"li_at={LI_AT}; b=2"}]
                    },
                },
            }
        ),
        LI_AT,
    ),
    "a request of Postman": (
        json.dumps(
            {
                "info": {"name": "x"},
                "item": [
                    {
                        "request": {
                            "method": "GET",
                            "url": "https://x",
                            "header": [{"key": "cookie", "value": f"li_at={LI_AT}; b=2"}],
                        }
                    }
                ],
            }
        ),
        LI_AT,
    ),
}
REFUSED = {
    "PowerShell": POWERSHELL.replace(f'"{LI_AT}"', "$env:LI_AT"),
    "PowerShell.": f'Invoke-RestMethod -Uri "https://x" -Headers @{{"cookie"="li_at={LI_AT}$x"}}',
    "fetch": FETCH.replace('"cookie"', '"accept-language"'),
    "fetch.": FETCH.replace("});", "}")[:-30],
    "code": f'document.cookie = "li_at=" + "{LI_AT}"',
    "code.": f"const cookie = `li_at={LI_AT}${{tail}}`;",
    "code..": f"import requests\ncookies = {{'li_at': f'{LI_AT}{{tail}}'}}",
    "a shell script": f"export li_at={LI_AT}",
    "variables": f'curl "https://x" -H "Cookie: li_at=$LI_AT; lang={LI_AT}"',
    "variables.": f'curl.exe "https://x" -H "Cookie: li_at=%LI_AT%; lang={LI_AT}"',
    "quote that is not closed": f"curl 'https://x' -H 'Cookie: li_at={LI_AT}",
    "quote that is not closed.": f'curl.exe ^"https://x^" -H ^"Cookie: li_at={LI_AT}',
    "HAR without cookies": json.dumps(
        {"log": {"entries": [{"request": REQUEST | {"headers": []}}]}}
    ),
}


@pytest.mark.parametrize("dialect", READ_TOO)
def test_a_value_is_the_one_that_its_dialect_means(dialect):
    text, value = READ_TOO[dialect]

    found = read(text)

    assert (found.values.get("li_at"), found.problem) == (value, "")


@pytest.mark.parametrize("dialect", EXACT)
def test_what_can_be_read_exactly_is_read_as_it_is(dialect):
    found = read(EXACT[dialect])

    assert found == Pasted(values={"li_at": LI_AT}, others=1)
    assert set(read(EXACT[dialect], "acme").values) <= {"li_at", "lang"}


@pytest.mark.parametrize("dialect", REFUSED)
def test_other_dialects_are_refused_by_their_names(dialect):
    for integration in ("linkedin", "acme"):
        found = read(REFUSED[dialect], integration)

        assert found == Pasted(problem=found.problem)
        assert dialect.rstrip(".") in found.problem
        assert LI_AT[:6] not in found.problem


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (f'{{"li_at": "x",\n"li_at": "{LI_AT}"}}', "One name is there twice (line 1), and nobody"),
        (
            f"[\n{{“name”: “li_at”, “value”: “{LI_AT}”}}]",
            "This is no JSON yet. Line 2, column 2: “ (",
        ),
        (f'[{{"name": {LI_AT}}}]', "This begins like JSON but is not: line 1, column 11 is"),
        (f'li_at = "{LI_AT}"', "li_at stands between quotes, which no li_at has: leave them."),
    ],
)
def test_damaged_exports_are_refused_without_a_word_of_them(text, problem):
    found = read(text)

    assert found.values == {}
    assert found.problem.startswith(problem)
    assert LI_AT[:6] not in found.problem


@given(pastes)
def test_no_paste_raises(text):
    for integration in ("linkedin", "acme-crm", "hubspot"):
        read(text, integration)


@given(exports)
def test_no_export_raises(value):
    text = json.dumps(value)

    for integration in ("linkedin", "acme-crm"):
        read(text, integration)


def test_twenty_thousand_of_anything_are_read_at_once():
    for sign in ("\x00", ";", "=", "\t", "\n", "{", "[", '"', " ", "a=", "\ud800", "👩", "li_at="):
        read(sign * (20_000 // len(sign)))


@pytest.mark.parametrize("begin", ["a", "a =", "const", "export", "$a", "curl"])
def test_blank_lines_inside_are_looked_at_once(begin):
    assert commands.read_command(begin + "\r\n" * 500_000 + "b") in (None, ())


def test_values_do_not_show_in_what_is_printed():
    assert LI_AT not in repr(read(f"li_at={LI_AT}; li_a={LI_A}"))


IN_OTHER_QUOTES = JSESSIONID.replace('"', '\\"')


@pytest.mark.parametrize(
    "text",
    [
        f"curl.exe 'https://x' -H 'Cookie: li_at={LI_AT}; JSESSIONID={IN_OTHER_QUOTES}'",
        f"Cookie: JSESSIONID={JSESSIONID}'",
        f"Cookie: li_at={LI_AT}\\; lang=v",
        f"anything: curl 'https://x' -b 'lang=v; JSESSIONID={JSESSIONID}'",
        f"RUN curl -b 'lang=v; li_at={LI_AT}' https://x",
    ],
)
def test_no_damaged_value_is_taken_for_a_cookie(text):
    found = read(text)

    assert found.values == {}
    assert "copy it anew" in found.problem.lower() or "Copy it as cURL" in found.problem

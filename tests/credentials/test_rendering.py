"""The shown request equals the sent one, and shows no secret; real shells run the command."""

from __future__ import annotations

import json
import os
import shutil
import subprocess

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from playground.contract import wire
from playground.contract.accounts import AccountCredentials, AccountSave
from playground.credentials.builder import build_save
from playground.credentials.rendering import render_curl, render_lines
from playground.credentials.variables import variables_of
from playground.payload.paths import show_path
from tests.credentials.samples import (
    JSESSIONID,
    LI_A,
    LI_AT,
    PRINTABLE,
    cookie_values,
    draft,
    drafts,
    secret_texts,
    update,
)

SHELLS = [name for name in ("bash", "sh", "dash", "zsh") if shutil.which(name)]
URL = "https://api.example.com/v3/integrations/linkedin/accounts"
# Prints every argument on a line of its own, then the body that it was given.
FAKE_CURL = r"""curl() { for part in "$@"; do printf '%s\n' "$part"; done; printf '\0'; cat; }
"""
NASTY = (
    PRINTABLE,
    JSESSIONID,
    "$(touch x) `id` $HOME ${x:-y}",
    "\\",
    "\\\\n\\u0041",
    "'\"'\"",
    "!! !echo",
    "%s %d \\c",
    "-n",
    "REQUEST",
    "é漢👩‍👩‍👧",
    "$LI_AT",
    "*?[a]{b,c}~",
    "x" * 20_000,
)


def run(shell: str, command: str, variables: dict[str, str]) -> tuple[list[str], bytes]:
    """The arguments of curl and its body."""
    environment = {"PATH": os.environ["PATH"], "UPSTREAM_API_KEY": "k3y", "UPSTREAM_PROJECT_ID": ""}
    done = subprocess.run(
        [shell],
        input=(FAKE_CURL + command + "\n").encode(),
        capture_output=True,
        env=environment | variables,
        timeout=20,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    arguments, _, body = done.stdout.partition(b"\0")
    return arguments.decode().splitlines(), body


def secrets_by_variable(request: AccountSave) -> dict[str, str]:
    value = wire.to_builtins(request)
    found = {}
    for path, variable in variables_of(request.account).items():
        secret = value
        for key in path:
            secret = secret[key]
        found[variable] = secret
    return found


def save(**account: object) -> AccountSave:
    return AccountSave(account=AccountCredentials(**account), resume_paused_jobs=True)


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("secret", NASTY, ids=range(len(NASTY)))
def test_the_command_sends_the_request_whatever_the_secrets_hold(shell, secret):
    request = save(
        name="O'Brien's $(x) `y` \\ !! \"z\" \u202e",
        api_key=secret,
        password=secret,
        cookies={"li_at": secret, "a$`b": secret, "PATH": secret, "!x": secret},
    )

    arguments, body = run(shell, render_curl(request, URL), secrets_by_variable(request))

    assert arguments[:5] == ["--globoff", "--request", "POST", "--url", URL]
    assert arguments[-2:] == ["--data-binary", "@-"]
    assert json.loads(body) == wire.to_builtins(request)


@given(
    cookies=st.dictionaries(st.from_regex(r"[!-:<>-~]{1,9}", fullmatch=True), secret_texts),
    key=secret_texts,
    name=st.text(max_size=20),
)
@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_any_request_is_sent_by_its_command(cookies, key, name):
    request = save(name=name, api_key=key, cookies=cookies)

    _, body = run("sh", render_curl(request, URL), secrets_by_variable(request))

    assert json.loads(body) == wire.to_builtins(request)


@pytest.mark.parametrize("shell", SHELLS)
def test_the_command_stops_before_anything_is_sent_when_a_variable_is_not_set(shell):
    request = save(cookies={"li_at": LI_AT, "li_a": LI_A})

    done = subprocess.run(
        [shell],
        input=(FAKE_CURL + render_curl(request, URL) + "\n").encode(),
        capture_output=True,
        env={"PATH": os.environ["PATH"], "LI_AT": LI_AT},
        timeout=20,
    )

    assert done.stdout == b""
    assert b"LI_A:" in done.stderr
    assert done.returncode != 0


def test_a_request_without_secrets_needs_no_variables():
    request = build_save(update(name="New")).request

    assert render_curl(request, URL).split("\n") == [
        "curl --globoff --request POST \\",
        f"  --url '{URL}' \\",
        '  --header "Authorization: x-api-key $UPSTREAM_API_KEY" \\',
        '  --header "x-project-id: $UPSTREAM_PROJECT_ID" \\',
        "  --header 'Content-Type: application/json' \\",
        "  --data-binary @- <<REQUEST",
        "{",
        '  "account": {',
        '    "uid": "a-1",',
        '    "name": "New"',
        "  }",
        "}",
        "REQUEST",
    ]


def test_the_lines_show_variables_in_the_places_of_secrets():
    made = draft(pasted=f"li_at={LI_AT}", cookies={"li_a": LI_A}, resumes=True)

    lines = render_lines(build_save(made).request)

    assert [(line.text, show_path(line.path)) for line in lines] == [
        ("{", "$"),
        ('  "account": {', "$.account"),
        ('    "name": "Jane\'s",', "$.account.name"),
        ('    "cookies": {', "$.account.cookies"),
        ('      "li_at": "$LI_AT",', "$.account.cookies.li_at"),
        ('      "li_a": "$LI_A"', "$.account.cookies.li_a"),
        ("    },", "$.account.cookies"),
        ('    "user_uid": "u-1"', "$.account.user_uid"),
        ("  },", "$.account"),
        ('  "resume_paused_jobs": true', "$.resume_paused_jobs"),
        ("}", "$"),
    ]


@pytest.mark.parametrize(
    ("account", "variables"),
    [
        ({"api_key": "x"}, ["ACCOUNT_API_KEY"]),
        ({"username": "x", "password": "y"}, ["ACCOUNT_USERNAME", "ACCOUNT_PASSWORD"]),
        (
            {"cookies": dict.fromkeys(["li_at", "li_a", "JSESSIONID", "li_rm"], "x")},
            ["LI_AT", "LI_A", "JSESSIONID", "LI_RM"],
        ),
        (
            {"cookies": dict.fromkeys(["PATH", "a-b", "a_b", "1"], "x")},
            ["COOKIE_PATH", "COOKIE_A_B", "COOKIE_A_B_2", "COOKIE_1"],
        ),
    ],
)
def test_every_secret_has_a_variable_of_its_own(account, variables):
    assert list(variables_of(AccountCredentials(**account)).values()) == variables


@given(drafts())
def test_the_shown_json_is_the_sent_one_with_variables(made):
    request = build_save(made).request

    shown = json.loads("\n".join(line.text for line in render_lines(request)))

    for path, variable in variables_of(request.account).items():
        *parents, last = path
        holder = shown
        for parent in parents:
            holder = holder[parent]
        assert holder[last] == f"${variable}"
        holder[last] = secrets_by_variable(request)[variable]
    if made.uid.isascii():
        assert shown == wire.to_builtins(request)


@given(
    cookie=cookie_values,
    other=cookie_values,
    secret=secret_texts,
    username=secret_texts,
    integration=st.sampled_from(["linkedin", "acme-crm", "hubspot"]),
    way=st.sampled_from(["fields", "header", "lines", "export"]),
)
def test_no_secret_is_in_anything_that_is_rendered(
    cookie, other, secret, username, integration, way
):
    # Digits that the fixed parts of a page do not hold, so that nothing is found by chance.
    cookie, other, secret, username = (f"0{at}9{one}" for at, one in
                                       enumerate((cookie, other, secret, username)))  # fmt: skip
    pasted = {
        "fields": "",
        "header": f"Cookie: li_at={cookie}; li_a={other}",
        "lines": f"li_at={cookie}\nli_a={other}",
        "export": json.dumps({"li_at": cookie, "li_a": other}),
    }[way]
    fields = {"li_at": cookie, "li_a": other} if way == "fields" else {}
    for kind in ("cookies", "api_key", "password"):
        made = draft(
            integration,
            kind,
            name="My account",
            pasted=pasted,
            cookies=fields,
            api_key=secret,
            username=username,
            password=secret,
        )

        built = build_save(made)
        shown = "\n".join(
            [
                *(line.text for line in render_lines(built.request)),
                render_curl(built.request, URL),
                repr((made, built)),
            ]
        )

        hidden = (cookie, other, secret, username)
        assert [one for one in hidden if one in shown] == []

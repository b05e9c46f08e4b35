"""Commands are read as bash reads them: each is run with a curl that prints what it was given."""

from __future__ import annotations

import os
import subprocess

import pytest

from playground.payload.edit.paste.found import UnableToReadPasted
from playground.payload.edit.paste.shell import read_commands

BODY = '{"job_name": "O\'Brien $HOME `id` \\\\ \\"q\\" !"}'
SCRIPTS = {
    "single quotes": "curl 'https://x' -d '{\"a\": \"O'\\''Brien\"}'",
    "double quotes": r'curl "https://x" -d "{\"a\": \"\$5 \`x\` \\\\ \q\"}"',
    "pieces": "curl 'a'\"b\"c\\ d\\\ne  -d 'x'\\''y'",
    "escapes": r"curl $'\a\b\e\E\f\n\r\t\v\\\'\"\?\101\x41\u00e9\U0001f600\cA\q'",
    "bytes of UTF-8": r"curl $'\xc3\xa9\303\251'",
    "no closing of hex": r"curl $'\x4g\u00e\U1f60'",
    "empty words": "curl '' \"\" $'' -d ''",
    "line ends": "curl 'https://x' \\\n  -H 'a: b' \\\n\t--compressed",
    "a comment": "# first\ncurl a#b c # d 'e\n",
    "an assignment": "A='x y'\ncurl \"$A\" \"${A}z\" $'q'",
    "a here-document": f"curl -d @- https://x <<'END'\n{BODY}\n\n $A\nEND\n",
    "one that is expanded": 'A=1\ncurl -d @- <<END\n{"a": "$A \\$5 \\` \\\\ \\" "}\nEND',
    "one with tabs": "curl -d @- <<-'END'\n\t\t{\n\t x\n\tEND\n",
    "a here-string": "curl -d @- <<< '{\"a\": 1}'",
    "a pipe": "cat <<'END' | curl -d @- https://x\n{}\nEND\n",
    "printed": "printf '%s' '{\"a\": 1}' | curl -d @- https://x",
    "redirections": "curl 'https://x' -d 1 2>&1 >/dev/null",
    "another before": ": 'payload abc'\ncurl https://x -d '!'",
    "two": "curl a && curl b; curl c",
    "a document in its place": 'curl -d "$(cat <<\'E\'\n{"a": "$b"}\n\nE\n)" https://x',
    "one that is expanded there": 'B=1\ncurl -d "$(cat <<E\n{"a": "$B"}\nE\n)"',
    "one in a variable": 'A=$(cat <<-\'E\'\n\t{"a": 1}\n\tE\n)\ncurl -d "$A"',
    "brackets": "curl -g 'https://x?a[]={b}' -d '{~}'",
}
# Each call of curl: how many words it was given, these, and its input.
FAKE = """curl() { { printf '%s\\0' "$#" "$@"; cat; printf '\\0'; } >&9; }
exec 9>&1
"""


def run(script: str) -> list[tuple[list[str], str]]:
    """The words and the input of each time that it calls curl."""
    command = ["/bin/bash", "--noprofile", "--norc", "-c", FAKE + script]
    environ = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": "/"}
    ran = subprocess.run(command, env=environ, stdin=subprocess.DEVNULL, capture_output=True)
    parts = ran.stdout.decode("utf-8", "surrogateescape").split("\0")
    calls = []
    while len(parts) > 1:
        count = int(parts[0])
        calls.append((parts[1 : count + 1], parts[count + 1]))
        parts = parts[count + 2 :]
    return calls


@pytest.mark.skipif(not os.path.exists("/bin/bash"), reason="There is no bash.")  # noqa: PTH110
@pytest.mark.parametrize("name", SCRIPTS)
def test_words_and_input_are_those_that_bash_gives(name):
    commands = [one for one in read_commands(SCRIPTS[name]) if one.words[:1] == ["curl"]]

    assert [(one.words[1:], one.stdin or "") for one in commands] == run(SCRIPTS[name])


@pytest.mark.parametrize(
    ("script", "place"),
    [("curl 'a", 5), ('curl "a\\"', 5), ("curl $'a\\'", 5), ("curl <<'E'\n{}", 11)],
)
def test_what_is_not_closed_is_told_by_its_place(script, place):
    with pytest.raises(UnableToReadPasted) as raised:
        read_commands(script)

    assert raised.value.place == place

"""Commands are read as bash reads them: each is run with a curl that prints what it was given."""

from __future__ import annotations

import json
import os
import subprocess
import sys

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
    "brackets": "curl -g 'https://x?a[]={b}' -d '{~}'",
}
FAKE = """#!{python}
import json, sys
stdin = sys.stdin.read() if not sys.stdin.isatty() else ""
print(json.dumps([sys.argv[1:], stdin]), file=open({log!r}, "a"))
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Runs a script; gives the words, and the input, of each time that it called curl."""
    place = tmp_path_factory.mktemp("bin")
    log, curl = place / "log", place / "curl"
    curl.write_text(FAKE.format(python=sys.executable, log=str(log)))
    curl.chmod(0o755)
    environ = {"PATH": f"{place}:/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": "/"}

    def run_script(script: str) -> list[tuple[list[str], str]]:
        log.write_text("")
        command = ["bash", "--noprofile", "--norc", "-c", script]
        subprocess.run(command, env=environ, stdin=subprocess.DEVNULL, capture_output=True)
        return [tuple(json.loads(line)) for line in log.read_text().splitlines()]

    return run_script


@pytest.mark.skipif(not os.path.exists("/bin/bash"), reason="There is no bash.")  # noqa: PTH110
@pytest.mark.parametrize("name", SCRIPTS)
def test_words_and_input_are_those_that_bash_gives(run, name):
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

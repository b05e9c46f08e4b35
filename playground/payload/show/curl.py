"""A payload as a curl command that can be pasted into bash, zsh and sh, whatever the data is.

- The body stands in a here-document, whose length is not bounded as a command's argument is (128
  KiB on Linux). Its delimiter is quoted, so that no `$`, backtick or backslash means anything in
  it, unless the shell is to put something in.
- No line of it can equal the delimiter: a line of JSON begins with a bracket, a blank or a quote.
- `!` is written as an escape: some shells replace it by an older command even there.
- Characters that hide or reorder others are written as escapes too, so that the terminal shows
  what will be sent.
- Remarks are arguments of `:`, the command that does nothing: zsh does not take `#` for a
  comment when it is typed at the prompt, and would run what follows.
- `--globoff` keeps curl from expanding brackets in the address.
- Key and project come from the environment and are never part of the text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from playground.contract import wire
from playground.payload.build.builder import Built
from playground.payload.show.lines import Line, json_text, text_of
from playground.payload.texts import percent_encode_hiding, without_hiding

PAYLOAD_FILE = "payload.json"
KEY_VARIABLE = "UPSTREAM_API_KEY"
PROJECT_VARIABLE = "UPSTREAM_PROJECT_ID"
_PAYLOAD, _REQUEST = "PAYLOAD", "REQUEST"


class Expansion(str):
    """Code that the shell replaces by what it stands for, inside a here-document."""

    __slots__ = ()


def render_curl(built: Built, url: str, *, comments: Sequence[str] = ()) -> str:
    """The command, without a line feed at its end: pasted, it waits for Enter.

    The first line names the payload's fingerprint; each comment follows on a line of its own.
    """
    return _launch(built, url, comments, send_body([json_text(built)], delimiter=_PAYLOAD))


def render_curl_with_file(built: Built, url: str) -> str:
    """The same for a payload that is too large to be pasted: it is read from a file."""
    remark = f"it is large: save it as {PAYLOAD_FILE} in this folder first"
    return _launch(built, url, [remark], send_file())


def render_request(
    method: str, url: str, body: Sequence[Line] = (), *, is_whole: bool = True
) -> str:
    """Any call of the API; without lines it has no body, and a body of which they are not the
    whole is read from a file."""
    if not body:
        return "\n".join(request_lines(url, method=method, has_body=False)).removesuffix(" \\")
    sent = send_body([text_of(body)]) if is_whole else send_file()
    return "\n".join([*request_lines(url, method=method), sent])


def request_lines(url: str, *, method: str = "POST", has_body: bool = True) -> list[str]:
    """The beginning of any call to the API: what to say how the body comes is left to add."""
    key = wire.authorization_value(f"${KEY_VARIABLE}")
    return [
        f"curl --globoff --request {method} \\",
        f"  --url {_quoted(percent_encode_hiding(url))} \\",
        f'  --header "{wire.AUTHORIZATION_HEADER}: {key}" \\',
        f'  --header "{wire.PROJECT_HEADER}: ${PROJECT_VARIABLE}" \\',
        *(["  --header 'Content-Type: application/json' \\"] if has_body else []),
    ]


def send_body(
    pieces: Iterable[str], *, delimiter: str = _REQUEST, is_expanded: bool = False
) -> str:
    """The end of any call that has a body: the pieces of its JSON text, in a here-document.

    If it `is_expanded`, every `Expansion` among the pieces is left to the shell, and all others
    reach curl as they are.
    """
    write, quote = (_literal, "") if is_expanded else (_without_bang, "'")
    text = "".join(
        [piece if isinstance(piece, Expansion) else write(piece) for piece in pieces],
    )
    return f"  --data-binary @- <<{quote}{delimiter}{quote}\n{text}\n{delimiter}"


def _launch(built: Built, url: str, comments: Sequence[str], body: str) -> str:
    remarks = [f"payload {built.fingerprint}", *comments]
    return "\n".join(
        [
            *(f": {_quoted(without_hiding(remark))}" for remark in remarks),
            *request_lines(url),
            body,
        ]
    )


def send_file(name: str = PAYLOAD_FILE) -> str:
    """The same for a body that is read from a file."""
    return f"  --data-binary @{name}"


def _without_bang(json_text: str) -> str:
    return json_text.replace("!", "\\u0021")


def _literal(json_text: str) -> str:
    """For a here-document that the shell expands."""
    text = _without_bang(json_text)
    return text.replace("\\", "\\\\").replace("$", "\\$").replace("`", "\\`")


def _quoted(text: str) -> str:
    """One argument for a POSIX shell: nothing is special between single quotes but their end."""
    return "'" + text.replace("'", "'\\''") + "'"

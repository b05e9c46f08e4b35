"""The words of a curl command → the request that it sends."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from playground.payload.edit.paste.found import Request, UnableToReadPasted, Variable
from playground.payload.texts import shorten

# Options that are followed by a word, by their letter and by their name.
_LETTERS = frozenset("AbcCdDeEFhHKmoPQrtTuUwxXyYz")
_WITH_WORD = frozenset(
    """
    abstract-unix-socket alt-svc anyauth-user aws-sigv4 cacert capath cert cert-type ciphers
    config connect-timeout connect-to continue-at cookie cookie-jar create-file-mode crlfile
    data data-ascii data-binary data-raw data-urlencode dns-servers doh-url dump-header engine
    expect100-timeout form form-string header hostpubsha256 interface ipfs-gateway json
    keepalive-time key key-type limit-rate local-port login-options max-filesize max-redirs
    max-time netrc-file noproxy oauth2-bearer output output-dir pass pinnedpubkey preproxy proto
    proto-default proto-redir proxy proxy-header proxy-user range rate referer request
    request-target resolve retry retry-delay retry-max-time service-name socks4 socks5
    socks5-hostname speed-limit speed-time stderr tls-max tls13-ciphers trace trace-ascii
    unix-socket upload-file url url-query user user-agent variable write-out
    """.split()  # noqa: SIM905
)
_NAMES = {
    "A": "user-agent", "b": "cookie", "d": "data", "e": "referer", "F": "form", "G": "get",
    "H": "header", "I": "head", "T": "upload-file", "u": "user", "U": "proxy-user",
    "X": "request", "o": "output", "x": "proxy", "E": "cert",
}  # fmt: skip
_DATA = ("data", "data-ascii", "data-binary", "data-raw", "data-urlencode", "json")
_SECRETS = {
    "user": "--user",
    "proxy-user": "--proxy-user",
    "oauth2-bearer": "--oauth2-bearer",
    "pass": "--pass",
    "aws-sigv4": "--aws-sigv4",
}
_header = re.compile(r"\s*([^:;]+?)\s*:(.*)", re.DOTALL).fullmatch


@dataclass(slots=True)
class _Reading:
    stdin: str | None
    files: Mapping[str, str]
    urls: list[str] = field(default_factory=list)
    method: str = ""
    headers: list[tuple[str, str]] = field(default_factory=list)
    data: list[tuple[str, str]] = field(default_factory=list)
    secrets: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    is_get: bool = False

    def take(self, name: str, value: str) -> None:
        if name in _DATA:
            self.data.append((name, self._content(name, value)))
        elif name in ("url", "next-url"):
            self.urls.append(value)
        elif name == "request":
            self.method = value.upper()
        elif name in ("header", "proxy-header"):
            found = _header(value)
            if found:
                given = found[2].strip()
                kept = Variable(given) if isinstance(value, Variable) else given
                self.headers.append((found[1], kept))
        elif name == "cookie":
            self.headers.append(("Cookie", value))
        elif name in _SECRETS and not isinstance(value, Variable):
            self.secrets.append(_SECRETS[name])
        elif name == "form":
            raise UnableToReadPasted(
                "This command sends a form (--form), and a launch has a JSON body: paste that."
            )
        elif name == "upload-file":
            self.data.append(("data-binary", self._content("data-binary", f"@{value}")))

    def _content(self, name: str, value: str) -> str:
        if name == "data-urlencode":
            if value.lstrip("=").lstrip()[:1] in ("{", "["):
                # Meant as it stands, or nothing would come of it.
                return value.lstrip("=")
            key, sign, text = value.partition("=")
            return f"{key}={quote(text)}" if sign and key else quote(text or value)
        if name == "data-raw" or not value.startswith("@"):
            return value
        given = self.stdin if value in ("@-", "@/dev/stdin") else self.files.get(value[1:])
        if given is not None:
            is_joined = name in ("data", "data-ascii")
            return re.sub(r"[\r\n]", "", given) if is_joined else given
        if value in ("@-", "@/dev/stdin"):
            raise UnableToReadPasted(
                "This command reads its body from its input, which is not in what was pasted: "
                "paste the body."
            )
        raise UnableToReadPasted(
            f"This command reads its body from the file {shorten(value[1:])}, which is not in what "
            "was pasted: paste what is in the file, or choose it here."
        )

    @property
    def body(self) -> str | None:
        if not self.data or self.is_get:
            return None
        parts = [self.data[0][1]]
        for name, value in self.data[1:]:
            parts += ["" if name == "json" else "&", value]
        text = "".join(parts)
        is_unknown = any(isinstance(value, Variable) for _, value in self.data)
        return Variable(text) if is_unknown else text


def read_curl(
    words: Sequence[str], stdin: str | None = None, files: Mapping[str, str] | None = None
) -> Request:
    """`words` are those behind the command's name, `files` what the same text has written into
    some. Raises `UnableToReadPasted`."""
    reading, at = _Reading(stdin, files or {}), 0
    while at < len(words):
        word = words[at]
        at += 1
        if word == "--":
            continue
        if word in (":", "--next", "-:"):
            if reading.data:
                break
            continue
        if word.startswith("--"):
            at = _long(reading, word, words, at)
        elif word.startswith("-") and len(word) > 1:
            at = _short(reading, word, words, at)
        else:
            reading.urls.append(word)
    headers = reading.headers
    return Request(
        url=reading.urls[0] if reading.urls else "",
        method=reading.method or ("POST" if reading.body is not None else "GET"),
        headers=tuple(headers),
        body=reading.body,
        has_secret=bool(reading.secrets),
        notices=tuple(
            f"What stands behind {option} was left out: the playground has credentials of its own."
            for option in dict.fromkeys(reading.secrets)
        ),
    )


def _long(reading: _Reading, word: str, words: Sequence[str], at: int) -> int:
    name, sign, value = word[2:].partition("=")
    if name == "get":
        reading.is_get = True
    if name not in _WITH_WORD:
        return at
    if sign:
        kept = Variable(value) if isinstance(word, Variable) else value
        reading.take(name, kept)
        return at
    if at < len(words):
        reading.take(name, words[at])
    return at + 1


def _short(reading: _Reading, word: str, words: Sequence[str], at: int) -> int:
    for place, letter in enumerate(word[1:], start=2):
        if letter == "G":
            reading.is_get = True
        if letter not in _LETTERS or letter == "h":
            continue
        rest = word[place:]
        value = (Variable(rest) if isinstance(word, Variable) else rest) if rest else ""
        if not rest and at < len(words):
            value = words[at]
        reading.take(_NAMES.get(letter, letter), value)
        return at if rest else at + 1
    return at

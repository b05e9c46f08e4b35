"""Hostile requests: every input that makes a default view answer 500, at every place of a route.

A `Shot` is one request. `single_shots` changes one thing of a good request, each thing in turn;
`random_shot` changes several at once.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import cycle, islice
from random import Random
from urllib.parse import quote, quote_from_bytes

from django.conf import settings
from django.http import HttpResponse
from django.test import Client

FORM = "application/x-www-form-urlencoded"
BOUNDARY = "----hostile"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"
DEEP = b"[" * 100_000 + b"]" * 100_000

# Texts as bytes, by kinds: those of one kind go wrong, if they do, in the same way.
KINDS: tuple[tuple[bytes, ...], ...] = (
    (b"", b" "),
    (b"\x00", b"a\x00b"),
    (b"\xff\xfe", b"\xc0\x80", b"\xed\xa0\x80"),
    (rb'"\ud800"', rb'{"\udfff": "\ud800"}', rb'"\u0000"'),
    ("\ufffe\u202e\u2028\U0001f600".encode(), "ﷺ".encode() * 300, "İ".encode() * 50),
    (b"a\r\nSet-Cookie: hit=1", b"a\nX-Hit: 1\r\n\r\n<script>"),
    (b"NaN", b"Infinity", b"-Infinity", b"1e999"),
    (str(2**70).encode(), str(-(2**70)).encode()),
    (b"9" * 5_000,),
    (b"-1", b"0", b"1.5"),
    (b"0x10", b"1_000", b"123456789abc"),
    ("²".encode(), "٣".encode(), "１".encode()),
    (b"10000-01-01", b"10000-12-31T23:59:59+23:59", b"0000-00-00"),
    (b"user__password", b"-user__password__startswith", b"launch__user__password__regex=."),
    (b"..", b".", b"../../etc/passwd", b"%00", b"%2e%2e%2f"),
    (b"//evil.example/",),
    (b"javascript:alert(1)", b"http://evil.example:99999999/", b"http://[::1"),
    (b"'; DROP TABLE playground_launch; --", b"{{ 7|add:7 }}{% debug %}", b"__proto__"),
    (b"x" * 20_000, b"(?P<a>" * 200),
    (b"{}", b"[]", b"null"),
    (b'{"a": 1, "a": 2}', b'{"a": NaN}', b"[1e400, -1e400]", b"[" + b"9" * 5_000 + b"]"),
    (b"read-payload", b"add-row", b"remove-row:" + b"9" * 5_000, b"json"),
)
TEXTS = tuple(text for kind in KINDS for text in kind)
DEEP_TEXTS = (DEEP, b'{"a":' * 100_000 + b"1" + b"}" * 100_000)

HOSTS = (
    "",
    "evil.example",
    "localhost.evil.example",
    "a" * 64 + ".localhost",
    "a" * 5_000,
    "localhost:99999999999",
    "localhost:port",
    "localhost@evil.example",
    "[::1",
    "[::1]]",
    "..localhost",
    "local host",
    "localhost/",
    "xn--a",
    "xn--" + "9" * 70,
    "١٢٧.0.0.1",
    "localhost\r\nX-Hit: 1",
    "\x00",
    "\xff",
)
SESSION, CSRF = settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME
MESSAGES = settings.MESSAGES_COOKIE_NAME
HEADERS: tuple[tuple[str, str], ...] = (
    ("HTTP_COOKIE", f"{SESSION}=" + "x" * 6_000),
    ("HTTP_COOKIE", f'{SESSION}="\\000\\001abcdefghijk"'),
    ("HTTP_COOKIE", f"{SESSION}=\xff\xfe\xed\xa0\x80abcdefgh"),
    ("HTTP_COOKIE", f"{CSRF}=\x00; {MESSAGES}=\xff; =; ;;;"),
    ("HTTP_COOKIE", f"{MESSAGES}=W1siX19qc29u:x:y; {CSRF}=" + "a" * 64),
    ("HTTP_COOKIE", "; ".join(f"c{number}=1" for number in range(3_000))),
    ("HTTP_X_CSRFTOKEN", "\xed\xa0\x80" * 20),
    ("HTTP_REFERER", "http://[::1"),
    ("HTTP_REFERER", "\xff://\x00"),
    ("HTTP_ORIGIN", "null"),
    ("HTTP_ORIGIN", "http://[evil"),
    ("HTTP_ACCEPT", "\xff/*;q=NaN,text/html;q=1e999," * 50),
    ("HTTP_ACCEPT_ENCODING", "gzip;q=9e999, \xff"),
    ("HTTP_ACCEPT_LANGUAGE", "x-" * 5_000),
    ("HTTP_IF_MODIFIED_SINCE", "Fri, 31 Dec 10000 23:59:59 GMT"),
    ("HTTP_IF_NONE_MATCH", 'W/"' + "a" * 5_000),
    ("HTTP_RANGE", "bytes=" + "9" * 5_000 + "-"),
    ("HTTP_EXPECT", "100-continue\r\nX-Hit: 1"),
    ("HTTP_X_FORWARDED_FOR", "9.9.9.9, \xff"),
    ("HTTP_X_FORWARDED_HOST", "evil.example"),
    ("HTTP_X_FORWARDED_PROTO", "https, gopher"),
    ("HTTP_X_HTTP_METHOD_OVERRIDE", "DELETE"),
    ("HTTP_HX_REQUEST", "true"),
    ("HTTP_HX_CURRENT_URL", "%ED%A0%80"),
    ("HTTP_HX_TARGET", "\xff"),
    ("HTTP_AUTHORIZATION", "Basic \xff\xfe"),
    ("HTTP_AUTHORIZATION", "x-api-key " + "\xed\xa0\x80"),
    ("HTTP_AUTHORIZATION", "x-api-key"),
    ("HTTP_X_PROJECT_ID", "\xff" * 600),
    ("HTTP_USER_AGENT", ""),
    ("HTTP_CONTENT_ENCODING", "gzip"),
    ("HTTP_TRANSFER_ENCODING", "chunked"),
)
CONTENT_TYPES = (
    "",
    "text/plain",
    "application/json",
    # Charsets never reach Django: see `playground.wsgi`.
    f"{FORM}; charset=" + "x" * 2_000,
    "multipart/form-data",
    "multipart/form-data; boundary=",
    "multipart/form-data; boundary=" + "b" * 500,
    'multipart/form-data; boundary="\xff"',
    "multipart/form-data; boundary*=utf-16''%00%ff",
    "multipart/mixed; boundary=a",
    "\xff/\xff; " + "a=b; " * 1_000,
)
# What somebody might pass on to a database, and no page reads.
UNREAD = ("order_by", "user__password__startswith")
# Servers let only digits pass.
LENGTHS = ("", "0", "1", "5", "999999", "9" * 18)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """One request. `what` says what is hostile about it."""

    what: str
    method: str
    path: str
    query: str = ""
    body: bytes = b""
    content_type: str = FORM
    environ: Mapping[str, str] = field(default_factory=dict)

    def fire(self, client: Client) -> HttpResponse:
        environ = {
            "QUERY_STRING": self.query,
            "CONTENT_TYPE": self.content_type,
            "CONTENT_LENGTH": str(len(self.body)),
            # Not the test client's own payload, which trusts the length it is told.
            "wsgi.input": io.BytesIO(self.body),
            **self.environ,
        }
        return client.generic(self.method, self.path, **environ)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A good request and where it can be changed: path segments that name things, names of
    query parameters and form fields."""

    method: str
    path: str
    named: tuple[str, ...] = ()
    query: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    json_body: bytes = b""
    environ: Mapping[str, str] = field(default_factory=dict)

    def shot(self, what: str, **changes: object) -> Shot:
        made = Shot(
            what=what,
            method=self.method,
            path=self.path,
            body=self.json_body,
            content_type="application/json" if self.json_body else FORM,
            environ=self.environ,
        )
        return replace(made, **changes)


def single_shots(target: Target, turn: int | None = None) -> Iterator[Shot]:
    """A good request, then one hostile thing at a time; of what nothing reads, a few.

    With a `turn`, one text of each kind, one in three of those that are not the page's own affair
    (the frame reads hosts and broken forms, and paths and queries are read as they are for GET),
    and one in six of the largest. Targets that come one after the other have all of them.
    """
    texts = TEXTS if turn is None else tuple(kind[turn % len(kind)] for kind in KINDS)
    yield target.shot("as it should be")
    turn_of_address = turn if target.method == "POST" else None
    yield from in_turn(_paths(target, texts), turn_of_address)
    yield from in_turn(_queries(target, texts), turn_of_address)
    yield from in_turn(_frame(target), turn)
    yield from in_turn(_large(target), turn, 6)
    if target.method not in ("GET", "HEAD"):
        yield from _bodies(target, texts, turn or 0)


def in_turn(shots: Iterator[Shot], turn: int | None, among: int = 3) -> Iterator[Shot]:
    return shots if turn is None else islice(shots, turn % among, None, among)


def _large(target: Target) -> Iterator[Shot]:
    """What is refused, or read to its end, for its size."""
    yield target.shot("query, too many", query="&".join(f"a{n}=1" for n in range(12_100)))
    yield target.shot("query, long", query="q=" + "a" * 100_000)
    if target.method in ("GET", "HEAD"):
        return
    many = b"&".join(b"inputs-%d-a=1" % number for number in range(12_100))
    yield target.shot("form, too many fields", body=many, content_type=FORM)
    edge, head = f"--{BOUNDARY}".encode(), b'Content-Disposition: form-data; name="a"'
    parts = b"\r\n".join([edge, head, b"", b"a"] * 12_100 + [edge + b"--", b""])
    yield target.shot("multipart, too many fields", body=parts, content_type=MULTIPART)
    for text in DEEP_TEXTS:
        yield target.shot("deep JSON", body=text, content_type="application/json")


def _frame(target: Target) -> Iterator[Shot]:
    """Hosts, headers, lengths, and forms that are none: pages never see the bytes."""
    for host in HOSTS:
        yield _with_header(target, "HTTP_HOST", host)
    if target.environ or target.json_body:
        for header, value in HEADERS:
            yield _with_header(target, header, value)
    else:
        yield from _several_headers(target)
    if target.method not in ("GET", "HEAD"):
        yield from _lengths_and_types(target)
        for what, body in _multiparts((target.fields or ("a",))[0]):
            yield target.shot(f"multipart, {what}", body=body, content_type=MULTIPART)


def random_shot(target: Target, random: Random) -> Shot:
    """Several hostile things at once."""
    shot = target.shot("several")
    for _ in range(random.randint(1, 3)):
        shot = _changed(target, shot, random)
    return shot


def _changed(target: Target, shot: Shot, random: Random) -> Shot:
    kind = random.randrange(6)
    text = random.choice(TEXTS)
    if kind == 0 and target.named:
        return replace(shot, path=_path_with(target, random.choice(target.named), text))
    if kind == 1:
        name = random.choice((*target.query, "page", "order_by"))
        return replace(shot, query=f"{shot.query}&{quote(name)}={_percent(text, random)}")
    if kind == 2:
        header, value = random.choice(HEADERS)
        return replace(shot, environ={**shot.environ, header: value})
    if kind == 3:
        return replace(shot, content_type=random.choice(CONTENT_TYPES))
    if kind == 4 and random.random() < 0.3:
        return replace(shot, environ={**shot.environ, "CONTENT_LENGTH": random.choice(LENGTHS)})
    return replace(shot, body=_random_body(target, random))


def _random_body(target: Target, random: Random) -> bytes:
    if target.json_body and random.random() < 0.8:
        return _random_json(target.json_body, random)
    if random.random() < 0.2:
        return random.randbytes(random.randint(0, 300))
    names = random.choices(target.fields or ("a",), k=random.randint(1, 12))
    return b"&".join(
        quote(name).encode() + b"=" + quote_from_bytes(random.choice(TEXTS)).encode()
        for name in names
    )


def _random_json(good: bytes, random: Random) -> bytes:
    """A good body with one of its values replaced, or cut, or a few of its bytes changed."""
    kind = random.randrange(4)
    if kind == 0:
        return good[: random.randrange(len(good))]
    if kind == 1:
        spoilt = bytearray(good)
        for _ in range(3):
            spoilt[random.randrange(len(spoilt))] = random.randrange(256)
        return bytes(spoilt)
    return with_value(good, random.randrange(1_000), random.choice(JSON_VALUES))


JSON_VALUES = (
    b"null",
    b"true",
    b"0",
    b"-1",
    b"1.5",
    b"NaN",
    b"1e999",
    b"Infinity",
    str(2**70).encode(),
    b"9" * 5_000,
    b'""',
    rb'"\ud800"',
    rb'"\u0000"',
    b'"\xff"',
    b'"10000-01-01T00:00:00"',
    b'"' + b"x" * 20_000 + b'"',
    b"[]",
    b"{}",
    b'{"a":1,"a":2}',
    b"[[[[[[[[[[]]]]]]]]]]",
    b"[null,1,[],{}]",
    b"[" * 5_000 + b"]" * 5_000,
)


def with_value(good: bytes, place: int, value: bytes) -> bytes:
    """`good` with value number `place` replaced by raw JSON."""
    place %= len(list(places_of(json.loads(good))))
    return with_values(good, {place: value}) if place else value


def with_values(good: bytes, values: Mapping[int, bytes]) -> bytes:
    """The same for several places, none of which is the whole or inside another one."""
    raw = json.loads(good)
    places = list(places_of(raw))
    for place in values:
        holder, key = places[place]
        holder[key] = f"\u2603mark {place}"
    body = json.dumps(raw).encode()
    for place, value in values.items():
        body = body.replace(json.dumps(f"\u2603mark {place}").encode(), value)
    return body


def places_of(raw: object) -> Iterator[tuple[object, object]]:
    yield None, None
    pending = [raw]
    while pending:
        item = pending.pop()
        keys = item.keys() if isinstance(item, dict) else range(len(item))
        for key in list(keys):
            yield item, key
            if isinstance(item[key], dict | list):
                pending.append(item[key])


def _paths(target: Target, texts: tuple[bytes, ...]) -> Iterator[Shot]:
    for named, text in zip(cycle(target.named), texts, strict=False):
        yield target.shot(f"path {text[:20]!r}", path=_path_with(target, named, text))
    yield target.shot("path, no slash", path=target.path.rstrip("/") or "/")
    yield target.shot("path, invalid UTF-8 behind", path=target.path + "%ff%00")
    yield target.shot("path, long", path=target.path + "x" * 10_000)


def _path_with(target: Target, named: str, text: bytes) -> str:
    return target.path.replace(quote(named), quote_from_bytes(text, safe=""), 1)


def _queries(target: Target, texts: tuple[bytes, ...]) -> Iterator[Shot]:
    if target.query:
        for text in texts:
            query = _query((name, text) for name in (*target.query, *UNREAD))
            yield target.shot(f"query {text[:20]!r}", query=query)
    else:
        for start in range(0, len(texts), 8):
            some = texts[start : start + 8]
            query = _query(zip(cycle(UNREAD), some, strict=False))
            yield target.shot(f"query {some[0][:20]!r} and more", query=query)
    yield target.shot("query, raw bytes", query="q=\xff\xed\xa0\x80&\x00=\x00")
    yield target.shot("query, broken escapes", query="q=%&%%=%zz&%u0041;a=b")
    yield target.shot("query, page twice", query="page=2&page=x&page[]=1")


def _query(items: Iterable[tuple[str, bytes]]) -> str:
    return "&".join(f"{quote(name)}={quote_from_bytes(text[:2_000])}" for name, text in items)


def _several_headers(target: Target) -> Iterator[Shot]:
    """Every value of every header, as many together as have different names: pages read few of
    them, and none because of another."""
    left = list(HEADERS)
    while left:
        some = dict(reversed(left))
        for item in some.items():
            left.remove(item)
        what = f"{len(some)} headers, {next(iter(some.values()))[:30]!r}"
        yield target.shot(what, environ={**target.environ, **some})


def _with_header(target: Target, header: str, value: str) -> Shot:
    environ = {**target.environ, header: value}
    return target.shot(f"{header} {value[:30]!r}", environ=environ)


def _bodies(target: Target, texts: tuple[bytes, ...], turn: int) -> Iterator[Shot]:
    for text in texts if target.fields else ():
        body = "&".join(f"{quote(name)}={quote_from_bytes(text)}" for name in target.fields)
        yield target.shot(f"every field {text[:20]!r}", body=body.encode(), content_type=FORM)
    # One of them alone: the others may have been refused first.
    for text, name in islice(zip(TEXTS, cycle(target.fields), strict=False), turn % 4, None, 4):
        body = f"{quote(name)}={quote_from_bytes(text)}".encode()
        yield target.shot(f"field {name}={text[:20]!r}", body=body, content_type=FORM)
    good = target.json_body
    for place, value in enumerate(JSON_VALUES if good else ()):
        body = with_value(good, place, value)
        yield target.shot(f"JSON value {place} {value[:20]!r}", body=body)
    yield from _odd_forms(target)


def _lengths_and_types(target: Target) -> Iterator[Shot]:
    body = target.json_body or b"a=1"
    for length in LENGTHS:
        environ = {**target.environ, "CONTENT_LENGTH": length}
        yield target.shot(f"length {length[:20]!r}", body=body, environ=environ)
    for content_type in CONTENT_TYPES:
        what = f"content type {content_type[:60]!r}"
        body = target.json_body or b"a=%ff&b"
        yield target.shot(what, body=body, content_type=content_type)


def _odd_forms(target: Target) -> Iterator[Shot]:
    names = target.fields or ("a",)
    deep = quote_from_bytes(DEEP)
    for name in ("extra", "pasted"):
        if name in names:
            body = f"{name}={deep}&action=read-payload".encode()
            yield target.shot(f"deep JSON in {name}", body=body, content_type=FORM)
    yield target.shot("form, raw bytes", body=b"\xff=\xff&\x00=\xed\xa0\x80", content_type=FORM)
    yield target.shot("form, broken escapes", body=b"%=%zz&%&=&&;", content_type=FORM)
    yield target.shot("form, all of one name", body=b"&".join([b"page=1"] * 500))


def _multiparts(name: str) -> Iterator[tuple[str, bytes]]:
    edge = f"--{BOUNDARY}".encode()
    head = f'Content-Disposition: form-data; name="{name}"'.encode()
    good = edge + b"\r\n" + head + b"\r\n\r\nvalue\r\n" + edge + b"--\r\n"
    file = head + b'; filename="a.csv"\r\nContent-Type: text/csv'
    yield "good", good
    yield "empty", b""
    yield "cut", good[:-20]
    yield "no end", good.replace(b"--\r\n", b"")
    yield "other boundary", good.replace(b"hostile", b"friendly")
    yield "bare line feeds", good.replace(b"\r\n", b"\n")
    yield "no head", edge + b"\r\n\r\nvalue\r\n" + edge + b"--\r\n"
    yield "no name", good.replace(head, b"Content-Disposition: form-data")
    yield "invalid UTF-8 name", good.replace(head, b'Content-Disposition: form-data; name="\xff"')
    yield "NUL name", good.replace(head, b'Content-Disposition: form-data; name="a\x00b"')
    yield "extended name", good.replace(head, head + b"; filename*=utf-16''%ff%00")
    yield "unknown charset", good.replace(head, head + b"; filename*=nonsense''x")
    yield "broken base64", good.replace(head, head + b"\r\nContent-Transfer-Encoding: base64")
    yield "long head", good.replace(head, head + b"; a=" + b"x" * 20_000)
    yield "many heads", good.replace(head, head + b"\r\nX-A: b" * 2_000)
    yield "invalid UTF-8 value", good.replace(b"value", b"\xff\xfe\xed\xa0\x80")
    yield "one file", good.replace(head, file)
    yield "file of no name", good.replace(head, head + b'; filename=""')
    yield "file of a path", good.replace(head, head + b'; filename="../../../etc/\x00passwd"')
    yield "101 files", b"\r\n".join([edge, file, b"", b"a"] * 101 + [edge + b"--", b""])


def _percent(text: bytes, random: Random) -> str:
    return text.decode("latin-1") if random.random() < 0.1 else quote_from_bytes(text)

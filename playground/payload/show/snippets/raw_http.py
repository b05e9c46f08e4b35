"""The request as it goes over the wire, with variables that `envsubst` puts in."""

from __future__ import annotations

from urllib.parse import urlsplit

from playground.payload.show.snippets.calls import Call, Target
from playground.payload.show.snippets.writing import escape, fill

_TEMPLATE = """
«method» «path» HTTP/1.1
Host: «host»
«auth»: «scheme»$«key»
«project_header»: $«project»
Content-Type: application/json«+»
Content-Length: «length»«+»
Connection: close

«body»«+»
"""


def write(call: Call) -> str:
    """What a shell would put something in for is an escape in the body. A file stands as its name,
    for whoever sends it to put it there."""
    address = urlsplit(call.url)
    body = escape(call.body, "$")
    return fill(
        _TEMPLATE,
        call,
        path=address._replace(scheme="", netloc="").geturl(),
        host=address.netloc,
        body=f"< ./{call.file}" if call.file else body,
        length="…" if call.file else str(len(body.encode())),
    )


TARGET = Target(
    name="http",
    language="HTTP",
    title="raw request",
    file_name="launch.http",
    write=write,
)

"""Java with nothing to install."""

from __future__ import annotations

from playground.payload.show.snippets.calls import Call, Target
from playground.payload.show.snippets.writing import escape_beyond_ascii, fill, pieces

_TEMPLATE = """
// «remark»
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;«imports»

public class Launch {
    public static void main(String[] args) throws Exception {
        «payload»«+»
        HttpRequest request = HttpRequest.newBuilder(URI.create("«url»"))
            .header("«auth»", "«scheme»" + System.getenv("«key»"))
            .header("«project_header»", System.getenv("«project»"))
            .header("Content-Type", "application/json")«+»
            .method("«method»", HttpRequest.BodyPublishers.«publisher»)
            .build();
        HttpResponse<String> response = HttpClient.newHttpClient()
            .send(request, HttpResponse.BodyHandlers.ofString());
        System.out.println(response.body());
        System.exit(response.statusCode() < 400 ? 0 : 1);
    }
}
"""


# Bytes of a constant: a class file has no room for more.
_MOST = 65_535
_PIECE = 30_000


def payload(call: Call) -> str:
    """The assignment, in ASCII: compilers read files in the encoding of the machine."""
    if call.file:
        return f'Path payload = Path.of("{call.file}");'
    text = escape_beyond_ascii(call.body).replace("\\", "\\\\")
    if len(text) <= _MOST:
        return f'String payload = """\n{text}""";'
    parts = ",\n            ".join(_literal(piece) for piece in pieces(call.body, _PIECE))
    return f'String payload = String.join("",\n            {parts});'


def write(call: Call) -> str:
    publisher = "ofFile(payload)" if call.file else "ofString(payload)"
    return fill(
        _TEMPLATE,
        call,
        payload=payload(call),
        imports="\nimport java.nio.file.Path;" if call.file else "",
        publisher=publisher if call.has_body else "noBody()",
    )


def _literal(text: str) -> str:
    escaped = escape_beyond_ascii(text).replace("\\", "\\\\").replace('"', '\\"')
    return '"' + escaped.replace("\n", "\\n") + '"'


TARGET = Target(
    name="java",
    language="Java",
    title="java.net.http (Java 15)",
    file_name="Launch.java",
    write=write,
)

"""The fields of Webhooks by Zapier, action Custom Request: Zapier has no form to import them."""

from __future__ import annotations

from playground.payload.show.snippets.calls import Call, Target
from playground.payload.show.snippets.writing import escape_braces, fill

_TEMPLATE = """
Webhooks by Zapier, Custom Request
«remark»

Method: «method»
URL: «url»
Unflatten: no
Headers:
«auth» | «scheme»{{«key»}}
«project_header» | {{«project»}}
Content-Type | application/json«+»
Data:«+»
«body»«+»
"""


def write(call: Call) -> str:
    """What stands between double braces is a field there."""
    body = f"(what is in {call.file})" if call.file else escape_braces(call.body)
    return fill(_TEMPLATE, call, body=body)


TARGET = Target(
    name="zapier",
    language="Tools",
    title="Zapier, Custom Request",
    file_name="launch.zapier.txt",
    write=write,
    keys="as fields of a step before: put those in their places",
)

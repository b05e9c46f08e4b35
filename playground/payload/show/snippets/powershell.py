"""PowerShell: Windows PowerShell 5.1 and PowerShell 7."""

from __future__ import annotations

from playground.payload.show.snippets import powershell_literal
from playground.payload.show.snippets.calls import Call, Target
from playground.payload.show.snippets.writing import fill

_TEMPLATE = """
# «remark»
«payload»$headers = @{
  '«auth»' = "«scheme»$env:«key»"
  '«project_header»' = $env:«project»
}
Invoke-RestMethod -Method «method» -Uri '«url»' -Headers $headers«body»
"""


def write(call: Call) -> str:
    payload = f"{powershell_literal.payload(call)}\n" if call.body else ""
    body = f"-InFile '{call.file}'" if call.file else "-Body $payload"
    sends = f" -ContentType 'application/json' {body}" if call.has_body else ""
    return fill(_TEMPLATE, call, payload=payload, body=sends)


TARGET = Target(
    name="powershell",
    language="PowerShell",
    title="Invoke-RestMethod",
    file_name="launch.ps1",
    write=write,
)

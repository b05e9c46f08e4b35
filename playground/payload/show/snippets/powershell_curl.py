"""cURL in PowerShell: Windows PowerShell 5.1 and PowerShell 7."""

from __future__ import annotations

from playground.payload.show.snippets import powershell_literal
from playground.payload.show.snippets.calls import Call, Target
from playground.payload.show.snippets.writing import fill

_TEMPLATE = """
# «remark»
«sends»curl.exe --globoff --request «method» `
  --url '«url»' `
  --header "«auth»: «scheme»$env:«key»" `
  --header "«project_header»: $env:«project»" `
  --header 'Content-Type: application/json' `«+»
  --data-binary '@«file»'«+»
"""


def write(call: Call) -> str:
    """The body goes through a pipe: quotes in an argument reach no program before PowerShell 7.3.

    `curl` alone is another command in Windows PowerShell.
    """
    sends = f"{powershell_literal.payload(call)}\n$payload | " if call.body else ""
    return fill(_TEMPLATE, call, sends=sends, file=call.file or "-").removesuffix(" `")


TARGET = Target(
    name="powershell-curl",
    language="PowerShell",
    title="curl.exe",
    file_name="launch.ps1",
    write=write,
)

"""Elixir with nothing to install."""

from __future__ import annotations

from playground.payload.show.snippets.calls import Call, Target
from playground.payload.show.snippets.writing import fill

_TEMPLATE = """
# «remark»
«payload»«+»
«+»
{:ok, _} = Application.ensure_all_started(:inets)
{:ok, _} = Application.ensure_all_started(:ssl)

headers = [
  {~c"«auth»", String.to_charlist("«scheme»" <> System.fetch_env!("«key»"))},
  {~c"«project_header»", String.to_charlist(System.fetch_env!("«project»"))}
]

options = [«ssl»]
{:ok, {{_, status, _}, _, answer}} =
  :httpc.request(:«method», {~c"«url»", headers«body»}, options, body_format: :binary)

IO.puts(answer)
if status >= 400, do: System.halt(1)
"""


# Before version 26 Erlang checks no certificate unless it is told to.
_CHECKED = """
  ssl: [
    verify: :verify_peer,
    cacerts: :public_key.cacerts_get(),
    customize_hostname_check: [
      match_fun: :public_key.pkix_verify_hostname_match_fun(:https)
    ]
  ]
"""


def payload(call: Call) -> str:
    """The assignment, in a sigil that knows no escapes and ends at a line with three quotes: none
    of JSON begins so."""
    if call.file:
        return f'payload = File.read!("{call.file}")'
    return f'payload = ~S"""\n{call.body}\n"""'


def checked(call: Call) -> str:
    """The options of the connection."""
    return _CHECKED if call.url.startswith("https:") else ""


def write(call: Call) -> str:
    return fill(
        _TEMPLATE,
        call,
        payload=payload(call),
        method=call.method.lower(),
        body=', ~c"application/json", payload' if call.has_body else "",
        ssl=checked(call),
    )


TARGET = Target(
    name="elixir",
    language="Elixir",
    title=":httpc (Elixir 1.14, OTP 25)",
    file_name="launch.exs",
    write=write,
)

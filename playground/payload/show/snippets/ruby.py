"""Ruby with nothing to install."""

from __future__ import annotations

from playground.payload.show.snippets.calls import Call, Target
from playground.payload.show.snippets.writing import fill

_TEMPLATE = """
# «remark»
require "net/http"

«payload»«+»
«+»
uri = URI("«url»")
request = Net::HTTP::«class».new(uri)
request["«auth»"] = "«scheme»#{ENV.fetch("«key»")}"
request["«project_header»"] = ENV.fetch("«project»")
request["Content-Type"] = "application/json"«+»
request.body = payload«+»

response = Net::HTTP.start(uri.hostname, uri.port, use_ssl: uri.scheme == "https") do |http|
  http.request(request)
end
puts response.body
exit response.code.to_i < 400
"""


def payload(call: Call) -> str:
    """The assignment. No line of JSON begins with a word that could end the literal."""
    if call.file:
        return f'payload = File.binread("{call.file}")'
    return f"payload = <<'PAYLOAD'\n{call.body}\nPAYLOAD"


def write(call: Call) -> str:
    return fill(_TEMPLATE, call, payload=payload(call), **{"class": call.method.capitalize()})


TARGET = Target(
    name="ruby",
    language="Ruby",
    title="Net::HTTP",
    file_name="launch.rb",
    write=write,
)

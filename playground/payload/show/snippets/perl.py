"""Perl with nothing to install."""

from __future__ import annotations

from playground.payload.show.snippets.calls import Call, Target
from playground.payload.show.snippets.writing import fill

_TEMPLATE = r"""
# «remark»
use strict;
use warnings;
use HTTP::Tiny;

«payload»«+»
«+»
my $response = HTTP::Tiny->new(verify_SSL => 1)->request('«method»', '«url»', {
    headers => {
        '«auth»' => "«scheme»$ENV{«key»}",
        '«project_header»' => $ENV{«project»},
        'Content-Type' => 'application/json',«+»
    },
    content => $payload,«+»
});
print "$response->{content}\n";
exit($response->{success} ? 0 : 1);
"""


def payload(call: Call) -> str:
    """The assignment. No line of JSON begins with a word that could end the literal."""
    if call.file:
        return (
            f"open my $file, '<:raw', '{call.file}' or die \"{call.file}: $!\";\n"
            "my $payload = do { local $/; <$file> };"
        )
    return f"my $payload = <<'PAYLOAD';\n{call.body}\nPAYLOAD"


def write(call: Call) -> str:
    return fill(_TEMPLATE, call, payload=payload(call))


TARGET = Target(
    name="perl",
    language="Perl",
    title="HTTP::Tiny",
    file_name="launch.pl",
    write=write,
)

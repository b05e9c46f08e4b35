"""PHP with its cURL extension."""

from __future__ import annotations

from playground.payload.show.snippets.calls import Call, Target
from playground.payload.show.snippets.writing import fill

_TEMPLATE = r"""
<?php
// «remark»
«payload»«+»

$request = curl_init('«url»');
curl_setopt_array($request, [
    CURLOPT_CUSTOMREQUEST => '«method»',
    CURLOPT_HTTPHEADER => [
        '«auth»: «scheme»' . getenv('«key»'),
        '«project_header»: ' . getenv('«project»'),
        'Content-Type: application/json',«+»
    ],
    CURLOPT_POSTFIELDS => $payload,«+»
    CURLOPT_RETURNTRANSFER => true,
    CURLOPT_TIMEOUT => 30,
]);
$answer = curl_exec($request);
if ($answer === false) {
    fwrite(STDERR, curl_error($request) . "\n");
    exit(1);
}
echo $answer, "\n";
exit(curl_getinfo($request, CURLINFO_RESPONSE_CODE) < 400 ? 0 : 1);
"""


def payload(call: Call) -> str:
    """The assignment. No line of JSON begins with a word that could end the literal."""
    if call.file:
        return f"$payload = file_get_contents('{call.file}');"
    return f"$payload = <<<'PAYLOAD'\n{call.body}\nPAYLOAD;"


def write(call: Call) -> str:
    return fill(_TEMPLATE, call, payload=payload(call))


TARGET = Target(
    name="php",
    language="PHP",
    title="cURL extension",
    file_name="launch.php",
    write=write,
    needs="php-curl",
)

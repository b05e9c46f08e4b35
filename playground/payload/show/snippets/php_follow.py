"""Launch, wait, read the results: PHP with its cURL extension."""

from __future__ import annotations

from playground.payload.show.snippets import php
from playground.payload.show.snippets.calls import Call, Target
from playground.payload.show.snippets.writing import fill

_TEMPLATE = r"""
<?php
// «remark»
const BASE_URL = '«base_url»';
const FINAL_STATUSES = [«final»];
const PLAIN = JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_PRESERVE_ZERO_FRACTION;
// Half of a character is none.
const HALF = '/(?:\\\\\\\\|\\\\ud[89ab]..\\\\ud[c-f]..)(*SKIP)(*F)|\\\\ud[89a-f]../i';
«payload»

function call(string $method, string $url, ?string $body = null): stdClass
{
    while (true) {
        $wait = 10;
        $request = curl_init($url);
        curl_setopt_array($request, [
            CURLOPT_CUSTOMREQUEST => $method,
            CURLOPT_HTTPHEADER => [
                '«auth»: «scheme»' . getenv('«key»'),
                '«project_header»: ' . getenv('«project»'),
                'Content-Type: application/json',
            ],
            CURLOPT_RETURNTRANSFER => true,
            CURLOPT_TIMEOUT => 30,
            CURLOPT_HEADERFUNCTION => function ($request, string $line) use (&$wait): int {
                if (preg_match('/^Retry-After:\s*([1-9]\d{0,5})\s*$/i', $line, $found)) {
                    $wait = min((int) $found[1], 3600);
                }
                return strlen($line);
            },
        ]);
        if ($body !== null) {
            curl_setopt($request, CURLOPT_POSTFIELDS, $body);
        }
        $text = curl_exec($request);
        $status = curl_getinfo($request, CURLINFO_RESPONSE_CODE);
        if ($text === false || ($status >= 400 && $status != 429)) {
            fwrite(STDERR, $text === false ? curl_error($request) : "$status: $text");
            exit(1);
        }
        if ($status != 429) {
            $text = preg_replace(HALF, '\\\\ufffd', $text);
            return json_decode($text, false, 512, JSON_BIGINT_AS_STRING | JSON_THROW_ON_ERROR);
        }
        sleep($wait);
    }
}

function cell($value): string
{
    return is_string($value) ? $value : ($value === null ? '' : json_encode($value, PLAIN));
}

$launched = call('«method»', '«url»', $payload);
$job = BASE_URL . '/jobs/' . $launched->job_uid;
$status = '';
for ($pause = 1; !in_array($status, FINAL_STATUSES, true); $pause = min($pause * 2, 30)) {
    sleep($pause);
    $status = call('GET', $job)->status;
    echo $status, "\n";
}

$rows = [];
for ($page = 1, $hasNext = true; $hasNext; $page++) {
    $answer = call('GET', "$job/results?page=$page");
    foreach ($answer->results ?? [] as $row) {
        $rows[] = get_object_vars($row);
    }
    $hasNext = $answer->paging->have_next_page ?? false;
}

$columns = [];
foreach ($rows as $row) {
    $columns += array_fill_keys(array_keys($row), true);
}
$columns = array_keys($columns);
$file = fopen('results.csv', 'wb');
fputcsv($file, $columns, ',', '"', '');
foreach ($rows as $row) {
    fputcsv($file, array_map(fn($name) => cell($row[$name] ?? null), $columns), ',', '"', '');
}
fclose($file);
echo count($rows), " rows in results.csv\n";
exit(in_array($status, [«success»], true) ? 0 : 1);
"""


def write(call: Call) -> str:
    return fill(_TEMPLATE, call, payload=php.payload(call))


TARGET = Target(
    name="php-follow",
    language="PHP",
    title="cURL extension: launch, wait, results",
    file_name="follow.php",
    write=write,
    needs="php-curl",
    flavour="follow",
)

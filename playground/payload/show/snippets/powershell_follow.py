"""Launch, wait, read the results: Windows PowerShell 5.1 and PowerShell 7.

All of it is one block: pasted, it stops where something fails. What the two versions read and send
in ways of their own (answers, JSON, CSV) is left to .NET, which is the same for both.
"""

from __future__ import annotations

from playground.payload.show.snippets import powershell_literal
from playground.payload.show.snippets.calls import Call, Target
from playground.payload.show.snippets.writing import fill

_TEMPLATE = r"""
# «remark»
& {
$ErrorActionPreference = 'Stop'
$baseUrl = '«base_url»'
$final = «final»
$success = «success»
$headers = @{
  '«auth»' = "«scheme»$env:«key»"
  '«project_header»' = $env:«project»
}
«payload»
Add-Type -AssemblyName System.Net.Http
$client = [Net.Http.HttpClient]::new()

# The parts of an object or an array as they are written; names and values by turns.
function Split-Json([string]$json) {
  $depth = 0
  $begin = 0
  foreach ($found in [regex]::Matches($json, '"(?>[^"\\]+|\\.)*"|[\[\]{},:]')) {
    if ($found.Length -gt 1) { continue }
    $sign = $found.Value
    if ('{', '[' -contains $sign) {
      $depth += 1
      if ($depth -eq 1) { $begin = $found.Index + 1 }
      continue
    }
    if ('}', ']' -contains $sign) { $depth -= 1 }
    if ($depth -eq 0 -or ($depth -eq 1 -and ',', ':' -contains $sign)) {
      $part = $json.Substring($begin, $found.Index - $begin).Trim()
      if ($part -ne '') { $part }
      $begin = $found.Index + 1
    }
  }
}

function Read-Text([string]$part) {
  if ($part -ceq 'null' -or $part -eq '') { return '' }
  if ($part[0] -ne '"') { return $part }
  [regex]::Unescape($part.Substring(1, $part.Length - 2))
}

function Read-Object([string]$json) {
  $members = New-Object Collections.Specialized.OrderedDictionary
  $parts = @(Split-Json $json)
  for ($at = 0; $at -lt $parts.Count; $at += 2) {
    $members[[string](Read-Text $parts[$at])] = $parts[$at + 1]
  }
  $members
}

function Invoke-Call($method, $url, $body) {
  while ($true) {
    $request = [Net.Http.HttpRequestMessage]::new([Net.Http.HttpMethod]::new($method), [uri]$url)
    foreach ($header in $headers.GetEnumerator()) {
      [void]$request.Headers.TryAddWithoutValidation($header.Key, [string]$header.Value)
    }
    if ($body) {
      $utf8 = [Text.Encoding]::UTF8
      $request.Content = [Net.Http.StringContent]::new($body, $utf8, 'application/json')
    }
    $response = $client.SendAsync($request).GetAwaiter().GetResult()
    $text = $response.Content.ReadAsStringAsync().GetAwaiter().GetResult()
    $code = [int]$response.StatusCode
    if ($code -lt 400) { return Read-Object $text }
    if ($code -ne 429) { throw "${code}: $text" }
    $wait = 10
    $told = $response.Headers.RetryAfter
    if ($told -and $told.Delta -gt 0) { $wait = [Math]::Min($told.Delta.TotalSeconds, 3600) }
    Start-Sleep -Seconds $wait
  }
}

function Format-Line($texts) {
  $cells = foreach ($text in $texts) {
    if ($text -match '[",\r\n]') { '"' + $text.Replace('"', '""') + '"' } else { $text }
  }
  ($cells -join ',') + "`r`n"
}

$launched = Invoke-Call '«method»' '«url»' $payload
$job = "$baseUrl/jobs/" + (Read-Text $launched['job_uid'])
$status = ''
$pause = 1
while ($final -cnotcontains $status) {
  Start-Sleep -Seconds $pause
  $pause = [Math]::Min($pause * 2, 30)
  $current = Invoke-Call 'GET' $job
  $status = Read-Text $current['status']
  Write-Host $status
}

$rows = New-Object Collections.Generic.List[object]
$columns = New-Object Collections.Generic.List[string]
$page = 1
do {
  $answer = Invoke-Call 'GET' "$job/results?page=$page"
  foreach ($part in Split-Json $answer['results']) {
    $row = Read-Object $part
    $rows.Add($row)
    foreach ($member in $row.GetEnumerator()) {
      if (-not $columns.Contains($member.Key)) { $columns.Add($member.Key) }
    }
  }
  $paging = Read-Object $answer['paging']
  $page += 1
} while ($paging['have_next_page'] -ceq 'true')

$csv = New-Object Text.StringBuilder
[void]$csv.Append((Format-Line $columns))
foreach ($row in $rows) {
  [void]$csv.Append((Format-Line @(foreach ($name in $columns) { Read-Text $row[$name] })))
}
[IO.File]::WriteAllText((Join-Path $PWD.Path 'results.csv'), $csv.ToString())
Write-Host "$($rows.Count) rows in results.csv"
if ($success -cnotcontains $status) { throw "The job ended as $status." }
}
"""


def write(call: Call) -> str:
    payload = powershell_literal.payload(call)
    if call.file:
        payload = f"$payload = Get-Content -Raw -Encoding UTF8 '{call.file}'"
    return fill(_TEMPLATE, call, payload=payload)


TARGET = Target(
    name="powershell-follow",
    language="PowerShell",
    title="launch, wait, results",
    file_name="follow.ps1",
    write=write,
    flavour="follow",
)

"""Launch, wait, read the results: bash with cURL and jq.

The program is handed to a bash of its own: pasted, it may stop without closing the terminal.
"""

from __future__ import annotations

from playground.contract import jobs
from playground.payload.show.snippets.calls import Call, Target
from playground.payload.show.snippets.writing import escape, fill

_TEMPLATE = r"""
: '«remark»'
bash <<'SCRIPT'
set -euo pipefail

base_url='«base_url»'
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# call METHOD URL [what else cURL is told]: leaves the answer in $folder/answer
call() {
  local status wait
  while :; do
    status=$(curl --silent --show-error --globoff --request "$1" --url "$2" \
      --header "«auth»: «scheme»$«key»" \
      --header "«project_header»: $«project»" \
      --dump-header "$folder/head" --output "$folder/answer" --write-out '%{http_code}' "${@:3}")
    if ((status < 400)); then return; fi
    if ((status != 429)); then
      echo "$status: $(cat "$folder/answer")" >&2
      exit 1
    fi
    wait=$(tr -d '\r' <"$folder/head" | sed -n 's/^[Rr]etry-[Aa]fter: *\([0-9]\{1,4\}\)$/\1/p')
    sleep "${wait:-10}"
  done
}

«payload»
call «method» '«url»' --header 'Content-Type: application/json' --data-binary @«body»
job="$base_url/jobs/$(jq -r .job_uid "$folder/answer")"

status='' pause=1
until [[ $status =~ ^(«alternatives»)$ ]]; do
  sleep "$pause"
  ((pause = pause < 15 ? pause * 2 : 30))
  call GET "$job"
  status=$(jq -r .status "$folder/answer")
  echo "$status"
done

# Numbers are read as texts that begin with this letter: jq rounds those of many digits.
one=$'\x01' number=$'\xee\x80\x80'
pages=() page=1
while :; do
  call GET "$job/results?page=$page"
  sed -E "s/(\"([^\"\\\\]|\\\\.)*\")|(-?[0-9][-+.0-9eE]*)/\\1$one\\3$one/g
    s/$one$one//g; s/$one([^$one]*)$one/\"$number\\1\"/g" "$folder/answer" >"$folder/page-$page"
  pages+=("$folder/page-$page")
  if [[ $(jq -r .paging.have_next_page "$folder/answer") != true ]]; then break; fi
  ((page += 1))
done

jq -n -r --arg number "$number" '
  def plain: gsub("\"" + $number + "(?<it>[^\"]*)\""; .it);
  def text: if type == "string" then ltrimstr($number) else tojson | plain end;
  def cell: if . == null then "" else text end;
  def quoted: if test("[\",\r\n]") then "\"" + (split("\"") | join("\"\"")) + "\"" else . end;
  [inputs.results // [] | .[]] as $rows
  | (reduce ($rows[] | keys_unsorted[]) as $name
      ([]; if index([$name]) then . else . + [$name] end)) as $columns
  | ($columns, ($rows[] as $row | $columns | map($row[.])))
  | map(cell | quoted) | join(",") + "\r"
' "${pages[@]}" >results.csv
echo "$(($(jq -s 'map(.results // [] | length) | add' "${pages[@]}"))) rows in results.csv"
[[ $status =~ ^(«successes»)$ ]]
SCRIPT
"""


def write(call: Call) -> str:
    """A payload of any length stands in a here-document, which goes to a file."""
    body = escape(call.body, "!")
    payload = f"cat >\"$folder/payload\" <<'PAYLOAD'\n{body}\nPAYLOAD"
    return fill(
        _TEMPLATE,
        call,
        payload="" if call.file else payload,
        body=call.file or '"$folder/payload"',
        alternatives="|".join(sorted(jobs.FINAL)),
        successes="|".join(sorted(jobs.SUCCESS)),
    )


TARGET = Target(
    name="curl-follow",
    language="Shell",
    title="cURL and jq (bash): launch, wait, results",
    file_name="follow.sh",
    write=write,
    needs="jq",
    flavour="follow",
)

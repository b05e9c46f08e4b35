"""Launch, wait, read the results: Elixir with nothing to install, a reader of JSON included."""

from __future__ import annotations

from playground.payload.show.snippets import elixir
from playground.payload.show.snippets.calls import Call, Target
from playground.payload.show.snippets.writing import fill

_TEMPLATE = r"""
# «remark»
«payload»

{:ok, _} = Application.ensure_all_started(:inets)
{:ok, _} = Application.ensure_all_started(:ssl)

defmodule Follow do
  # The parts of an object or an array as they are written; names and values by turns.
  def parts(json) do
    pieces = ~r/"(?:[^"\\]++|\\.)*+"|[\[\]{},:]|[^\s"\[\]{},:]++/s
    tokens = List.flatten(Regex.scan(pieces, json))
    {_, _, found} = Enum.reduce(tokens, {0, [], []}, &part/2)
    Enum.reverse(found)
  end

  defp part(_, {0, _, found}), do: {1, [], found}
  defp part(sign, {1, [], found}) when sign in ["}", "]"], do: {0, [], found}

  defp part(sign, {1, part, found}) when sign in [",", ":", "}", "]"],
    do: {if(sign in [",", ":"], do: 1, else: 0), [], [IO.iodata_to_binary(part) | found]}

  defp part(sign, {depth, part, found}) when sign in ["{", "["],
    do: {depth + 1, [part, sign], found}

  defp part(sign, {depth, part, found}) when sign in ["}", "]"],
    do: {depth - 1, [part, sign], found}

  defp part(token, {depth, part, found}), do: {depth, [part, token], found}

  def members(json) do
    for [name, value] <- Enum.chunk_every(parts(json), 2), do: {text(name), value}
  end

  def get(members, name), do: :proplists.get_value(name, members, "")

  def text("null"), do: ""

  def text("\"" <> rest) do
    escapes = ~r/\\u[dD][89abAB]\w\w\\u[dD][c-fC-F]\w\w|\\u\w{4}|\\./s
    Regex.replace(escapes, binary_part(rest, 0, byte_size(rest) - 1), &meant/1)
  end

  def text(part), do: part

  defp meant("\\u" <> digits) do
    units = Base.decode16!(String.replace(digits, "\\u", ""), case: :mixed)
    text = :unicode.characters_to_binary(units, {:utf16, :big})
    if is_binary(text), do: text, else: "\uFFFD"
  end

  defp meant("\\b"), do: "\b"
  defp meant("\\f"), do: "\f"
  defp meant("\\n"), do: "\n"
  defp meant("\\r"), do: "\r"
  defp meant("\\t"), do: "\t"
  defp meant("\\" <> sign), do: sign

  def call(method, url, body \\ nil) do
    headers = [
      {~c"«auth»", String.to_charlist("«scheme»" <> System.fetch_env!("«key»"))},
      {~c"«project_header»", String.to_charlist(System.fetch_env!("«project»"))}
    ]

    sent = {String.to_charlist(url), headers}
    sent = if body, do: sent |> Tuple.append(~c"application/json") |> Tuple.append(body), else: sent
    options = [«ssl»]

    {:ok, {{_, status, _}, told, answer}} =
      :httpc.request(method, sent, options, body_format: :binary)

    cond do
      status < 400 ->
        members(answer)

      status == 429 ->
        Process.sleep(1000 * seconds(List.keyfind(told, ~c"retry-after", 0)))
        call(method, url, body)

      true ->
        IO.puts(:stderr, "#{status}: #{answer}")
        System.halt(1)
    end
  end

  defp seconds(header) do
    with {_, wait} <- header,
         {number, ""} when number > 0 <- Integer.parse(to_string(wait)) do
      min(number, 3600)
    else
      _ -> 10
    end
  end

  def wait(job, pause \\ 1) do
    Process.sleep(1000 * pause)
    status = text(get(call(:get, job), "status"))
    IO.puts(status)
    if status in [«final»], do: status, else: wait(job, min(pause * 2, 30))
  end

  def rows(job, page \\ 1) do
    answer = call(:get, "#{job}/results?page=#{page}")
    rows = Enum.map(parts(get(answer, "results")), &members/1)
    has_next = get(members(get(answer, "paging")), "have_next_page") == "true"
    if has_next, do: rows ++ rows(job, page + 1), else: rows
  end

  def line(texts), do: [Enum.map_intersperse(texts, ",", &cell/1), "\r\n"]

  defp cell(text) do
    if text =~ ~r/[",\r\n]/, do: ["\"", String.replace(text, "\"", "\"\""), "\""], else: text
  end
end

launched = Follow.call(:«method», "«url»", payload)
job = "«base_url»/jobs/" <> Follow.text(Follow.get(launched, "job_uid"))
status = Follow.wait(job)
rows = Follow.rows(job)
columns = rows |> Enum.concat() |> Enum.map(&elem(&1, 0)) |> Enum.uniq()

lines =
  for row <- Enum.map(rows, &Map.new/1) do
    Follow.line(Enum.map(columns, &Follow.text(Map.get(row, &1, ""))))
  end

File.write!("results.csv", [Follow.line(columns), lines])
IO.puts("#{length(rows)} rows in results.csv")
if status not in [«success»], do: System.halt(1)
"""


def write(call: Call) -> str:
    return fill(
        _TEMPLATE,
        call,
        payload=elixir.payload(call),
        method=call.method.lower(),
        ssl=elixir.checked(call).replace("\n", "\n    "),
    )


TARGET = Target(
    name="elixir-follow",
    language="Elixir",
    title=":httpc (Elixir 1.14, OTP 25): launch, wait, results",
    file_name="follow.exs",
    write=write,
    flavour="follow",
)

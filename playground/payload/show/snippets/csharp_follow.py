"""Launch, wait, read the results: C# with nothing to install, a reader of JSON included."""

from __future__ import annotations

from playground.payload.show.snippets import csharp
from playground.payload.show.snippets.calls import Call, Target
from playground.payload.show.snippets.writing import fill

_TEMPLATE = r"""
// «remark»
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading.Tasks;

class Follow
{
    const string BaseUrl = "«base_url»";
    static readonly string[] Final = { «final» };
    static readonly string[] Success = { «success» };
    static readonly HttpClient Client = new HttpClient();

    static string Setting(string name) => Environment.GetEnvironmentVariable(name);

    static async Task<Dictionary<string, string>> Call(string method, string url, string body)
    {
        while (true)
        {
            using (var request = new HttpRequestMessage(new HttpMethod(method), url))
            {
                request.Headers.Add("«auth»", "«scheme»" + Setting("«key»"));
                request.Headers.Add("«project_header»", Setting("«project»"));
                if (body != null)
                {
                    request.Content = new StringContent(body, Encoding.UTF8, "application/json");
                }
                using (var response = await Client.SendAsync(request))
                {
                    var text = await response.Content.ReadAsStringAsync();
                    var status = (int)response.StatusCode;
                    if (status < 400) return Members(text);
                    if (status != 429)
                    {
                        Console.Error.WriteLine(status + ": " + text);
                        Environment.Exit(1);
                    }
                    var wait = response.Headers.RetryAfter?.Delta?.TotalSeconds ?? 10;
                    await Task.Delay(TimeSpan.FromSeconds(wait > 0 ? Math.Min(wait, 3600) : 10));
                }
            }
        }
    }

    // The parts of an object or an array as they are written; names and values by turns.
    static List<string> Parts(string json)
    {
        var found = new List<string>();
        int depth = 0, begin = 0;
        for (var at = 0; at < json.Length; at++)
        {
            var sign = json[at];
            if (sign == '"')
            {
                for (at++; json[at] != '"'; at++) if (json[at] == '\\') at++;
            }
            if ((sign == '{' || sign == '[') && depth++ == 0) begin = at + 1;
            var isEnd = (sign == '}' || sign == ']') && --depth == 0;
            if (isEnd || (depth == 1 && (sign == ',' || sign == ':')))
            {
                var part = json.Substring(begin, at - begin).Trim();
                if (part != "") found.Add(part);
                begin = at + 1;
            }
        }
        return found;
    }

    static IEnumerable<string> Names(string json) => Parts(json).Where((_, at) => at % 2 == 0);

    static Dictionary<string, string> Members(string json)
    {
        var found = new Dictionary<string, string>();
        var parts = Parts(json);
        for (var at = 0; at < parts.Count; at += 2) found[Text(parts[at])] = parts[at + 1];
        return found;
    }

    static string Get(Dictionary<string, string> members, string name) =>
        members.TryGetValue(name, out var part) ? part : "";

    static string Text(string part)
    {
        if (part == "null") return "";
        return part.StartsWith("\"", StringComparison.Ordinal)
            ? Regex.Replace(part.Substring(1, part.Length - 2), @"\\(u[0-9a-fA-F]{4}|.)", Meant)
            : part;
    }

    static string Meant(Match found)
    {
        var code = found.Groups[1].Value;
        if (code.Length > 1) return ((char)Convert.ToInt32(code.Substring(1), 16)).ToString();
        var at = "bfnrt".IndexOf(code, StringComparison.Ordinal);
        return at < 0 ? code : "\b\f\n\r\t".Substring(at, 1);
    }

    static string Cell(string text) =>
        text.IndexOfAny(new[] { '"', ',', '\r', '\n' }) < 0
            ? text
            : "\"" + text.Replace("\"", "\"\"") + "\"";

    static string Line(IEnumerable<string> texts) => string.Join(",", texts.Select(Cell)) + "\r\n";

    static int Main() => Run().GetAwaiter().GetResult();

    static async Task<int> Run()
    {
        «payload»
        var launched = await Call("«method»", "«url»", payload);
        var job = BaseUrl + "/jobs/" + Text(launched["job_uid"]);
        var status = "";
        for (var pause = 1; !Final.Contains(status); pause = Math.Min(pause * 2, 30))
        {
            await Task.Delay(1000 * pause);
            status = Text((await Call("GET", job, null))["status"]);
            Console.WriteLine(status);
        }

        var rows = new List<Dictionary<string, string>>();
        var columns = new List<string>();
        var hasNext = true;
        for (var page = 1; hasNext; page++)
        {
            var answer = await Call("GET", job + "/results?page=" + page, null);
            foreach (var row in Parts(Get(answer, "results")))
            {
                columns.AddRange(Names(row).Select(Text));
                rows.Add(Members(row));
            }
            columns = columns.Distinct().ToList();
            hasNext = Get(Members(Get(answer, "paging")), "have_next_page") == "true";
        }

        using (var file = new StreamWriter("results.csv", false, new UTF8Encoding(false)))
        {
            file.Write(Line(columns));
            foreach (var row in rows)
            {
                file.Write(Line(columns.Select(name => Text(Get(row, name)))));
            }
        }
        Console.WriteLine(rows.Count + " rows in results.csv");
        return Success.Contains(status) ? 0 : 1;
    }
}
"""


def write(call: Call) -> str:
    return fill(_TEMPLATE, call, payload=csharp.payload(call))


TARGET = Target(
    name="csharp-follow",
    language="C#",
    title="HttpClient: launch, wait, results",
    file_name="Follow.cs",
    write=write,
    flavour="follow",
)

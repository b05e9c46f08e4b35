"""C# with nothing to install."""

from __future__ import annotations

from playground.payload.show.snippets.calls import Call, Target
from playground.payload.show.snippets.writing import fill

_TEMPLATE = """
// «remark»
using System;
using System.Net.Http;
using System.Text;
using System.Threading.Tasks;

class Launch
{
    static string Setting(string name) => Environment.GetEnvironmentVariable(name);

    static int Main() => Send().GetAwaiter().GetResult();

    static async Task<int> Send()
    {
        «payload»«+»
        using (var client = new HttpClient())
        using (var request = new HttpRequestMessage(new HttpMethod("«method»"), "«url»"))
        {
            request.Headers.Add("«auth»", "«scheme»" + Setting("«key»"));
            request.Headers.Add("«project_header»", Setting("«project»"));
            request.Content = new StringContent(payload, Encoding.UTF8, "application/json");«+»
            using (var response = await client.SendAsync(request))
            {
                Console.WriteLine(await response.Content.ReadAsStringAsync());
                return response.IsSuccessStatusCode ? 0 : 1;
            }
        }
    }
}
"""


def payload(call: Call) -> str:
    """The assignment, in a verbatim string, which every version of the language has."""
    if call.file:
        return f'var payload = System.IO.File.ReadAllText("{call.file}");'
    return 'var payload = @"' + call.body.replace('"', '""') + '";'


def write(call: Call) -> str:
    return fill(_TEMPLATE, call, payload=payload(call))


TARGET = Target(
    name="csharp",
    language="C#",
    title="HttpClient",
    file_name="Launch.cs",
    write=write,
)

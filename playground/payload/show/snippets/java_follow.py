"""Launch, wait, read the results: Java with nothing to install, a reader of JSON included."""

from __future__ import annotations

from playground.payload.show.snippets import java
from playground.payload.show.snippets.calls import Call, Target
from playground.payload.show.snippets.writing import fill

_TEMPLATE = r"""
// «remark»
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

public class Follow {
    static final String BASE_URL = "«base_url»";
    static final Set<String> FINAL = Set.of(«final»);
    static final Set<String> SUCCESS = Set.of(«success»);
    static final Pattern ESCAPE = Pattern.compile("\\\\(u[0-9a-fA-F]{4}|.)");
    static final HttpClient CLIENT = HttpClient.newHttpClient();

    static Map<String, String> call(String method, String url, BodyPublisher body)
            throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
            .header("«auth»", "«scheme»" + System.getenv("«key»"))
            .header("«project_header»", System.getenv("«project»"))
            .header("Content-Type", "application/json")
            .method(method, body)
            .build();
        while (true) {
            HttpResponse<String> response =
                CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() < 400) return members(response.body());
            if (response.statusCode() != 429) {
                System.err.println(response.statusCode() + ": " + response.body());
                System.exit(1);
            }
            String wait = response.headers().firstValue("Retry-After").orElse("");
            boolean isNumber = wait.matches("[1-9][0-9]{0,5}");
            Thread.sleep(1000L * (isNumber ? Math.min(Integer.parseInt(wait), 3600) : 10));
        }
    }

    // The parts of an object or an array as they are written; names and values by turns.
    static List<String> parts(String json) {
        List<String> found = new ArrayList<>();
        int depth = 0, begin = 0;
        for (int at = 0; at < json.length(); at++) {
            char sign = json.charAt(at);
            if (sign == '"') {
                for (at++; json.charAt(at) != '"'; at++) if (json.charAt(at) == '\\') at++;
            }
            if ((sign == '{' || sign == '[') && depth++ == 0) begin = at + 1;
            boolean isEnd = (sign == '}' || sign == ']') && --depth == 0;
            if (isEnd || (depth == 1 && (sign == ',' || sign == ':'))) {
                String part = json.substring(begin, at).strip();
                if (!part.isEmpty()) found.add(part);
                begin = at + 1;
            }
        }
        return found;
    }

    static Map<String, String> members(String json) {
        Map<String, String> found = new LinkedHashMap<>();
        List<String> parts = parts(json);
        for (int at = 0; at < parts.size(); at += 2) {
            found.put(text(parts.get(at)), parts.get(at + 1));
        }
        return found;
    }

    static String text(String part) {
        if (part.equals("null")) return "";
        if (!part.startsWith("\"")) return part;
        Matcher escapes = ESCAPE.matcher(part.substring(1, part.length() - 1));
        return escapes.replaceAll(found -> Matcher.quoteReplacement(meant(found)));
    }

    static String meant(MatchResult found) {
        String code = found.group(1);
        if (code.length() > 1) return "" + (char) Integer.parseInt(code.substring(1), 16);
        int at = "bfnrt".indexOf(code);
        return at < 0 ? code : "\b\f\n\r\t".substring(at, at + 1);
    }

    static String cell(String text) {
        boolean isPlain = text.chars().noneMatch(sign -> "\",\r\n".indexOf(sign) >= 0);
        return isPlain ? text : '"' + text.replace("\"", "\"\"") + '"';
    }

    public static void main(String[] args) throws Exception {
        «payload»
        Map<String, String> launched =
            call("«method»", "«url»", BodyPublishers.«publisher»);
        String job = BASE_URL + "/jobs/" + text(launched.get("job_uid"));
        String status = "";
        for (int pause = 1; !FINAL.contains(status); pause = Math.min(pause * 2, 30)) {
            Thread.sleep(1000L * pause);
            status = text(call("GET", job, BodyPublishers.noBody()).get("status"));
            System.out.println(status);
        }

        List<Map<String, String>> rows = new ArrayList<>();
        boolean hasNext = true;
        for (int page = 1; hasNext; page++) {
            String url = job + "/results?page=" + page;
            Map<String, String> answer = call("GET", url, BodyPublishers.noBody());
            for (String row : parts(answer.getOrDefault("results", ""))) rows.add(members(row));
            Map<String, String> paging = members(answer.getOrDefault("paging", ""));
            hasNext = "true".equals(paging.get("have_next_page"));
        }

        Set<String> columns = new LinkedHashSet<>();
        for (Map<String, String> row : rows) columns.addAll(row.keySet());
        StringBuilder csv = new StringBuilder();
        csv.append(columns.stream().map(Follow::cell).collect(Collectors.joining(","))).append("\r\n");
        for (Map<String, String> row : rows) {
            csv.append(columns.stream()
                .map(name -> cell(text(row.getOrDefault(name, ""))))
                .collect(Collectors.joining(","))).append("\r\n");
        }
        Files.write(Path.of("results.csv"), csv.toString().getBytes(StandardCharsets.UTF_8));
        System.out.println(rows.size() + " rows in results.csv");
        System.exit(SUCCESS.contains(status) ? 0 : 1);
    }
}
"""


def write(call: Call) -> str:
    publisher = "ofFile(payload)" if call.file else "ofString(payload)"
    return fill(_TEMPLATE, call, payload=java.payload(call), publisher=publisher)


TARGET = Target(
    name="java-follow",
    language="Java",
    title="java.net.http (Java 15): launch, wait, results",
    file_name="Follow.java",
    write=write,
    flavour="follow",
)

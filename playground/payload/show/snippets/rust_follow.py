"""Launch, wait, read the results: Rust with ureq, a reader of JSON included."""

from __future__ import annotations

from playground.payload.show.snippets import rust
from playground.payload.show.snippets.calls import Call, Target
from playground.payload.show.snippets.writing import fill

_TEMPLATE = r"""
// «remark»
use std::collections::HashMap;
use std::env;
use std::error::Error;
use std::fs;
use std::io::Read;
use std::thread::sleep;
use std::time::Duration;

const BASE_URL: &str = "«base_url»";
const FINAL: &[&str] = &[«final»];
const SUCCESS: &[&str] = &[«success»];

fn call(
    method: &str,
    url: &str,
    body: Option<&str>,
) -> Result<HashMap<String, String>, Box<dyn Error>> {
    loop {
        let request = ureq::request(method, url)
            .set("«auth»", &format!("«scheme»{}", env::var("«key»")?))
            .set("«project_header»", &env::var("«project»")?)
            .set("Content-Type", "application/json");
        let answer = match body {
            Some(text) => request.send_string(text),
            None => request.call(),
        };
        match answer {
            Ok(response) => {
                let mut text = String::new();
                response.into_reader().read_to_string(&mut text)?;
                return Ok(members(&text).into_iter().collect());
            }
            Err(ureq::Error::Status(429, response)) => {
                let told = response.header("Retry-After").and_then(|text| text.parse().ok());
                let wait: u64 = told.filter(|wait| *wait > 0).unwrap_or(10);
                sleep(Duration::from_secs(wait.min(3600)));
            }
            Err(ureq::Error::Status(code, response)) => {
                return Err(format!("{}: {}", code, response.into_string()?).into());
            }
            Err(error) => return Err(error.into()),
        }
    }
}

// The parts of an object or an array as they are written; names and values by turns.
fn parts(json: &str) -> Vec<&str> {
    let (mut found, mut depth, mut begin) = (Vec::new(), 0, 0);
    let mut signs = json.char_indices();
    while let Some((at, sign)) = signs.next() {
        if sign == '"' {
            while let Some((_, inner)) = signs.next() {
                match inner {
                    '"' => break,
                    '\\' => drop(signs.next()),
                    _ => {}
                }
            }
        }
        let ends = sign == '}' || sign == ']';
        if sign == '{' || sign == '[' {
            if depth == 0 {
                begin = at + 1;
            }
            depth += 1;
        } else if ends {
            depth -= 1;
        }
        if (ends && depth == 0) || (depth == 1 && (sign == ',' || sign == ':')) {
            let part = json[begin..at].trim();
            if !part.is_empty() {
                found.push(part);
            }
            begin = at + 1;
        }
    }
    found
}

fn members(json: &str) -> Vec<(String, String)> {
    let parts = parts(json);
    parts.chunks_exact(2).map(|pair| (text(pair[0]), pair[1].to_string())).collect()
}

fn text(part: &str) -> String {
    if part == "null" {
        return String::new();
    }
    if !part.starts_with('"') {
        return part.to_string();
    }
    let mut units: Vec<u16> = Vec::new();
    let mut signs = part[1..part.len() - 1].chars();
    while let Some(sign) = signs.next() {
        let meant = match if sign == '\\' { signs.next() } else { None } {
            None => sign,
            Some('u') => {
                let digits: String = signs.by_ref().take(4).collect();
                units.push(u16::from_str_radix(&digits, 16).unwrap_or(0xfffd));
                continue;
            }
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some(other) => other,
        };
        units.extend_from_slice(meant.encode_utf16(&mut [0; 2]));
    }
    String::from_utf16_lossy(&units)
}

fn line(texts: &[String]) -> String {
    let quoted = |text: &String| format!("\"{}\"", text.replace('"', "\"\""));
    let has_signs = |text: &String| text.contains(['"', ',', '\r', '\n']);
    let cells = texts.iter().map(|text| if has_signs(text) { quoted(text) } else { text.clone() });
    cells.collect::<Vec<_>>().join(",") + "\r\n"
}

fn main() -> Result<(), Box<dyn Error>> {
    «payload»
    let launched = call("«method»", "«url»", Some(payload«borrowed»))?;
    let job = format!("{}/jobs/{}", BASE_URL, text(&launched["job_uid"]));
    let (mut status, mut pause) = (String::new(), 1);
    while !FINAL.contains(&status.as_str()) {
        sleep(Duration::from_secs(pause));
        pause = (pause * 2).min(30);
        status = text(&call("GET", &job, None)?["status"]);
        println!("{}", status);
    }

    let mut rows: Vec<HashMap<String, String>> = Vec::new();
    let mut columns: Vec<String> = Vec::new();
    let (mut page, mut has_next) = (1, true);
    while has_next {
        let answer = call("GET", &format!("{}/results?page={}", job, page), None)?;
        for row in answer.get("results").map_or(Vec::new(), |list| parts(list)) {
            let row = members(row);
            for (name, _) in &row {
                if !columns.contains(name) {
                    columns.push(name.clone());
                }
            }
            rows.push(row.into_iter().collect());
        }
        let paging = answer.get("paging").map_or(Vec::new(), |paging| members(paging));
        has_next = paging.iter().any(|(name, is)| name == "have_next_page" && is == "true");
        page += 1;
    }

    let mut csv = line(&columns);
    for row in &rows {
        let cell = |name: &String| row.get(name).map_or(String::new(), |part| text(part));
        csv += &line(&columns.iter().map(cell).collect::<Vec<_>>());
    }
    fs::write("results.csv", csv)?;
    println!("{} rows in results.csv", rows.len());
    if SUCCESS.contains(&status.as_str()) {
        return Ok(());
    }
    Err(format!("the job ended as {}", status).into())
}
"""


def write(call: Call) -> str:
    return fill(
        _TEMPLATE, call, payload=rust.payload(call), borrowed=".as_str()" if call.file else ""
    )


TARGET = Target(
    name="rust-follow",
    language="Rust",
    title="ureq 2: launch, wait, results",
    file_name="main.rs",
    write=write,
    needs="ureq 2",
    flavour="follow",
)

"""Rust with ureq."""

from __future__ import annotations

from playground.payload.show.snippets.calls import Call, Target
from playground.payload.show.snippets.writing import fill

_TEMPLATE = """
// «remark»
use std::env;
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    «payload»«+»
    let answer = ureq::request("«method»", "«url»")
        .set("«auth»", &format!("«scheme»{}", env::var("«key»")?))
        .set("«project_header»", &env::var("«project»")?)
        .set("Content-Type", "application/json")«+»
        .«send»;
    match answer {
        Ok(response) => println!("{}", response.into_string()?),
        Err(ureq::Error::Status(code, response)) => {
            return Err(format!("{}: {}", code, response.into_string()?).into());
        }
        Err(error) => return Err(error.into()),
    }
    Ok(())
}
"""


def payload(call: Call) -> str:
    """The assignment, in a raw string with more `#` than stand behind any quote of it."""
    if call.file:
        return f'let payload = std::fs::read_to_string("{call.file}")?;'
    marks = "#"
    while f'"{marks}' in call.body:
        marks += "#"
    return f'let payload = r{marks}"{call.body}"{marks};'


def write(call: Call) -> str:
    send = "send_string(&payload)" if call.has_body else "call()"
    return fill(_TEMPLATE, call, payload=payload(call), send=send)


TARGET = Target(
    name="rust",
    language="Rust",
    title="ureq 2",
    file_name="main.rs",
    write=write,
    needs="ureq 2",
)

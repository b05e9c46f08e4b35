"""Go with nothing to install."""

from __future__ import annotations

from playground.payload.show.snippets.calls import Call, Target
from playground.payload.show.snippets.writing import escape, fill

_TEMPLATE = """
// «remark»
package main

import (
	"bytes"«+»
	"fmt"
	"io"
	"net/http"
	"os"
)

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func main() {
	«payload»«+»
	request, err := http.NewRequest("«method»", "«url»", «reader»)
	check(err)
	request.Header.Set("«auth»", "«scheme»"+os.Getenv("«key»"))
	request.Header.Set("«project_header»", os.Getenv("«project»"))
	request.Header.Set("Content-Type", "application/json")«+»
	response, err := http.DefaultClient.Do(request)
	check(err)
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	check(err)
	fmt.Println(string(answer))
	if response.StatusCode >= 400 {
		os.Exit(1)
	}
}
"""


def payload(call: Call) -> str:
    """The assignment: in a raw string only what would end it means anything."""
    if call.file:
        return f'payload, err := os.ReadFile("{call.file}")\n\tcheck(err)'
    return f"payload := []byte(`{escape(call.body, '`')}`)"


def write(call: Call) -> str:
    reader = "bytes.NewReader(payload)" if call.has_body else "nil"
    return fill(_TEMPLATE, call, payload=payload(call), reader=reader)


TARGET = Target(
    name="go",
    language="Go",
    title="net/http",
    file_name="launch.go",
    write=write,
)

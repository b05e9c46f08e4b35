"""Launch, wait, read the results: Go with nothing to install."""

from __future__ import annotations

from playground.payload.show.snippets import go
from playground.payload.show.snippets.calls import Call, Target
from playground.payload.show.snippets.writing import fill

_TEMPLATE = """
// «remark»
package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"time"
)

const baseURL = "«base_url»"

type job struct {
	UID    string `json:"job_uid"`
	Status string `json:"status"`
}

type page struct {
	Results []json.RawMessage `json:"results"`
	Paging  struct {
		HaveNextPage bool `json:"have_next_page"`
	} `json:"paging"`
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func call(method, url string, body []byte, answer interface{}) {
	for {
		request, err := http.NewRequest(method, url, bytes.NewReader(body))
		check(err)
		request.Header.Set("«auth»", "«scheme»"+os.Getenv("«key»"))
		request.Header.Set("«project_header»", os.Getenv("«project»"))
		request.Header.Set("Content-Type", "application/json")
		response, err := http.DefaultClient.Do(request)
		check(err)
		text, err := io.ReadAll(response.Body)
		check(err)
		response.Body.Close()
		if response.StatusCode < 400 {
			check(json.Unmarshal(text, answer))
			return
		}
		if response.StatusCode != 429 {
			check(fmt.Errorf("%d: %s", response.StatusCode, text))
		}
		wait, err := strconv.Atoi(response.Header.Get("Retry-After"))
		if err != nil || wait < 1 || wait > 3600 {
			wait = 10
		}
		time.Sleep(time.Duration(wait) * time.Second)
	}
}

func names(row json.RawMessage) (found []string) {
	decoder := json.NewDecoder(bytes.NewReader(row))
	_, err := decoder.Token()
	check(err)
	for decoder.More() {
		name, err := decoder.Token()
		check(err)
		found = append(found, name.(string))
		var value json.RawMessage
		check(decoder.Decode(&value))
	}
	return found
}

func cell(value json.RawMessage) (text string) {
	if len(value) == 0 || string(value) == "null" {
		return ""
	}
	if value[0] != '"' {
		return string(value)
	}
	check(json.Unmarshal(value, &text))
	return text
}

func main() {
	«payload»
	var current job
	call("«method»", "«url»", payload, &current)
	jobURL := baseURL + "/jobs/" + current.UID
	isFinal := false
	for pause := 1; !isFinal; pause *= 2 {
		if pause > 30 {
			pause = 30
		}
		time.Sleep(time.Duration(pause) * time.Second)
		call("GET", jobURL, nil, &current)
		fmt.Println(current.Status)
		switch current.Status {
		case «final»:
			isFinal = true
		}
	}

	var rows []json.RawMessage
	for number, hasNext := 1, true; hasNext; number++ {
		var answer page
		call("GET", fmt.Sprintf("%s/results?page=%d", jobURL, number), nil, &answer)
		rows = append(rows, answer.Results...)
		hasNext = answer.Paging.HaveNextPage
	}

	var columns []string
	isKnown := map[string]bool{}
	for _, row := range rows {
		for _, name := range names(row) {
			if !isKnown[name] {
				isKnown[name] = true
				columns = append(columns, name)
			}
		}
	}
	file, err := os.Create("results.csv")
	check(err)
	writer := csv.NewWriter(file)
	check(writer.Write(columns))
	for _, row := range rows {
		var values map[string]json.RawMessage
		check(json.Unmarshal(row, &values))
		cells := make([]string, len(columns))
		for at, name := range columns {
			cells[at] = cell(values[name])
		}
		check(writer.Write(cells))
	}
	writer.Flush()
	check(writer.Error())
	fmt.Println(len(rows), "rows in results.csv")
	switch current.Status {
	case «success»:
		return
	}
	os.Exit(1)
}
"""


def write(call: Call) -> str:
    return fill(_TEMPLATE, call, payload=go.payload(call))


TARGET = Target(
    name="go-follow",
    language="Go",
    title="net/http: launch, wait, results",
    file_name="follow.go",
    write=write,
    flavour="follow",
)

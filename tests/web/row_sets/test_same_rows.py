"""The same table in whatever format gives the same payload, byte for byte."""

from __future__ import annotations

import csv
import hashlib
import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.row_sets.spreadsheets import ods, text, xlsx
from tests.web.conftest import ADDRESS
from tests.web.html_forms import fields_of, texts

HEADER = ("Company_Name", "FIRST NAME")
# Letter by letter: what looks like something else, and what files are written with.
TABLE = [
    ("007", "Zoë"),
    ("1e5", "O'Brien"),
    ("00000000000000000012345678901234567890", "2026-11-29"),
    ("first line\nsecond line", 'say "no"'),
    ("a;b,c|d", " Ada "),
    ("=1+1", "€ 5,00"),
    ("TRUE", "null"),
    ("", "Émile"),
    ("-0.10", "+33 1 42"),
]
INPUTS = [
    {key: cell for key, cell in zip(("company", "first_name"), row, strict=True) if cell}
    for row in TABLE
]


def separated(delimiter: str = ",") -> str:
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter).writerows([HEADER, *TABLE])
    return file.getvalue()


def objects() -> list[dict[str, str]]:
    return [dict(zip(HEADER, row, strict=True)) for row in TABLE]


def file(name: str, data: bytes | str) -> dict[str, object]:
    return {"file": SimpleUploadedFile(name, data.encode() if isinstance(data, str) else data)}


SOURCES = {
    "CSV, UTF-8": lambda: file("a.csv", separated()),
    "CSV, UTF-8 with a mark": lambda: file("a.csv", separated(";").encode("utf-8-sig")),
    "CSV, UTF-16": lambda: file("a.csv", separated().encode("utf-16")),
    "CSV, UTF-16 without a mark": lambda: file("a.csv", separated("|").encode("utf-16-be")),
    "CSV, Windows-1252": lambda: file("a.csv", separated(";").encode("cp1252")),
    "TSV": lambda: file("a.tsv", separated("\t")),
    "XLSX": lambda: file("a.xlsx", xlsx({"A": [[*map(text, row)] for row in (HEADER, *TABLE)]})),
    "ODS": lambda: file("a.ods", ods({"A": [HEADER, *TABLE]})),
    "JSON": lambda: file("a.json", json.dumps(objects(), indent=2)),
    "JSON Lines": lambda: file("a.jsonl", "\n".join(map(json.dumps, objects()))),
    "paste": lambda: {"text": separated("\t")},
}


@pytest.fixture
def first(client) -> tuple[str, str]:
    return look(client, SOURCES["CSV, UTF-8"]())


def look(client, posted) -> tuple[str, str]:
    """Fingerprint and body of what would be launched with the rows that are made of this."""
    made = client.post(f"{ADDRESS}row-sets/", posted)
    number = made["Location"].strip("/").rpartition("/")[2]
    page = client.get(f"{ADDRESS}?row_set={number}")
    (fingerprint,) = texts(page, ".fingerprint")
    raw = client.post(f"{ADDRESS}launch/payload.json", fields_of(page))
    body = b"".join(raw.streaming_content) if raw.streaming else raw.content
    assert json.loads(body)["inputs"] == INPUTS
    return fingerprint, hashlib.sha256(body).hexdigest()


@pytest.mark.parametrize("name", list(SOURCES)[1:])
def test_the_same_table_gives_the_same_payload(client, first, name):
    assert look(client, SOURCES[name]()) == first


def test_another_table_has_another_fingerprint(client, first):
    made = client.post(f"{ADDRESS}row-sets/", file("a.csv", separated().replace("007", "7")))
    number = made["Location"].strip("/").rpartition("/")[2]
    page = client.get(f"{ADDRESS}?row_set={number}")
    assert texts(page, ".fingerprint") != [first[0]]

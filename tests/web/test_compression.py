"""What goes out compressed, and how."""

from __future__ import annotations

import gzip

import brotli
import pytest
from django.http import HttpResponse

from playground.web.compression import CompressionMiddleware

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("accepts", "coding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=0.5, gzip", "br"),
        ("br", "br"),
        ("gzip, br;q=0", "gzip"),
        ("gzip, br;q=0.000", "gzip"),
        ("brotli, gzip", "gzip"),
        ("gzip", "gzip"),
        ("identity", ""),
        ("", ""),
    ],
)
def test_pages_are_coded_as_the_browser_takes_them(client, accepts, coding):
    read = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}[coding]

    response = client.get("/workflows/", headers={"Accept-Encoding": accepts})

    assert response.get("Content-Encoding", "") == coding
    assert "Accept-Encoding" in response["Vary"]
    assert response["Content-Length"] == str(len(response.content))
    assert read(response.content).decode().rstrip().endswith("</html>")


def test_lengths_do_not_tell_what_is_in_an_answer(client):
    lengths = set()
    for _ in range(8):
        response = client.get("/reference/", headers={"Accept-Encoding": "br"})
        lengths.add(len(response.headers["X-Padding"]))

    assert len(lengths) > 1
    assert max(lengths) <= 100


def test_what_is_short_stays_as_it_is(client):
    response = client.get("/healthz", headers={"Accept-Encoding": "br"})

    assert not response.has_header("Content-Encoding")


def test_a_tag_of_what_was_coded_is_a_weak_one(rf):
    answer = HttpResponse("a" * 1000, headers={"ETag": '"one"'})
    coded = CompressionMiddleware(lambda _: answer)(rf.get("/", headers={"Accept-Encoding": "br"}))

    assert (coded["ETag"], coded["Content-Encoding"]) == ('W/"one"', "br")

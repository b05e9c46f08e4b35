"""What makes an answer a clear one, whatever was asked."""

from __future__ import annotations

import gzip
import json
import traceback
from urllib.parse import urljoin

from django.http import HttpResponse
from django.test import Client

from tests.hostile.attacks import Shot
from tests.hostile.surface import SANDBOX

# Texts of a debugging page, a traceback, or a template that was not rendered.
_GIVEN_AWAY = (b"Traceback (most recent", b"DEBUG = True", b"Exception Type:", b"{% ", b"{{ ")


def find_fault(shot: Shot, client: Client) -> str:
    """What is wrong with the answer to the shot; empty when it is a clear one."""
    try:
        return fault_of(shot, shot.fire(client))
    except Exception as error:  # Django's own frame failed: a server makes a bare 500 of it.
        return _told(shot, "".join(traceback.format_exception(error)[-3:]))


def fault_of(shot: Shot, response: HttpResponse) -> str:
    """The same of an answer that is there already."""
    return _told(shot, _problem(shot, response))


def _told(shot: Shot, problem: str) -> str:
    return f"{shot.method} {shot.path[:120]}: {shot.what} → {problem}" if problem else ""


def _problem(shot: Shot, response: HttpResponse) -> str:
    if getattr(response, "exc_info", None):
        return "".join(traceback.format_exception(*response.exc_info)[-2:])
    if response.streaming:
        pieces = b"".join(response.streaming_content)
        response = HttpResponse(pieces, status=response.status_code, headers=response.headers)
    if response.get("Content-Encoding") == "gzip":
        response.content = gzip.decompress(response.content)
    body = response.content
    if response.status_code >= 500 and response.status_code != 502:
        return f"status {response.status_code}"
    if any(mark in body for mark in _GIVEN_AWAY) and b"7|add:7" not in body:
        return f"gives away {body[:300]!r}"
    if "hit" in response.cookies or response.has_header("X-Hit"):
        return "a header of the attacker's"
    if shot.method == "HEAD":
        return "a body for HEAD" if body else ""
    is_api = shot.path.startswith(f"/{SANDBOX}")
    return _api_problem(response) if is_api else _page_problem(response)


def _page_problem(response: HttpResponse) -> str:
    if "spreadsheetml" in response["Content-Type"]:
        return "" if response.content.startswith(b"PK") else "a workbook that is none"
    status, body = response.status_code, response.content.decode()
    if status in (301, 302, 303):
        location = urljoin("http://here.example/x/", response["Location"])
        is_here = location.startswith("http://here.example/")
        return "" if is_here else f"leads away, to {location[:80]!r}"
    if status < 400 or response["Content-Type"] == "application/json":
        return ""
    if response["Content-Type"].startswith("text/plain") and "<" not in body and body.strip():
        return ""  # A fragment is a sentence.
    return "" if "<h1" in body else f"status {status} with no page: {body[:200]!r}"


def _api_problem(response: HttpResponse) -> str:
    if response["Content-Type"] != "application/json":
        return f"{response.status_code}, {response['Content-Type']}: {response.content[:200]!r}"
    answer = json.loads(response.content)
    if response.status_code < 400:
        return ""
    message = answer.get("message")
    return "" if isinstance(message, str) and message.endswith(".") else f"no message: {answer}"

"""A fragment is never a page: what htmx asks for and cannot have is a status and a sentence.

The page shows the sentence in its one banner. Nothing of another page is swapped into it, and no
redirect is followed behind its back.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

SIGNED_OUT = "You were signed out. Nothing you typed is lost: sign in, and go on here."
TOO_OLD = (
    "The security token of this page does not fit any more, so nothing was done. "
    "Nothing you typed is lost: reload the page if this stays."
)
MOVED = "What this part of the page shows has moved. Reload the page."

_SENTENCES = {
    400: "This cannot be read: what was entered is not text, or there is too much of it.",
    403: "You may not see or do this.",
    404: "What this part of the page shows is not there any more.",
    413: "This is too much for one request: shorten what was entered or pasted.",
    429: "That was asked too often. It is asked again in a moment.",
    500: "Something broke on our side, and the reason is in the log. Nothing you typed is lost.",
    503: "No answer just now. Nothing you typed is lost, and it is asked again in a moment.",
}
_OTHERWISE = "The playground cannot answer this. Reload the page."
_TEXT = "text/plain; charset=utf-8"


def is_fragment(request: HttpRequest) -> bool:
    """Whether the page's script asks, for a part of the page that is open. The sandbox has none:
    its API answers a program, whatever headers that sends."""
    is_api = request.path_info.startswith("/sandbox/")
    return request.headers.get("HX-Request") == "true" and not is_api


def refuse(sentence: str, status: int) -> HttpResponse:
    """What a fragment gets in place of a page: the sentence for the banner."""
    return HttpResponse(sentence, status=status, content_type=_TEXT)


class FragmentMiddleware:
    """Whatever refused a fragment, the frame or a view, it is told as `refuse` tells it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_refused = response.status_code >= 300 and response.status_code != 304
        if not is_fragment(request) or not is_refused:
            return response
        if response.headers.get("Content-Type") == _TEXT:
            return response
        _tell(response)
        return response


def _tell(response: HttpResponse) -> None:
    """In place: its cookies and other headers stay."""
    if response.status_code < 400:
        response.status_code = 409
        del response.headers["Location"]
        sentence = MOVED
    else:
        if response.status_code in (502, 504):
            response.status_code = 503
        sentence = _SENTENCES.get(response.status_code, _OTHERWISE)
    response.reason_phrase = None  # type: ignore[assignment]
    response.content = sentence.encode()
    response.headers["Content-Type"] = _TEXT
    response.headers["Content-Length"] = str(len(response.content))

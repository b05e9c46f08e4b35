"""What any form but that of a launch may hold; that one has bounds of its own, in `launches`."""

from __future__ import annotations

from django.http import HttpRequest

MOST_FIELDS = 1_000
# In all fields together; the body of an API call is the longest that anybody types.
MOST_CHARACTERS = 300_000
_BACK = "Nothing was sent. Go back, where what you typed still is, and shorten it."


def find_excess(request: HttpRequest, *, is_launch: bool) -> str:
    """What of a request is too much, as a sentence; empty when nothing is."""
    if sum(len(values) for _, values in request.GET.lists()) > MOST_FIELDS:
        return f"This address has more than {MOST_FIELDS:,} parameters. Shorten it."
    if is_launch or request.method != "POST":
        return ""
    texts = [text for _, values in request.POST.lists() for text in values]
    if len(texts) > MOST_FIELDS:
        return f"This form has {len(texts):,} fields; at most {MOST_FIELDS:,} are read. {_BACK}"
    size = sum(map(len, texts)) + sum(map(len, request.POST))
    if size > MOST_CHARACTERS:
        most = f"{MOST_CHARACTERS:,}"
        return f"This form holds {size:,} characters; at most {most} are read. {_BACK}"
    return ""

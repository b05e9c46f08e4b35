"""Headers of static files. `settings` hands this to whitenoise, which serves them before anything
else looks at a request; so it imports nothing of Django."""

from __future__ import annotations

from wsgiref.headers import Headers

_OF_ALL = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
# An image may be a document of its own (SVG is one that can hold scripts).
_OF_DOCUMENTS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Frame-Options": "DENY",
}
_NEVER_DOCUMENTS = (".css", ".js")


def add_headers(headers: Headers, path: str, url: str) -> None:  # noqa: ARG001  # whitenoise's.
    """What a browser needs for a file of `url`. What is said of pages alone means nothing for
    scripts and styles, and would be a tenth of what the playground page weighs."""
    for name, value in _OF_ALL.items():
        headers[name] = value
    if not url.endswith(_NEVER_DOCUMENTS):
        for name, value in _OF_DOCUMENTS.items():
            headers[name] = value

"""All targets, in the order in which they are offered."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from playground.payload.show.snippets import (
    arazzo,
    cmd,
    csharp,
    curl_fish,
    curl_follow,
    curl_posix,
    elixir,
    go,
    go_follow,
    httpie,
    java,
    javascript_axios,
    javascript_fetch,
    javascript_fetch_follow,
    lua,
    make,
    n8n,
    perl,
    php,
    php_follow,
    postman,
    powershell,
    powershell_curl,
    python_httpx,
    python_httpx_follow,
    python_requests,
    python_requests_follow,
    python_stdlib,
    python_stdlib_follow,
    r,
    raw_http,
    ruby,
    ruby_follow,
    rust,
    typescript,
    typescript_follow,
    zapier,
)
from playground.payload.show.snippets.calls import Target

_MODULES = (
    curl_posix,
    curl_fish,
    httpie,
    curl_follow,
    powershell,
    powershell_curl,
    cmd,
    python_httpx,
    python_httpx_follow,
    python_requests,
    python_requests_follow,
    python_stdlib,
    python_stdlib_follow,
    javascript_fetch,
    javascript_fetch_follow,
    javascript_axios,
    typescript,
    typescript_follow,
    php,
    php_follow,
    ruby,
    ruby_follow,
    go,
    go_follow,
    java,
    csharp,
    rust,
    r,
    perl,
    elixir,
    lua,
    raw_http,
    n8n,
    make,
    zapier,
    postman,
    arazzo,
)
TOOLS = "Tools"
TARGETS: dict[str, Target] = {module.TARGET.name: module.TARGET for module in _MODULES}


def by_language() -> Iterator[tuple[str, tuple[Target, ...]]]:
    """The targets of each language."""
    for language, found in groupby(TARGETS.values(), key=lambda target: target.language):
        yield language, tuple(found)

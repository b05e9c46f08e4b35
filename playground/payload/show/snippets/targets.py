"""All targets, in the order in which they are offered."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from playground.payload.show.snippets import (
    cmd,
    csharp,
    curl_fish,
    curl_posix,
    elixir,
    go,
    httpie,
    java,
    javascript_axios,
    javascript_fetch,
    lua,
    perl,
    php,
    powershell,
    powershell_curl,
    python_httpx,
    python_requests,
    python_stdlib,
    r,
    raw_http,
    ruby,
    rust,
    typescript,
)
from playground.payload.show.snippets.calls import Target

_MODULES = (
    curl_posix,
    curl_fish,
    httpie,
    powershell,
    powershell_curl,
    cmd,
    python_httpx,
    python_requests,
    python_stdlib,
    javascript_fetch,
    javascript_axios,
    typescript,
    php,
    ruby,
    go,
    java,
    csharp,
    rust,
    r,
    perl,
    elixir,
    lua,
    raw_http,
)
TARGETS: dict[str, Target] = {module.TARGET.name: module.TARGET for module in _MODULES}


def by_language() -> Iterator[tuple[str, tuple[Target, ...]]]:
    """The targets of each language."""
    for language, found in groupby(TARGETS.values(), key=lambda target: target.language):
        yield language, tuple(found)

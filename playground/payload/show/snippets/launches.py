"""A launch as it is handed to a target."""

from __future__ import annotations

import dataclasses
from typing import NamedTuple

from playground.payload.build.builder import Built
from playground.payload.show.curl import PAYLOAD_FILE
from playground.payload.show.lines import json_text
from playground.payload.show.snippets.calls import Call, Target, plain_address

# Bytes of a snippet. The payload of a longer one is read from a file.
MOST_BYTES = 1_000_000


class Snippet(NamedTuple):
    """The text has no line feed at its end. If it `reads_file`, the payload is to be saved beside
    it."""

    text: str
    reads_file: bool


def write_launch(
    target: Target, built: Built, url: str, *, base_url: str, most: int = MOST_BYTES
) -> Snippet:
    """The snippet, of at most so many bytes. `url` is what a launch calls."""
    call = Call(
        url=plain_address(url),
        base_url=plain_address(base_url),
        remark=f"payload {built.fingerprint}",
    )
    if built.size <= most:
        text = target.write(dataclasses.replace(call, body=json_text(built)))
        if len(text.encode()) <= most:
            return Snippet(text, text.endswith(f'"@{PAYLOAD_FILE}"'))
    remark = f"{call.remark}: it is large, save it as {PAYLOAD_FILE} in this folder first"
    text = target.write(dataclasses.replace(call, file=PAYLOAD_FILE, remark=remark))
    return Snippet(text, reads_file=True)

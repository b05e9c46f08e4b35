"""Where something stands in a JSON value: its keys and indexes, from the root on.

`("inputs", 3, "company_name")` is shown as `$.inputs[3].company_name`. A path may name what is
not there, such as a key that is missing: it is then the place where that would be.

Of a payload:

- A row that is not sent has an index behind those that are; the blank rows of a draft follow
  each other there as they do in the draft.
- Steps that were pasted and cannot be read begin behind the last step.
- A step that is left out has its UID for an index, `$.steps["uid"]`: an array has nothing there.
- What was typed as further keys of an object is `*`, as in `$.steps[0].*`, where it cannot be
  read, or where a key of it must not stand there.
- A required key that a row has under none of its names has the name under which the draft has a
  blank entry for it, else its own.

Of the request that saves an account, `$.account` stands for the way in which it signs in, and
`$.account.cookies` for cookies that were pasted together.
"""

from __future__ import annotations

import json
import re
from typing import TypeAlias

Path: TypeAlias = tuple[str | int, ...]

OTHER_KEYS = "*"
_is_name = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|\*").fullmatch


def show_path(path: Path) -> str:
    """The path as text, in the notation of JSONPath."""
    return "$" + "".join(map(_show_part, path))


def _show_part(part: str | int) -> str:
    if isinstance(part, int):
        return f"[{part}]"
    return f".{part}" if _is_name(part) else f"[{json.dumps(part, ensure_ascii=False)}]"

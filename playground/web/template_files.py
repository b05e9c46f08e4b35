"""Templates as they are written, without the white space that is there for their readers."""

from __future__ import annotations

import re
from typing import Any

from django.template.loaders.filesystem import Loader

# Line ends stay: errors name lines, and the first one in a text area is never part of its text.
_FOR_READERS = re.compile(r"(?<=\n)[ \t]+|[ \t]+(?=\n)")


class CompactLoader(Loader):
    """Leaves out the indentation, a fourteenth of a compressed page. What is put in keeps its
    blanks; no template writes any into a text that shows them, be it a `pre` or a text area."""

    def get_contents(self, origin: Any) -> str:
        return _FOR_READERS.sub("", super().get_contents(origin))

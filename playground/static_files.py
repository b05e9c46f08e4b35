"""How static files are kept for pages: with names of their content, compressed, ours without what
browsers do not need, and what a page always has together in one file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import rcssmin
import rjsmin
from django.core.files.base import ContentFile, File
from whitenoise.storage import CompressedManifestStaticFilesStorage

# By folder: those of packages come as small as they get.
_SMALLER: dict[str, Callable[[str], str]] = {"css/": rcssmin.cssmin, "js/": rjsmin.jsmin}

# Each file costs a page a request, and its headers. Files stay apart where they are written.
_PARTS = ("accounts", "jobs", "presets", "reference", "rows", "workflows")
_TOGETHER = {
    "js/everywhere.js": ("django_htmx/htmx-2.min.js", "js/page.js", "js/answers.js"),
    "js/launching.js": ("js/preview.js", "js/launch.js"),
    **{f"css/pages-{part}.css": ("css/pages.css", f"css/{part}.css") for part in _PARTS},
}
# For all parts of a script; those of packages say so of themselves.
_STRICT = '"use strict";\n'


class SmallStaticFilesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Leaves comments and white space out of our style sheet and scripts. They stay readable, each
    in one file that is written by hand, and cost a page no bytes."""

    def _save(self, name: str, content: File) -> str:  # type: ignore[type-arg]
        smaller = next((_SMALLER[part] for part in _SMALLER if name.startswith(part)), None)
        if smaller:
            content.seek(0)
            text = content.read()
            text = text.decode() if isinstance(text, bytes) else text
            content = ContentFile(smaller(text).encode())
        saved: str = super()._save(name, content)
        return saved

    def post_process(
        self, paths: dict[str, Any], dry_run: bool = False, **options: Any
    ) -> Iterator[tuple[str, str, bool]]:
        """As whitenoise does it, once what belongs together stands in one file each."""
        if not dry_run:
            for name, parts in _TOGETHER.items():
                self.delete(name)
                super()._save(name, ContentFile(self._one_text(parts).encode()))
                paths[name] = (self, name)
        yield from super().post_process(paths, dry_run=dry_run, **options)

    def _one_text(self, parts: tuple[str, ...]) -> str:
        texts = []
        for part in parts:
            with self.open(part) as file:
                texts.append(file.read().decode())
        if parts[0].endswith(".css"):
            return "\n".join(texts)
        # One that ends in a comment, or without a semicolon, must not take the next one in.
        return _STRICT + "\n;\n".join(texts)

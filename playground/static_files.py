"""How static files are kept for pages: with names of their content, compressed, and ours without
what browsers do not need."""

from __future__ import annotations

from collections.abc import Callable

import rcssmin
import rjsmin
from django.core.files.base import ContentFile, File
from whitenoise.storage import CompressedManifestStaticFilesStorage

# By folder: those of packages come as small as they get.
_SMALLER: dict[str, Callable[[str], str]] = {"css/": rcssmin.cssmin, "js/": rjsmin.jsmin}


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

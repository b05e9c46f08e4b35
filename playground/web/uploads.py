"""How much a form may bring along in files: no more than in its fields."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import MemoryFileUploadHandler


class BoundedUploadHandler(MemoryFileUploadHandler):
    """Keeps files in memory. A longer body than a form may have is refused before it is read:
    Django bounds fields only, and would write files of any length to the disk."""

    def handle_raw_input(self, *told: Any, **more: Any) -> None:
        """`told` begins with the body, the request's headers and its length."""
        super().handle_raw_input(*told, **more)
        if told[2] > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise RequestDataTooBig
        self.activated = True

"""How much a form may bring along in files: no more than in its fields, but for files of rows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpRequest

# The addresses that take large files: of rows, and of what is pasted elsewhere.
ROW_SET_IMPORT = "row-set-import"
LAUNCH_PASTE, LAUNCH_PASTE_JSON = "launch-paste", "launch-paste-json"
WORKFLOW_PASTE = "workflow-paste"
_LARGE = (ROW_SET_IMPORT, LAUNCH_PASTE, LAUNCH_PASTE_JSON, WORKFLOW_PASTE)
MEGABYTE = 1_000_000
# What stands around the file: other fields, and the lines that part them.
_AROUND = MEGABYTE


class BoundedUploadHandler(MemoryFileUploadHandler):
    """Keeps files in memory, but for large ones of rows: those go to the next handler, which
    writes them to the disk. A longer body than may be is refused before it is read: Django bounds
    fields only, and would write files of any length."""

    def handle_raw_input(self, *told: Any, **more: Any) -> None:
        """`told` begins with the body, the request's headers and its length."""
        super().handle_raw_input(*told, **more)
        request = self.request
        # Of strangers nothing large is written to the disk.
        takes_large = request is not None and takes_rows(request) and is_signed_in(request)
        if told[2] > (most_of_rows() if takes_large else settings.DATA_UPLOAD_MAX_MEMORY_SIZE):
            raise RequestDataTooBig
        self.activated = self.activated or not takes_large


def takes_rows(request: HttpRequest) -> bool:
    """Whether the address takes a file of rows, or of a payload that may have as many."""
    match = request.resolver_match
    return match is not None and match.url_name in _LARGE


def is_signed_in(request: HttpRequest) -> bool:
    return hasattr(request, "user") and request.user.is_authenticated


def most_of_rows() -> int:
    """Bytes of a form that brings a file of rows along."""
    return settings.ROW_SET_FILE_MB * MEGABYTE + max(_AROUND, settings.DATA_UPLOAD_MAX_MEMORY_SIZE)

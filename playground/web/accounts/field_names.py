"""Names of the account form's fields, and which of them a place in the request comes from."""

from __future__ import annotations

from playground.payload.paths import Path
from playground.web.field_ids import field_id
from playground.web.json_html import Link

NAME, OWNER, KIND = "name", "user_uid", "kind"
PASTED, API_KEY, USERNAME, PASSWORD = "pasted", "api_key", "username", "password"
RESUMES, IS_SHARED = "resume_paused_jobs", "shared_account"
# Jobs that were paused when the form was shown.
PAUSED = "paused"
_COOKIE = "cookie-"


def cookie(name: str) -> str:
    return _COOKIE + name


def cookie_of(field_name: str) -> str | None:
    """The cookie of a field; None for a field of anything else."""
    found = field_name.removeprefix(_COOKIE)
    return found if found and found != field_name else None


def name_of(path: Path) -> str:
    """Other fields have the names of their keys."""
    match path:
        case ("account",):
            return KIND
        case ("account", "cookies"):
            return PASTED
        case ("account", "cookies", name):
            return cookie(str(name))
        case _:
            return str(path[-1])


def link_of(path: Path) -> Link | None:
    """What leads from a line of the request to its field: no field makes the account or its UID."""
    if path in ((), ("account",), ("account", "uid")):
        return None
    return Link(field_id(name_of(path)), str(path[-1]))

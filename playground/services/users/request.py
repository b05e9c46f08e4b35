"""The request that saves a user, as it would be sent: JSON and a curl command."""

from __future__ import annotations

from dataclasses import dataclass

from playground.contract import paths, wire
from playground.payload.show import curl
from playground.payload.show import lines as json_lines
from playground.payload.show.lines import Line
from playground.payload.texts import clean_text
from playground.services import permissions
from playground.services.permissions import Person
from playground.services.users import directory as user_directory
from playground.services.users.directory import UserDraft


@dataclass(frozen=True, slots=True, kw_only=True)
class UserRequest:
    """`lines` are those of the JSON body."""

    method: str
    path: str
    lines: tuple[Line, ...]
    curl: str


def show_request(person: Person, draft: UserDraft, *, uid: str, base_url: str) -> UserRequest:
    """The request of a draft. Asks the upstream nothing. `base_url` is what cURL will call."""
    permissions.require(person, "change user")
    method, path = paths.TEMPLATES["save_user"][0], paths.path_for("save_user")
    raw = wire.to_builtins(user_directory.build_save(draft, uid=uid))
    lines = json_lines.render_value({key: clean_text(value) for key, value in raw.items()})
    command = curl.render_request(method, base_url + path, lines)
    return UserRequest(method=method, path=path, lines=lines, curl=command)

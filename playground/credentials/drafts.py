"""What a person has entered about an account so far. None of its secrets shows in its repr."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from playground.credentials.kinds import Kind, Needs


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountDraft:
    """A draft for one integration; `uid` is the account to update, empty to create one.

    Only the credentials of the chosen `kind` count. A field of `cookies` that is filled in wins
    over the same cookie in `pasted`.
    """

    integration: str
    needs: Needs
    kind: Kind
    uid: str = ""
    name: str = ""
    owner: str = ""
    resumes: bool = False
    is_shared: bool = False
    pasted: str = field(default="", repr=False)
    cookies: Mapping[str, str] = field(default_factory=dict, repr=False)
    api_key: str = field(default="", repr=False)
    username: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    @property
    def is_update(self) -> bool:
        return bool(self.uid)

    def without_secrets(self) -> AccountDraft:
        return replace(self, pasted="", cookies={}, api_key="", username="", password="")

"""Sessions in the database, under a digest of their key; and messages in a cookie of our own.

The key is the visitor's cookie: whoever reads the database, or a backup of it, must not be able
to use it.
"""

from __future__ import annotations

import hashlib
from typing import Any

from django.conf import settings
from django.contrib.messages.storage.base import BaseStorage
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage
from django.contrib.sessions.backends import db
from django.contrib.sessions.base_session import AbstractBaseSession
from django.core.exceptions import SuspiciousOperation
from django.utils import timezone


class SessionStore(db.SessionStore):
    """Django's store; keys are random, so a plain digest cannot be guessed backwards."""

    def _get_session_from_db(self) -> AbstractBaseSession | None:
        try:
            return self.model.objects.get(
                session_key=_stored(self.session_key or ""), expire_date__gt=timezone.now()
            )
        except (self.model.DoesNotExist, SuspiciousOperation):
            self._session_key = None
            return None

    def exists(self, session_key: str) -> bool:
        return super().exists(_stored(session_key))

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        made = super().create_model_instance(data)
        made.session_key = _stored(made.session_key)
        return made

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key:
            super().delete(_stored(key))


class MessageCookie(CookieStorage):
    """Under a name of this installation's: another playground on the host has messages too."""

    cookie_name = settings.MESSAGES_COOKIE_NAME


class MessageStorage(FallbackStorage):
    """Django's own default, with that cookie."""

    storage_classes: tuple[type[BaseStorage], ...] = (MessageCookie, SessionStorage)


def _stored(key: str) -> str:
    # As long as the column is.
    return hashlib.sha256(key.encode(errors="replace")).hexdigest()[:40]

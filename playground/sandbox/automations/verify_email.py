"""Whether a text is an e-mail address, by its form alone: no server is asked."""

from __future__ import annotations

from typing import Any

from email_validator import EmailNotValidError, validate_email

from playground.sandbox.automations.work import Work, texts

_FREE = frozenset(
    {"gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "yahoo.com"}
    | {"icloud.com", "me.com", "aol.com", "gmx.de", "gmx.net", "web.de", "proton.me", "orange.fr"}
    | {"protonmail.com", "free.fr", "mail.ru", "qq.com", "163.com", "laposte.net", "libero.it"}
)


def run(work: Work) -> dict[str, Any]:
    text = work.text("email")
    allows = bool(work.parameters.get("allow_international", True))
    try:
        found = validate_email(text, check_deliverability=False, allow_smtputf8=allows)
    except EmailNotValidError as error:
        return _row(text, reason=str(error))
    roles = {role.casefold() for role in texts(work.parameters.get("role_names"))}
    return _row(
        text,
        is_valid=True,
        normalized_email=found.normalized,
        local_part=found.local_part,
        email_domain=found.domain,
        is_role=found.local_part.casefold() in roles,
        is_free_provider=found.ascii_domain.casefold() in _FREE,
    )


def _row(text: str, **values: Any) -> dict[str, Any]:
    return {
        "email": text,
        "is_valid": False,
        "normalized_email": None,
        "local_part": None,
        "email_domain": None,
        "is_role": False,
        "is_free_provider": False,
        "reason": None,
    } | values

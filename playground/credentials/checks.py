"""What a field of an account may hold. The sentences never quote what was typed."""

from __future__ import annotations

import re
import unicodedata

LONGEST_NAME = 300
LONGEST_COOKIE = 4_096
LONGEST_KEY = 20_000
LONGEST_PASSWORD = 4_096
LONGEST_CODE = 100
_REPLACED = "\N{REPLACEMENT CHARACTER}"
# What listings and logs show in place of a value.
_stands_for_it = re.compile(
    r"[*.x•_-]{3,}|\*{3,}.*|[<(\[{]+[\w ]*[>)\]}]+|null|none|undefined|deleted?|redacted",
    re.IGNORECASE,
).fullmatch
# What the text around it has behind a value: the next entry of code, HTML, an encoded quote.
_has_its_surroundings = re.compile(
    r"[,'^`]\Z|\A'|\.{3}\Z|&amp\b|,[\w-]+=|%(?:22|3b|0[ad])", re.IGNORECASE
).search


def problem_of_text(text: str, label: str, *, most: int) -> str:
    """Why a text cannot be sent as it is, as a sentence; empty when it can."""
    if len(text) > most:
        return f"{label} has {len(text):,} characters; at most {most:,} are sent."
    if _is_broken(text):
        return f"{label} holds a character that cannot be read: type or paste it again."
    if any(unicodedata.category(character) == "Cc" for character in text):
        return f"{label} holds a line break or another control character: copy it without."
    return ""


def problem_of_cookie(value: str, label: str) -> str:
    """The same for the value of a cookie, which is ASCII without spaces and semicolons."""
    problem = problem_of_text(value, label, most=LONGEST_COOKIE)
    if problem:
        return problem
    if not value.isascii():
        return f"{label} holds characters that no cookie has, such as “…”: copy it in full."
    if ";" in value or " " in value:
        return f"{label} holds a space or a semicolon, which no cookie has: copy only its value."
    # A whole value may stand between quotes, and then they belong to it.
    is_quoted = len(value) > 1 and value[0] == value[-1] == '"'
    bare = value[1:-1] if is_quoted else value
    if '"' in bare or "\\" in bare or _has_its_surroundings(bare):
        return (
            f"{label} holds a quote, a comma, a caret or another sign of what it was copied from: "
            "copy only its value."
        )
    if bare.lower().startswith((f"{label.lower()}=", f"{label.lower()}:")):
        return f"{label} begins with its own name: copy only its value."
    if _stands_for_it(bare):
        return f"What was entered for {label} only stands for its value: copy the value itself."
    return ""


def problem_of_code(code: str) -> str:
    """The same for the code of a login challenge."""
    if not code:
        return "Enter the code that was sent to the account's owner."
    return problem_of_text(code, "The code", most=LONGEST_CODE)


def has_invisible(text: str) -> bool:
    """It holds a character that shows as nothing and is seldom meant, such as a soft hyphen."""
    return any(unicodedata.category(character) == "Cf" for character in text)


def _is_broken(text: str) -> bool:
    # What is no UTF-8 arrives with the replacement character in its place.
    return _REPLACED in text or any("\ud800" <= character <= "\udfff" for character in text)

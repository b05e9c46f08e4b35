"""Secrets in any text, told by their shape: in sentences, addresses, headers and log lines."""

from __future__ import annotations

import base64
import binascii
import re
from urllib.parse import unquote

from playground.redaction import names

HIDDEN = "[hidden]"
# Looked for first, in small letters: most texts hold nothing of the kind.
_BEGINNINGS = (
    *("eyj", "-----begin", "sk_", "rk_", "sk-", "xox", "ghp_", "gho_", "ghu_", "ghs_", "ghr_"),
    *("github_pat_", "glpat-", "akia", "asia", "aiza", "ya29", "sg.", "shp", "pat-", "hf_", "npm_"),
    *("pypi-", "whsec_", "ntn_", "lin_api_", "dop_v1_", "secret_", "key-", "aqe"),
    *("hooks.slack.com/", "/api/webhooks/", "telegram.org/bot"),
)
_SCHEMES = ("bearer", "token", "negotiate", "apikey", "x-api-key", "digest", "basic")
_STEMS = (
    *("pass", "pwd", "psw", "pword", "secret", "cred", "cookie", "token", "key", "auth", "sess"),
    *("sid", "csrf", "xsrf", "jwt", "bearer", "otp", "li_", "liat", "li-", "lidc", "connection"),
    *("code", "sig", "hmac", "nonce", "salt", "kennwort", "contrase", "mnemonic", "_answer"),
    *("seed_phrase", "verifier", '"pw"', "&pw=", "?pw="),
)
CLUES = tuple(dict.fromkeys(("://", *_BEGINNINGS, *_SCHEMES, *_STEMS)))
_NO_BEGINNINGS = frozenset(CLUES).difference(_BEGINNINGS)
_NO_SCHEMES = frozenset(CLUES).difference(_SCHEMES)
_SHAPES = re.compile(
    # A JSON Web Token, whole or its beginning.
    r"\beyJ[\w-]{6,}\.[\w-]{4,}(?:\.[\w-]+)*"
    # A private key; its end may be missing.
    r"|-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z0-9 ]+-----|\Z)"
    # Keys that begin with what they are, by their makers' own convention.
    r"|\b(?:sk|rk)_(?:live|test|prod)_\w{6,}|\bsk-[\w-]{16,}|\bxox[a-z]-[\w-]{8,}"
    r"|\bgh[pousr]_\w{16,}|\bgithub_pat_\w{16,}|\bglpat-[\w-]{12,}|\b(?:AKIA|ASIA)[A-Z0-9]{12,}"
    r"|\bAIza[\w-]{30,}|\bya29\.[\w.-]{10,}|\bSG\.[\w-]{10,}\.[\w-]{10,}|\bshp(?:at|ca|pa|ss)_\w{16,}"
    r"|\bpat-[a-z]{2,3}\d-[0-9a-f-]{16,}|\bhf_\w{16,}|\bnpm_\w{16,}|\bpypi-[\w-]{16,}"
    r"|\bwhsec_[\w+/=]{12,}|\bntn_\w{16,}|\blin_api_\w{12,}|\bdop_v1_\w{16,}|\bsecret_\w{24,}"
    r"|\bkey-[0-9a-f]{24,}|\bAQE[A-Z][\w-]{16,}"
    # Addresses that are keys themselves: who knows one may write there.
    r"|(?<=hooks\.slack\.com/)[\w/-]{16,}|(?<=/api/webhooks/)\d+/[\w-]{16,}"
    r"|(?<=telegram\.org/bot)\d+:[\w-]{16,}"
)
_scheme = re.compile(
    r"\b(bearer|token|negotiate|apikey|x-api-key|digest|basic)(\s+)([A-Za-z0-9._~+/=-]{6,})",
    re.IGNORECASE,
)
_user = re.compile(r"([a-z][a-z0-9+.-]{1,20}://)([^\s/@\"'<>]{1,500})@", re.IGNORECASE)
# `name=value`, `"name": "value"`, `name: value`; of addresses, forms, JSON within a text, prose.
_label = re.compile(r"(?<![\w.%-])([\w.\[\]%-]{2,100})(\\?[\"']?\s{0,3})([=:])(\s{0,3}\\?[\"']?)")
_value = re.compile(r"[^\s\"'&;,<>\\]+")
_value_of_query = re.compile(r"[^\s\"'&;#<>\\]+")
_quoted = re.compile(r"[^\"'\\]+")
_DIGITS_OF_SECRETS = 6
_signed = frozenset({"sig", "signature", "x-amz-signature", "x-goog-signature", "awsaccesskeyid"})
_cookies = re.compile(r"\b((?:set-)?cookie2?)(:\s{0,3})([^\s=;:]+=[^\r\n\"]*)", re.IGNORECASE)
_uuid = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_long_hex = re.compile(r"[0-9a-f]{32,}", re.IGNORECASE)
_long_code = re.compile(r"(?=.*[a-z])(?=.*[A-Z])(?=.*\d)[A-Za-z0-9+/=]{24,}")


def hide(text: str) -> str:
    """The text without what looks like a secret; the same text when it holds none."""
    lowered = text.lower()
    clues = [clue for clue in CLUES if clue in lowered]
    if not clues:
        return text
    if not _NO_BEGINNINGS.issuperset(clues):
        text = _SHAPES.sub(HIDDEN, text)
    if "cookie" in clues:
        text = _cookies.sub(rf"\1\2{HIDDEN}", text)
    if not _NO_SCHEMES.issuperset(clues):
        text = _scheme.sub(_without_credential, text)
    if "://" in clues and "@" in text:
        text = _user.sub(_without_user, text)
    return _without_values(text) if "=" in text or ":" in text else text


def holds_secret(text: str) -> bool:
    return hide(text) != text


def is_like_a_key(text: str) -> bool:
    """Long and without sense: what a key looks like, and no UID."""
    if _uuid.fullmatch(text):
        return False
    return bool(_long_hex.fullmatch(text) or _long_code.fullmatch(text))


def _without_credential(found: re.Match[str]) -> str:
    scheme, blank, credential = found.groups()
    if scheme.casefold() == "basic":
        is_secret = _is_user_and_password(credential)
    else:
        is_secret = _is_no_word(credential)
    return f"{scheme}{blank}{HIDDEN}" if is_secret else found[0]


def _without_user(found: re.Match[str]) -> str:
    user, colon, password = found[2].partition(":")
    if not (colon and password) and not _is_no_word(user):
        return found[0]
    return f"{found[1]}{HIDDEN}@"


def _without_values(text: str) -> str:
    """The text without what stands after the name of a secret."""
    parts, done = [], 0
    for found in _label.finditer(text):
        value = _value_after(found) if found.start() >= done and _is_of_secret(found) else None
        # After a colon in prose comes what is wrong with it: "token: expired".
        is_prose = found[3] == ":" and not found[2].strip()
        if value and not (is_prose and not _is_no_word(value[0])) and not _counts(found[1], value):
            parts += [text[done : value.start()], HIDDEN]
            done = value.end()
    return "".join([*parts, text[done:]]) if parts else text


def _counts(name: str, value: re.Match[str]) -> bool:
    """Whether it tells how many there are: `sessions=12`."""
    is_small = value[0].isdecimal() and len(value[0]) < _DIGITS_OF_SECRETS
    return is_small and names.kind_of(unquote(name)) in ("token", "session")


def _is_of_secret(found: re.Match[str]) -> bool:
    name = unquote(found[1])
    return names.is_secret(name) or (found[3] == "=" and name.casefold() in _signed)


def _value_after(found: re.Match[str]) -> re.Match[str] | None:
    text, at = found.string, found.end()
    if text.startswith(HIDDEN, at):
        return None
    if found[4].strip():
        return _quoted.match(text, at)
    is_query = text[max(0, found.start() - 1) : found.start()] in ("?", "&")
    return (_value_of_query if is_query else _value).match(text, at)


def _is_no_word(text: str) -> bool:
    """Whether it looks made by a machine: of letters and digits, or long, or of mixed case."""
    bare = text.strip(".=:")
    if len(bare) < 6 or bare.casefold() in ("required", "authentication", "authorization"):
        return False
    has_digit = any(letter.isdigit() for letter in bare)
    return has_digit or len(bare) >= 20 or not (bare.islower() or bare.istitle() or bare.isupper())


def _is_user_and_password(credential: str) -> bool:
    try:
        return b":" in base64.b64decode(credential + "=" * (-len(credential) % 4), validate=True)
    except (binascii.Error, ValueError):
        return False

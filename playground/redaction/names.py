"""Whether what goes by a name is a secret, told by the words of the name.

`access_token`, `accessToken`, `X-Access-Token` and `ACCESSTOKEN` are one name. `next_page_token`,
`tokens_used` and `has_password` hold such a word and tell something else.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Literal

# `certain` are secrets whatever they hold; what the others hold may be a count or a title.
Kind = Literal["", "certain", "token", "session", "key"]


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_PASSWORD = re.compile(
    r"(.*(password|passwort|passwd|passphrase|passcode|kennwort)|passwrd|passw|pw|pwd|pswd|psw|pword|passkey|otp|totp)s?"
)
# Written in one word: the end of it tells.
_HEAD = re.compile(
    r".*(secret|credential|cookie|token|apikey|accesskey|secretkey|privatekey|sessionid|sessid)s?"
    r"|creds?|jwts?|bearer|authorization|authorisation|auth|sessions?|sids?|csrf|xsrf"
    r"|oauth|sess|verifier|sessionkey|authkey|authcode|signingkey|encryptionkey|masterkey|bcookie|bscookie|lidc"
)
_NAMES = frozenset({"li at", "li a", "li rm", "jsessionid", "pass", "connection string"})
_NAMES |= {
    "pass word",
    "mot de passe",
    "contrase a",
    "security answer",
    "secret answer",
    "seed phrase",
    "mnemonic",
    "sess id",
    "client assertion",
    "saml response",
    "id token hint",
}
# A password in other languages, as a whole name.
_ELSEWHERE = _set(
    "contrasena contraseña haslo hasło heslo jelszo jelszó lösenord losenord lozinka mdp "
    "motdepasse salasana senha sifre şifre wachtwoord пароль סיסמה パスワード 密码 密碼 비밀번호"
)
_OWNERS_OF_A_PASS = _set("user db database smtp ftp ssh admin root login")
_OF_KEYS = _set(
    "access account activation admin api app application auth certificate client consumer "
    "decryption deploy encryption gpg hmac integration licence license master pgp private recovery "
    "rsa secret service session shared signing ssh ssl storage subscription tls unlock webhook"
)
_OF_CODES = _set(
    "recovery backup auth authorization mfa security fa 2fa factor pin verification device login "
    "otp sms time unlock"
)
# What may come after the word without making it something else.
_STILL_SECRET = _set(
    "again base64 b64 bytes confirm confirmation content current data dev digest encoded encrypted "
    "hash header headers hex id ids jar json jwt key keys line list live new old plain plaintext "
    "prod production raw repeat sandbox secret secrets staging str string test text token tokens "
    "value values"
)
# What makes even a password something else: what is told of one.
_TOLD_OF = _set(
    "age at by changed count created date days enabled expired expires expiry field hint label "
    "length max min name needed on policy present question required reset rule rules set state "
    "status strength time type updated url valid"
)
_ASKING = _set(
    "accepts allow allows count has had is missing n nbr need needs no num number require requires "
    "show supports total use uses was with without"
)
# Tokens that say where a listing goes on, and those that are counted.
_OTHER_TOKENS = _set(
    "bos cached change completion continuation count crypto cursor delimiter design eos input left "
    "limit mask max min next nft output pad page paging pagination position prev previous prompt "
    "reasoning remaining resume skip special stop sync total used"
)
_OTHER_SESSIONS = _set(
    "active breakout class coaching conference first keynote last next parallel photo plenary "
    "poster previous study therapy training upcoming workshop"
)
_OTHERS = {"token": _OTHER_TOKENS, "session": _OTHER_SESSIONS}
_bounds = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[^A-Za-z0-9]+")
_LONGEST_NAME = 200


@lru_cache(maxsize=10_000)
def kind_of(name: str) -> Kind:
    """What kind of secret goes by this name; empty for none."""
    words = _words(name)
    if "".join(name[:_LONGEST_NAME].casefold().split()).strip("_-.:") in _ELSEWHERE:
        return "certain"
    if not words or words[0] in _ASKING:
        return ""
    if " ".join(words) in _NAMES or (words[-1] == "pass" and words[-2] in _OWNERS_OF_A_PASS):
        return "certain"
    for at in reversed(range(len(words))):
        if found := _kind_at(words, at):
            return found
    return ""


def is_secret(name: str) -> bool:
    return kind_of(name) != ""


def is_of_a_key(name: str) -> bool:
    """Whether it may name a key, and as well the key of a table or of a mapping: what it holds
    has to look like one."""
    words = _words(name)
    return bool(words) and words[-1] in ("key", "keys", "sig", "signature", "hmac", "nonce", "salt")


def _kind_at(words: tuple[str, ...], at: int) -> Kind:
    """The kind that the word at this place makes of the name."""
    word, before, after = words[at], words[at - 1] if at else "", words[at + 1 :]
    if _PASSWORD.fullmatch(word):
        return "" if _TOLD_OF.intersection(after) else "certain"
    if not _STILL_SECRET.issuperset(after):
        return ""
    if word in ("key", "keys"):
        return "key" if before in _OF_KEYS else ""
    if word in ("code", "codes"):
        return "certain" if before in _OF_CODES else ""
    if not _HEAD.fullmatch(word):
        return ""
    kind: Kind = "session" if word in ("session", "sessions") else "certain"
    if word.endswith(("token", "tokens")):
        kind = "token"
    if word == "auth" and before in ("factor", "mfa"):
        return ""
    return "" if before in _OTHERS.get(kind, ()) else kind


def _words(name: str) -> tuple[str, ...]:
    plain = unicodedata.normalize("NFKC", name[:_LONGEST_NAME])
    words = (word.casefold().rstrip("0123456789") for word in _bounds.split(plain) if word)
    return tuple(word for word in words if word)

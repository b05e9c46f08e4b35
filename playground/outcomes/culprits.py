"""What went wrong, as the upstream says it → the row, account or parameter that it is about.

Only what a text names is found in it: by a place in the payload, a UID, a name in quotes or behind
the word for it. A text that could mean two things means neither. Nothing is guessed from a word
that merely stands there: an account called "Profile" is not in "the profile was not found".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["row", "account", "parameter", "key"]

# The rest of a longer text is a dump of something.
_LONGEST = 5_000
_QUOTES = {'"': '"', "'": "'", "`": "`", "“": "”", "‘": "’", "«": "»", "„": "“"}
_quoted = re.compile(
    "|".join(
        f"(?<!\\w){re.escape(a)}([^{re.escape(a + b)}]{{1,500}}){re.escape(b)}(?!\\w)"
        for a, b in _QUOTES.items()
    )
)
# A place in the payload counts from 0, whoever writes it; a word for a row counts as people do.
_place = re.compile(
    r"(?<![\w])inputs?(?:\[([0-9]{1,6})\]|[./]([0-9]{1,6})(?![0-9]))(?:[./]([\w-]+))?"
)
_row = re.compile(
    r"(?<![\w-])(?:row|input)(?:\s+(?:no\.?|nr\.?|number))?\s*#?\s*([0-9]{1,6})(?![\w.,]*[0-9]|\w|-[0-9])",
    re.IGNORECASE,
)
_address = re.compile(
    r"https?://[^\s\"'<>“”‘’«»)\]]+|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"
)
_uid = re.compile(
    r"(?<![0-9A-Za-z-])[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}(?![0-9A-Za-z-])", re.IGNORECASE
)
_of_account = re.compile(r"(?<!\w)accounts?(?:\s+(?:named|called))?[:\s]\s*", re.IGNORECASE)
# What follows a name that ends there: "account Jane Smith" is none called Jane.
_ends_a_name = re.compile(
    r"\Z|\s*[.,;:!?)\]\"'”’»`(—–-](?!\w)|"
    r"\s+(?:is|was|has|had|does|did|do|needs?|can|cannot|can't|could|will|may|must|no|not|of|for|in"
    r"|on|at|and|or|which|that|with|failed|expired|returned|answered)(?!\w)"
).match
# What only an account can have trouble with.
_sign_in = re.compile(
    r"(?<!\w)(?:session|cookies?|oauth|sign(?:ed)?[- ]?(?:in|out)|log(?:ged)?[- ]?(?:in|out)|"
    r"credentials?|api[- ]key|access[- ]token|refresh[- ]token|re-?authenticate|credits?)(?!\w)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One that the job used, and in which step (its number)."""

    uid: str
    step: int
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a job was given. `parameters` are names with the number of their step, `keys` the names
    that inputs have, `rows` the texts of each input as far as they are at hand, of `row_count`.
    `step` is the one whose error it is, if it is one's."""

    accounts: tuple[Account, ...] = ()
    parameters: tuple[tuple[int, str], ...] = ()
    keys: tuple[str, ...] = ()
    rows: Sequence[frozenset[str]] = ()
    row_count: int = 0
    step: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Culprit:
    """`name` is the account's UID, or the name of the parameter or key; `row` counts from 1, `step`
    is a number. Not `is_sure` where the text does not prove it; `why` says what it was told by."""

    kind: Kind
    name: str = ""
    step: int | None = None
    row: int = 0
    is_sure: bool = True
    why: str = ""


def find(text: str, known: Known) -> tuple[Culprit, ...]:
    """What the text names of what is known, each once; nothing where it names nothing."""
    text = text[:_LONGEST]
    found = [*_rows(text, known), *_accounts(text, known), *_names(text, known)]
    if not any(one.kind == "account" for one in found):
        found += _only_account(text, known)
    return tuple(dict.fromkeys(found))


def _rows(text: str, known: Known) -> Iterator[Culprit]:
    places = {}
    for match in _place.finditer(text):
        number = int(match[1] or match[2]) + 1
        if number <= known.row_count:
            key = match[3] if match[3] in known.keys else ""
            places[number] = Culprit(kind="row", row=number, name=key, why="its place")
    if not places:
        places = {one.row: one for one in _counted_rows(text, known)}
    values = {one for group in _quoted.findall(text) for one in group if one}
    values |= {one.rstrip(".,;:!?") for one in _address.findall(text)}
    for value in sorted(values):
        having = [at for at, row in enumerate(known.rows, start=1) if value in row][:2]
        if len(having) == 1 and len(known.rows) == known.row_count:
            told = places.get(having[0])
            if told is None or not told.is_sure:
                places[having[0]] = Culprit(kind="row", row=having[0], why="its value")
    sure = {number: one for number, one in places.items() if one.is_sure}
    yield from (sure or places).values()


def _counted_rows(text: str, known: Known) -> Iterator[Culprit]:
    """ "Row 4" is the fourth, or the fifth of those who count from 0: that is for people to see."""
    for match in _row.finditer(text):
        number = int(match[1])
        if 1 <= number <= known.row_count:
            yield Culprit(kind="row", row=number, is_sure=False, why="its number")


def _accounts(text: str, known: Known) -> Iterator[Culprit]:
    uids = {match[0].lower() for match in _uid.finditer(text)}
    by_uid = [one for one in known.accounts if one.uid.lower() in uids]
    if by_uid:
        yield from (_account(one, "its UID") for one in _of_step(by_uid, known))
        return
    names: dict[str, set[str]] = {}
    for one in known.accounts:
        if one.name.strip():
            names.setdefault(one.name.strip(), set()).add(one.uid)
    for name in _named(text, names):
        if len(names[name]) == 1:  # Two accounts of one name are told apart by nothing.
            having = [one for one in known.accounts if one.name.strip() == name]
            yield from (_account(one, "its name") for one in _of_step(having, known))


def _account(one: Account, why: str) -> Culprit:
    return Culprit(kind="account", name=one.uid, step=one.step, why=why)


def _of_step(accounts: list[Account], known: Known) -> list[Account]:
    """The same account once: in the step whose error it is, else in the first that used it."""
    found: dict[str, Account] = {}
    for one in sorted(accounts, key=lambda one: (one.step != known.step, one.step)):
        found.setdefault(one.uid, one)
    return list(found.values())


def _named(text: str, names: Iterable[str]) -> Iterator[str]:
    """The names behind the word "account", the longest that fits, and those in quotes."""
    longest_first = sorted(names, key=len, reverse=True)
    seen: dict[str, None] = {}
    for match in _of_account.finditer(text):
        rest = text[match.end() :].lstrip("".join(_QUOTES))
        for name in longest_first:
            if rest.startswith(name) and _ends_a_name(rest[len(name) :]):
                seen.setdefault(name)
                break
    for group in _quoted.findall(text):
        quoted = next(filter(None, group), "")
        if quoted in names and _of_account.search(text):
            seen.setdefault(quoted)
    return iter(seen)


def _only_account(text: str, known: Known) -> list[Culprit]:
    """Where the text is of a sign-in and there was one account only, it is that: by elimination."""
    steps = [one for one in known.accounts if known.step in (None, one.step)]
    if len({one.uid for one in steps}) != 1 or not _sign_in.search(text):
        return []
    one = _of_step(steps, known)[0]
    why = "no other account was used"
    return [Culprit(kind="account", name=one.uid, step=one.step, is_sure=False, why=why)]


def _names(text: str, known: Known) -> Iterator[Culprit]:
    parameters: dict[str, list[int]] = {}
    for step, name in known.parameters:
        parameters.setdefault(name, []).append(step)
    in_place = {match[3] for match in _place.finditer(text) if match[3]}
    for name in dict.fromkeys((*parameters, *known.keys)):
        how = _how_named(text, name)
        is_key, steps = name in known.keys, parameters.get(name, [])
        if not how or (is_key and name in in_place):
            continue
        if is_key and steps and how == "name":
            continue  # An input and a parameter have this name: nobody knows which is meant.
        if steps and how != "key":
            steps = [known.step] if known.step in steps else steps
            if len(steps) == 1:
                yield Culprit(kind="parameter", name=name, step=steps[0], why="its name")
        elif is_key and how != "parameter":
            yield Culprit(kind="key", name=name, why="its name")


def _how_named(text: str, name: str) -> str:
    """Whether the text names it: as a `parameter`, as a `key`, or by its `name` alone, which counts
    in quotes, or bare where no word of a sentence has an underscore in it."""
    if name not in text:
        return ""
    quoted = f"[\"'`“‘«]?{re.escape(name)}[\"'`”’»]?(?![\\w-])"
    if re.search(rf"(?<!\w)parameters?(?:\.|/|:?\s+){quoted}", text, re.IGNORECASE) or re.search(
        rf"(?<![\w-]){quoted}\s+parameter(?!\w)", text
    ):
        return "parameter"
    if re.search(rf"(?<!\w)(?:key|column|field|property):?\s+{quoted}", text, re.IGNORECASE):
        return "key"
    if any(name in group for group in _quoted.findall(text)):
        return "name"
    is_bare = "_" in name and re.search(rf"(?<![\w./-]){re.escape(name)}(?![\w-])", text)
    return "name" if is_bare else ""

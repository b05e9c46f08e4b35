"""Text as people compare it, search for it, and copy it from somewhere."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

# Ordering the marks of one letter takes time with the square of their number, and nobody looks
# for more than this.
LONGEST_FOLDED = 4_000
# A search is for a few words: more make it slow, and find nothing.
LONGEST_QUERY, MOST_WORDS = 200, 8
# Letters that Unicode does not take apart into a base letter and an accent.
_LETTERS = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i", "ħ": "h"}
)
# What keyboards and word processors write for a quote and a dash.
_PUNCTUATION = str.maketrans(
    dict.fromkeys("‘’‚‛′ʼ`´", "'") | dict.fromkeys("“”„‟″«»", '"') | dict.fromkeys("‐‑‒–—―−", "-")
)
_beyond_ascii = re.compile(r"[^\x00-\x7f]+")
_has_punctuation = re.compile(f"[{re.escape(''.join(map(chr, _PUNCTUATION)))}]").search
# A sign that no rule of Unicode changes, takes apart or joins to another, nor hides.
_BETWEEN = "\u241e"
# The combining classes of accents, of points in Hebrew and Arabic, and of strokes through letters.
# The others make another letter (が is no か), so they stay.
_ACCENTS = frozenset({1, *range(10, 36), *range(200, 256)})

# A UID is copied with quotes, brackets and other signs around it, and broken over two lines.
# What a sentence, or a habit of other searches, puts around a word.
_AROUND_WORDS = "'\",;:!?()"
_AROUND = " '\"<>()[]{},;.:!?*_|#=•\\"
_is_uid = re.compile(r"([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})")
# Within an address or a sentence: what merely contains one may be an identifier of its own.
_in_text = re.compile(
    r"(?<![^\s/=\"'(<\[])([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?![^\s/?&#\"')>\].,;:])"
)
_LONGEST_COPIED = 200


def fold(text: str, *, keeps_accents: bool = False) -> str:
    """The same for texts that people take for the same, whatever wrote them.

    Case, accents, compatible forms (wide letters, ligatures), the way a letter is composed, the
    shape of quotes and dashes, what is invisible, and how wide blanks are make no difference; with
    `keeps_accents` an accent does: `Müller` is no `Muller` when two rows are compared.
    Beyond `LONGEST_FOLDED` characters only case and blanks are folded.
    """
    if text.isascii() and text.isprintable():
        return _with_single_blanks(text.lower().replace("`", "'"))
    head, tail = text[:LONGEST_FOLDED], text[LONGEST_FOLDED:].casefold()
    return _with_single_blanks(_folded(head, keeps_accents=keeps_accents) + tail)


def _folded(head: str, *, keeps_accents: bool) -> str:
    # Twice: the forms of some letters are taken apart only when they are small.
    for _ in range(2):
        if _has_punctuation(head):
            head = head.translate(_PUNCTUATION)
        head = unicodedata.normalize("NFKD", head).casefold()
        # What is printable hides nothing: a look at each character takes ten times as long.
        if not head.isprintable():
            head = "".join(map(_visible, head))
        if not keeps_accents:
            head = _beyond_ascii.sub(_without_accents, head)
    return unicodedata.normalize("NFKC", head)


def _without_accents(found: re.Match[str]) -> str:
    # Most text is ASCII, which has none: a look at each character of it takes ten times as long.
    run = "".join(char for char in found[0] if unicodedata.combining(char) not in _ACCENTS)
    return run.translate(_LETTERS)


def fold_all(texts: Sequence[str], *, keeps_accents: bool = False) -> list[str]:
    """The same of each: many at once take a fraction of the time."""
    if not texts:
        return []
    together = "".join(texts)
    if not together.isprintable() or _BETWEEN in together or max(map(len, texts)) > LONGEST_FOLDED:
        return _fold_odd(texts, keeps_accents=keeps_accents)
    if together.isascii():
        return _each_with_single_blanks("\n".join(texts).lower().replace("`", "'").split("\n"))
    folded = _folded(_BETWEEN.join(texts), keeps_accents=keeps_accents)
    return _each_with_single_blanks(folded.split(_BETWEEN))


def _fold_odd(texts: Sequence[str], *, keeps_accents: bool) -> list[str]:
    """Those by themselves that hide something, are long, or have what stands between two."""
    odd = [
        not text.isprintable() or len(text) > LONGEST_FOLDED or _BETWEEN in text for text in texts
    ]
    plain = [text for text, is_odd in zip(texts, odd, strict=True) if not is_odd]
    each = iter(fold_all(plain, keeps_accents=keeps_accents))
    return [
        fold(text, keeps_accents=keeps_accents) if is_odd else next(each)
        for text, is_odd in zip(texts, odd, strict=True)
    ]


def _each_with_single_blanks(texts: list[str]) -> list[str]:
    return [" ".join(words) for words in map(str.split, texts)]


def search_words(query: str) -> tuple[str, ...]:
    """What is looked for, folded: each of them is to be in the folded text that is found.

    A UUID is looked for alone, however it was copied.
    """
    if uid := find_uid_in(query):
        return (uid,)
    words = fold(query[:LONGEST_QUERY]).split()
    return tuple(word.strip(_AROUND_WORDS) or word for word in words)[:MOST_WORDS]


def searchable(text: str) -> str:
    """What is searched: the folded text, and what has hyphens once more without: “e-mail” is found
    as “email”."""
    folded = fold(text)
    joined = (word.replace("-", "") for word in folded.split() if "-" in word.strip("-"))
    return " ".join((folded, *joined))


def has_words(text: str, words: Iterable[str]) -> bool:
    """Whether a `searchable` text has every one of `search_words`."""
    return all(any(spelled in text for spelled in spellings(word)) for word in words)


def spellings(word: str) -> tuple[str, ...]:
    """A word of a search, and how it is written without its hyphens."""
    bare = word.replace("-", "")
    return (word, bare) if bare and bare != word else (word,)


def find_uid(text: str) -> str:
    """The UID that was typed or pasted, as the upstream writes it: in small letters, without what
    came with it. Empty when it is no UUID."""
    if len(text) > _LONGEST_COPIED:
        return ""
    bare = fold(text).replace(" ", "").strip(_AROUND).removeprefix("urn:uuid:")
    found = _is_uid.fullmatch(bare)
    return "-".join(found.groups()) if found else ""


def find_uid_in(text: str) -> str:
    """The same, also out of the address of its page or of a sentence, when it is the only one."""
    if found := find_uid(text):
        return found
    if len(text) > _LONGEST_COPIED:
        return ""
    folded = fold(text)
    several = set(_in_text.findall(folded))
    if len(several) > 1 and " " not in folded:
        # An address: what it shows stands in its path, and what it shows of that behind.
        several = set(_in_text.findall(folded.partition("?")[0]))
    return several.pop() if len(several) == 1 else ""


def clean_uid(text: str) -> str:
    """The same, and whatever else a UID may be without blanks and invisible characters around."""
    if len(text) > _LONGEST_COPIED:
        return text.strip()
    return find_uid_in(text) or "".join(map(_visible, text)).strip()


def _visible(character: str) -> str:
    kind = unicodedata.category(character)
    return "" if kind == "Cf" else " " if kind == "Cc" else character


def _with_single_blanks(text: str) -> str:
    return " ".join(text.split())

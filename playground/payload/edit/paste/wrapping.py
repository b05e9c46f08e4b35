"""What stands around what was meant: prompts, marks of quoting, fences, prose, and JSON that is
written as some text or page has it.

Each gives the text without that and a notice, or None where there is nothing of the kind. Lines,
and columns where that is possible, stay what they are: places are told by them.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Collection, Iterator
from contextlib import suppress
from typing import NamedTuple

from playground.payload.edit.paste.programs import end_of


class Bare(NamedTuple):
    text: str
    notice: str = ""


# Of a longer text nothing of this is looked for.
_LONGEST = 2_000_000
_MOST_TRIED = 20
_fence = re.compile(r"^[ \t>]{0,9}(`{3,}|~{3,})([^\n`]*)$\r?\n?", re.MULTILINE).finditer
_fence_line = re.compile(r"^[ \t>]{0,9}(?:`{3,}|~{3,})[^\n`]*$", re.MULTILINE)
_quote_marks = re.compile(r"^[ \t]?>[ \t]?", re.MULTILINE)
_COMMAND = (
    r"(?:\w+=|sudo\b|curl\b|curl\.exe\b|https?\s|xhs?\s|wget\b|cat\b|echo\b|printf\b|jq\b|docker\b"
    r"|kubectl\b|ssh\b|Invoke-|iwr\b|irm\b|\$\w+\s*=|\S*[/\\]curl)"
)
_prompt = re.compile(
    r"\s*(?:\([\w.-]{1,60}\)[ \t]*)?(?:[\w.-]{1,60}@[\w.-]{1,60}[^\n$#%>]{0,200}[$#%>]"
    r"|PS(?:[ \t][^\n>]{0,200})?>|[A-Za-z]:\\[^\n>]{0,200}>|(?:ba|z)?sh-[\d.]+[$#]"
    rf"|(?:➜|→)[^\n]{{0,60}}?|[$>#%❯»])[ \t]*(?={_COMMAND})"
).match
_begins_with_command = re.compile(rf"\s*{_COMMAND}").match
_more_prompts = re.compile(r"^(?:\w{1,12}>|>{1,2})(?:[ \t]|$)", re.MULTILINE)
_tags = re.compile(r"<(?:br|/p|/div|/li)\b[^<>]*>\r?\n?")
_other_tags = re.compile(r"</?[A-Za-z][^<>]*>")
_begins_with_tag = re.compile(r"\s*<(?:pre|code|div|p|span|td|textarea)\b", re.IGNORECASE).match
_entity_for_quote = re.compile(r"&(?:quot|#34|#x22|#39|#x27|apos);", re.IGNORECASE).search
_escaped_json = re.compile(r'\s*"?(?:[{\[\s]|\\[nrt])*[{\[](?:\s|\\[nrt])*\\"').match
_doubled_json = re.compile(r'\s*"?(?:[{\[]\s*)+""[^":]').match
_key_first = re.compile(r"\s*[\"']\w+[\"']\s*:").match
has_payload_key = re.compile(r"\b(?:inputs|steps|job_name)[\"'`“”]?\s*(?::|=>)").search
_more_json = re.compile(r"[^{\[]*+[{\[]|[^\"]*+\"\s*:").match
_brackets = re.compile(r"[{\[]").finditer
_dash_of_option = re.compile(r"(?<=\s)([–—])(?=[A-Za-z][\w-]*)(\w[\w-]*)")
_ENDS_WORD = r"(?=\s*\\?\s*?$|[ \t]++[-\\|;]|[ \t]++\w{1,20}://)"
_curly_word = re.compile(
    rf"(?<=[\s=])(?:‘(?P<single>(?:[^‘’]++|’(?!{_ENDS_WORD}))*+)’"
    rf"|“(?P<double>(?:[^“”]++|”(?!{_ENDS_WORD}))*+)”){_ENDS_WORD}",
    re.MULTILINE,
)
_any_straight = re.compile(r"[\"']").search


def without_quote_marks(text: str) -> Bare | None:
    """Of mail, where each line begins with one, or some."""
    bare = text
    if not _quote_marks.match(text.lstrip("\n")):
        return None
    for _ in range(4):
        lines = [line for line in bare.splitlines() if line.strip()]
        if len(lines) < 2 or not all(_quote_marks.match(line) for line in lines):
            break
        bare = _quote_marks.sub("", bare)
    return None if bare == text else Bare(bare)


def without_prompts(text: str) -> Bare | None:
    """What a terminal shows before a command, and before each line that goes on with it."""
    found = _prompt(text)
    if not found:
        return None
    lines = "\n" * found[0].count("\n")
    first, mark, rest = text[found.end() :].partition("\n")
    if _more_prompts.match(rest):
        rest = _more_prompts.sub("", rest)
    return Bare(f"{lines}{first}{mark}{rest}")


def without_prose(text: str) -> Bare | None:
    """The longest block of code, where a text has some."""
    blocks = list(_blocks(text))
    if not blocks:
        return None
    begin, end = max(blocks, key=lambda one: one[1] - one[0])
    around = _fence_line.sub("", text[:begin] + text[end:]).strip()
    told = (
        "Only the block of code in it was read." if around else "The ``` around it were left out."
    )
    return Bare("\n" * text.count("\n", 0, begin) + text[begin:end].removesuffix("\n"), told)


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    """Where each begins and ends."""
    begin, mark = None, ""
    for found in _fence(text):
        if begin is None:
            begin, mark = found.end(), found[1]
        elif found[1] == mark and not found[2].strip():
            yield begin, found.start()
            begin = None


def without_markup(text: str) -> Bare | None:
    """What was copied from the source of a page: where `&quot;` stands for every quote."""
    if '"' in text and not _begins_with_tag(text):
        return None
    if not _entity_for_quote(text[:_LONGEST]):
        return None
    bare = _other_tags.sub("", _tags.sub("\n", text)) if _begins_with_tag(text) else text
    return Bare(html.unescape(bare), "It was read as a page shows it: &quot; as a quote.")


def with_straight_signs(text: str) -> Bare | None:
    """A command in which a word processor or a chat has made dashes and quotes of its own."""
    if not _begins_with_command(text):
        return None
    # A payload behind it may have such signs itself.
    head, bracket, rest = text.partition("{")
    straight = f"{_dash_of_option.sub(_as_option, head)}{bracket}{rest}"
    if not _any_straight(head):
        straight = _curly_word.sub(_as_word, straight)
    told = "Typographic dashes and quotes were read as straight ones."
    return None if straight == text else Bare(straight, told)


def _as_option(found: re.Match[str]) -> str:
    is_long = found[1] == "—" or len(found[2]) > 2
    return f"{'--' if is_long else '-'}{found[2]}"


def _as_word(found: re.Match[str]) -> str:
    word = found["single"]
    if word is None:
        word = re.sub(r"\\([\"“”])", r"\1", found["double"])
    return "'" + word.replace("'", "'\\''") + "'"


def unwrap_json(text: str) -> Iterator[Bare]:
    """What a text that is no JSON may be the JSON of."""
    if len(text) > _LONGEST * 20:
        return
    if _escaped_json(text):
        inner = text.strip().strip('"')
        with suppress(ValueError):
            made = json.loads(f'"{inner}"', strict=False)
            yield Bare(made, "It was JSON within a text: the text was read.")
    if _doubled_json(text):
        inner = text.strip().removeprefix('"').removesuffix('"').replace('""', '"')
        yield Bare(inner, "Two quotes, as in a cell of a table (CSV), were read as one.")
    if bare := without_markup(text):
        yield bare
    if _key_first(text):
        yield Bare(f"{{{text.rstrip().rstrip(',')}}}", "The brackets { } around it were added.")


def json_within(text: str, row_keys: Collection[str] = ()) -> Iterator[Bare]:
    """The objects and arrays that have keys of a payload, or of rows, of a text that is more: the
    outer before the inner ones. What stands between quotes of code may mean something else."""
    if len(text) > _LONGEST:
        return
    names = "|".join(map(re.escape, row_keys)) or "(?!)"
    of_row = re.compile(rf"\b(?:{names})[\"'`“”]?\s*(?::|=>)").search
    at = 0
    for _ in range(_MOST_TRIED):
        found = next(_brackets(text, at), None)
        if found is None:
            return
        begin, at = found.start(), found.end()
        end = end_of(text, begin) or len(text)
        piece = text[begin:end]
        if not (has_payload_key(piece) or of_row(piece)):
            at = end
        elif not _more_json(text, end) and not _is_quoted(text[:begin], piece):
            before = re.sub(r"[^\n]", " ", text[:begin])
            yield Bare(before + piece, "What stood around it was left out.")


def _is_quoted(before: str, piece: str) -> bool:
    """Whether it is a text of code, in which some letters are written in another way."""
    return before.endswith(("'", '"', "`")) and ("\\" in piece or before[-1] in piece)


def without_surroundings(text: str) -> str:
    """Without a fence, marks of quoting, prompts and markup, of a text that is a command or a
    header, and no JSON."""
    for without in (without_prose, without_quote_marks, without_prompts, without_markup):
        if bare := without(text):
            text = bare.text
    return text

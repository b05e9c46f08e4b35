"""The rows that would be sent: which are ready, which are there twice, whether any can succeed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from types import NoneType
from typing import Any

from playground.contract.launches import META_KEY
from playground.contract.workflows import Workflow
from playground.payload.build import mapping, repeats
from playground.payload.build.builder import Built
from playground.payload.build.mapping import KeyRule
from playground.payload.build.origins import RowSource
from playground.payload.build.patterns import PatternCheck
from playground.payload.build.repeats import row_digest
from playground.payload.build.values import read_json
from playground.payload.drafts import LaunchDraft, RowDraft
from playground.payload.stored_rows import StoredRows
from playground.payload.texts import clean_text, shorten
from playground.payload.words import counted, cut_list
from playground.preflight.lines import Line

DUPLICATES, SIMILAR, NO_ROW_FITS = "duplicate-rows", "similar-rows", "no-row-fits"
# Larger launches are compared as a whole only: reading their rows takes longer than typing.
MOST_COMPARED = 5_000
_MOST_GROUPS, _MOST_IN_GROUP, _MOST_KEYS = 5, 5, 5


def digests_of(workflow: Workflow, built: Built) -> Sequence[bytes]:
    """None for more rows than are compared with those of other launches."""
    if built.stored is not None:
        return built.stored.digests() if built.stored.count <= MOST_COMPARED else ()
    names = repeats.key_names(workflow)
    return [row_digest(row, names) for row in built.value["inputs"]]


def count_inputs(built: Built) -> int:
    """Inputs as a launch counts them: one that needs no rows runs once; 0 when none is there."""
    return 0 if _has_issue(built, "no-rows") else max(1, built.row_count)


def find_repeats(workflow: Workflow, built: Built) -> Line | None:
    """One line for all rows that are there more than once, at the first that repeats another."""
    if built.stored is not None:
        return _repeats_in(built.stored)
    rows: list[dict[str, Any]] = built.value["inputs"]
    repeated = repeats.find_groups(rows, repeats.key_names(workflow))
    if not repeated:
        return None
    told = [_named(built, group) for group in repeated[:_MOST_GROUPS]]
    message = f"Rows {told[0]} are the same"
    if told[1:]:
        message += f", and so are rows {'; rows '.join(told[1:])}{_more_groups(repeated)}"
    return _repeats_line(DUPLICATES, f"{message}: each of them runs.", repeated)


def find_similar(workflow: Workflow, built: Built, digests: Sequence[bytes]) -> Line | None:
    """One line for all rows that look different to a program alone."""
    if built.stored is not None:
        return _similar_in(built.stored)
    rows: list[dict[str, Any]] = built.value["inputs"]
    similar = repeats.find_similar(rows, digests, repeats.key_names(workflow))
    if not similar:
        return None
    told = [_named(built, group) for group in similar[:_MOST_GROUPS]]
    message = f"Rows {'; rows '.join(told)}{_more_groups(similar)} differ only in capitals, blanks"
    return _repeats_line(
        SIMILAR, f"{message} or the way characters are written: each of them runs.", similar
    )


def _repeats_in(stored: StoredRows) -> Line | None:
    if not stored.exact:
        return None
    repeat = "repeats" if stored.exact == 1 else "repeat"
    return _stored_line(
        DUPLICATES, stored, f"{counted(stored.exact, 'row')} {repeat} an earlier one"
    )


def _similar_in(stored: StoredRows) -> Line | None:
    if not stored.similar:
        return None
    differ = "differs" if stored.similar == 1 else "differ"
    told = f"{counted(stored.similar, 'row')} {differ} from an earlier one only in capitals, blanks"
    return _stored_line(SIMILAR, stored, f"{told} or the way characters are written")


def find_hopeless_table(stored: StoredRows | None) -> Line | None:
    """A line when not one row of a table has a value for a key in the form that is expected."""
    found = stored.findings if stored else ()
    misfits = [one for one in found if one.code == "regex-mismatch"]
    keys = [shorten(one.key) for one in misfits if stored and one.count == stored.count]
    if stored is None or not keys:
        return None
    return Line(
        code=NO_ROW_FITS,
        severity="stops",
        section="rows",
        message=f"None of the {stored.count:,} rows has a value for "
        f"{cut_list(keys, _MOST_KEYS)} that looks as it should: every input would fail.",
        path=("inputs",),
    )


def _stored_line(code: str, stored: StoredRows, told: str) -> Line:
    message = f"{told}: each of them runs. Open {shorten(stored.name)} to remove them."
    return Line(code=code, severity="risky", section="rows", message=message, path=("inputs",))


def _more_groups(groups: Sequence[Sequence[int]]) -> str:
    rest = len(groups) - _MOST_GROUPS
    return f"; {counted(rest, 'more group')} of rows" if rest > 0 else ""


def _repeats_line(code: str, message: str, groups: Sequence[Sequence[int]]) -> Line:
    path = ("inputs", groups[0][1])
    return Line(code=code, severity="risky", section="rows", message=message, path=path)


def _named(built: Built, group: Sequence[int]) -> str:
    return cut_list([str(built.rows[index].position) for index in group], _MOST_IN_GROUP)


def find_misfits(workflow: Workflow, built: Built, test_inputs: Collection[str]) -> list[str]:
    """For each row the name of its first value that has not the form it should have, or ""."""
    rows: list[dict[str, Any]] = [] if built.stored is not None else built.value["inputs"]
    if not _has_issue(built, "regex-mismatch"):
        return [""] * len(rows)
    check = PatternCheck()
    rules = [rule for rule in mapping.rules_of(workflow).rules if rule.patterns]
    return ["" if _is_test(row, test_inputs) else _first_misfit(rules, row, check) for row in rows]


def find_hopeless(misfits: Sequence[str]) -> Line | None:
    """A line when not one row has its values in the form that the workflow expects of them."""
    if not misfits or not all(misfits):
        return None
    keys = cut_list([shorten(name) for name in dict.fromkeys(misfits)], _MOST_KEYS)
    which = (
        "The only row has no" if len(misfits) == 1 else f"None of the {len(misfits):,} rows has a"
    )
    return Line(
        code=NO_ROW_FITS,
        severity="stops",
        section="rows",
        message=f"{which} value for {keys} that looks as it should: every input would fail.",
        path=("inputs", 0, misfits[0]),
    )


def find_incomplete(workflow: Workflow, built: Built) -> tuple[RowSource, ...]:
    """Rows for which the API refuses the whole launch: one that lacks what is required, or whose
    `meta` is no object."""
    if built.stored is not None:
        return ()
    rows: list[dict[str, Any]] = built.value["inputs"]
    found: set[int] = set()
    if _has_issue(built, "required"):
        rules = mapping.rules_of(workflow)
        found.update(i for i, row in enumerate(rows) if mapping.missing_keys(rules, row))
    if _has_issue(built, "wrong-type"):
        found.update(i for i, row in enumerate(rows) if not _has_fair_meta(row))
    return tuple(built.rows[index] for index in sorted(found))


def note_set_aside(draft: LaunchDraft) -> Line | None:
    """A line that names the rows which were set aside."""
    places = [str(at) for at, row in enumerate(draft.rows, start=1) if row.is_set_aside]
    if not places:
        return None
    named = cut_list(places, _MOST_IN_GROUP)
    told = f"Row {named} is" if len(places) == 1 else f"Rows {named} are"
    return Line(
        code="rows-set-aside",
        severity="note",
        section="rows",
        message=f"{told} left out: nothing of it is sent, and it stays in the table.",
        path=("inputs",),
    )


def count_ready(
    workflow: Workflow, draft: LaunchDraft, built: Built, misfits: Sequence[str]
) -> int:
    """Rows that the upstream takes and that have every value in the form it should have."""
    if built.stored is not None:
        return built.stored.ready
    rows: list[dict[str, Any]] = built.value["inputs"]
    unready = {index for index, name in enumerate(misfits) if name}
    if _has_issue(built, "required"):
        rules = mapping.rules_of(workflow)
        unready.update(i for i, row in enumerate(rows) if mapping.missing_keys(rules, row))
    if _has_issue(built, "wrong-type"):
        unready.update(i for i, row in enumerate(rows) if not _has_fair_meta(row))
    if _has_issue(built, "invalid-json"):
        drafts = (draft.rows[source.position - 1] for source in built.rows)
        unready.update(index for index, row in enumerate(drafts) if _has_broken_json(row))
    return len(rows) - len(unready)


def _has_issue(built: Built, code: str) -> bool:
    return any(issue.code == code for issue in built.issues)


def _is_test(row: Mapping[str, Any], test_inputs: Collection[str]) -> bool:
    return bool(test_inputs) and any(
        isinstance(value, str) and value.strip() in test_inputs
        for key, value in row.items()
        if key != META_KEY
    )


def _first_misfit(rules: Sequence[KeyRule], row: Mapping[str, Any], check: PatternCheck) -> str:
    """Of a key and its aliases the first that has a value counts; what is no text is not judged."""
    for rule in rules:
        name = next((name for name in rule.names if mapping.has_value(row.get(name))), "")
        value = row.get(name)
        if isinstance(value, str) and check.judge(rule.patterns, value) == "misfit":
            return name
    return ""


def _has_fair_meta(row: Mapping[str, Any]) -> bool:
    return isinstance(row.get(META_KEY), (dict, NoneType))


def _has_broken_json(row: RowDraft) -> bool:
    typed = (entry.text for entry in row.entries.values() if entry.kind == "json")
    return any(read_json(clean_text(text)).problem for text in typed)

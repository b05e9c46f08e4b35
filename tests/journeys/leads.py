"""A table of 2,000 rows as people have them, and what it is once it is repaired."""

from __future__ import annotations

import csv
import io

ROWS, BAD, REPEATED, NEARLY_REPEATED, REMOVED = 2_000, 40, 10, 5, 5
EVENT = "https://www.linkedin.com/events/7000000000000000001"
# As people write them: in another order than the workflow's, with an accent, and as an alias.
HEADERS = ("Société", "LinkedIn Profilé URL", "Prénom", "event-url")
COMPANY, PROFILE, NAME, EVENT_URL = range(4)
# What is wrong, from the row (counted from 0) at which it begins.
TYPED, BLANK, MISSPELT, PADDED, HOPELESS = 100, 200, 300, 400, 500
COUNTS = {TYPED: 5, BLANK: 10, MISSPELT: 15, PADDED: 5, HOPELESS: REMOVED}
_NAMES = ("Zoë", "Çelik", "O'Brien", "007", "1e5", "Ærø", "x; y", 'say "no"')
_LAST = ROWS - REPEATED - NEARLY_REPEATED

Row = list[str]


def as_csv() -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerows([HEADERS, *_rows()])
    return text.getvalue().encode("cp1252")


def typed(at: int) -> str:
    """What a person types for the profile of row `TYPED + at`."""
    return f"https://www.linkedin.com/in/typed-{at}"


def inputs() -> list[dict[str, object]]:
    """What is to be launched: repaired, and without what is hopeless or repeated."""
    whole = [_whole(at) for at in range(_LAST)]
    for at in range(COUNTS[TYPED]):
        whole[TYPED + at][PROFILE] = typed(at)
    del whole[HOPELESS : HOPELESS + REMOVED]
    return [
        {
            "linkedin_event_url": row[EVENT_URL],
            "linkedin_profile_url": row[PROFILE],
            "meta": {"company": row[COMPANY]},
        }
        for row in whole
    ]


def _rows() -> list[Row]:
    rows = [_whole(at) for at in range(_LAST)]
    for at in range(COUNTS[TYPED]):
        rows[TYPED + at][PROFILE] = "to be found"
    for row in rows[BLANK : BLANK + COUNTS[BLANK]]:
        row[EVENT_URL] = ""
    for row in rows[MISSPELT : MISSPELT + COUNTS[MISSPELT]]:
        row[PROFILE] = row[PROFILE].replace("https://", "htp://")
    for row in rows[PADDED : PADDED + COUNTS[PADDED]]:
        row[PROFILE] = f" {row[PROFILE]}"
    for row in rows[HOPELESS : HOPELESS + REMOVED]:
        row[PROFILE] = "?"
    again = [rows[at] for at in range(REPEATED)]
    nearly = [[*rows[at]] for at in range(20, 20 + NEARLY_REPEATED)]
    for row in nearly:
        row[PROFILE] = row[PROFILE].replace("person", "Person")
    return [*rows, *again, *nearly]


def _whole(at: int) -> Row:
    profile = f"https://www.linkedin.com/in/person-{at}"
    return [f"Café {at} Straße", profile, _NAMES[at % len(_NAMES)], EVENT]

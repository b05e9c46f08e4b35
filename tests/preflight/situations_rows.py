"""Situations that concern the rows."""

from __future__ import annotations

from playground.payload.drafts import Entry
from tests.preflight.samples import (
    ACTIVITY,
    CONNECTIONS,
    CRM,
    FIND,
    HUBSPOT,
    JANE,
    PROFILE,
    but,
    people,
    profiles,
)
from tests.preflight.scene import Situation, draft

_NOT_IN_FORM = "“linkedin.com/in/x” does not look like a value for linkedin_profile_url"
_EXPECTED = "Expected: Address of a LinkedIn profile: https://www.linkedin.com/in/…"
ROWS = (
    Situation(
        name="a required key is missing in one row of three",
        workflow=FIND,
        draft=draft(FIND, [*people(2), {"first_name": "Bo", "last_name": "Li"}]),
        lines=(
            (
                "required",
                "stops",
                "$.inputs[2].company_name",
                (
                    "Row 3 needs a value for company_name (or company, company_domain, "
                    "organization_name)."
                ),
            ),
        ),
    ),
    Situation(
        name="an empty row that is kept",
        workflow=PROFILE,
        draft=draft(PROFILE, [*profiles(1), {}], JANE),
        lines=(("required", "stops", "$.inputs[1].linkedin_profile_url"),),
        days=1,
    ),
    Situation(
        name="no rows",
        workflow=FIND,
        draft=draft(FIND, []),
        lines=(
            (
                "no-rows",
                "stops",
                "$.inputs",
                (
                    "At least one row is needed: first_name, last_name, company_name must have a "
                    "value."
                ),
            ),
        ),
    ),
    Situation(
        name="two rows are the same",
        workflow=FIND,
        draft=draft(FIND, [*people(3), *people(1)]),
        lines=(
            (
                "duplicate-rows",
                "risky",
                "$.inputs[3]",
                "Rows 1 and 4 are the same: each of them runs.",
            ),
        ),
    ),
    Situation(
        name="rows differ by their meta and the order of their keys only",
        workflow=FIND,
        draft=draft(
            FIND,
            [
                people(1)[0] | {"meta": '{"id": 1}'},
                {"meta": '{"id": 2}'} | dict(reversed(people(1)[0].items())),
            ],
        ),
        lines=(
            (
                "duplicate-rows",
                "risky",
                "$.inputs[1]",
                "Rows 1 and 2 are the same: each of them runs.",
            ),
        ),
    ),
    Situation(
        name="three groups of rows that are the same",
        workflow=FIND,
        draft=draft(FIND, [*people(3), *people(3), *people(1)]),
        lines=(
            (
                "duplicate-rows",
                "risky",
                "$.inputs[3]",
                (
                    "Rows 1, 4 and 7 are the same, and so are rows 2 and 5; rows 3 and 6: each of "
                    "them runs."
                ),
            ),
        ),
    ),
    Situation(
        name="rows that differ in a key that the workflow does not have",
        workflow=FIND,
        draft=draft(FIND, [people(1)[0] | {"notes": "a"}, people(1)[0] | {"notes": "b"}]),
        lines=(
            ("unknown-key", "note", "$.inputs[0].notes"),
            ("duplicate-rows", "risky", "$.inputs[1]"),
        ),
    ),
    Situation(
        name="the same row under another name of a key",
        workflow=FIND,
        draft=draft(
            FIND,
            [
                people(1)[0],
                {"firstname": "Ann1", "last_name": "Lee", "company": "acme.com"},
            ],
        ),
        lines=(("duplicate-rows", "risky", "$.inputs[1]"),),
    ),
    Situation(
        name="rows that differ in blanks, capitals and composition only",
        workflow=FIND,
        draft=draft(
            FIND,
            [
                {"first_name": "Zo\u00eb", "last_name": "Lee", "company_name": "acme.com"},
                {"first_name": "Zoe\u0308", "last_name": "Lee", "company_name": "acme.com"},
                {"first_name": "ZO\u00cb", "last_name": " Lee ", "company_name": "Acme.com"},
                {"first_name": "Zoe", "last_name": "Lee", "company_name": "acme.com"},
            ],
        ),
        lines=(
            (
                "similar-rows",
                "risky",
                "$.inputs[1]",
                (
                    "Rows 1, 2 and 3 differ only in capitals, blanks or the way characters are "
                    "written: each of them runs."
                ),
            ),
        ),
    ),
    Situation(
        name="rows that are the same, and others that nearly are",
        workflow=FIND,
        draft=draft(FIND, [*people(2), *people(1), people(1, 2)[0] | {"last_name": "lee"}]),
        lines=(
            ("duplicate-rows", "risky", "$.inputs[2]"),
            ("similar-rows", "risky", "$.inputs[3]"),
        ),
    ),
    Situation(
        name="a value with blanks around it that are its only fault",
        workflow=PROFILE,
        draft=draft(
            PROFILE,
            [{"url": "\u00a0 https://www.linkedin.com/in/x/"}, *profiles(1)],
            JANE,
        ),
        lines=(
            (
                "regex-mismatch",
                "risky",
                "$.inputs[0].url",
                (
                    "Row 1: “␣␣https://www.linkedin.com/in/x/” does not look like a value for url "
                    "with the blanks around it (␣); the row may fail. Take them away."
                ),
            ),
        ),
        days=1,
    ),
    Situation(
        name="two rows for a workflow that takes none",
        workflow=CONNECTIONS,
        draft=draft(CONNECTIONS, [{"url": "a"}, {"url": "b"}], JANE),
        lines=(
            ("unknown-key", "note", "$.inputs[0].url"),
            (
                "rows-without-keys",
                "risky",
                "$.inputs[1]",
                (
                    "This workflow takes no input, and still runs once for each row: 2 times. "
                    "Leave the rows out to run it once."
                ),
            ),
        ),
    ),
    Situation(
        name="rows of meta alone, of nothing and of blanks for a workflow that takes none",
        workflow=CONNECTIONS,
        draft=draft(
            CONNECTIONS, [{"meta": '{"id": 1}'}, {}, {"a": Entry("  ", "text")}, {"a": " "}], JANE
        ),
        lines=(
            ("unknown-key", "note", "$.inputs[2].a"),
            ("rows-without-keys", "risky", "$.inputs[1]"),
        ),
    ),
    Situation(
        name="one of two rows is not in the expected form",
        workflow=PROFILE,
        draft=draft(PROFILE, [*profiles(1), {"linkedin_profile_url": "linkedin.com/in/x"}], JANE),
        lines=(
            (
                "regex-mismatch",
                "risky",
                "$.inputs[1].linkedin_profile_url",
                f"Row 2: {_NOT_IN_FORM}; the row may fail. {_EXPECTED}",
            ),
        ),
        days=1,
    ),
    Situation(
        name="the only row is not in the expected form",
        workflow=PROFILE,
        draft=draft(PROFILE, [{"linkedin_url": "linkedin.com/in/x"}], JANE),
        lines=(
            (
                "no-row-fits",
                "stops",
                "$.inputs[0].linkedin_url",
                (
                    "The only row has no value for linkedin_url that looks as it should: every "
                    "input would fail."
                ),
            ),
            ("regex-mismatch", "risky", "$.inputs[0].linkedin_url"),
        ),
        days=1,
    ),
    Situation(
        name="no row of two is in the expected form",
        workflow=PROFILE,
        draft=draft(PROFILE, [{"url": "x"}, {"linkedin_profile_url": "y"}], JANE),
        lines=(
            (
                "no-row-fits",
                "stops",
                "$.inputs[0].url",
                (
                    "None of the 2 rows has a value for url and linkedin_profile_url that looks as "
                    "it should: every input would fail."
                ),
            ),
            ("regex-mismatch", "risky", "$.inputs[0].url"),
            ("regex-mismatch", "risky", "$.inputs[1].linkedin_profile_url"),
        ),
        days=1,
    ),
    Situation(
        name="a test input where an address is expected",
        workflow=ACTIVITY,
        draft=draft(ACTIVITY, [{"linkedin_profile_url": "test:slow"}], JANE),
        but=but(test_inputs=frozenset({"test:slow"})),
        lines=(("regex-mismatch", "risky", "$.inputs[0].linkedin_profile_url"),),
    ),
    Situation(
        name="a value that nobody sees",
        workflow=FIND,
        draft=draft(FIND, [people(1)[0] | {"company_name": "\u200b\u2060"}]),
        lines=(
            (
                "invisible-value",
                "risky",
                "$.inputs[0].company_name",
                (
                    "Row 1: company_name holds only characters that nobody sees, and they are "
                    "sent. Empty it, or enter a value."
                ),
            ),
        ),
    ),
    Situation(
        name="two values for one input",
        workflow=FIND,
        draft=draft(FIND, [people(1)[0] | {"company": "Other"}]),
        lines=(
            (
                "alias-conflict",
                "risky",
                "$.inputs[0].company",
                (
                    "Row 1: company_name and company mean the same input, but their values "
                    "differ. Keep one: which of them counts is not known (the sandbox takes "
                    "company_name)."
                ),
            ),
        ),
    ),
    Situation(
        name="a key that the workflow does not have, and one of a later step",
        workflow=HUBSPOT,
        draft=draft(
            HUBSPOT,
            [profiles(1)[0] | {"notes": "x", "first_name": "Ann"}],
            JANE,
            steps={2: {"accounts": (CRM,)}},
        ),
        lines=(
            (
                "unknown-key",
                "note",
                "$.inputs[0].notes",
                "notes is not a key of this workflow: it is sent, and ignored.",
            ),
            (
                "later-step-key",
                "note",
                "$.inputs[0].first_name",
                (
                    "first_name is a key of step 2; only the first step’s keys count: it is sent, "
                    "and ignored."
                ),
            ),
        ),
        days=1,
    ),
    Situation(
        name="meta that is no object",
        workflow=FIND,
        draft=draft(FIND, [people(1)[0] | {"meta": "x"}]),
        lines=(
            (
                "wrong-type",
                "stops",
                "$.inputs[0].meta",
                'Row 1 · meta: expected an object such as {"key": "value"}, not “x”.',
            ),
        ),
    ),
    Situation(
        name="half of a character in a row",
        workflow=FIND,
        draft=draft(FIND, [people(1)[0] | {"first_name": "A\ud800"}]),
        lines=(
            (
                "half-character",
                "risky",
                "$.inputs[0].first_name",
                "Row 1 · first_name: half of a character was replaced by “\ufffd”.",
            ),
        ),
    ),
)
